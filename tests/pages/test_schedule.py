"""When items are expected to begin."""

from __future__ import annotations

from datetime import datetime, timedelta

from meetings.agenda.rules import Item, ItemState
from meetings.kernel.ids import new_id
from meetings.pages.schedule import expected, planned_end

BEGINS = datetime.fromisoformat("2026-11-24T19:30:00+07:00")


def item(
    position: int, minutes: int, state: ItemState = ItemState.PLANNED, *, started: int = 0, ended: int = 0
) -> Item:
    return Item(
        id=new_id(),
        meeting=new_id(),
        position=position,
        title="Nội dung",
        planned_minutes=minutes,
        state=state,
        started_at=BEGINS + timedelta(minutes=started) if state is not ItemState.PLANNED else None,
        ended_at=BEGINS + timedelta(minutes=ended) if state is ItemState.DONE else None,
    )


def times(items: list[Item], now: int | None = None) -> list[int | None]:
    """Minutes after the beginning, item by item."""
    found = expected(items, BEGINS, None if now is None else BEGINS + timedelta(minutes=now))
    return [
        int((found[one.id] - BEGINS) / timedelta(minutes=1)) if one.id in found else None for one in items
    ]


def test_before_the_opening_one_follows_the_other() -> None:
    assert times([item(1, 10), item(2, 30), item(3, 5)]) == [0, 10, 40]


def test_what_was_held_moves_what_is_to_come() -> None:
    done, live = item(1, 10, ItemState.DONE, ended=25), item(2, 30, ItemState.LIVE, started=27)
    assert times([done, live, item(3, 5), item(4, 5)], now=30) == [None, None, 57, 62]


def test_nothing_is_expected_in_the_past() -> None:
    assert times([item(1, 10, ItemState.LIVE, started=0), item(2, 5), item(3, 5)], now=40) == [None, 40, 45]


def test_a_live_item_should_end_after_its_minutes() -> None:
    assert planned_end(item(1, 10, ItemState.LIVE, started=3)) == BEGINS + timedelta(minutes=13)
    assert planned_end(item(1, 10)) is None
