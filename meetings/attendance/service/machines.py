"""What machines tell: media server events and heartbeats. No ledger entry; an answer means committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from meetings.attendance import store
from meetings.attendance.rules import BadEvidence, Evidence, EvidenceKind, Source, check_evidence
from meetings.attendance.store.evidence import Kept
from meetings.committees.powers import Act
from meetings.convening.rules import State
from meetings.convening.service import allow_in
from meetings.db.batch import Batcher
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, derived_id
from meetings.rooms.rules import NotConvoked, PresenceEvent, may_open

BEAT_EVERY = timedelta(minutes=1)
_ANY = frozenset(State)
_MOST_SID = 100

log = logging.getLogger(__name__)


class Machines:
    """Writes presence and heartbeats in batches. Call it outside any unit of work: it waits for a commit."""

    def __init__(self, units: Units, *, waiting: int) -> None:
        self._units = units
        self.presence: Batcher[Evidence, None] = Batcher(self._write_presence, waiting=waiting)
        self.beats: Batcher[Evidence, None] = Batcher(self._write_beats, waiting=waiting)

    async def record_presence(self, events: Sequence[PresenceEvent]) -> None:
        """Keep what the media server told; events of unknown meetings and unreadable ones are passed over.

        Raises Busy where too much waits already, after the rest is written.
        """
        facts = [fact for event in events if (fact := _readable(event)) is not None]
        done = await asyncio.gather(*(self.presence.put(fact) for fact in facts), return_exceptions=True)
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome

    async def beat(self, asker: Asker, meeting: Id, sid: str) -> timedelta:
        """The asker's client says it is connected; when to say so again.

        Raises NoSuchMeeting, NoRoom, RoomNotOpen, NotConvoked.
        """
        async with self._units.read() as uow:
            sitting, actor = await allow_in(uow, asker, Act.VIEW_CELL, meeting)
            may_open(mode=sitting.mode, state=sitting.state)
            member = actor.member_in(sitting.cell)
            if member is None:
                raise NotConvoked
            fact = Evidence(
                id=derived_id("heartbeat", meeting, member, sid),
                meeting=meeting,
                source=Source.HEARTBEAT,
                kind=EvidenceKind.SEEN,
                at=uow.now,
                until=uow.now,
                received_at=uow.now,
                member=member,
                participant_sid=sid,
            )
        check_evidence(fact)
        await self.beats.put(fact)
        return BEAT_EVERY

    async def _write_presence(self, facts: Sequence[Evidence]) -> Sequence[None]:
        async with self._units.begin() as uow:
            rows = [Kept(evidence=replace(fact, received_at=uow.now)) for fact in facts]
            await store.evidence.add_batch(uow.session, rows, _ANY)
        return [None] * len(facts)

    async def _write_beats(self, facts: Sequence[Evidence]) -> Sequence[None]:
        async with self._units.begin() as uow:
            await store.heartbeats.extend(uow.session, facts)
        return [None] * len(facts)


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
