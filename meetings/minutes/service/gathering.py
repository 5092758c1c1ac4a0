"""Everything the minutes state, gathered from the storeys below. Nothing is typed twice, nothing is added."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meetings.agenda import service as agenda
from meetings.agenda.rules import Item
from meetings.attendance import service as attendance
from meetings.attendance.rules import Absence, AbsenceState, MemberAttendance
from meetings.attendance.service import SittingRecord
from meetings.attendance.service.reading import day_of
from meetings.committees import service as committees
from meetings.committees.policies import PolicyKey
from meetings.committees.powers import Part
from meetings.committees.rules import Category, Member, Role
from meetings.convening import service as convening
from meetings.convening.paper import minutes_held
from meetings.convening.rules import AnySitting, Meeting, Standing
from meetings.convening.states import NotClosed
from meetings.db.types import load
from meetings.db.unit import UnitOfWork
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text, time_text
from meetings.ledger import log
from meetings.ledger import service as ledger
from meetings.ledger.rules import Entry
from meetings.minutes.records import (
    Absentee,
    Attendance,
    Attendee,
    Guest,
    Head,
    ItemFacts,
    Layout,
    Mark,
    Minimum,
    MinutesFacts,
    Moment,
    Officer,
    Organisation,
    Share,
    Sitting,
    Supplemented,
    Tally,
    VoteFacts,
    moment_of,
)
from meetings.minutes.service.said import with_what_was_said
from meetings.minutes.service.score import score_facts
from meetings.minutes.service.work import work_of
from meetings.sitting import service as sittings
from meetings.voting import service as voting
from meetings.voting.rules import StoredVote
from meetings.voting.sentences import ON_SCREEN

_POSITIONS = (
    (Role.SECRETARY, "Bí thư chi bộ"),
    (Role.DEPUTY, "Phó Bí thư chi bộ"),
    (Role.COMMITTEE_MEMBER, "Chi ủy viên"),
)
_FORMS = {
    "hands": "giơ tay",
    "cards": "giơ thẻ đảng viên",
    "paper": "phiếu kín",
    "secret_device": "phiếu kín trên máy",
}
# They owe no reason, but on the phone they stand by name among the absent (rules.md 1.3).
_FREE = {Category.EXEMPT: "được miễn sinh hoạt", Category.TEMPORARY_AWAY: "sinh hoạt tạm thời nơi khác"}
_PREFIXES = ("ban chấp hành ", "đảng ủy ", "đảng bộ ", "xã ", "phường ", "đặc khu ", "thị trấn ")


class NoParts(Conflict):
    """Minutes need a chair and a recorder, named in the sitting."""

    code = "no-parts"
    message = "Chưa ghi ai chủ trì và ai làm thư ký buổi họp."


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What the printed form needs beside the facts."""

    authority: str
    demonstration: bool
    verify_at: str = ""


async def gather(
    uow: UnitOfWork, sitting: AnySitting, *, form: Form, fixed_at: datetime | None
) -> MinutesFacts:
    """The facts as they stand in this unit. Raises NoParts, NotClosed."""
    if sitting.opened_at is None or sitting.closed_at is None:
        raise NotClosed
    record = await attendance.record_of(uow, sitting)
    parts = dict(await convening.parts_of(uow, sitting.id))
    if Part.CHAIR not in parts or Part.RECORDER not in parts:
        raise NoParts
    members = {member.id: member for member in record.roster}
    for gone in sorted({*parts.values()} - {*members}):  # their leaving was written down with an earlier day
        members[gone] = await committees.member_ever(uow, gone)
    work = await work_of(uow, sitting)
    head = await ledger.head_of(uow, sitting.cell)
    entries = await ledger.of_meeting(uow, sitting.cell, sitting.id)
    return MinutesFacts(
        organisation=await organisation_of(uow, sitting),
        sitting=await _sitting(uow, sitting, fixed_at),
        chair=await officer_of(uow, sitting, members[parts[Part.CHAIR]]),
        recorder=await officer_of(uow, sitting, members[parts[Part.RECORDER]]),
        attendance=await _attendance(uow, sitting, record),
        head=Head(seq=head.seq, hash=head.hash),
        guests=await _guests(uow, sitting),
        fees=await _fees(uow, sitting),
        items=await _items(uow, sitting, members),
        tasks=work.given,
        looked_back=work.looked_back,
        score=await score_facts(uow, sitting.id),
        sources=_sources(entries),
        demonstration_clock=form.demonstration,
        layout=Layout(authority=form.authority, verify_at=form.verify_at),
        mark=await _mark(uow),
    )


async def _mark(uow: UnitOfWork) -> Mark | None:
    seen = await log.newest(uow)
    if seen is None:
        return None
    return Mark(origin=seen.origin, size=seen.size, root=base64.b64encode(seen.root).decode())


async def organisation_of(uow: UnitOfWork, sitting: AnySitting) -> Organisation:
    """The cell and who is above it, by their names of that day."""
    tree = await committees.tree(uow)
    cell, *above = tree.chain(sitting.cell, day_of(sitting))
    superior = above[0].name if above else ""
    return Organisation(cell=cell.name, superior=superior, locality=_locality(superior or cell.name))


def _locality(name: str) -> str:
    found = name
    while prefix := next((p for p in _PREFIXES if found.casefold().startswith(p)), ""):
        found = found[len(prefix) :]
    return found


async def _sitting(uow: UnitOfWork, sitting: AnySitting, fixed_at: datetime | None) -> Sitting:
    real = sitting if isinstance(sitting, Meeting) else None
    opened, closed = _at(sitting, sitting.opened_at), _at(sitting, sitting.closed_at)
    planned = _at(sitting, sitting.starts_at)
    if (
        opened is None
        or closed is None
        or planned is None
        or sitting.opened_at is None
        or sitting.closed_at is None
    ):
        raise NotClosed
    return Sitting(
        id=sitting.id,
        kind=sitting.kind,
        mode=sitting.mode,
        standing=real.standing if real else Standing.NONE,
        month=str(sitting.month),
        quarter=str(sitting.month.quarter),
        place=sitting.place,
        planned=planned,
        opened=opened,
        closed=closed,
        device_opened=_at(sitting, sitting.device_opened_at),
        device_closed=_at(sitting, sitting.device_closed_at),
        minutes=minutes_held(sitting.opened_at, sitting.closed_at),
        fulfils_obligation=real is not None and real.fulfils,
        approved=_at(sitting, await sittings.read_out_at(uow, sitting.id)),
        fixed=_at(sitting, fixed_at),
        entered_late_on=date_text(real.entered_late_on) if real and real.entered_late_on else None,
        supplements=await _supplemented(uow, real),
    )


async def _supplemented(uow: UnitOfWork, meeting: Meeting | None) -> Supplemented | None:
    if meeting is None or meeting.supplements is None:
        return None
    other = await convening.sitting(uow, meeting.supplements)
    day = (other.opened_at or other.starts_at).astimezone(zone_of(other.zone)).date()
    return Supplemented(meeting=other.id, day=date_text(day))


def _at(sitting: AnySitting, moment: datetime | None) -> Moment | None:
    return None if moment is None else moment_of(moment, sitting.zone)


async def officer_of(uow: UnitOfWork, sitting: AnySitting, member: Member) -> Officer:
    """A member with the office held that day."""
    day = day_of(sitting)
    for role, words in _POSITIONS:
        if member.person in await committees.mandate_holders(uow, sitting.cell, role, day):
            return Officer(member=member.id, name=member.full_name, position=words)
    return Officer(member=member.id, name=member.full_name, position="Đảng viên")


async def _attendance(uow: UnitOfWork, sitting: AnySitting, record: SittingRecord) -> Attendance:
    there = [(member, record.attendance[member.id]) for member in record.roster]
    hall = tuple(_attendee(sitting, m, one) for m, one in there if one.hall_confirmed)
    phone = tuple(_attendee(sitting, m, one) for m, one in there if one.online and not one.hall_confirmed)
    in_room = {one.member for one in phone}
    absent = tuple(
        _absentee(m, record.absences[m.id], by_phone=m.id in in_room)
        for m in record.roster
        if m.id in record.absences
        if m.id in in_room or record.absences[m.id].state is not AbsenceState.NOT_REQUIRED
    )
    rate = record.rate()
    return Attendance(
        roll={c.value: n for c in Category if (n := sum(m.category is c for m in record.roster))},
        hall=hall,
        by_phone=phone,
        absent=absent,
        away_absent=_missing(record, Category.TEMPORARY_AWAY),
        exempt_absent=_missing(record, Category.EXEMPT),
        rate=Share(part=len(rate.part), whole=len(rate.whole)) if rate else None,
        minimum=await _minimum(uow, sitting),
    )


def _attendee(sitting: AnySitting, member: Member, one: MemberAttendance) -> Attendee:
    return Attendee(
        member=member.id, name=member.full_name, category=member.category, note=_note(sitting, one)
    )


def _note(sitting: AnySitting, one: MemberAttendance) -> str:
    zone, words = zone_of(sitting.zone), []
    if one.hall is not None and one.late:
        words.append(f"đến {time_text(one.hall.since, zone)}")
    if one.hall is not None and one.left_early and one.hall.until is not None:
        words.append(f"về {time_text(one.hall.until, zone)}")
    return ", ".join(words)


def _absentee(member: Member, absence: Absence, *, by_phone: bool) -> Absentee:
    free = absence.state is AbsenceState.NOT_REQUIRED
    excused = free or absence.state is AbsenceState.EXCUSED
    reason = absence.reason.text if excused and absence.reason else ""
    if free:
        reason = _FREE.get(member.category, "")
    return Absentee(
        member=member.id, name=member.full_name, excused=excused, reason=reason, by_phone=by_phone
    )


def _missing(record: SittingRecord, category: Category) -> int:
    return sum(
        member.category is category and not one.hall_confirmed and not one.online
        for member in record.roster
        for one in [record.attendance[member.id]]
    )


async def _minimum(uow: UnitOfWork, sitting: AnySitting) -> Minimum | None:
    if not isinstance(sitting, Meeting) or sitting.standing is not Standing.MANDATORY:
        return None
    policy = await committees.policy(uow, PolicyKey.HALL_MINIMUM, sitting.cell, day_of(sitting))
    return Minimum(
        present=sitting.hall_present, required=sitting.hall_required, set_by=policy.set_by_name or ""
    )


async def _guests(uow: UnitOfWork, sitting: AnySitting) -> tuple[Guest, ...]:
    found = await attendance.guests(uow, sitting.id)
    return tuple(Guest(name=one.full_name, title=one.comes_from) for one in found)


async def _fees(uow: UnitOfWork, sitting: AnySitting) -> Share | None:
    line = await sittings.opening_of(uow, sitting.id)
    return None if line is None else Share(part=line.paid, whole=line.of)


async def _items(uow: UnitOfWork, sitting: AnySitting, members: Mapping[Id, Member]) -> tuple[ItemFacts, ...]:
    votes = await voting.votes(uow, sitting.id)
    items = await agenda.items(uow, sitting.id)
    found = [_item(sitting, item, members, [v for v in votes if v.vote.item == item.id]) for item in items]
    if loose := [v for v in votes if v.vote.item not in {item.id for item in items}]:
        found.append(ItemFacts(id=sitting.id, title="Biểu quyết", planned=0, votes=_votes(loose)))
    return await with_what_was_said(uow, sitting, found, members)


def _item(
    sitting: AnySitting, item: Item, members: Mapping[Id, Member], votes: list[StoredVote]
) -> ItemFacts:
    presenter = members.get(item.presenter) if item.presenter else None
    return ItemFacts(
        id=item.id,
        title=item.title,
        planned=item.planned_minutes,
        presenter=presenter.full_name if presenter else "",
        started=_at(sitting, item.started_at),
        ended=_at(sitting, item.ended_at),
        conclusion=item.conclusion,
        votes=_votes(votes),
    )


def _votes(stored: list[StoredVote]) -> tuple[VoteFacts, ...]:
    return tuple(_vote(one, one.result) for one in stored if one.result is not None)


def _vote(stored: StoredVote, result: Mapping[str, Any]) -> VoteFacts:
    supplement = stored.vote.standing is Standing.SUPPLEMENT
    secret = stored.vote.form.secret  # no device answers with a name
    names = stored.vote.slate is not None  # an election counts each name; its sentence has them
    counted = None if supplement or names or result.get("withheld") else _tally(result)
    return VoteFacts(
        id=stored.vote.id,
        question=stored.vote.question,
        form="lấy ý kiến trực tuyến" if supplement else _FORMS[stored.vote.form.value],
        explanation=" ".join([result["explanation"].removesuffix(ON_SCREEN), *result["record"]]),
        base=None if supplement else result["base"],
        needed=result["needed"],
        counted=counted,
        absent=None if supplement or names else result["absent"],
        passed=result["passed"],
        opinions=None if secret else _tally(result["phone"]),
        devices=None if supplement or secret else _tally(result["devices"]),
        late=result["late"],
        person=stored.vote.person.name if stored.vote.person else "",
    )


def _tally(counts: Mapping[str, Any]) -> Tally:
    return Tally(favour=counts["in_favour"], against=counts["against"], abstain=counts["abstain"])


def _sources(entries: Sequence[Entry]) -> dict[str, tuple[str, ...]]:
    """The ledger entries behind each part, by the storey that wrote them."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(str(load(entry.leaf)["act"]).partition(".")[0], []).append(entry.id)
    return {part: tuple(ids) for part, ids in sorted(found.items())}
