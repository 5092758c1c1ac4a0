"""Pure: opinions of the minority that their members reserve (Điều lệ Đảng, article 9; rules.md 3.5).

A member may keep an opinion that the decision went against; it is recorded as it was said. What is said again
replaces what was said before; empty words take it back. Every word stays in the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from meetings.kernel.errors import Conflict, Forbidden, Invalid
from meetings.kernel.ids import Id

MOST_WORDS = 2000  # characters
MOST_OF_ONE = 50  # of one member in one sitting


@dataclass(frozen=True, kw_only=True, slots=True)
class Reserved:
    """What a member reserves about a vote, or about an item that was concluded without one. `sequence` counts a
    member's from 1; `by`: the person who wrote it down."""

    id: Id
    meeting: Id
    member: Id
    sequence: int
    words: str
    by: Id
    at: datetime
    vote: Id | None = None
    item: Id | None = None

    @property
    def about(self) -> tuple[Id | None, Id | None]:
        """The vote or the item."""
        return self.vote, self.item


class ReserveWhat(Invalid):
    """An opinion is about one vote, or one item."""

    code = "reserve-what"
    message = "Ý kiến bảo lưu phải về một biểu quyết hoặc một nội dung."


class ReservationDiffers(Conflict):
    """The same id came with something else."""

    code = "reservation-differs"
    message = "Mã này đã dùng cho một ý kiến bảo lưu khác."


class MayNotReserve(Forbidden):
    """Only who may vote can be in the minority of a vote."""

    code = "may-not-reserve"
    message = "Chỉ đảng viên có quyền biểu quyết nội dung này mới bảo lưu ý kiến."


class TooManyReservations(Conflict):
    """More than one sitting can hold of one member."""

    code = "too-many-reservations"
    message = "Đồng chí đã ghi quá nhiều lần trong buổi họp này."


def check_about(vote: Id | None, item: Id | None) -> None:
    """Raises ReserveWhat."""
    if (vote is None) == (item is None):
        raise ReserveWhat


def same_again(before: Reserved, new: Reserved) -> bool:
    """Whether it is the same sent again. Raises ReservationDiffers for another one under its id."""
    if (before.meeting, before.member, before.about, before.words) != (
        new.meeting,
        new.member,
        new.about,
        new.words,
    ):
        raise ReservationDiffers
    return True


def next_sequence(said: Sequence[Reserved], member: Id) -> int:
    """Raises TooManyReservations."""
    mine = [one.sequence for one in said if one.member == member]
    if len(mine) >= MOST_OF_ONE:
        raise TooManyReservations
    return max(mine, default=0) + 1


def standing(said: Iterable[Reserved]) -> tuple[Reserved, ...]:
    """What holds: of each member and subject the last words, unless they took them back; by when first said."""
    last: dict[tuple[Id, tuple[Id | None, Id | None]], Reserved] = {}
    for one in sorted(said, key=lambda one: (one.member, one.sequence)):
        last[one.member, one.about] = one
    found = [one for one in last.values() if one.words]
    return tuple(sorted(found, key=lambda one: (one.at, one.id)))
