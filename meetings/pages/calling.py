"""A new meeting in four questions: when and what, the agenda, who, and a last look before people are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from aiohttp import web

from meetings.agenda import service as agenda
from meetings.agenda.rules import MOST_ITEMS, MOST_MINUTES
from meetings.agenda.service import Wanted
from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import Category, Member
from meetings.convening import service as convening
from meetings.convening.convocations import Convocation
from meetings.convening.rules import ON_PHONES, AnySitting, Kind, Meeting, Mode, Standing, State
from meetings.convening.service import Calling
from meetings.db.unit import UnitOfWork
from meetings.http.language import source
from meetings.kernel.errors import Conflict, Refused
from meetings.kernel.ids import Id, parse_id
from meetings.kernel.months import Month, zone_of
from meetings.kernel.text import date_text, time_text
from meetings.notices.rules import Channel
from meetings.pages.desk import Desk, Frame, meeting_of, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.words import is_supplement

WHY = source("Xin ghi vì sao không mời đồng chí này.")
LATER = source("Giờ họp đã qua. Nếu buổi họp đã diễn ra, xin dùng “Nhập buổi đã họp trên giấy”.")
NO_ITEMS = source("Xin ghi ít nhất một nội dung.")
SPARE_ROWS = 3
_AROUND = timedelta(days=62)


class AlreadyCalled(Conflict):
    """People were told already: what follows is a change, not a call."""

    code = "already-called"
    message = "Buổi họp này đã báo rồi. Đồng chí có thể đổi ngày giờ hoặc hủy ở trang buổi họp."


class CallingPages:
    """`/c/{cell}/new` and `/m/{meeting}/call…`."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """The four questions and what comes after."""
        return [
            web.get("/c/{cell}/new", self.show_new),
            web.post("/c/{cell}/new", self.make),
            web.get("/m/{meeting}/call", self.show_when),
            web.post("/m/{meeting}/call", self.move),
            web.get("/m/{meeting}/call/agenda", self.show_agenda),
            web.post("/m/{meeting}/call/agenda", self.plan),
            web.get("/m/{meeting}/call/people", self.show_people),
            web.post("/m/{meeting}/call/people", self.check),
            web.post("/m/{meeting}/call/send", self.send),
            web.get("/m/{meeting}/called", self.called),
            web.post("/m/{meeting}/called", self.tell_again),
        ]

    async def show_new(self, request: web.Request) -> web.StreamResponse:
        """GET /c/{cell}/new: question 1."""
        return await self._new(request, Filled(kind=Kind.REGULAR.value, mode=Mode.IN_PERSON.value), None)

    async def make(self, request: web.Request) -> web.StreamResponse:
        """POST /c/{cell}/new: a draft, which nobody is told of yet."""
        cell = parse_id(request.match_info["cell"])

        async def act(filled: Filled) -> str:
            async with self._services.units.read() as uow:
                calling = _calling(filled, await committees.cell_zone(uow, cell))
                if calling.starts_at <= uow.now and calling.kind is not Kind.PRACTICE:
                    filled.wrong("day", LATER)
            filled.check()
            made = await self._services.convening.call_meeting(asker_of(request), cell, calling)
            return f"/m/{made.id}/call/agenda"

        return await self._desk.post(request, act, lambda *told: self._new(request, *told), "/")

    async def _new(self, request: web.Request, filled: Filled, refusal: Refused | None) -> web.StreamResponse:
        cell = parse_id(request.match_info["cell"])
        async with self._services.units.read() as uow:
            await committees.allow(uow, asker_of(request), Act.CONVENE, cell)
            at = await committees.standpoint(uow, cell)
            around = (Month.of(uow.now - _AROUND, at.zone), Month.of(uow.now + _AROUND, at.zone))
            known = await convening.of_cells(uow, [cell], *around)
        last = known[-1] if known else None
        hall = next((one for one in reversed(known) if one.mode is not Mode.ONLINE), None)
        filled.values.setdefault("place", hall.place if hall else "")
        filled.values.setdefault("time", time_text(last.starts_at, zone_of(last.zone)) if last else "19:30")
        context = {
            "cell": cell,
            "cell_name": at.org.name,
            "kinds": (Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC, Kind.ONLINE_SESSION, Kind.PRACTICE),
            "more_kinds": (Kind.THEMATIC, Kind.EXTRAORDINARY, Kind.COMMITTEE, Kind.CONGRESS, Kind.CEREMONY),
            "regulars": [one for one in known if _mandatory(one)],
            "sitting": None,
            "here": f"/c/{cell}/new",
        }
        return self._desk.page(request, "call_when.html", context, filled=filled, refusal=refusal)

    async def show_when(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/call: question 1 of a draft that is there already."""
        return await self._when(request, None, None)

    async def move(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/call: when and where."""
        meeting = meeting_of(request)

        async def act(filled: Filled) -> None:
            async with self._services.units.read() as uow:
                frame = await self._frame(uow, request)
            starts, place = filled.moment("day", "time", frame.sitting.zone), filled.line("place")
            filled.check()
            if (starts, place) != (frame.sitting.starts_at, frame.sitting.place):
                await self._services.convening.move(asker_of(request), meeting, starts, place)

        return await self._desk.post(
            request, act, lambda *told: self._when(request, *told), f"/m/{meeting}/call/agenda"
        )

    async def _when(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._services.units.read() as uow:
            frame = await self._frame(uow, request)
        sitting = frame.sitting
        local = sitting.starts_at.astimezone(zone_of(sitting.zone))
        first = filled or Filled(
            day=date_text(local.date()),
            time=time_text(sitting.starts_at, zone_of(sitting.zone)),
            place=sitting.place,
        )
        context: dict[str, object] = {
            "cell_name": frame.cell_name,
            "sitting": sitting,
            "regulars": (),
            "here": f"/m/{sitting.id}/call",
        }
        return self._desk.page(request, "call_when.html", context, filled=first, refusal=refusal)

    async def show_agenda(self, request: web.Request) -> web.StreamResponse:
        """GET …/call/agenda: question 2, with last month's lines where there are some."""
        return await self._agenda(request, None, None)

    async def plan(self, request: web.Request) -> web.StreamResponse:
        """POST …/call/agenda."""
        meeting = meeting_of(request)
        if (await request.post()).get("do") == "more":
            return await self._agenda(request, Filled(await request.post()), None)
        async with self._services.units.read() as uow:
            draft = (await self._desk.framed(uow, request, Act.AGENDA)).sitting.state is State.DRAFT

        async def act(filled: Filled) -> None:
            wanted = _wanted(filled)
            if not wanted:
                filled.wrong("title-1", NO_ITEMS)
            filled.check()
            await self._services.agenda.plan(asker_of(request), meeting, wanted, None)

        return await self._desk.post(
            request,
            act,
            lambda *told: self._agenda(request, *told),
            f"/m/{meeting}/call/people" if draft else f"/m/{meeting}/run",
        )

    async def _agenda(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.AGENDA)
            begun = await agenda.to_begin_with(uow, frame.sitting)
        first = filled or _lines_typed(begun.lines)
        rows = min(MOST_ITEMS, max(_rows(first), 1) + (0 if refusal else SPARE_ROWS))
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "draft": frame.sitting.state is State.DRAFT,
            "rows": rows,
            "from_last": begun.from_last,
            "most_minutes": MOST_MINUTES,
            "here": f"/m/{frame.sitting.id}/call/agenda",
        }
        return self._desk.page(request, "call_agenda.html", context, filled=first, refusal=refusal)

    async def show_people(self, request: web.Request) -> web.StreamResponse:
        """GET …/call/people: question 3, everybody ticked."""
        return await self._people(request, None, None)

    async def check(self, request: web.Request) -> web.StreamResponse:
        """POST …/call/people: what will be sent, for a last look. Keeps nothing yet."""
        asker_of(request)
        filled = Filled(await request.post())
        if filled.get("do") == "back":
            return await self._people(request, filled, None)
        async with self._services.units.read() as uow:
            frame = await self._frame(uow, request)
            roster = await self._roster(uow, frame.sitting)
            items = await agenda.items(uow, frame.sitting.id)
        left_out = _left_out(filled, roster)
        if filled.problems:
            return await self._people(request, filled, _refusal(filled))
        texts = await self._services.convening.texts(asker_of(request), frame.sitting.id)
        context = {
            "cautions": await self._services.convening.cautions(asker_of(request), frame.sitting.id),
            "frame": frame,
            "sitting": frame.sitting,
            "items": items,
            "minutes": sum(one.planned_minutes for one in items),
            "text": texts.text,
            "called": [one for one in roster if one.id not in left_out],
            "left_out": [(one, left_out[one.id]) for one in roster if one.id in left_out],
            "here": f"/m/{frame.sitting.id}/call/people",
            "refused": f"/m/{frame.sitting.id}/call/people",  # nothing to be sent again on coming back to it
        }
        return self._desk.page(request, "call_check.html", context, filled=filled)

    async def _people(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._services.units.read() as uow:
            frame = await self._frame(uow, request)
            roster = await self._roster(uow, frame.sitting)
        first = filled or Filled({f"in-{one.id}": "yes" for one in roster})
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "roster": roster,
            "here": f"/m/{frame.sitting.id}/call/people",
        }
        return self._desk.page(request, "call_people.html", context, filled=first, refusal=refusal)

    async def send(self, request: web.Request) -> web.StreamResponse:
        """POST …/call/send: the roster is called, each on record."""
        meeting = meeting_of(request)

        async def act(filled: Filled) -> None:
            async with self._services.units.read() as uow:
                frame = await self._frame(uow, request)
                left_out = _left_out(filled, await self._roster(uow, frame.sitting))
            filled.check()
            how = filled.chosen("how", Channel, Channel.ZALO_TEXT)
            await self._services.convening.convene(asker_of(request), meeting, how, left_out)

        return await self._desk.post(
            request, act, lambda *told: self._people(request, *told), f"/m/{meeting}/called"
        )

    async def tell_again(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/called: those who knew the old time were told of the new one."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> None:
            how = filled.chosen("how", Channel, Channel.ZALO_TEXT)
            filled.check()
            await self._services.convening.tell_again(asker, meeting, how)

        async def show(_filled: Filled, refusal: Refused | None) -> web.StreamResponse:
            return await self._called(request, refusal)

        return await self._desk.post(request, act, show, f"/m/{meeting}/called")

    async def called(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/called: the text to paste, letters to print, whom to ring."""
        return await self._called(request, None)

    async def _called(self, request: web.Request, refusal: Refused | None) -> web.StreamResponse:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.CONVENE)
            known = await convening.convoked(uow, frame.sitting.id)
        if frame.sitting.state is State.DRAFT:
            return see(f"/m/{frame.sitting.id}/call")
        asker = asker_of(request)
        texts = await self._services.convening.texts(asker, frame.sitting.id)
        ring = await self._services.convening.call_list(asker, frame.sitting.id)
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "text": texts.text,
            "letters": texts.letters,
            "ring": ring,
            "untold": _untold(frame.sitting, known),
            "cautions": await self._services.convening.cautions(asker, frame.sitting.id),
            "here": f"/m/{frame.sitting.id}/called",
        }
        return self._desk.page(request, "called.html", context, refusal=refusal)

    async def _frame(self, uow: UnitOfWork, request: web.Request) -> Frame:
        """Of a sitting that nobody was told of yet. Raises AlreadyCalled."""
        frame = await self._desk.framed(uow, request, Act.CONVENE)
        if frame.sitting.state is not State.DRAFT:
            raise AlreadyCalled
        return frame

    async def _roster(self, uow: UnitOfWork, sitting: AnySitting) -> list[Member]:
        """Who can be called: everybody but the suspended."""
        found = await convening.roster_of(uow, sitting)
        return [one for one in found if one.category is not Category.SUSPENDED]


def _untold(sitting: AnySitting, known: list[Convocation]) -> int:
    """How many know only the time from before the move."""
    at = sitting.moved_at
    if at is None or sitting.state is not State.CONVENED:
        return 0
    return sum(one.how is not None and one.at < at for one in known)


def _calling(filled: Filled, zone: str) -> Calling:
    kind = filled.chosen("kind", Kind, Kind.REGULAR)
    mode = filled.chosen("mode", Mode, Mode.IN_PERSON)
    title = filled.line("title", empty=True)
    supplements = filled.get("supplements")
    online = kind is Kind.ONLINE_SESSION
    made = Calling(
        kind=kind,
        mode=mode,
        starts_at=filled.moment("day", "time", zone),
        place=ON_PHONES if online else filled.line("place"),
        title=title or None,
    )
    if online:
        return replace(made, mode=Mode.ONLINE, supplements=parse_id(supplements) if supplements else None)
    return made


def _lines_typed(lines: Sequence[Wanted]) -> Filled:
    typed: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        typed |= {f"title-{number}": line.title, f"minutes-{number}": str(line.planned_minutes)}
        typed |= {f"item-{number}": line.id} if line.id else {}
    return Filled(typed)


def _rows(filled: Filled) -> int:
    return max((n for n in range(1, MOST_ITEMS + 1) if filled.get(f"title-{n}").strip()), default=0)


def _wanted(filled: Filled) -> list[Wanted]:
    found = []
    for number in range(1, _rows(filled) + 1):
        if title := filled.line(f"title-{number}", empty=True):
            minutes = filled.number(f"minutes-{number}", 1, MOST_MINUTES)
            item = filled.get(f"item-{number}")
            known = parse_id(item) if item else None
            found.append(Wanted(title=title, planned_minutes=minutes, id=known))
    return found


def _left_out(filled: Filled, roster: list[Member]) -> dict[Id, str]:
    """Who is not ticked, each with the reason; an entitled member without one is a problem of that field."""
    found = {}
    for one in roster:
        if not filled.get(f"in-{one.id}"):
            reason = filled.line(f"why-{one.id}", empty=True)
            if not reason:
                filled.wrong(f"why-{one.id}", WHY)
            found[one.id] = reason
    return found


def _refusal(filled: Filled) -> Refused | None:
    try:
        filled.check()
    except Refused as refusal:
        return refusal
    return None


def _mandatory(sitting: AnySitting) -> bool:
    standing = isinstance(sitting, Meeting) and sitting.standing is Standing.MANDATORY
    return standing and sitting.state is not State.CANCELLED and not is_supplement(sitting)
