"""Work given at a sitting, and what the sitting finds of what was given before; for who leads it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from meetings.agenda.tasking import Found, TasksLook, WantedTask
from meetings.agenda.tasks import Outcome
from meetings.committees.powers import Act
from meetings.committees.rules import Category, Member
from meetings.convening import service as convening
from meetings.convening.rules import State
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.kernel.text import date_text
from meetings.pages.desk import Desk, Frame, meeting_of
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of

_WRITING = frozenset({State.OPEN, State.CLOSED})


class TaskPages:
    """`/m/{meeting}/tasks…`."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._tasks = desk, desk.services.agenda.tasks

    def routes(self) -> list[web.RouteDef]:
        """The page and its two acts."""
        one = "/m/{meeting}/tasks"
        return [
            web.get(one, self.show),
            web.post(one, self.give),
            web.post(f"{one}/{{task}}", self.report),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/tasks."""
        return await self._page(request, None, None)

    async def give(self, request: web.Request) -> web.StreamResponse:
        """POST …/tasks: what, who, until when."""
        asker, meeting = asker_of(request), meeting_of(request)

        async def act(filled: Filled) -> None:
            _, _, people = await self._read(request)
            wanted = WantedTask(
                title=filled.line("title"),
                member=filled.among("member", [one.id for one in people]),
                due=filled.day("due"),
            )
            filled.check()
            await self._tasks.give(asker, meeting, wanted)

        return await self._post(request, act, "given")

    async def report(self, request: web.Request) -> web.StreamResponse:
        """POST …/tasks/{task}: done, late, extended or dropped."""
        asker, meeting, task = asker_of(request), meeting_of(request), parse_id(request.match_info["task"])

        async def act(filled: Filled) -> None:
            found = _found(filled, task)
            filled.check()
            await self._tasks.report(asker, meeting, task, found)

        return await self._post(request, act, f"t-{task}")

    async def _post(
        self, request: web.Request, act: Callable[[Filled], Awaitable[None]], place: str
    ) -> web.StreamResponse:
        to = f"/m/{meeting_of(request)}/tasks#{place}"
        return await self._desk.post(request, act, lambda *told: self._page(request, *told), to)

    async def _read(self, request: web.Request) -> tuple[Frame, TasksLook, tuple[Member, ...]]:
        async with self._desk.services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.AGENDA)
            look = await self._tasks.look(asker_of(request), frame.sitting.id)
            people = await convening.roster_of(uow, frame.sitting)
        return frame, look, tuple(one for one in people if one.category is not Category.SUSPENDED)

    async def _page(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        frame, look, people = await self._read(request)
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "look": look,
            "people": people,
            "writing": frame.sitting.state in _WRITING,
            "here": f"/m/{frame.sitting.id}/tasks",
        }
        return self._desk.page(request, "tasks.html", context, filled=filled or _first(look), refusal=refusal)


def _found(filled: Filled, task: Id) -> Found:
    """Fields carry the task in their names: the page holds one form for each."""
    outcome = filled.chosen(f"outcome-{task}", Outcome, Outcome.LATE)
    due = filled.day(f"due-{task}") if outcome is Outcome.EXTENDED else None
    return Found(outcome=outcome, due=due, note=filled.line(f"note-{task}", empty=True))


def _first(look: TasksLook) -> Filled:
    """What this sitting has found already stands in its form."""
    typed: dict[str, str] = {}
    for one in look.asked:
        if (told := one.found_at(look.meeting)) is not None:
            typed |= {f"outcome-{one.task.id}": told.outcome.value, f"note-{one.task.id}": told.note}
            if told.due is not None:
                typed[f"due-{one.task.id}"] = date_text(told.due)
    return Filled(typed)
