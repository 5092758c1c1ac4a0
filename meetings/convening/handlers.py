"""Convening over HTTP."""

from __future__ import annotations

from datetime import time

from meetings.convening import shapes
from meetings.convening.holiday_handlers import HolidayHandlers
from meetings.convening.service import Calling, ConveningService, Correction, FixedDay, OnPaper, Paper
from meetings.http.endpoint import Call, Endpoint, Handler
from meetings.http.shapes import Body, View
from meetings.kernel.clock import Clock
from meetings.kernel.months import Month
from meetings.kernel.scans import scan_of
from meetings.notices.rules import ring_word

_TAG = ("convening",)


class ConveningHandlers:
    """JSON in, JSON out. `clock` tells which months are shown without a choice."""

    def __init__(self, service: ConveningService, clock: Clock) -> None:
        self._service, self._clock = service, clock

    async def call_meeting(self, call: Call[shapes.MeetingBody, Body]) -> shapes.CalledView:
        """POST /cells/{cell}/meetings."""
        calling = Calling(**{name: getattr(call.body, name) for name in Calling.__slots__})
        made = await self._service.call_meeting(call.asker, call.id("cell"), calling)
        return shapes.called_view(made, await self._service.cautions(call.asker, made.id))

    async def list_meetings(self, call: Call[Body, shapes.SpanQuery]) -> shapes.MeetingsView:
        """GET /cells/{cell}/meetings."""
        first, last = shapes.months_of(call.query, Month.of(self._clock.now()))
        found = await self._service.meetings_of(call.asker, call.id("cell"), first, last)
        return shapes.MeetingsView(meetings=[shapes.meeting_view(one) for one in found])

    async def read_meeting(self, call: Call[Body, Body]) -> shapes.MeetingView:
        """GET /meetings/{meeting}."""
        return shapes.meeting_view(await self._service.look_at(call.asker, call.id("meeting")))

    async def move_meeting(self, call: Call[shapes.MoveBody, Body]) -> shapes.CalledView:
        """POST …/move."""
        body = call.body
        moved = await self._service.move(call.asker, call.id("meeting"), body.starts_at, body.place)
        return shapes.called_view(moved, await self._service.cautions(call.asker, moved.id))

    async def cancel_meeting(self, call: Call[shapes.CancelBody, Body]) -> shapes.MeetingView:
        """POST …/cancel."""
        ended = await self._service.cancel(call.asker, call.id("meeting"), call.body.reason)
        return shapes.meeting_view(ended)

    async def convene_meeting(self, call: Call[shapes.ConveneBody, Body]) -> shapes.CalledView:
        """POST …/convene."""
        left_out = {one.member: one.reason for one in call.body.left_out}
        ready = await self._service.convene(call.asker, call.id("meeting"), call.body.how, left_out)
        return shapes.called_view(ready, await self._service.cautions(call.asker, ready.id))

    async def list_convocations(self, call: Call[Body, Body]) -> shapes.ConvocationsView:
        """GET …/convocations."""
        found = await self._service.convocations(call.asker, call.id("meeting"))
        return shapes.ConvocationsView(convocations=[shapes.convocation_view(one) for one in found])

    async def tell_member(self, call: Call[shapes.TellBody, Body]) -> shapes.ConvocationView:
        """POST …/convocations/{member}."""
        told = await self._service.tell_member(
            call.asker, call.id("meeting"), call.id("member"), call.body.how, call.body.reason
        )
        return shapes.convocation_view(told)

    async def tell_again(self, call: Call[shapes.TellAgainBody, Body]) -> shapes.ToldView:
        """POST …/tell-again."""
        told = await self._service.tell_again(call.asker, call.id("meeting"), call.body.how)
        return shapes.ToldView(told=told)

    async def read_convocation_text(self, call: Call[Body, Body]) -> shapes.TextsView:
        """GET …/convocation-text."""
        return shapes.TextsView.model_validate(await self._service.texts(call.asker, call.id("meeting")))

    async def read_call_list(self, call: Call[Body, Body]) -> shapes.CallListView:
        """GET …/call-list."""
        lines = await self._service.call_list(call.asker, call.id("meeting"))
        return shapes.CallListView(people=[shapes.ring_view(one, ring_word(one.reason)) for one in lines])

    async def set_series(self, call: Call[shapes.SeriesBody, Body]) -> shapes.SeriesView:
        """POST /cells/{cell}/series."""
        facts = {name: getattr(call.body, name) for name in FixedDay.__slots__ if name != "local_time"}
        wanted = FixedDay(**facts, local_time=time.fromisoformat(call.body.local_time))
        return shapes.series_view(await self._service.set_series(call.asker, call.id("cell"), wanted))

    async def list_series(self, call: Call[Body, Body]) -> shapes.AllSeriesView:
        """GET /cells/{cell}/series."""
        found = await self._service.series_of(call.asker, call.id("cell"))
        return shapes.AllSeriesView(series=[shapes.series_view(one) for one in found])

    async def read_month(self, call: Call[Body, Body]) -> shapes.MonthView:
        """GET /cells/{cell}/months/{month}."""
        month = Month.parse(call.part("month"))
        return shapes.month_view(*await self._service.month_of(call.asker, call.id("cell"), month))

    async def decide_month(self, call: Call[shapes.MonthDecisionBody, Body]) -> shapes.MonthDecisionView:
        """POST …/decision."""
        body = call.body
        said = {name: getattr(body, name) for name in Paper.__slots__ if name != "scan"}
        paper = Paper(**said, scan=scan_of(body.scan) if body.scan is not None else None)
        month = Month.parse(call.part("month"))
        made = await self._service.decide_month(call.asker, call.id("cell"), month, paper)
        return shapes.decision_view(made)

    async def fulfil_month(self, call: Call[shapes.FulfilmentBody, Body]) -> shapes.MonthView:
        """POST …/fulfilment."""
        month = Month.parse(call.part("month"))
        status = await self._service.fulfil(call.asker, call.id("cell"), month, call.body.meeting)
        return shapes.month_view(status)

    async def enter_paper_meeting(self, call: Call[shapes.PaperMeetingBody, Body]) -> shapes.MeetingView:
        """POST /cells/{cell}/paper-meetings."""
        facts = {name: getattr(call.body, name) for name in OnPaper.__slots__ if name != "photo"}
        said = OnPaper(**facts, photo=scan_of(call.body.photo))
        return shapes.meeting_view(await self._service.enter_paper(call.asker, call.id("cell"), said))

    async def restate_meeting(self, call: Call[shapes.RestatementBody, Body]) -> shapes.RestatementView:
        """POST …/restatements."""
        said = Correction(**{name: getattr(call.body, name) for name in Correction.__slots__})
        return shapes.restatement_view(await self._service.restate(call.asker, call.id("meeting"), said))

    async def list_restatements(self, call: Call[Body, Body]) -> shapes.RestatementsView:
        """GET …/restatements."""
        found = await self._service.restatements(call.asker, call.id("meeting"))
        return shapes.RestatementsView(restatements=[shapes.restatement_view(one) for one in found])

    def endpoints(self) -> list[Endpoint]:
        """Everything of this storey."""
        days = HolidayHandlers(self._service).endpoints()
        return [*self._of_cells(), *self._of_meetings(), *self._of_convocations(), *days]

    def _of_cells(self) -> list[Endpoint]:
        month = "/cells/{cell}/months/{month}"
        return [
            _get("/cells/{cell}/series", self.list_series, "Lịch hằng tháng", shapes.AllSeriesView),
            _post(
                "/cells/{cell}/series",
                self.set_series,
                "Đặt lịch hằng tháng",
                shapes.SeriesView,
                shapes.SeriesBody,
            ),
            _get(
                "/cells/{cell}/meetings",
                self.list_meetings,
                "Các buổi họp",
                shapes.MeetingsView,
                shapes.SpanQuery,
            ),
            _post(
                "/cells/{cell}/meetings",
                self.call_meeting,
                "Lên lịch buổi họp",
                shapes.CalledView,
                shapes.MeetingBody,
            ),
            _get(month, self.read_month, "Tình trạng của tháng", shapes.MonthView),
            _post(
                f"{month}/decision",
                self.decide_month,
                "Ghi văn bản của cấp trên",
                shapes.MonthDecisionView,
                shapes.MonthDecisionBody,
            ),
            _post(
                f"{month}/fulfilment",
                self.fulfil_month,
                "Tính buổi họp cho tháng",
                shapes.MonthView,
                shapes.FulfilmentBody,
            ),
            _post(
                "/cells/{cell}/paper-meetings",
                self.enter_paper_meeting,
                "Nhập buổi họp ghi trên giấy",
                shapes.MeetingView,
                shapes.PaperMeetingBody,
            ),
        ]

    def _of_meetings(self) -> list[Endpoint]:
        one = "/meetings/{meeting}"
        return [
            _get(one, self.read_meeting, "Một buổi họp", shapes.MeetingView),
            _post(f"{one}/move", self.move_meeting, "Đổi lịch", shapes.CalledView, shapes.MoveBody),
            _post(f"{one}/cancel", self.cancel_meeting, "Hủy", shapes.MeetingView, shapes.CancelBody),
            _post(f"{one}/convene", self.convene_meeting, "Báo họp", shapes.CalledView, shapes.ConveneBody),
            _get(f"{one}/restatements", self.list_restatements, "Các bổ sung", shapes.RestatementsView),
            _post(
                f"{one}/restatements",
                self.restate_meeting,
                "Bổ sung sau khi kết thúc",
                shapes.RestatementView,
                shapes.RestatementBody,
            ),
        ]

    def _of_convocations(self) -> list[Endpoint]:
        one = "/meetings/{meeting}"
        return [
            _get(f"{one}/convocations", self.list_convocations, "Ai được báo", shapes.ConvocationsView),
            _post(
                f"{one}/tell-again",
                self.tell_again,
                "Báo lại sau khi đổi lịch",
                shapes.ToldView,
                shapes.TellAgainBody,
            ),
            _post(
                f"{one}/convocations/{{member}}",
                self.tell_member,
                "Ghi đã báo cho một đồng chí",
                shapes.ConvocationView,
                shapes.TellBody,
            ),
            _get(
                f"{one}/convocation-text",
                self.read_convocation_text,
                "Nội dung báo họp, thư mời",
                shapes.TextsView,
            ),
            _get(f"{one}/call-list", self.read_call_list, "Ai cần gọi điện", shapes.CallListView),
        ]


def _get(path: str, handler: Handler, summary: str, answer: type[View], query: type[Body] = Body) -> Endpoint:
    return Endpoint(
        method="GET", path=path, handler=handler, summary=summary, answer=answer, query=query, tags=_TAG
    )


def _post(path: str, handler: Handler, summary: str, answer: type[View], body: type[Body]) -> Endpoint:
    return Endpoint(
        method="POST", path=path, handler=handler, summary=summary, answer=answer, body=body, tags=_TAG
    )
