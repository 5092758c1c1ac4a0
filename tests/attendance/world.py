"""Cell S of 28 (rules.md 7) and a neighbour cell, with meetings in the state a test wants."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from meetings.attendance.guests import PassKind
from meetings.attendance.rules import Decision, EvidenceKind, Reason
from meetings.attendance.service import AskedLeave, AttendanceService, Mark, RollSheet, SittingRecord
from meetings.committees.members import CategorySpan
from meetings.committees.rules import Category, Mandate, OrgKind, Role, Span
from meetings.committees.service import roster
from meetings.committees.store import orgs, people
from meetings.committees.store.people import HeldMandate, Membership, Person
from meetings.committees.tree import OrgVersion
from meetings.convening.convocations import convoke
from meetings.convening.rules import AnySitting, Kind, MeetingPlan, Mode, State, draft
from meetings.convening.service.rosters import keep_roster, roster_of
from meetings.convening.store import convocations, meetings
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import FixedClock
from meetings.kernel.ids import Id, derived_id, new_id
from meetings.ledger.store import LedgerEntryRow, LedgerPersonalRow
from meetings.notices.rules import Channel
from meetings.rooms import store as rooms
from meetings.rooms.rules import Ban, PresenceEvent, PresenceKind, PresenceSource, Seat, room_name

BEGUN = Span(since=date(2020, 1, 1))
SECRETARY, MEMBER, SUSPENDED, STRANGER, AUDITOR = "o1", "o5", "s1", "f2", "auditor"
_COUNTS = {
    Category.OFFICIAL: ("o", 19),
    Category.PROBATIONARY: ("p", 2),
    Category.TEMPORARY_ARRIVED: ("a", 1),
    Category.TEMPORARY_AWAY: ("w", 2),
    Category.EXEMPT: ("e", 3),
    Category.SUSPENDED: ("s", 1),
}
CELL_S = {f"{letter}{n}": kind for kind, (letter, most) in _COUNTS.items() for n in range(1, most + 1)}
CELL_T = {"f1": Category.OFFICIAL, "f2": Category.OFFICIAL}
# Its November hybrid (rules.md 7): hall 16, phone 4, excused 2, unexcused 1.
HALL = (*(f"o{n}" for n in range(1, 14)), "p1", "a1", "e1")
PHONE = ("o14", "o15", "o16", "p2")
EXCUSED, UNEXCUSED = ("o17", "o18"), ("o19",)


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """Everybody by a short label: o1 is the secretary of cell S, f1 that of cell T."""

    units: Units
    clock: FixedClock
    service: AttendanceService

    def member(self, label: str) -> Id:
        """The membership behind a label."""
        return derived_id("member", label)

    def asks(self, label: str) -> Asker:
        """The person behind a label, always through the same browser."""
        return Asker(person=derived_id("person", label), session=derived_id("session", label))

    async def meeting(
        self,
        *,
        mode: Mode = Mode.HYBRID,
        kind: Kind | None = None,
        state: State = State.OPEN,
        cell: str = "S",
    ) -> AnySitting:
        """A sitting that was to start half an hour ago and opened then."""
        fitting = Kind.ONLINE_SESSION if mode is Mode.ONLINE else Kind.REGULAR
        plan = MeetingPlan(
            cell=derived_id("org", cell),
            kind=kind or fitting,
            mode=mode,
            title="Sinh hoạt chi bộ",
            place="Nhà văn hóa thôn",
            starts_at=self.clock.now() - timedelta(minutes=30),
        )
        sitting = draft(plan, sitting=new_id())
        async with self.units.begin() as uow:
            await meetings.add(uow.session, sitting)
            if state is not State.DRAFT:
                await self._convoke(uow, sitting)
            for step in (State.CONVENED, State.OPEN, State.CLOSED):
                if sitting.state is not state:
                    sitting = await self._step(uow, sitting, step)
        return sitting

    async def _convoke(self, uow: UnitOfWork, sitting: AnySitting) -> None:
        called = await roster(uow, sitting.cell, sitting.starts_at.date())
        by = self.asks(SECRETARY).person
        tellings = convoke(called, {}, meeting=sitting.id, how=Channel.PHONE_CALL, by=by, at=uow.now)
        await convocations.append(uow.session, tellings)

    async def close(self, sitting: AnySitting) -> AnySitting:
        """Close it now, counting for nothing."""
        async with self.units.begin() as uow:
            return await self._step(uow, sitting, State.CLOSED)

    async def _step(self, uow: UnitOfWork, sitting: AnySitting, state: State) -> AnySitting:
        opened = sitting.starts_at if state is State.OPEN else sitting.opened_at
        closed = uow.now if state is State.CLOSED else None
        moved = replace(sitting, state=state, opened_at=opened, closed_at=closed)
        if state is State.CLOSED:
            await keep_roster(uow, sitting, await roster_of(uow, sitting))
        await meetings.save(uow.session, moved)
        return moved

    async def ban(self, meeting: Id, label: str, at: datetime) -> None:
        """The chair removed them from the room at that moment."""
        ban = Ban(
            meeting=meeting, member=self.member(label), at=at, by=self.asks(SECRETARY).person, reason=""
        )
        async with self.units.begin() as uow:
            await rooms.add_ban(uow.session, new_id(), ban)

    async def stored(self, uow: UnitOfWork, meeting: Id) -> AnySitting | None:
        """The sitting as the database holds it."""
        return await meetings.get(uow.session, meeting)

    async def fill_every_table(self) -> None:
        """One row at least in every table of attendance."""
        sitting, asker = await self.meeting(), self.asks(SECRETARY)
        await self.roll(sitting.id, ["o1"])
        asked = AskedLeave(id=new_id(), reason=Reason.ILL)
        await self.service.leave.come(asker, sitting.id)
        await self.service.leave.ask(asker, sitting.id, asked)
        own = self.member(SECRETARY)
        await self.service.leave.decide(asker, sitting.id, own, Decision.UNEXCUSED, None)
        await self.service.leave.contest(asker, sitting.id, own, "")
        await self.service.guests.welcome(
            asker, sitting.id, full_name="Khách", comes_from="Xã", overseer=False
        )
        issued = await self.service.passes.issue(asker, sitting.id, PassKind.HELPER, "Cháu Thử")
        await self.service.passes.revoke(asker, sitting.id, issued.held.id)
        await self.service.shared_phones.declare(asker, sitting.id, [own, self.member(MEMBER)])

    async def told(self, cell: Id) -> str:
        """What the newest entry of the cell says of a helper, behind its commitment."""
        async with self.units.read() as uow:
            rows = await uow.session.execute(
                select(col(LedgerPersonalRow.data))
                .join(LedgerEntryRow, col(LedgerEntryRow.id) == col(LedgerPersonalRow.entry_id))
                .where(col(LedgerEntryRow.cell_id) == cell)
                .order_by(col(LedgerEntryRow.seq).desc())
            )
            newest = rows.scalars().first() or {}
            return str(newest["on_behalf"])

    async def roll(
        self, meeting: Id, present: Iterable[str], *, confirm: bool = True, heads: int | None = None
    ) -> None:
        """The secretary marks these present, perhaps says how many are counted, and confirms."""
        marks = tuple(Mark(member=self.member(one), kind=EvidenceKind.PRESENT) for one in present)
        sheet = RollSheet(id=new_id(), marks=marks, confirm=confirm, head_count=heads)
        await self.service.roll.mark(self.asks(SECRETARY), meeting, sheet)

    def event(
        self, meeting: Id, label: str, kind: PresenceKind, at: datetime, *, sid: str = "", name: str = ""
    ) -> PresenceEvent:
        """One webhook about somebody."""
        return PresenceEvent(
            event_id=name or new_id(),
            kind=kind,
            room=room_name(meeting),
            meeting=meeting,
            source=PresenceSource.WEBHOOK,
            at=at,
            real_at=at,
            member=self.member(label),
            participant_sid=sid or f"PA_{label}",
        )

    def poll(self, meeting: Id, labels: Sequence[str], at: datetime) -> PresenceEvent:
        """One complete list, everybody on their usual connection."""
        return self.poll_of(meeting, [f"PA_{label}:{label}" for label in labels], at)

    def poll_of(self, meeting: Id, seats: Sequence[str], at: datetime) -> PresenceEvent:
        """One complete list of "connection:label"."""
        pairs = [seat.split(":") for seat in seats]
        return PresenceEvent(
            event_id=derived_id(meeting, str(at)),
            kind=PresenceKind.LISTED,
            room=room_name(meeting),
            meeting=meeting,
            source=PresenceSource.POLL,
            at=at,
            real_at=at,
            seats=tuple(Seat(sid=sid, member=self.member(label)) for sid, label in pairs),
        )


async def people_of_both_cells(units: Units) -> None:
    """Write organisations, people and mandates."""
    async with units.begin() as uow:
        for name, kind, parent in (
            ("commune", OrgKind.COMMUNE, None),
            ("S", OrgKind.CELL, "commune"),
            ("T", OrgKind.CELL, "commune"),
        ):
            version = OrgVersion(
                org=derived_id("org", name),
                name=f"Chi bộ {name}",
                kind=kind,
                parent=derived_id("org", parent) if parent else None,
                span=BEGUN,
                code=f"{name}-01",
            )
            await orgs.add_org(uow.session, version, "Asia/Ho_Chi_Minh", uow.now)
        await _people(uow, [*CELL_S, *CELL_T, AUDITOR])
        for cell, members in (("S", CELL_S), ("T", CELL_T)):
            for label, category in members.items():
                await _join(uow, label, cell, category)
        await _give(uow, "o1", Role.SECRETARY, "S")
        await _give(uow, "f1", Role.SECRETARY, "T")
        await _give(uow, AUDITOR, Role.AUDITOR, "commune")


async def more_officials(units: Units, labels: Sequence[str]) -> None:
    """For a larger hall: official members of cell S beside its 28."""
    async with units.begin() as uow:
        await _people(uow, labels, first=100)
        for label in labels:
            await _join(uow, label, "S", Category.OFFICIAL)


async def entered(units: Units, label: str, since: date, category: Category = Category.OFFICIAL) -> None:
    """A new person, written into cell S now, with a first day of long ago or of tomorrow."""
    async with units.begin() as uow:
        await _people(uow, [label], first=int(derived_id("person", label)[:6], 16))
        await _join(uow, label, "S", category, Span(since=since))


async def _people(uow: UnitOfWork, labels: Sequence[str], *, first: int = 0) -> None:
    everybody = [
        Person(
            id=derived_id("person", label),
            full_name=f"Người Thử {label.upper()}",
            birth_date=date(1960, 1, 2),
            card=f"{10_000_000 + number}",
            phone=f"0900000{number:03d}",
            official_since=BEGUN.since,
        )
        for number, label in enumerate(labels, first)
    ]
    await people.add_people(uow.session, everybody)


async def _join(uow: UnitOfWork, label: str, cell: str, category: Category, when: Span = BEGUN) -> None:
    member = derived_id("member", label)
    one = Membership(id=member, person=derived_id("person", label), cell=derived_id("org", cell), span=when)
    await people.add_memberships(uow.session, [one])
    official = category not in {Category.PROBATIONARY, Category.TEMPORARY_ARRIVED}
    span = CategorySpan(member=member, category=category, official=official, span=when)
    await people.add_span(uow.session, span, new_id(), "Quyết định 1")


async def _give(uow: UnitOfWork, label: str, role: Role, org: str) -> None:
    mandate = Mandate(role=role, org=derived_id("org", org), span=BEGUN)
    held = HeldMandate(id=new_id(), person=derived_id("person", label), mandate=mandate, paper="Quyết định 2")
    await people.add_mandate(uow.session, held)


def rate_text(record: SittingRecord) -> str:
    """As people read it; empty where there is none."""
    rate = record.rate()
    return rate.text() if rate else ""
