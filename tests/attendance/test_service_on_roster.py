"""Who belongs to an ended sitting: as known at its close, whatever is written later, until it is corrected openly."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from meetings.attendance.rules import EvidenceKind
from meetings.attendance.service import Correction, SittingRecord, record_of
from meetings.committees.members import CountsAs
from meetings.committees.powers import NoPower
from meetings.committees.rules import Category, Leaving
from meetings.committees.service import CommitteesService, NoSuchMember
from meetings.convening import service as convening
from meetings.convening.afterwards import NothingToRestate
from meetings.convening.rosters import NothingToCorrect
from meetings.convening.rules import AnySitting, Mode, State
from meetings.db.refusals import GuardedByDatabase
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, new_id
from tests.attendance.world import HALL, MEMBER, SECRETARY, World, entered, rate_text

LONG_AGO = date(2026, 1, 5)
OFFICIAL = CountsAs(category=Category.OFFICIAL, official=True)
PAPER = "Quyết định mẫu"
Act = Callable[[World, str], Coroutine[Any, Any, None]]


async def held(world: World, mode: Mode = Mode.HYBRID) -> AnySitting:
    """A sitting with its roll, closed."""
    sitting = await world.meeting(mode=mode)
    if mode is not Mode.ONLINE:
        await world.roll(sitting.id, HALL)
    return await world.close(sitting)


async def look(world: World, sitting: AnySitting) -> SittingRecord:
    async with world.units.read() as uow:
        return await record_of(uow, sitting)


async def notes(world: World, sitting: AnySitting) -> dict[Id, tuple[CountsAs | None, CountsAs | None, bool]]:
    found = await world.service.roster.notes(world.asks(SECRETARY), sitting.id)
    return {one.member: (one.counts, one.known, one.differs) for one in found}


def marked(world: World, label: str, kind: EvidenceKind) -> Correction:
    return Correction(id=new_id(), member=world.member(label), kind=kind, reason="Ghi nhầm")


async def test_who_is_entered_afterwards_is_not_in_the_base(world: World) -> None:
    sitting = await held(world)
    await entered(world.units, "n1", LONG_AGO)
    found = await look(world, sitting)
    assert rate_text(found) == "15/22 = 68,18 %"
    assert world.member("n1") not in found.attendance
    correction = marked(world, "o19", EvidenceKind.PRESENT)
    await world.service.roll.correct(world.asks(SECRETARY), sitting.id, correction)
    assert rate_text(await look(world, sitting)) == "16/22 = 72,73 %"
    with pytest.raises(NoSuchMember):
        await world.service.roll.correct(
            world.asks(SECRETARY), sitting.id, marked(world, "n1", EvidenceKind.PRESENT)
        )


async def test_who_is_entered_before_the_close_counts(world: World) -> None:
    """Also in a meeting held on paper, entered days later: its close is the entry."""
    sitting = await world.meeting(mode=Mode.IN_PERSON)
    await world.roll(sitting.id, HALL)
    world.clock.move(timedelta(days=4))
    await entered(world.units, "n1", LONG_AGO)
    await entered(world.units, "n2", (world.clock.now() - timedelta(days=1)).date())  # came after the meeting
    closed = await world.close(sitting)
    found = await look(world, closed)
    assert rate_text(found).startswith("15/23")
    assert world.member("n2") not in found.attendance
    assert await notes(world, closed) == {}


async def test_a_forgotten_member_is_counted_openly(world: World) -> None:
    sitting, secretary = await held(world), world.asks(SECRETARY)
    await entered(world.units, "n1", LONG_AGO)
    new = world.member("n1")
    assert await notes(world, sitting) == {new: (None, OFFICIAL, True)}
    for _ in range(2):
        await world.service.roster.correct(secretary, sitting.id, new, "Ghi sót khi nhập danh sách")
    assert await notes(world, sitting) == {new: (OFFICIAL, OFFICIAL, False)}
    assert rate_text(await look(world, sitting)).startswith("15/23")
    async with world.units.read() as uow:
        (said,) = await convening.restatements_of(uow, [sitting.id])
    assert said.before == "28 đồng chí, 22 đồng chí tính vào tỷ lệ dự họp"
    assert said.after == "29 đồng chí, 23 đồng chí tính vào tỷ lệ dự họp"
    assert said.reason == "Ghi sót khi nhập danh sách"
    await world.service.roll.correct(secretary, sitting.id, marked(world, "n1", EvidenceKind.PRESENT))
    assert rate_text(await look(world, sitting)).startswith("16/23")


async def test_who_had_left_before_is_taken_off_and_back_by_the_same_act(world: World) -> None:
    sitting, gone = await held(world), world.member("o19")
    await left(world, "o19")
    assert rate_text(await look(world, sitting)).startswith("15/22")
    await world.service.roster.correct(world.asks(SECRETARY), sitting.id, gone, "Đã chuyển đi từ trước")
    assert rate_text(await look(world, sitting)).startswith("15/21")
    assert await notes(world, sitting) == {gone: (None, None, False)}


async def test_a_supplement_has_a_roster_and_no_rate(world: World) -> None:
    sitting = await held(world, Mode.ONLINE)
    await entered(world.units, "n1", LONG_AGO)
    await world.service.roster.correct(world.asks(SECRETARY), sitting.id, world.member("n1"), "Ghi sót")
    async with world.units.read() as uow:
        (said,) = await convening.restatements_of(uow, [sitting.id])
    assert (said.before, said.after) == ("28 đồng chí", "29 đồng chí")


@pytest.mark.parametrize(
    ("who", "label", "state", "refusal"),
    [
        (MEMBER, "n1", State.CLOSED, NoPower),
        (SECRETARY, "o3", State.CLOSED, NothingToCorrect),
        (SECRETARY, "f1", State.CLOSED, NothingToCorrect),
        (SECRETARY, "n1", State.OPEN, NothingToRestate),
    ],
)
async def test_what_is_refused(
    world: World, who: str, label: str, state: State, refusal: type[Refused]
) -> None:
    sitting = await world.meeting(state=state)
    await entered(world.units, "n1", LONG_AGO)
    with pytest.raises(refusal):
        await world.service.roster.correct(world.asks(who), sitting.id, world.member(label), "Ghi sót")


async def left(world: World, label: str) -> None:
    """It is written down that they were gone long before the sitting."""
    day = (world.clock.now() - timedelta(days=40)).date()
    member, leaving = world.member(label), CommitteesService(world.units).leaving
    await leaving.end_membership(world.asks(SECRETARY), member, day, Leaving.TRANSFERRED, PAPER)


async def exempted(world: World, label: str) -> None:
    day = (world.clock.now() - timedelta(days=20)).date()
    people = CommitteesService(world.units).people
    await people.change_category(world.asks(SECRETARY), world.member(label), Category.EXEMPT, day, PAPER)


async def begun(world: World, label: str) -> None:
    await entered(world.units, f"{label}-{new_id()[-8:]}", LONG_AGO)


ACTS: tuple[Act, ...] = (left, exempted, begun)
LABELS = ("o17", "o18", "o19", "w1", "p2", "e2")  # none is called present


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.sampled_from(LABELS)), min_size=1, max_size=5))
async def test_nothing_written_later_moves_the_base(world: World, said: list[tuple[Act, str]]) -> None:
    """Entering, ending and changing members in any order, each with a day before the sitting."""
    sitting = await held(world)
    before = await look(world, sitting)
    world.clock.move(timedelta(days=2))
    for act, label in said:
        try:
            await act(world, label)
        except Refused:  # left already, or exempt already: an earlier example did it
            continue
    after = await look(world, sitting)
    assert (after.roster, after.rate(), after.absences) == (before.roster, before.rate(), before.absences)
    assert after.counts() == before.counts()


WRITES = {
    "roster_entry_at_its_time": "INSERT INTO roster_entry (meeting_id, member_id, sequence, category, official)"
    " VALUES ('{meeting}', '{new}', 0, 'official', {yes})",
    "roster_entry_unchanged": "UPDATE roster_entry SET category = 'exempt'",
    "roster_entry_kept": "DELETE FROM roster_entry",
    "ck_roster_entry_said": "INSERT INTO roster_entry (meeting_id, member_id, sequence, category, official)"
    " VALUES ('{meeting}', '{new}', 1, 'official', {yes})",
}


@pytest.mark.parametrize("guard", WRITES)
async def test_the_database_refuses_another_roster(world: World, guard: str) -> None:
    sitting = await held(world)
    await entered(world.units, "n1", LONG_AGO)
    with pytest.raises(GuardedByDatabase) as caught:
        async with world.units.begin() as uow:
            yes = "1" if uow.session.get_bind().dialect.name == "sqlite" else "true"
            values = {"meeting": sitting.id, "new": world.member("n1"), "yes": yes}
            await uow.session.execute(text(WRITES[guard].format(**values)))
    assert caught.value.facts["guard"] == guard


async def test_a_correction_before_the_close_is_refused_by_the_database(world: World) -> None:
    sitting = await world.meeting()
    write = (
        "INSERT INTO roster_entry (meeting_id, member_id, sequence, reason, by_id, at)"
        f" VALUES ('{sitting.id}', '{world.member('o3')}', 1, 'x', 'x', CURRENT_TIMESTAMP)"
    )
    with pytest.raises(GuardedByDatabase) as caught:
        async with world.units.begin() as uow:
            await uow.session.execute(text(write))
    assert caught.value.facts["guard"] == "roster_entry_at_its_time"
