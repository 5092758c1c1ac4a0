"""The agenda over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from meetings.agenda.motion_handlers import MotionHandlers
from meetings.agenda.rules import MOST_ITEMS, MOST_MINUTES, Item
from meetings.agenda.service import Agenda, AgendaService, Own, Wanted
from meetings.agenda.speaker_handlers import SpeakerHandlers
from meetings.agenda.task_handlers import TaskHandlers
from meetings.committees.rules import CellType
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Line, LongText, UuidText, View

_TAGS = ("agenda",)


class AgendaQuery(Body):
    """Which kind of cell's usual lines to suggest for an empty agenda; without one, this cell's own."""

    cell_type: CellType | None = None


class WantedItemBody(Body):
    """One item; without `id` a new one. `presenter` is a member."""

    id: UuidText | None = None
    title: Line
    planned_minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]
    presenter: UuidText | None = None


class AgendaBody(Body):
    """The whole agenda in order; empty with a `template`: the usual lines of that kind of cell, or of this cell's
    `own` kind on the sitting's day."""

    items: Annotated[tuple[WantedItemBody, ...], Field(max_length=MOST_ITEMS)] = ()
    template: CellType | Own | None = None


class ConclusionBody(Body):
    """How the item ended."""

    conclusion: LongText = ""


class AgendaItemView(View):
    """One item. Times UTC. `review`: it looks back at work given before, and came by itself."""

    id: str
    meeting: str
    position: int
    title: str
    planned_minutes: int
    presenter: str | None
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    conclusion: str
    review: bool


class SuggestedItemView(View):
    """A usual line."""

    title: str
    minutes: int


class AgendaView(View):
    """The agenda. `live`: the item being discussed; `suggested` only while it is empty."""

    items: list[AgendaItemView]
    suggested: list[SuggestedItemView]
    planned_minutes: int
    live: str | None


class AgendaHandlers:
    """Endpoints of the agenda."""

    def __init__(self, service: AgendaService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        agenda = "/meetings/{meeting}/agenda"
        return [
            Endpoint(
                method="GET",
                path=agenda,
                handler=self.get_agenda,
                summary="Chương trình buổi họp",
                answer=AgendaView,
                query=AgendaQuery,
                tags=_TAGS,
            ),
            Endpoint(
                method="PUT",
                path=agenda,
                handler=self.put_agenda,
                summary="Soạn chương trình",
                answer=AgendaView,
                body=AgendaBody,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/agenda-items/{item}/start",
                handler=self.start_item,
                summary="Bắt đầu một nội dung",
                answer=AgendaItemView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/agenda-items/{item}/stop",
                handler=self.stop_item,
                summary="Kết thúc một nội dung, ghi kết luận",
                answer=AgendaItemView,
                body=ConclusionBody,
                tags=_TAGS,
            ),
            *SpeakerHandlers(self._service.speakers).endpoints(),
            *TaskHandlers(self._service.tasks).endpoints(),
            *MotionHandlers(self._service.motions).endpoints(),
        ]

    async def get_agenda(self, call: Call[Body, AgendaQuery]) -> AgendaView:
        """The agenda with what is live."""
        found = await self._service.look(call.asker, call.id("meeting"), call.query.cell_type)
        return _view(found)

    async def put_agenda(self, call: Call[AgendaBody, Body]) -> AgendaView:
        """Replace the agenda."""
        wanted = [
            Wanted(id=one.id, title=one.title, planned_minutes=one.planned_minutes, presenter=one.presenter)
            for one in call.body.items
        ]
        template = call.body.template
        return _view(await self._service.plan(call.asker, call.id("meeting"), wanted, template))

    async def start_item(self, call: Call[Body, Body]) -> AgendaItemView:
        """Begin an item."""
        return _item(await self._service.start(call.asker, call.id("item")))

    async def stop_item(self, call: Call[ConclusionBody, Body]) -> AgendaItemView:
        """End an item."""
        return _item(await self._service.stop(call.asker, call.id("item"), call.body.conclusion))


def _view(agenda: Agenda) -> AgendaView:
    return AgendaView(
        items=[_item(item) for item in agenda.items],
        suggested=[SuggestedItemView.model_validate(line) for line in agenda.suggested],
        planned_minutes=agenda.planned_minutes,
        live=agenda.live.id if agenda.live else None,
    )


def _item(item: Item) -> AgendaItemView:
    return AgendaItemView.model_validate(item)
