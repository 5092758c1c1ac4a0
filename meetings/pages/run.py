"""The console: the sitting is opened, led through its agenda and closed; each button is a plain form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from aiohttp import web

from meetings.agenda.rules import Item
from meetings.attendance.guests import Guest
from meetings.committees import service as committees
from meetings.committees.powers import Act, Part
from meetings.committees.rules import Member
from meetings.convening.paper import asks_to_close
from meetings.convening.rules import AnySitting, State
from meetings.convening.service import paper_of
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text, time_text
from meetings.minutes.service.made import Standing
from meetings.minutes.service.words import WordsMoved, seal
from meetings.pages.desk import Desk, Frame, meeting_of, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.run_look import Now, RunLook, look_at_run
from meetings.pages.sayings import TIMER, WRITING, in_script
from meetings.pages.schedule import expected
from meetings.pages.words import Words
from meetings.sitting.rules import FeeLine
from meetings.sitting.service import read_out_at

_MOST = 10_000
_ELSEWHERE = {State.DRAFT: "/call", State.CLOSED: "/review", State.MINUTED: "/sign", State.SIGNED: "/sign"}


class RunPages:
    """`/m/{meeting}/run…`, `/notes` and `/close`, for who may lead the sitting."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """The console and its acts."""
        one = "/m/{meeting}"
        return [
            web.get(f"{one}/run", self.show),
            web.post(f"{one}/run/open", self.open),
            web.post(f"{one}/run/parts", self.name_parts),
            web.post(f"{one}/run/fees", self.state_fees),
            web.post(f"{one}/run/item", self.item),
            web.get(f"{one}/notes", self.show_notes),
            web.post(f"{one}/notes", self.write),
            web.get(f"{one}/close", self.show_close),
            web.post(f"{one}/close", self.close),
            web.post(f"{one}/close/read", self.read_out),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/run; of a closed sitting, its minutes."""
        return await self._run(request, None, None)

    async def open(self, request: web.Request) -> web.StreamResponse:
        """POST …/run/open: now, or at the moment that is stated."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> None:
            frame, _ = await self._read(request)
            at = _stated(filled, frame.sitting)
            filled.check()
            await self._services.sitting.open(asker, meeting, at)

        return await self._post(request, act)

    async def name_parts(self, request: web.Request) -> web.StreamResponse:
        """POST …/run/parts: chair and recorder, from those present."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> None:
            _, look = await self._read(request)
            known = [one.id for one in look.here]
            chair, recorder = filled.among("chair", known), filled.among("recorder", known)
            filled.check()
            await self._services.sitting.name_parts(asker, meeting, chair, recorder)

        return await self._post(request, act)

    async def state_fees(self, request: web.Request) -> web.StreamResponse:
        """POST …/run/fees: how many have paid."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> None:
            line = FeeLine(paid=filled.count("paid", _MOST), of=filled.count("of", _MOST))
            filled.check()
            await self._services.sitting.state_fees(asker, meeting, line)

        return await self._post(request, act)

    async def item(self, request: web.Request) -> web.StreamResponse:
        """POST …/run/item: what was written on the live item is kept; with the button for it, on to the next."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> None:
            _, look = await self._read(request)
            words, conclusion = filled.long("words"), filled.long("conclusion", most=5000)
            filled.check()
            if (live := look.live) is not None and live.id == filled.get("item"):
                await self._keep(request, live.id, words, filled)
                if filled.get("do") != "save":
                    await self._services.agenda.stop(asker, live.id, conclusion)
            if filled.get("do") == "next" and (later := look.coming) is not None:
                await self._services.agenda.start(asker, later.id)

        return await self._post(request, act, f"/m/{meeting}/run#item")

    async def _keep(self, request: web.Request, item: Id, words: str, filled: Filled) -> None:
        """Written over what stood there when the form was read, nothing else. Raises WordsMoved."""
        meeting, asker = meeting_of(request), asker_of(request)
        over = filled.values.get(f"over-{item}", "")
        if seal(words) != over:
            await self._services.minutes.write(asker, meeting, item, words, over)

    async def _writing(
        self, request: web.Request, sitting: AnySitting, standing: Standing, typed: Filled | None
    ) -> dict[str, object]:
        """What a form of the recorder's words needs. After somebody else wrote, their words stand beside it."""
        words = Words(request)
        async with self._services.units.read() as uow:
            roster = await committees.roster(
                uow, sitting.cell, uow.now.astimezone(zone_of(sitting.zone)).date()
            )
        names = {one.person: one.full_name for one in roster}
        return {
            "me": asker_of(request).person,
            "over": {item: seal(text) for item, text in standing.texts.items()},
            "theirs": _theirs(standing, typed) if typed else {},
            "writers": {
                item: (names.get(who, ""), words.time(at, sitting))
                for item, (who, at) in standing.writers.items()
            },
            "sayings_json": in_script(words, TIMER | WRITING),
        }

    async def _post(
        self, request: web.Request, act: Callable[[Filled], Awaitable[None]], to: str = ""
    ) -> web.StreamResponse:
        meeting = meeting_of(request)
        return await self._desk.post(
            request, act, lambda *told: self._run(request, *told), to or f"/m/{meeting}/run"
        )

    async def shown(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        """The console with what was refused of a form elsewhere."""
        return await self._run(request, filled, refusal)

    async def present(self, request: web.Request) -> tuple[Member, ...]:
        """Who is there, where the sitting is held. Raises NoPower."""
        return (await self._read(request))[1].here

    async def guests(self, request: web.Request) -> tuple[Guest, ...]:
        """Guests of the sitting. Raises NoPower."""
        return (await self._read(request))[1].guests

    async def _read(self, request: web.Request) -> tuple[Frame, RunLook]:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.ROLL)
            return frame, await look_at_run(uow, frame.sitting)

    async def _run(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._services.units.read():  # one state of everything, and each question asked once
            frame, look = await self._read(request)
            sitting = frame.sitting
            if frame.over or sitting.state in {State.DRAFT, State.CANCELLED}:
                return see(f"/m/{sitting.id}{_ELSEWHERE.get(sitting.state, '')}")
            standing = await self._services.minutes.look(asker_of(request), sitting.id)
            context = {
                "frame": frame,
                "sitting": sitting,
                "look": look,
                "Now": Now,
                "elections": await self._services.voting.elections.of_meeting(asker_of(request), sitting.id),
                "chair": look.name(Part.CHAIR),
                "recorder": look.name(Part.RECORDER),
                "here": f"/m/{sitting.id}/run",
                "forgotten": asks_to_close(sitting, self._services.units.clock.now()),
                "expected": expected(look.items, sitting.opened_at or sitting.starts_at, self._now(sitting)),
                **await self._writing(request, sitting, standing, _moved(filled, refusal)),
            }
            first = filled or _first(look, standing.texts, sitting)
            return self._desk.page(request, "run.html", context, filled=first, refusal=refusal)

    def _now(self, sitting: AnySitting) -> datetime | None:
        return self._services.units.clock.now() if sitting.state is State.OPEN else None

    async def show_notes(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/notes: free text on every item, until the minutes are approved."""
        return await self._notes(request, None, None)

    async def write(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/notes: keep what changed."""
        meeting = meeting_of(request)

        async def act(filled: Filled) -> None:
            frame, look = await self._read(request)
            told = {one: filled.long(f"words-{one}") for one in _places(frame.sitting, look.items)}
            filled.check()
            for place, words in told.items():
                if f"words-{place}" in filled.values:
                    await self._keep(request, place, words, filled)

        return await self._desk.post(
            request, act, lambda *told: self._notes(request, *told), f"/m/{meeting}/notes?saved=1#saved"
        )

    async def _notes(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._services.units.read():  # one state of everything, and each question asked once
            async with self._services.units.read() as uow:
                frame = await self._desk.framed(uow, request, Act.MINUTES)
                look = await look_at_run(uow, frame.sitting)
                now = uow.now
            standing = await self._services.minutes.look(asker_of(request), frame.sitting.id)
            places = _places(frame.sitting, look.items)
            context = {
                "frame": frame,
                "sitting": frame.sitting,
                "items": look.items,
                "approved": standing.approved is not None,
                "saved": Words(request).time(now, frame.sitting) if "saved" in request.query else "",
                "here": f"/m/{frame.sitting.id}/notes",
                **await self._writing(request, frame.sitting, standing, _moved(filled, refusal)),
            }
            first = filled or Filled({f"words-{one}": standing.texts.get(one, "") for one in places})
            return self._desk.page(request, "notes.html", context, filled=first, refusal=refusal)

    async def show_close(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/close: what is missing, or the last button."""
        return await self._close(request, None, None)

    async def close(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/close: now, or at the moment that is stated."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> None:
            frame, look = await self._read(request)
            at = _stated(filled, frame.sitting)
            read = _read_then(filled, frame.sitting, at or self._services.units.clock.now())
            filled.check()
            if (live := look.live) is not None:
                await self._services.agenda.stop(asker, live.id, live.conclusion)
            await self._services.sitting.close(asker, meeting, at, read)

        return await self._desk.post(
            request, act, lambda *told: self._close(request, *told), f"/m/{meeting}/review"
        )

    async def read_out(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/close/read: the minutes were read out to the sitting just now."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(_filled: Filled) -> None:
            await self._services.sitting.read_out(asker, meeting, None)

        return await self._desk.post(
            request, act, lambda *told: self._close(request, *told), f"/m/{meeting}/close"
        )

    async def _close(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        frame, look = await self._read(request)
        if frame.sitting.state is not State.OPEN:
            return see(f"/m/{frame.sitting.id}/" + ("review" if frame.over else "run"))
        missing = await self._services.sitting.missing(asker_of(request), frame.sitting.id)
        async with self._services.units.read() as uow:
            entry = await paper_of(uow, frame.sitting.id)
            now = entry.closed_at if entry else uow.now
            read = await read_out_at(uow, frame.sitting.id)
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "look": look,
            "missing": missing,
            "on_paper": entry is not None,
            "read": Words(request).time(read, frame.sitting) if read else "",
            "here": f"/m/{frame.sitting.id}/close",
        }
        first = filled or Filled(_moment(now, frame.sitting) | ({} if entry else {"time": ""}))
        return self._desk.page(request, "close.html", context, filled=first, refusal=refusal)


def _places(sitting: AnySitting, items: tuple[Item, ...]) -> list[Id]:
    return [*(one.id for one in items), sitting.id]


def _moved(filled: Filled | None, refusal: Refused | None) -> Filled | None:
    """What was typed while somebody else wrote."""
    return filled if isinstance(refusal, WordsMoved) else None


def _theirs(standing: Standing, typed: Filled) -> dict[Id, str]:
    """What others wrote meanwhile on the items of a form."""
    return {
        item: text
        for item, text in standing.texts.items()
        if f"over-{item}" in typed.values and typed.get(f"over-{item}") != seal(text)
    }


def _stated(filled: Filled, sitting: AnySitting) -> datetime | None:
    """The moment typed; None, for now, where the time was left empty."""
    if not filled.get("time").strip():
        return None
    return filled.moment("day", "time", sitting.zone)


def _read_then(filled: Filled, sitting: AnySitting, closed: datetime) -> datetime | None:
    """When the minutes were read out, by the hour typed: on the day of the opening or, past midnight, of the close."""
    if not filled.get("read").strip() or sitting.opened_at is None:
        return None
    zone = zone_of(sitting.zone)
    days = [date_text(one.astimezone(zone).date()) for one in (sitting.opened_at, closed)]
    typed = [Filled({"day": day, "read": filled.get("read")}) for day in days]
    read = [one.moment("day", "read", sitting.zone) for one in typed]
    for name, (text, facts) in typed[0].problems.items():
        filled.wrong(name, text, **facts)
    return next((one for one in read if one >= sitting.opened_at), read[-1])


def _moment(at: datetime, sitting: AnySitting) -> dict[str, str]:
    zone = zone_of(sitting.zone)
    return {"day": date_text(at.astimezone(zone).date()), "time": time_text(at, zone)}


def _first(look: RunLook, texts: Mapping[Id, str], sitting: AnySitting) -> Filled:
    live = look.live
    typed = {"chair": look.parts.get(Part.CHAIR, ""), "recorder": look.parts.get(Part.RECORDER, "")}
    if live is not None:
        typed |= {"words": texts.get(live.id, ""), "conclusion": live.conclusion}
    if look.fees is not None:
        typed |= {"paid": str(look.fees.paid), "of": str(look.fees.of)}
    return Filled(typed | _moment(sitting.starts_at, sitting) | {"time": ""})
