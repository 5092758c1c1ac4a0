"""Pure: when each item is expected to begin, as printed beside the agenda."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from meetings.agenda.rules import Item, ItemState
from meetings.kernel.ids import Id


def expected(items: Iterable[Item], begins: datetime, now: datetime | None = None) -> dict[Id, datetime]:
    """When items that are still planned will begin, in their order, counted from what was held so far.

    `begins`: the opening, stated or planned. `now`, while the sitting is open: nothing is expected before it.
    """
    found: dict[Id, datetime] = {}
    moment = begins
    for item in sorted(items, key=lambda one: one.position):
        if item.state is ItemState.DONE:
            moment = max(moment, item.ended_at or moment)
            continue
        if item.state is ItemState.LIVE and item.started_at is not None:
            moment = item.started_at
        else:
            moment = max(moment, now) if now else moment
            found[item.id] = moment
        moment += timedelta(minutes=item.planned_minutes)
    return found


def planned_end(item: Item) -> datetime | None:
    """When a live item should be done; None before it begins."""
    return item.started_at + timedelta(minutes=item.planned_minutes) if item.started_at else None
