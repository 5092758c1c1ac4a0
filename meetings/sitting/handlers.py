"""Opening and closing over HTTP."""

from __future__ import annotations

from datetime import datetime

from meetings.convening.paper import minutes_held, short_line
from meetings.convening.rules import AnySitting, Meeting
from meetings.http.endpoint import Call, Endpoint, Handler
from meetings.http.shapes import Body, Count, Moment, UuidText, View
from meetings.sitting.rules import FeeLine
from meetings.sitting.score_handlers import ScoreHandlers
from meetings.sitting.service import SittingService


class PartsBody(Body):
    """Chair and recorder, by membership, from those present."""

    chair: UuidText
    recorder: UuidText


class FeesBody(Body):
    """How many of how many have paid the party fee; no money is handled."""

    fee_paid: Count
    fee_total: Count


class MomentBody(Body):
    """The moment the secretary states; now, without one."""

    stated_at: Moment | None = None


class ClosingBody(MomentBody):
    """`read_at`: when the minutes were read out in the sitting and approved by it, if they were and that was not told
    before; never later than the close."""

    read_at: Moment | None = None


class ReadOutView(View):
    """When the minutes were read out in the sitting."""

    read_at: datetime


class SittingView(View):
    """Where a sitting stands. `fulfils_obligation` is decided once, at closing; false for a practice.

    `duration`: one neutral line where it was shorter than the rule says; nothing is blocked (rules.md 1.7).
    """

    id: str
    state: str
    month: str
    opened_at: datetime | None
    closed_at: datetime | None
    hall_present: int
    hall_required: int
    fulfils_obligation: bool
    fulfils_theme: bool
    duration: str | None


class MissingView(View):
    """What still stands between this sitting and its close, as stable codes and sentences."""

    missing: list[MissingPartView]


class MissingPartView(View):
    """One thing."""

    code: str
    text: str


class SittingHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: SittingService) -> None:
        self._service = service

    async def open_sitting(self, call: Call[MomentBody, Body]) -> SittingView:
        """POST …/open."""
        return _view(await self._service.open(call.asker, call.id("meeting"), call.body.stated_at))

    async def name_parts(self, call: Call[PartsBody, Body]) -> SittingView:
        """POST …/parts."""
        named = call.body
        return _view(
            await self._service.name_parts(call.asker, call.id("meeting"), named.chair, named.recorder)
        )

    async def state_fees(self, call: Call[FeesBody, Body]) -> SittingView:
        """POST …/opening."""
        line = FeeLine(paid=call.body.fee_paid, of=call.body.fee_total)
        return _view(await self._service.state_fees(call.asker, call.id("meeting"), line))

    async def close_sitting(self, call: Call[ClosingBody, Body]) -> SittingView:
        """POST …/close."""
        told = call.body
        closed = await self._service.close(call.asker, call.id("meeting"), told.stated_at, told.read_at)
        return _view(closed.sitting)

    async def read_out_minutes(self, call: Call[MomentBody, Body]) -> ReadOutView:
        """POST …/read-out."""
        read = await self._service.read_out(call.asker, call.id("meeting"), call.body.stated_at)
        return ReadOutView(read_at=read)

    async def what_is_missing(self, call: Call[Body, Body]) -> MissingView:
        """GET …/missing."""
        found = await self._service.missing(call.asker, call.id("meeting"))
        return MissingView(missing=[MissingPartView(code=one.code, text=str(one)) for one in found])

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves."""
        base, tags = "/meetings/{meeting}", ("sitting",)

        def post(name: str, handler: Handler, summary: str, body: type[Body]) -> Endpoint:
            return Endpoint(
                method="POST",
                path=f"{base}/{name}",
                handler=handler,
                summary=summary,
                body=body,
                answer=SittingView,
                tags=tags,
            )

        return [
            post("open", self.open_sitting, "Khai mạc", MomentBody),
            post("parts", self.name_parts, "Cử chủ trì và thư ký từ những đồng chí có mặt", PartsBody),
            post("opening", self.state_fees, "Ghi tình hình nộp đảng phí", FeesBody),
            post("close", self.close_sitting, "Kết thúc buổi họp", ClosingBody),
            Endpoint(
                method="POST",
                path=f"{base}/read-out",
                handler=self.read_out_minutes,
                summary="Biên bản đã đọc lại trong buổi họp",
                body=MomentBody,
                answer=ReadOutView,
                tags=tags,
            ),
            Endpoint(
                method="GET",
                path=f"{base}/missing",
                handler=self.what_is_missing,
                summary="Còn thiếu gì trước khi kết thúc",
                answer=MissingView,
                tags=tags,
            ),
            *ScoreHandlers(self._service.scoring).endpoints(),
        ]


def _view(sitting: AnySitting) -> SittingView:
    real = sitting if isinstance(sitting, Meeting) else None
    return SittingView(
        id=sitting.id,
        state=sitting.state.value,
        month=str(sitting.month),
        opened_at=sitting.opened_at,
        closed_at=sitting.closed_at,
        hall_present=real.hall_present if real else 0,
        hall_required=real.hall_required if real else 0,
        fulfils_obligation=real is not None and real.fulfils,
        fulfils_theme=real is not None and real.fulfils_theme,
        duration=_duration(sitting),
    )


def _duration(sitting: AnySitting) -> str | None:
    if sitting.opened_at is None or sitting.closed_at is None:
        return None
    return short_line(minutes_held(sitting.opened_at, sitting.closed_at), sitting.minimum_minutes)
