"""What machines tell: media server events and heartbeats. No ledger entry; an answer means committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from meetings.attendance import store
from meetings.attendance.rules import BadEvidence, Evidence, EvidenceKind, Source, check_evidence
from meetings.attendance.service.called import Register
from meetings.attendance.store.evidence import Kept
from meetings.convening.rules import Mode, State
from meetings.db.batch import Batcher
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, derived_id
from meetings.rooms.rules import NoRoom, PresenceEvent, RoomNotOpen

BEAT_EVERY = timedelta(minutes=1)
_ANY = frozenset(State)
_MOST_SID = 100

log = logging.getLogger(__name__)


class Machines:
    """Writes presence and heartbeats in batches. Call it outside any unit of work: it waits for a commit."""

    def __init__(self, units: Units, register: Register, *, waiting: int) -> None:
        self._units = units
        self._register = register
        self.presence: Batcher[Evidence, None] = Batcher(self._write_presence, waiting=waiting)
        self.beats: Batcher[Evidence, bool] = Batcher(self._write_beats, waiting=waiting)

    async def record_presence(self, events: Sequence[PresenceEvent]) -> None:
        """Keep what the media server told; events of unknown meetings and unreadable ones are passed over.

        Raises Busy where too much waits already, after the rest is written.
        """
        facts = [fact for event in events if (fact := _readable(event)) is not None]
        if len(facts) == 1:  # a webhook: nothing to gather
            await self.presence.put(facts[0])
            return
        done = await asyncio.gather(*(self.presence.put(fact) for fact in facts), return_exceptions=True)
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome

    async def beat(self, asker: Asker, meeting: Id, sid: str) -> timedelta:
        """The asker's client says it is connected; when to say so again.

        Raises NoSuchMeeting, NoRoom, RoomNotOpen, NotConvoked.
        """
        called, member = await self._register.find(asker, meeting)
        if called.mode is Mode.IN_PERSON:
            raise NoRoom
        now = self._units.clock.now()
        fact = Evidence(
            id=derived_id("heartbeat", meeting, member, sid),
            meeting=meeting,
            source=Source.HEARTBEAT,
            kind=EvidenceKind.SEEN,
            at=now,
            until=now,
            received_at=now,
            member=member,
            participant_sid=sid,
        )
        check_evidence(fact)
        if not await self.beats.put(fact):
            raise RoomNotOpen
        return BEAT_EVERY

    async def _write_presence(self, facts: Sequence[Evidence]) -> Sequence[None]:
        async with self._units.begin() as uow:
            rows = [Kept(evidence=replace(fact, received_at=uow.now)) for fact in facts]
            await store.evidence.add_batch(uow.session, rows, _ANY)
        return [None] * len(facts)

    async def _write_beats(self, facts: Sequence[Evidence]) -> Sequence[bool]:
        """Whether each connection has its row: it is made only while the sitting is open."""
        async with self._units.begin() as uow:
            await store.heartbeats.extend(uow.session, facts)
            kept = await store.heartbeats.kept(uow.session, {fact.id for fact in facts})
        return [fact.id in kept for fact in facts]


def _readable(event: PresenceEvent) -> Evidence | None:
    sid = event.participant_sid
    fact = Evidence(
        id=derived_id("presence", event.source.value, event.event_id),
        meeting=event.meeting,
        source=Source(event.source.value),
        kind=EvidenceKind(event.kind.value),
        at=event.at,
        received_at=event.at,
        device_at=event.real_at,  # the media server's own clock
        member=event.member,
        participant_sid=sid,
        since=event.since,
        seats=event.seats,
    )
    try:
        check_evidence(fact)
        _check_sids([*([sid] if sid is not None else []), *(seat.sid for seat in event.seats)])
    except BadEvidence:
        log.warning("presence event passed over", extra={"kind": event.kind.value})
        return None
    return fact


def _check_sids(sids: Sequence[str]) -> None:
    if any(len(sid) > _MOST_SID or not sid.isascii() or not sid.isprintable() for sid in sids):
        raise BadEvidence
