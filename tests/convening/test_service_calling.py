"""Sittings are called, moved, cancelled, by who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from meetings.committees.powers import Act, NoPower, Part
from meetings.committees.rules import Role
from meetings.convening import service as convening
from meetings.convening.rules import Kind, Meeting, Mode, OnlineIsSupplement, Practice, Standing, State
from meetings.convening.service import Calling, NoSuchMeeting
from meetings.convening.service.calling import BadSupplementLink
from meetings.convening.states import ReasonNeeded, TooLateToCancel, TooLateToMove
from meetings.kernel.ids import new_id
from meetings.kernel.months import Month
from meetings.ledger.service import LedgerService, of_meeting
from meetings.notices.rules import Channel, NoticeKind
from meetings.notices.service import of_meeting as notices_of
from tests.committees.house import (
    ADMIN,
    AUDITOR,
    COMMUNE_SECRETARY,
    DEPUTY,
    FOREIGN,
    MEMBER,
    SECRETARY,
    SUSPENDED,
    give,
)
from tests.convening.holding import Hall, calling

NOVEMBER = Month(2026, 11)


async def test_the_secretary_calls_the_months_meeting(hall: Hall) -> None:
    made = await hall.called()
    assert isinstance(made, Meeting)
    assert (made.state, made.standing, made.month) == (State.DRAFT, Standing.MANDATORY, NOVEMBER)
    assert made.title == "Sinh hoạt chi bộ thường kỳ tháng 11/2026"
    assert (made.planned_minutes, made.minimum_minutes) == (90, 90)
    again = await hall.service.look_at(hall.house.asks(SECRETARY), made.id)
    assert again == made


async def test_every_kind_gets_its_standing(hall: Hall) -> None:
    wanted = {
        (Kind.REGULAR_WITH_THEMATIC, Mode.HYBRID): Standing.MANDATORY,
        (Kind.THEMATIC, Mode.IN_PERSON): Standing.ADDITIONAL,
        (Kind.EXTRAORDINARY, Mode.IN_PERSON): Standing.ADDITIONAL,
        (Kind.COMMITTEE, Mode.IN_PERSON): Standing.ADDITIONAL,
        (Kind.ONLINE_SESSION, Mode.ONLINE): Standing.SUPPLEMENT,
        (Kind.THEMATIC, Mode.ONLINE): Standing.SUPPLEMENT,
    }
    for (kind, mode), standing in wanted.items():
        made = await hall.called(kind, mode)
        assert isinstance(made, Meeting)
        assert made.standing is standing
    assert isinstance(await hall.called(Kind.PRACTICE), Practice)


async def test_a_regular_meeting_online_is_refused_and_leaves_nothing(hall: Hall) -> None:
    with pytest.raises(OnlineIsSupplement):
        await hall.called(Kind.REGULAR, Mode.ONLINE)
    found = await hall.service.meetings_of(hall.house.asks(SECRETARY), hall.house.cell, NOVEMBER, NOVEMBER)
    assert found == []


@pytest.mark.parametrize("who", [MEMBER, SUSPENDED, ADMIN, AUDITOR, COMMUNE_SECRETARY, FOREIGN])
async def test_nobody_else_calls_a_meeting(hall: Hall, who: str) -> None:
    with pytest.raises(NoPower):
        plan = calling(hall.clock)
        await hall.service.call_meeting(hall.house.asks(who), hall.house.cell, plan)


async def test_a_supplement_names_a_regular_meeting_of_its_own_cell(hall: Hall) -> None:
    regular, foreign = await hall.called(), await hall.called(who=FOREIGN)
    thematic = await hall.called(Kind.THEMATIC)
    asker = hall.house.asks(SECRETARY)

    def online(goes_with: str) -> Calling:
        at = hall.clock.now() + timedelta(days=2)
        plan = calling(hall.clock, Kind.ONLINE_SESSION, Mode.ONLINE, at)
        return replace(plan, supplements=goes_with)

    made = await hall.service.call_meeting(asker, hall.house.cell, online(regular.id))
    assert isinstance(made, Meeting)
    assert made.supplements == regular.id
    for other in (foreign.id, thematic.id, new_id()):
        with pytest.raises(BadSupplementLink):
            await hall.service.call_meeting(asker, hall.house.cell, online(other))
    text = (await hall.service.texts(asker, made.id)).text
    assert "BUỔI BỔ TRỢ" in text
    assert "Bổ trợ cho buổi thường kỳ ngày 24/11/2026." in text


async def test_a_stranger_may_not_know_of_a_meeting(hall: Hall) -> None:
    made = await hall.called()
    for who in (FOREIGN, ADMIN, SUSPENDED):
        with pytest.raises(NoSuchMeeting):
            await hall.service.look_at(hall.house.asks(who), made.id)
        with pytest.raises(NoSuchMeeting):
            await hall.service.cancel(hall.house.asks(who), made.id, "ốm")
    for who in (MEMBER, AUDITOR):
        assert await hall.service.look_at(hall.house.asks(who), made.id) == made
        with pytest.raises(NoPower):
            await hall.service.cancel(hall.house.asks(who), made.id, "ốm")
    with pytest.raises(NoSuchMeeting):
        await hall.service.look_at(hall.house.asks(SECRETARY), new_id())


async def test_a_named_chair_has_powers_in_that_sitting_alone(hall: Hall) -> None:
    one, other = await hall.opened(), await hall.opened(Kind.THEMATIC)
    async with hall.units.begin() as uow:
        await convening.set_part(uow, one.id, Part.CHAIR, hall.house.members[DEPUTY])
        await convening.set_part(uow, one.id, Part.CHAIR, hall.house.members[MEMBER])
        await convening.set_part(uow, one.id, Part.RECORDER, hall.house.members[SECRETARY])
        named = await convening.parts_of(uow, one.id)
        assert named == (
            (Part.CHAIR, hall.house.members[MEMBER]),
            (Part.RECORDER, hall.house.members[SECRETARY]),
        )
        found, actor = await convening.allow_in(uow, hall.house.asks(MEMBER), Act.CLOSE, one.id, lock=True)
        assert (found.id, actor.person) == (one.id, hall.house.persons[MEMBER])
        with pytest.raises(NoPower):
            await convening.allow_in(uow, hall.house.asks(MEMBER), Act.CLOSE, other.id)


async def test_moving_across_a_month_moves_the_month(hall: Hall) -> None:
    made = await hall.called()
    later = hall.clock.now() + timedelta(days=10)
    moved = await hall.service.move(hall.house.asks(DEPUTY), made.id, later, "Trường Mẫu")
    assert (moved.starts_at, moved.place, moved.month) == (later, "Trường Mẫu", Month(2026, 12))
    again = await hall.service.move(hall.house.asks(SECRETARY), made.id, made.starts_at, None)
    assert (again.place, again.month) == ("Trường Mẫu", NOVEMBER)


async def test_the_overseer_is_told_of_every_change(hall: Hall) -> None:
    async with hall.units.begin() as uow:
        await give(uow, hall.house.persons[AUDITOR], Role.OVERSEER, hall.house.cell)
    asker, made = hall.house.asks(SECRETARY), await hall.called()
    await hall.service.convene(asker, made.id, Channel.ZALO_TEXT, {})
    await hall.service.move(asker, made.id, made.starts_at + timedelta(hours=1), None)
    await hall.service.cancel(asker, made.id, "mưa lũ")
    async with hall.units.read() as uow:
        told = {notice.kind: notice for notice in await notices_of(uow, made.id)}
    assert set(told) == {NoticeKind.CONVOCATION, NoticeKind.MOVED, NoticeKind.CANCELLED}
    assert {notice.to for notice in told.values()} == {hall.house.persons[AUDITOR]}
    assert "kính báo đồng chí lịch sinh hoạt chi bộ thường kỳ" in told[NoticeKind.CONVOCATION].text
    assert "trước đây" in told[NoticeKind.MOVED].text
    assert "mưa lũ" in told[NoticeKind.CANCELLED].text


async def test_cancelling_asks_for_a_reason_and_ends_at_the_opening(hall: Hall) -> None:
    asker, made = hall.house.asks(SECRETARY), await hall.called()
    with pytest.raises(ReasonNeeded):
        await hall.service.cancel(asker, made.id, "  ")
    ended = await hall.service.cancel(asker, made.id, " mưa lũ ")
    assert (ended.state, ended.cancelled_reason) == (State.CANCELLED, "mưa lũ")
    assert "Hủy" in (await hall.service.texts(asker, made.id)).text
    begun = await hall.opened()
    with pytest.raises(TooLateToCancel):
        await hall.service.cancel(asker, begun.id, "mưa lũ")
    with pytest.raises(TooLateToMove):
        await hall.service.move(asker, begun.id, begun.starts_at + timedelta(days=1), None)


async def test_each_act_stands_in_the_ledger_without_names(hall: Hall) -> None:
    asker, made = hall.house.asks(SECRETARY), await hall.called()
    await hall.service.move(asker, made.id, made.starts_at + timedelta(hours=1), None)
    await hall.service.convene(asker, made.id, Channel.LETTER, {hall.house.members[MEMBER]: "đi làm xa"})
    async with hall.units.read() as uow:
        leaves = [entry.leaf for entry in await of_meeting(uow, hall.house.cell, made.id)]
    acts = ("convening.call", "convening.move", "convening.convene")
    assert all(f'"act":"{act}"' in leaf for act, leaf in zip(acts, leaves, strict=True))
    assert not any("đi làm xa" in leaf or hall.house.members[MEMBER] in leaf for leaf in leaves)
    chains = await LedgerService(hall.units).verify([hall.house.cell])
    assert [chain.valid for chain in chains] == [True]
