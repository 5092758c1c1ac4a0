"""The roll call: one list, Có or Vắng per row, the head count typed, then the reasons of the absent."""

from __future__ import annotations

from aiohttp import web

from meetings.attendance import service as attendance
from meetings.attendance.guests import check_roll_time
from meetings.attendance.rules import Absence, AbsenceState, Decision, EvidenceKind, Reason
from meetings.attendance.service import Correction, Mark, RollSheet
from meetings.committees.powers import Act
from meetings.convening import service as convening
from meetings.convening.rules import State
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text
from meetings.pages.desk import Desk, Frame, meeting_of
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.once import KEY
from meetings.pages.roll_look import ASKED_BEFORE, RollLook, look_at_roll

UNMARKED = source("Xin chọn Có hoặc Vắng.")
COUNT_HEADS = source("Xin đếm số đảng viên trong hội trường và ghi vào đây.")
COUNT_AGAIN = source(
    "Đếm được {heads}, nhưng bấm Có {marked} đồng chí. Xin đếm lại. Nếu vẫn là {heads}, bấm Chốt điểm danh lần nữa."
)
_MOST_HEADS = 1000
_MARKS = {"present": EvidenceKind.PRESENT, "absent": EvidenceKind.ABSENT}
_NOT_EXCUSED = "no"
_TIMED = frozenset({EvidenceKind.LATE, EvidenceKind.LEFT_EARLY})


class RollPages:
    """`/m/{meeting}/roll…`, for who may call the roll."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """The list, the reasons, one changed mark."""
        return [
            web.get("/m/{meeting}/roll", self.show),
            web.post("/m/{meeting}/roll", self.mark),
            web.post("/m/{meeting}/roll/reasons", self.decide),
            web.post("/m/{meeting}/roll/guests", self.welcome),
            web.get("/m/{meeting}/roll/roster/{member}", self.show_note),
            web.post("/m/{meeting}/roll/roster/{member}", self.correct_roster),
            web.get("/m/{meeting}/roll/{member}", self.show_one),
            web.post("/m/{meeting}/roll/{member}", self.correct),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/roll."""
        return await self._roll(request, None, None)

    async def mark(self, request: web.Request) -> web.StreamResponse:
        """POST /m/{meeting}/roll: keep the marks; with the button for it, confirm the whole roll."""
        meeting = meeting_of(request)

        async def act(filled: Filled) -> None:
            _, look = await self._read(request)
            confirm = filled.get("do") == "confirm"
            marks = marks_of(filled, look, all_needed=confirm)
            heads = filled.number("heads", 0, _MOST_HEADS, default=-1)
            if confirm and heads < 0:
                filled.wrong("heads", COUNT_HEADS)
            elif confirm:
                _compare(filled, look, heads)
            filled.check()
            sheet = RollSheet(
                id=parse_id(filled.get(KEY)),
                marks=marks,
                head_count=heads if heads >= 0 else None,
                confirm=confirm,
            )
            await self._services.attendance.roll.mark(asker_of(request), meeting, sheet)

        return await self._desk.post(
            request, act, lambda *told: self._roll(request, *told), f"/m/{meeting}/roll#roll"
        )

    async def welcome(self, request: web.Request) -> web.StreamResponse:
        """POST …/roll/guests: a guest, or the superior's overseer; outside every base and rate."""
        meeting = meeting_of(request)

        async def act(filled: Filled) -> None:
            name, title = filled.line("guest"), filled.line("from")
            overseer = bool(filled.get("overseer"))
            filled.check()
            guests = self._services.attendance.guests
            await guests.welcome(
                asker_of(request), meeting, full_name=name, comes_from=title, overseer=overseer
            )

        return await self._desk.post(
            request, act, lambda *told: self._roll(request, *told), f"/m/{meeting}/roll#guests"
        )

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """POST …/roll/reasons: có lý do or không có lý do, for each of the absent."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> None:
            _, look = await self._read(request)
            for line in look.absent:
                said = filled.get(f"why-{line.member.id}")
                if said and said != reason_value(line.absence):
                    decision, reason = _decision(said)
                    await self._services.attendance.leave.decide(
                        asker, meeting, line.member.id, decision, reason
                    )

        return await self._desk.post(
            request, act, lambda *told: self._roll(request, *told), f"/m/{meeting}/roll#reasons"
        )

    async def _read(self, request: web.Request) -> tuple[Frame, RollLook]:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.ROLL)
            if frame.sitting.state in {State.DRAFT, State.CANCELLED} or not frame.has_hall:
                check_roll_time(frame.sitting)
            return frame, await look_at_roll(uow, frame.sitting)

    async def _roll(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        frame, look = await self._read(request)
        async with self._services.units.read() as uow:
            guests = await attendance.guests(uow, frame.sitting.id)
            notes = await convening.roster_notes(uow, frame.sitting)
        first = filled or Filled(_typed(look))
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "look": look,
            "guests": guests,
            "notes": notes,
            "reasons": tuple(Reason),
            "not_excused": _NOT_EXCUSED,
            "reason_value": reason_value,
            "asked_before": ASKED_BEFORE,
            "here": f"/m/{frame.sitting.id}/roll",
        }
        return self._desk.page(request, "roll.html", context, filled=first, refusal=refusal)

    async def show_one(self, request: web.Request) -> web.StreamResponse:
        """GET …/roll/{member}: change one mark of a confirmed roll, with the reason."""
        return await self._one(request, None, None)

    async def correct(self, request: web.Request) -> web.StreamResponse:
        """POST …/roll/{member}."""
        meeting, member = meeting_of(request), parse_id(request.match_info["member"])

        async def act(filled: Filled) -> None:
            frame, _ = await self._read(request)
            correction = _correction(filled, frame, member)
            filled.check()
            await self._services.attendance.roll.correct(asker_of(request), meeting, correction)

        return await self._desk.post(
            request, act, lambda *told: self._one(request, *told), f"/m/{meeting}/roll#roll"
        )

    async def _one(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        frame, look = await self._read(request)
        member = parse_id(request.match_info["member"])
        lines = [one for one in look.lines if one.member.id == member]
        if not lines:
            raise web.HTTPNotFound
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "line": lines[0],
            "here": f"/m/{frame.sitting.id}/roll/{member}",
        }
        return self._desk.page(request, "roll_one.html", context, filled=filled, refusal=refusal)

    async def show_note(self, request: web.Request) -> web.StreamResponse:
        """GET …/roll/roster/{member}: count somebody in an ended sitting as what is known of them now."""
        return await self._note(request, None, None)

    async def correct_roster(self, request: web.Request) -> web.StreamResponse:
        """POST …/roll/roster/{member}."""
        meeting, member = meeting_of(request), parse_id(request.match_info["member"])

        async def act(filled: Filled) -> None:
            reason = filled.line("reason")
            filled.check()
            await self._services.attendance.roster.correct(asker_of(request), meeting, member, reason)

        return await self._desk.post(
            request, act, lambda *told: self._note(request, *told), f"/m/{meeting}/roll#roster"
        )

    async def _note(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.ENTER_LATE)
            notes = await convening.roster_notes(uow, frame.sitting)
        member = parse_id(request.match_info["member"])
        note = next((one for one in notes if one.member == member and one.differs), None)
        if note is None:
            raise web.HTTPNotFound
        here = f"/m/{frame.sitting.id}/roll/roster/{member}"
        context = {"frame": frame, "sitting": frame.sitting, "note": note, "here": here}
        return self._desk.page(request, "roll_roster.html", context, filled=filled, refusal=refusal)


def reason_value(absence: Absence | None) -> str:
    """The choice that stands for a decided absence; empty for an undecided one."""
    if absence is None or absence.state not in {AbsenceState.EXCUSED, AbsenceState.UNEXCUSED}:
        return ""
    if absence.state is AbsenceState.UNEXCUSED:
        return _NOT_EXCUSED
    return (absence.reason or Reason.OTHER).value


def typed_marks(look: RollLook) -> dict[str, str]:
    """What is marked, as the form holds it."""
    marked = [one for one in look.lines if one.present is not None]
    return {f"m-{one.member.id}": "present" if one.present else "absent" for one in marked}


def _typed(look: RollLook) -> dict[str, str]:
    return typed_marks(look) | {f"why-{one.member.id}": reason_value(one.absence) for one in look.absent}


def marks_of(filled: Filled, look: RollLook, *, all_needed: bool) -> tuple[Mark, ...]:
    """What is new; what stands already is not said again."""
    found = []
    for line in look.lines:
        name = f"m-{line.member.id}"
        kind = _MARKS.get(filled.get(name))
        if kind is None:
            if all_needed and line.present is None:
                filled.wrong(name, UNMARKED)
        elif line.present is not (kind is EvidenceKind.PRESENT):
            found.append(Mark(member=line.member.id, kind=kind))
    return tuple(found)


def _compare(filled: Filled, look: RollLook, heads: int) -> None:
    """A count that is not that of the marks is asked about once, and stands beside them if it is sent again."""
    marked = sum(filled.get(f"m-{one.member.id}") == "present" for one in look.lines)
    told = f"{heads}/{marked}"
    if heads != marked and filled.get("counted") != told:
        filled.wrong("heads", COUNT_AGAIN, heads=heads, marked=marked)
        filled.values["counted"] = told


def _decision(said: str) -> tuple[Decision, Reason | None]:
    if said == _NOT_EXCUSED:
        return Decision.UNEXCUSED, None
    return Decision.EXCUSED, Reason(said) if said in set(Reason) else Reason.OTHER


def _correction(filled: Filled, frame: Frame, member: Id) -> Correction:
    kind, sitting = filled.chosen("mark", EvidenceKind, EvidenceKind.PRESENT), frame.sitting
    at, begun = None, sitting.opened_at or sitting.starts_at
    if kind in _TIMED:
        filled.values["day"] = date_text(begun.astimezone(zone_of(sitting.zone)).date())
        at = filled.moment("day", "at", sitting.zone)
    return Correction(
        id=parse_id(filled.get(KEY)), member=member, kind=kind, reason=filled.line("reason"), at=at
    )
