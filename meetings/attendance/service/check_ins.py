"""Check-in by the code in the hall. A scan is evidence beside the roll, never presence (rules.md 2.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from meetings.attendance import store
from meetings.attendance.guests import (
    ROLL_STATES,
    IdReused,
    NoHall,
    NotShared,
    PassKind,
    RollNotNow,
    check_roll_time,
)
from meetings.attendance.hall_code import (
    NONCE_LIFE,
    HallCodeGone,
    NonceGone,
    changes_at,
    check_code,
    code_at,
    meeting_key,
    read_nonce,
    sign_nonce,
)
from meetings.attendance.rules import Evidence, EvidenceKind, Source, check_evidence
from meetings.attendance.service.called import Called, Register
from meetings.attendance.service.holders import Holder, take_pen
from meetings.attendance.service.sharing import Sharer, sharers, sharing
from meetings.attendance.store.evidence import Kept
from meetings.committees.powers import Act
from meetings.committees.service import person_name
from meetings.convening.rules import Mode, Practice
from meetings.convening.service import allow_in
from meetings.db.batch import Batcher
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import digest
from meetings.kernel.clock import Clock
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record

_ALL_PASSES = frozenset(PassKind)


@dataclass(frozen=True, kw_only=True, slots=True)
class HallCode:
    """What the kiosk shows until `changes_at` (real time)."""

    code: str
    changes_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """A good code was shown: the nonce for "Tôi có mặt", good until `expires_at` (real time). `sharing`: to whom the
    phone may be handed next. `practice`: of a sitting that counts for nothing."""

    nonce: str
    name: str
    expires_at: datetime
    sharing: tuple[Sharer, ...] = ()
    practice: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckIn:
    """What the phone sends: a client-made id, and the code just scanned or the nonce given for it. `member`: in
    whose hands the phone is, where that is somebody else who was declared to share it."""

    id: Id
    code: str | None = None
    nonce: str | None = None
    device_at: datetime | None = None
    member: Id | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A check-in is kept. `at`: when the code was shown to us, in domain time."""

    id: Id
    member: Id
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class TwoNames:
    """One browser checked in several members of one meeting who had not declared a shared phone."""

    members: tuple[Id, ...]
    evidence: tuple[Id, ...]

    @property
    def text(self) -> str:
        """One Vietnamese line for the secretary and the auditor."""
        return "Một máy quét mã cho nhiều đồng chí mà chưa khai dùng chung máy; lấy theo điểm danh."


@dataclass(frozen=True, kw_only=True, slots=True)
class _Arrival:
    """A check-in on its way; with a `refusal` only an earlier one under its id is looked for."""

    kept: Kept
    cell: Id
    actor: Id
    refusal: Refused | None


class CheckInService:
    """`secret` signs codes and nonces; `real` tells real time, by which they live."""

    def __init__(self, units: Units, secret: bytes, real: Clock, register: Register, *, waiting: int) -> None:
        self._units = units
        self._register = register
        self._secret = secret
        self._real = real
        self.arrivals: Batcher[_Arrival, Kept | None] = Batcher(self._write, waiting=waiting)

    async def hall_code(self, holder: Holder, meeting: Id) -> HallCode:
        """The code of this moment. Raises NoSuchMeeting, NoPower, PassGone, NoHall, RollNotNow."""
        now = self._real.now()
        async with self._units.read() as uow:
            hand = await take_pen(uow, holder, meeting, now, kinds=_ALL_PASSES, lock=False)
            check_roll_time(hand.sitting)
        return HallCode(code=code_at(self._key(meeting), now), changes_at=changes_at(now))

    async def scan(self, asker: Asker, meeting: Id, code: str) -> Scan:
        """Take a code and give a nonce for it. Raises NoSuchMeeting, NoHall, RollNotNow, HallCodeGone."""
        now = self._real.now()
        async with self._units.read() as uow:
            sitting, actor = await allow_in(uow, asker, Act.VIEW_CELL, meeting)
            check_roll_time(sitting)
            check_code(self._key(meeting), code, now)
            nonce = sign_nonce(self._key(meeting), session=asker.session, scanned_at=uow.now, now=now)
            name = await person_name(uow, asker.person)
            member = actor.member_in(sitting.cell)
            others = await sharers(uow, sitting, member) if member else ()
        practice = isinstance(sitting, Practice)
        return Scan(nonce=nonce, name=name, expires_at=now + NONCE_LIFE, sharing=others, practice=practice)

    async def handed_round(self, asker: Asker, meeting: Id) -> tuple[Sharer, ...]:
        """Who else was declared to use the asker's phone. Raises NoSuchMeeting, NotConvoked."""
        _, member = await self._register.find(asker, meeting)
        async with self._units.read() as uow:
            sitting, _ = await allow_in(uow, asker, Act.VIEW_CELL, meeting)
            return await sharers(uow, sitting, member)

    async def check_in(self, asker: Asker, meeting: Id, sent: CheckIn, *, browser: str) -> Receipt:
        """Keep the check-in; the same one again gives the first receipt, however late.

        `browser` tells which browser sends it. Call it outside any unit of work: it waits for a commit.
        Raises NoSuchMeeting, NotConvoked, NotShared, NoHall, RollNotNow, HallCodeGone, NonceGone, IdReused, Busy.
        """
        called, own = await self._register.find(asker, meeting)
        member = sent.member or own
        if member != own:
            await self._check_shared(called, meeting, own, member)
        if called.mode is Mode.ONLINE:
            raise NoHall
        said = digest([meeting, member, sent.code, sent.nonce])
        now, refusal = self._units.clock.now(), None
        try:
            at = self._shown(asker, meeting, sent, now)
        except (HallCodeGone, NonceGone) as gone:
            at, refusal = now, gone  # perhaps a repeat of what was kept while the code was good
        fact = _fact(
            meeting, member, sent, at=at, received_at=now, by=asker.person if member != own else None
        )
        kept = Kept(evidence=fact, browser=browser, body_hash=said)
        arrival = _Arrival(kept=kept, cell=called.cell, actor=asker.person, refusal=refusal)
        return _receipt(await self.arrivals.put(arrival), arrival)

    async def _check_shared(self, called: Called, meeting: Id, own: Id, member: Id) -> None:
        async with self._units.read() as uow:
            declared = member in await sharing(uow, meeting, own)
        if not declared or member not in called.members.values():
            raise NotShared

    def _shown(self, asker: Asker, meeting: Id, sent: CheckIn, now: datetime) -> datetime:
        key, real = self._key(meeting), self._real.now()
        if sent.nonce is not None:
            return read_nonce(key, sent.nonce, session=asker.session, now=real)
        check_code(key, sent.code or "", real)
        return now

    def _key(self, meeting: Id) -> bytes:
        return meeting_key(self._secret, meeting)

    async def _write(self, arrivals: Sequence[_Arrival]) -> Sequence[Kept | None]:
        async with self._units.begin() as uow:
            good = {one.kept.evidence.id: one for one in reversed(arrivals) if one.refusal is None}
            rows = [one.kept for one in good.values()]
            inserted = await store.evidence.add_batch(uow.session, rows, ROLL_STATES) if rows else set()
            known = await store.evidence.known(uow.session, [one.kept.evidence.id for one in arrivals])
            await record(uow, *(_act(one) for number, one in good.items() if number in inserted))
        return [known.get(one.kept.evidence.id) for one in arrivals]


async def two_names(uow: UnitOfWork, meeting: Id) -> list[TwoNames]:
    """Browsers that checked in several members without a shared phone declared, by first scan."""
    shared = await store.passes.shared_phones(uow.session, [meeting])
    scans = await store.evidence.scans_by_browser(uow.session, [meeting])
    return list(_two_names(scans, [set(one.members) for one in shared]))


def _two_names(scans: Iterable[Kept], shared: Collection[set[Id]]) -> Iterable[TwoNames]:
    found: defaultdict[str, list[Evidence]] = defaultdict(list)
    for scan in scans:
        found[scan.browser or ""].append(scan.evidence)
    for facts in found.values():
        members = {fact.member for fact in facts if fact.member}
        if len(members) > 1 and not any(members <= group for group in shared):
            yield TwoNames(members=tuple(sorted(members)), evidence=tuple(fact.id for fact in facts))


def _fact(
    meeting: Id, member: Id, sent: CheckIn, *, at: datetime, received_at: datetime, by: Id | None
) -> Evidence:
    fact = Evidence(
        id=sent.id,
        meeting=meeting,
        source=Source.HALL_QR,
        kind=EvidenceKind.SCANNED,
        at=at,
        received_at=received_at,
        member=member,
        device_at=sent.device_at,
        by=by,
    )
    check_evidence(fact)
    return fact


def _act(arrival: _Arrival) -> Recorded:
    fact = arrival.kept.evidence
    return Recorded(
        cell=arrival.cell,
        name="attendance.check_in",
        actor=arrival.actor,
        meeting=fact.meeting,
        subject=fact.id,
        public={"shared_phone": True} if fact.by else {},
        personal={"member": fact.member, "at": fact.at.isoformat(timespec="microseconds")},
    )


def _receipt(known: Kept | None, arrival: _Arrival) -> Receipt:
    if known is None:
        raise arrival.refusal or RollNotNow
    if known.body_hash != arrival.kept.body_hash or known.evidence.member is None:
        raise IdReused
    return Receipt(id=known.evidence.id, member=known.evidence.member, at=known.evidence.at)
