"""A sitting held without a network, over HTTP."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from meetings.convening.rules import Meeting
from meetings.http.endpoint import Call, Endpoint
from meetings.http.language import source, translator
from meetings.http.shapes import Body, View
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text, time_text
from meetings.offline.handlers.kit import KitView, kit_view, question_view
from meetings.offline.handlers.record import OfflineBody, kept_of, sending_of
from meetings.offline.service import BroughtIn, OfflineService

__all__ = ["RECEIPT", "OfflineHandlers", "question_view"]

_TAGS = ("offline",)
_PATH = "/meetings/{meeting}/offline"
RECEIPT = source(
    "Đã nhận đủ lúc {time} ngày {day}. Giờ khai mạc {opened} và kết thúc {closed} là giờ theo máy."
)
RECEIPT_OF_REST = source(
    "Đã nhận đủ lúc {time} ngày {day}. Phần ghi khi mất mạng và giờ kết thúc {closed} là giờ theo máy."
)


class DifferenceView(View):
    """Something to look at, for people."""

    key: str
    text: str


class BroughtView(View):
    """`kept` false: nothing was written; the differences are to be looked at and their keys sent back."""

    kept: bool
    at: datetime | None
    text: str
    state: str
    month: str
    fulfils_obligation: bool
    differences: list[DifferenceView]


class OfflineHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: OfflineService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """Take along, bring back."""
        return [
            Endpoint(
                method="GET",
                path=_PATH,
                handler=self.take_offline_kit,
                summary="Mang buổi họp đi khi không có mạng",
                answer=KitView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=_PATH,
                handler=self.bring_offline_record,
                summary="Gửi về buổi họp đã ghi khi không có mạng",
                body=OfflineBody,
                answer=BroughtView,
                own_key=True,
                tags=_TAGS,
            ),
        ]

    async def take_offline_kit(self, call: Call[Body, Body]) -> KitView:
        """GET …/offline."""
        kit = await self._service.kit(call.asker, call.id("meeting"))
        texts = await self._service.texts(call.asker, call.id("meeting")) if kit.so_far else {}
        return kit_view(kit, call.asker.person, texts)

    async def bring_offline_record(self, call: Call[OfflineBody, Body]) -> BroughtView:
        """POST …/offline: the same record again gives the first receipt."""
        body = call.body
        done = await self._service.bring(call.asker, call.id("meeting"), kept_of(body), sending_of(body))
        return _view(call.request, done, RECEIPT_OF_REST if body.continues else RECEIPT)


def _view(request: web.Request, done: BroughtIn, receipt: str) -> BroughtView:
    say, sitting = translator(request), done.sitting
    return BroughtView(
        kept=done.brought is not None,
        at=done.brought.at if done.brought else None,
        text=_receipt(request, done, receipt),
        state=sitting.state.value,
        month=str(sitting.month),
        fulfils_obligation=isinstance(sitting, Meeting) and sitting.fulfils,
        differences=[
            DifferenceView(key=one.key, text=say(one.text).format(**one.facts)) for one in done.differences
        ],
    )


def _receipt(request: web.Request, done: BroughtIn, receipt: str) -> str:
    sitting, brought = done.sitting, done.brought
    if brought is None or sitting.opened_at is None or sitting.closed_at is None:
        return ""
    zone = zone_of(sitting.zone)
    return translator(request)(receipt).format(
        time=time_text(brought.at, zone),
        day=date_text(brought.at.astimezone(zone).date()),
        opened=time_text(sitting.opened_at, zone),
        closed=time_text(sitting.closed_at, zone),
    )
