"""Pure words of the agenda: items, templates per kind of cell, what may start and stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from meetings.kernel.errors import Conflict, Invalid, NotFound
from meetings.kernel.ids import Id

# 42-HD/BTCTW (28/10/2025): at least 90 minutes, 120 with a thematic part (domain.md 1.2). A committee may set
# its own figure, so these are only the lengths of the templates.
REGULAR_MINUTES = 90
WITH_THEMATIC_MINUTES = 120
MOST_MINUTES = 600
MOST_ITEMS = 60


class ItemState(StrEnum):
    """An item is planned, then live, then done; it may be started again."""

    PLANNED = "planned"
    LIVE = "live"
    DONE = "done"


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """One item. `position` counts from 1 without gaps. Times UTC; `started_at` is the first start. `review`:
    it looks back at work given before, and came by itself."""

    id: Id
    meeting: Id
    position: int
    title: str
    planned_minutes: int
    presenter: Id | None = None
    state: ItemState = ItemState.PLANNED
    started_at: datetime | None = None
    ended_at: datetime | None = None
    conclusion: str = ""
    review: bool = False


class BadItem(Invalid):
    """A length or position out of range."""

    code = "bad-item"
    message = "Thời lượng của mỗi nội dung phải từ 1 đến {most} phút."


class TooManyItems(Conflict):
    """More items than one sitting can hold."""

    code = "too-many-items"
    message = "Chương trình chỉ chứa được {most} nội dung."


class NoSuchItem(NotFound):
    """Not an item of this agenda."""

    code = "no-such-item"
    message = "Không tìm thấy nội dung này trong chương trình."


class AnotherItemLive(Conflict):
    """Only one item is live at a time."""

    code = "another-item-live"
    message = "Đang thảo luận một nội dung khác. Xin kết thúc nội dung đó trước."


class ItemNotLive(Conflict):
    """Only a live item can be stopped."""

    code = "item-not-live"
    message = "Nội dung này chưa bắt đầu hoặc đã kết thúc."


class ItemFixed(Conflict):
    """What has begun stays where it is, and stays in the record."""

    code = "item-fixed"
    message = "Nội dung đã bắt đầu thì không đổi chỗ và không bỏ được."


class ItemInUse(Conflict):
    """An item with a draft, or on which something was moved, stays."""

    code = "item-in-use"
    message = "Nội dung này có dự thảo hoặc có đề nghị của đảng viên nên không bỏ được."


class BadOrder(Invalid):
    """An order must name every item of the agenda exactly once."""

    code = "bad-order"
    message = "Thứ tự gửi lên phải có đủ các nội dung, mỗi nội dung một lần."


def check_minutes(minutes: int) -> None:
    """Raises BadItem."""
    if not 1 <= minutes <= MOST_MINUTES:
        raise BadItem(most=MOST_MINUTES)


def item_of(items: Sequence[Item], item: Id) -> Item:
    """Raises NoSuchItem."""
    for one in items:
        if one.id == item:
            return one
    raise NoSuchItem


def add(items: Sequence[Item], new: Item) -> tuple[Item, ...]:
    """The agenda with one more item at its end. Raises BadItem, TooManyItems."""
    check_minutes(new.planned_minutes)
    if len(items) >= MOST_ITEMS:
        raise TooManyItems(most=MOST_ITEMS)
    return (*in_order(items), replace(new, position=len(items) + 1))


def start(items: Sequence[Item], item: Id, now: datetime) -> Item:
    """The item, live. Starting a live one again changes nothing. Raises NoSuchItem, AnotherItemLive."""
    wanted = item_of(items, item)
    if wanted.state is ItemState.LIVE:
        return wanted
    if any(one.state is ItemState.LIVE for one in items):
        raise AnotherItemLive
    return replace(wanted, state=ItemState.LIVE, started_at=wanted.started_at or now, ended_at=None)


def stop(items: Sequence[Item], item: Id, now: datetime) -> Item:
    """The item, done; its conclusion may come later. Raises NoSuchItem, ItemNotLive."""
    wanted = item_of(items, item)
    if wanted.state is not ItemState.LIVE:
        raise ItemNotLive
    return replace(wanted, state=ItemState.DONE, ended_at=now)


def in_order(items: Sequence[Item]) -> tuple[Item, ...]:
    """By position."""
    return tuple(sorted(items, key=lambda one: (one.position, one.id)))


def planned_minutes(items: Sequence[Item]) -> int:
    """How long the whole agenda is planned to take, in minutes."""
    return sum(item.planned_minutes for item in items)


def numbered(items: Sequence[Item]) -> tuple[Item, ...]:
    """As they stand, with positions from 1."""
    return tuple(replace(item, position=place) for place, item in enumerate(items, start=1))
