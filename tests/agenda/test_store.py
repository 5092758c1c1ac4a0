"""What the database itself holds about an agenda."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from meetings.agenda import store
from meetings.agenda.rules import Item, ItemState
from meetings.db.refusals import GuardedByDatabase
from meetings.db.unit import Units
from meetings.kernel.ids import new_id

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def item(meeting: str, position: int, state: ItemState = ItemState.PLANNED) -> Item:
    return Item(
        id=new_id(), meeting=meeting, position=position, title="Thảo luận", planned_minutes=9, state=state
    )


async def test_items_come_back_as_they_were_put(units: Units) -> None:
    meeting = new_id()
    put = [
        Item(
            id=new_id(),
            meeting=meeting,
            position=1,
            title="Thời sự",
            planned_minutes=20,
            presenter=new_id(),
            state=ItemState.DONE,
            started_at=NOON,
            ended_at=NOON,
            conclusion="Nhất trí.",
        ),
        item(meeting, 2),
    ]
    async with units.begin() as uow:
        await store.put(uow.session, meeting, put)
    async with units.read() as uow:
        assert await store.of_meeting(uow.session, meeting) == put
        assert await store.meeting_of(uow.session, put[0].id) == meeting
        assert await store.meeting_of(uow.session, new_id()) is None


async def test_two_live_items_of_one_meeting_are_refused_by_the_database(units: Units) -> None:
    meeting = new_id()
    live = [item(meeting, number, ItemState.LIVE) for number in (1, 2)]
    with pytest.raises(GuardedByDatabase) as refused:
        async with units.begin() as uow:
            await store.put(uow.session, meeting, live)
    assert refused.value.facts == {"guard": "uq_agenda_item_live"}
