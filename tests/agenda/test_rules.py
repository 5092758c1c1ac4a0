"""Items: one live at a time, what has begun stays where it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetings.agenda.rules import (
    MOST_ITEMS,
    MOST_MINUTES,
    AnotherItemLive,
    BadItem,
    Item,
    ItemNotLive,
    ItemState,
    NoSuchItem,
    TooManyItems,
    add,
    check_minutes,
    planned_minutes,
    start,
    stop,
)
from tests.cell_s import MEETING, at


def agenda(size: int) -> tuple[Item, ...]:
    return tuple(
        Item(
            id=f"item-{place}", meeting=MEETING, position=place, title=f"Nội dung {place}", planned_minutes=10
        )
        for place in range(1, size + 1)
    )


def with_one(items: tuple[Item, ...], changed: Item) -> tuple[Item, ...]:
    return tuple(changed if one.id == changed.id else one for one in items)


def test_an_item_goes_live_and_is_done() -> None:
    items = agenda(2)
    live = start(items, "item-1", at(1))
    assert (live.state, live.started_at) == (ItemState.LIVE, at(1))
    done = stop(with_one(items, live), "item-1", at(9))
    assert (done.state, done.started_at, done.ended_at) == (ItemState.DONE, at(1), at(9))


def test_one_item_at_a_time() -> None:
    items = with_one(agenda(2), start(agenda(2), "item-1", at(1)))
    with pytest.raises(AnotherItemLive):
        start(items, "item-2", at(2))
    assert start(items, "item-1", at(2)) == items[0]


def test_an_item_taken_up_again_keeps_its_first_start() -> None:
    items = agenda(1)
    live = start(items, "item-1", at(1))
    done = stop((live,), "item-1", at(9))
    again = start((done,), "item-1", at(20))
    assert (again.started_at, again.ended_at, again.state) == (at(1), None, ItemState.LIVE)


def test_only_a_live_item_stops() -> None:
    with pytest.raises(ItemNotLive):
        stop(agenda(1), "item-1", at(1))
    with pytest.raises(NoSuchItem):
        stop(agenda(1), "item-9", at(1))


def test_items_are_added_at_the_end_within_bounds() -> None:
    one = replace(agenda(1)[0], id="new")
    assert [item.position for item in add(agenda(2), one)] == [1, 2, 3]
    with pytest.raises(TooManyItems):
        add(agenda(MOST_ITEMS), one)
    for minutes in (0, MOST_MINUTES + 1):
        with pytest.raises(BadItem):
            check_minutes(minutes)
    assert planned_minutes(agenda(3)) == 30
