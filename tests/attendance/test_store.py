"""What the database itself holds: evidence is written once, whatever way it comes in."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from meetings.attendance import store
from meetings.attendance.rules import Evidence, EvidenceKind, Source
from meetings.attendance.store.evidence import Kept
from meetings.convening.rules import State
from meetings.db.refusals import GuardedByDatabase
from meetings.kernel.ids import Id, derived_id, new_id
from meetings.rooms.rules import Seat
from tests.attendance.world import World

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
TABLES = (
    *("evidence", "roll", "leave_request", "leave_decision", "leave_contest", "guest", "helper_pass"),
    *("coming", "pass_revocation", "shared_phone"),
)


def scan(meeting: Id, evidence: Id | None = None) -> Kept:
    fact = Evidence(
        id=evidence or new_id(),
        meeting=meeting,
        source=Source.HALL_QR,
        kind=EvidenceKind.SCANNED,
        at=NOON,
        received_at=NOON,
        member=new_id(),
        device_at=NOON - timedelta(seconds=3),
    )
    return Kept(evidence=fact, browser="b", body_hash="h")


def listed(meeting: Id) -> Kept:
    seats = (Seat(sid="PA_1", member=new_id(), since=NOON), Seat(sid="PA_2", member=None))
    fact = Evidence(
        id=new_id(),
        meeting=meeting,
        source=Source.POLL,
        kind=EvidenceKind.LISTED,
        at=NOON,
        received_at=NOON,
        seats=seats,
    )
    return Kept(evidence=fact)


def mark(meeting: Id, sequence: int) -> Evidence:
    return Evidence(
        id=new_id(),
        meeting=meeting,
        source=Source.CORRECTION,
        kind=EvidenceKind.ABSENT,
        at=NOON,
        received_at=NOON,
        member=new_id(),
        by=new_id(),
        reason="Nhầm tên",
        sequence=sequence,
    )


async def test_a_batch_keeps_what_is_new_of_meetings_in_the_right_state(world: World) -> None:
    open_, closed = await world.meeting(), await world.meeting(state=State.CLOSED)
    good, poll = scan(open_.id), listed(open_.id)
    rows = [good, scan(closed.id), scan(new_id()), poll, scan(open_.id, good.evidence.id)]
    async with world.units.begin() as uow:
        inserted = await store.evidence.add_batch(uow.session, rows, {State.OPEN})
        again = await store.evidence.add_batch(uow.session, rows, {State.OPEN})
        known = await store.evidence.known(uow.session, [row.evidence.id for row in rows])
    assert (inserted, again) == ({good.evidence.id, poll.evidence.id}, set())
    assert known == {good.evidence.id: good, poll.evidence.id: poll}


async def test_marks_come_back_as_they_were_written_and_are_counted(world: World) -> None:
    sitting = await world.meeting()
    async with world.units.begin() as uow:
        assert await store.evidence.last_sequence(uow.session, sitting.id) == 0
        marks = [mark(sitting.id, 1), mark(sitting.id, 2)]
        await store.evidence.add(uow.session, marks)
        assert await store.evidence.last_sequence(uow.session, sitting.id) == 2
        assert await store.evidence.of_meeting(uow.session, sitting.id) == sorted(
            marks, key=lambda one: one.id
        )


async def test_no_two_marks_share_a_number(world: World) -> None:
    sitting = await world.meeting()
    with pytest.raises(GuardedByDatabase) as refused:
        async with world.units.begin() as uow:
            await store.evidence.add(uow.session, [mark(sitting.id, 1), mark(sitting.id, 1)])
    assert refused.value.facts == {"guard": "uq_evidence_sequence"}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("attack", "guard"),
    [("DELETE FROM {table}", "{table}_kept"), ("UPDATE {table} SET id = id", "{table}_unchanged")],
)
async def test_nothing_written_is_changed_or_deleted(
    world: World, table: str, attack: str, guard: str
) -> None:
    await world.fill_every_table()
    with pytest.raises(GuardedByDatabase) as refused:
        async with world.units.begin() as uow:
            await uow.session.execute(text(attack.format(table=table)))
    assert refused.value.facts == {"guard": guard.format(table=table)}


async def test_heartbeats_stretch_their_row_in_any_order(world: World) -> None:
    sitting = await world.meeting()
    member = new_id()
    beats = [
        Evidence(
            id=derived_id("heartbeat", member),
            meeting=sitting.id,
            source=Source.HEARTBEAT,
            kind=EvidenceKind.SEEN,
            at=NOON + timedelta(minutes=minute),
            until=NOON + timedelta(minutes=minute),
            received_at=NOON,
            member=member,
            participant_sid="PA_1",
        )
        for minute in range(6)
    ]
    random.Random(7).shuffle(beats)
    async with world.units.begin() as uow:
        await store.heartbeats.extend(uow.session, beats[:4])
        await store.heartbeats.extend(uow.session, beats[2:])
        (row,) = await store.heartbeats.of_meeting(uow.session, sitting.id)
    assert (row.at, row.until) == (NOON, NOON + timedelta(minutes=5))


async def test_heartbeats_after_the_closing_are_not_kept(world: World) -> None:
    closed = await world.meeting(state=State.CLOSED)
    beat = Evidence(
        id=new_id(),
        meeting=closed.id,
        source=Source.HEARTBEAT,
        kind=EvidenceKind.SEEN,
        at=NOON,
        received_at=NOON,
        member=new_id(),
        participant_sid="PA_1",
    )
    async with world.units.begin() as uow:
        await store.heartbeats.extend(uow.session, [beat])
        assert await store.heartbeats.of_meeting(uow.session, closed.id) == []
