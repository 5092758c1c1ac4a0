"""Story 2 of rules.md 7 through the database, and what the evidence commits to."""

from __future__ import annotations

from datetime import timedelta

from meetings.attendance.rules import AbsenceState, Decision, EvidenceKind, Reason
from meetings.attendance.service import (
    AskedLeave,
    Correction,
    absences,
    attendance,
    counts,
    evidence_hash,
    guests,
    hall_confirmed,
    has_answered_leave,
    record_of,
    roll_confirmed,
    undecided,
)
from meetings.committees.rules import Category, Leaving
from meetings.committees.service import CommitteesService
from meetings.convening.rules import AnySitting, Mode
from meetings.convening.service import restatements_of
from meetings.kernel.ids import new_id
from meetings.rooms.rules import PresenceKind
from tests.attendance.world import EXCUSED, HALL, PHONE, SECRETARY, UNEXCUSED, World, rate_text


async def november(world: World) -> AnySitting:
    sitting = await world.meeting()
    at = world.clock.now()
    await world.service.record_presence(
        [world.event(sitting.id, label, PresenceKind.JOINED, at) for label in PHONE]
    )
    await world.roll(sitting.id, HALL)
    secretary = world.asks(SECRETARY)
    for label in (*EXCUSED, *PHONE):
        await world.service.leave.decide(
            secretary, sitting.id, world.member(label), Decision.EXCUSED, Reason.WORKING_AWAY
        )
    for label in UNEXCUSED:
        await world.service.leave.decide(secretary, sitting.id, world.member(label), Decision.UNEXCUSED, None)
    return sitting


def _row(**cells: int) -> dict[str, int]:
    return dict.fromkeys(("hall", "online", "both", "excused", "unexcused", "undecided"), 0) | cells


async def test_story_2_through_the_database(world: World) -> None:
    sitting = await november(world)
    async with world.units.read() as uow:
        assert rate_text(await record_of(uow, sitting)) == "15/22 = 68,18 %"
        assert await counts(uow, sitting) == {
            Category.OFFICIAL: _row(hall=13, online=3, excused=2, unexcused=1),
            Category.PROBATIONARY: _row(hall=1, online=1),
            Category.TEMPORARY_ARRIVED: _row(hall=1),
            Category.TEMPORARY_AWAY: _row(),
            Category.EXEMPT: _row(hall=1),
            Category.SUSPENDED: _row(),
        }
        assert await hall_confirmed(uow, sitting) == {world.member(label) for label in HALL}
        assert await undecided(uow, sitting) == []
        assert await roll_confirmed(uow, sitting.id)


async def test_who_is_absent_without_a_decision_stays_undecided(world: World) -> None:
    sitting = await world.meeting()
    await world.roll(sitting.id, [label for label in HALL if label != "o13"])
    asked = AskedLeave(id=new_id(), reason=Reason.ILL)
    await world.service.leave.ask(world.asks("o17"), sitting.id, asked)
    async with world.units.read() as uow:
        open_names = await undecided(uow, sitting)
        found = await absences(uow, sitting)
        asked_leave = [await has_answered_leave(uow, sitting.id, world.member(one)) for one in ("o17", "o18")]
    wanted = ("o13", "o14", "o15", "o16", "o17", "o18", "o19", "p2")
    assert set(open_names) == {world.member(label) for label in wanted}
    assert found[world.member("o17")].state is AbsenceState.UNDECIDED
    assert found[world.member("w1")].state is AbsenceState.NOT_REQUIRED
    assert asked_leave == [True, False]


async def test_a_supplement_counts_connections_and_has_no_hall(world: World) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    at = world.clock.now()
    joined = [world.event(sitting.id, label, PresenceKind.JOINED, at) for label in ("o1", "o2", "e1")]
    await world.service.record_presence(joined)
    async with world.units.read() as uow:
        found = await record_of(uow, sitting)
    assert found.rate() is None, "a supplement has none"
    assert found.counts()[Category.EXEMPT]["online"] == 1
    assert not any(one.hall_confirmed for one in found.attendance.values())


async def test_a_member_removed_by_the_chair_does_not_count_online(world: World) -> None:
    sitting = await world.meeting()
    start = world.clock.now()
    await world.ban(sitting.id, "o14", start)
    await world.service.record_presence(
        [world.event(sitting.id, label, PresenceKind.JOINED, start) for label in ("o14", "o15")]
    )
    world.clock.move(timedelta(minutes=20))
    async with world.units.read() as uow:
        found = await attendance(uow, sitting)
    assert found[world.member("o14")].online == ()
    assert found[world.member("o15")].online != ()


async def test_the_hash_commits_to_every_piece_of_evidence(world: World) -> None:
    sitting = await world.meeting()
    await world.roll(sitting.id, ["o1"])
    async with world.units.read() as uow:
        before = await evidence_hash(uow, sitting.id)
        assert await evidence_hash(uow, sitting.id) == before
        known_by = uow.now
    world.clock.move(timedelta(minutes=1))
    await world.service.record_presence(
        [world.event(sitting.id, "o14", PresenceKind.JOINED, world.clock.now())]
    )
    async with world.units.read() as uow:
        assert await evidence_hash(uow, sitting.id) != before
        assert await evidence_hash(uow, sitting.id, received_by=known_by) == before


async def test_a_correction_after_closing_is_seen_and_fulfils_nothing(world: World) -> None:
    closed = await world.close(await november(world))
    correction = Correction(
        id=new_id(), member=world.member("o19"), kind=EvidenceKind.PRESENT, reason="Ghi sót tên"
    )
    await world.service.roll.correct(world.asks(SECRETARY), closed.id, correction)
    async with world.units.read() as uow:
        found = await attendance(uow, closed)
        stored = await world.stored(uow, closed.id)
        (restated,) = await restatements_of(uow, [closed.id])
    late = found[world.member("o19")]
    assert late.hall_confirmed
    assert [one.finding.value for one in late.disagreements] == ["corrected"]
    assert stored == closed
    assert (restated.before, restated.after) == ("16 đồng chí tại hội trường", "17 đồng chí tại hội trường")
    assert restated.reason == "Ghi sót tên"


async def test_guests_stand_outside_every_count(world: World) -> None:
    sitting = await november(world)
    async with world.units.read() as uow:
        before = await counts(uow, sitting)
    await world.service.guests.welcome(
        world.asks(SECRETARY), sitting.id, full_name="Khách Mời", comes_from="Đảng ủy xã", overseer=True
    )
    async with world.units.read() as uow:
        assert await counts(uow, sitting) == before
        assert [(one.full_name, one.overseer) for one in await guests(uow, sitting.id)] == [
            ("Khách Mời", True)
        ]


async def test_who_left_is_in_no_rate_of_a_later_day(world: World) -> None:
    """The day before, the base of the rate is 22; with an official absentee gone that day, 21."""
    today = world.clock.now().date()
    for until, said in ((today, "15/22 = 68,18 %"), (today - timedelta(days=1), "15/21 = 71,43 %")):
        sitting = await november(world)
        leaving = CommitteesService(world.units).leaving
        gone = world.member(UNEXCUSED[0])
        await leaving.end_membership(world.asks(SECRETARY), gone, until, Leaving.DIED, "Giấy chứng tử")
        async with world.units.read() as uow:
            assert rate_text(await record_of(uow, sitting)) == said
            assert (gone in {one.id for one in (await record_of(uow, sitting)).roster}) == (until == today)
        await world.close(sitting)
