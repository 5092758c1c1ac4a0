"""Pure reading of a cell's roster from a table: either every row is right, or every problem is named by row.

Columns are known by their Vietnamese headings, in any order; the first row holds them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from meetings.committees.members import is_official
from meetings.committees.rules import Category, Role
from meetings.kernel.ids import Id
from meetings.kernel.text import fold


class Column(StrEnum):
    """The headings, as in examples/roster.xlsx."""

    NUMBER = "STT"
    NAME = "Họ và tên"
    BIRTH = "Ngày sinh"
    CARD = "Số thẻ đảng viên"
    CELL = "Chi bộ"
    CATEGORY = "Diện đảng viên"
    SINCE = "Từ ngày"
    OFFICIAL = "Ngày chính thức"
    PHONE = "Điện thoại"
    SMARTPHONE = "Điện thoại thông minh"
    ROLE = "Chức vụ"
    ROLE_SINCE = "Giữ chức vụ từ"


REQUIRED = (Column.NAME, Column.BIRTH, Column.CARD, Column.CELL, Column.CATEGORY, Column.SINCE)

CATEGORY_WORDS: Mapping[str, Category] = {
    "chính thức": Category.OFFICIAL,
    "dự bị": Category.PROBATIONARY,
    "sinh hoạt tạm thời đến": Category.TEMPORARY_ARRIVED,
    "sinh hoạt tạm thời đi": Category.TEMPORARY_AWAY,
    "miễn công tác và sinh hoạt": Category.EXEMPT,
    "đình chỉ sinh hoạt": Category.SUSPENDED,
}
ROLE_WORDS: Mapping[str, Role] = {
    "bí thư": Role.SECRETARY,
    "phó bí thư": Role.DEPUTY,
    "chi ủy viên": Role.COMMITTEE_MEMBER,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterRow:
    """One membership as it should be.

    `line` is the row of the sheet (headings are row 1) and no part of equality; `card` is digits only;
    `since` is the first day of the category; a mandate comes with the day it began.
    """

    line: int = field(compare=False)
    card: str
    full_name: str
    birth: date
    cell: Id
    category: Category
    since: date
    official_since: date | None = None
    phone: str | None = None
    smartphone: bool = False
    role: Role | None = None
    role_since: date | None = None

    @property
    def official(self) -> bool:
        """Whether the standing is official in this cell on the category's first day."""
        return is_official(self.category, self.official_since, self.since)


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is wrong in a row (1 is the heading row). A warning stops nothing."""

    row: int
    column: str
    message: str
    warning: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What a table gave. `rows` is empty as soon as one problem is more than a warning."""

    rows: tuple[RosterRow, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether the import may go on."""
        return all(problem.warning for problem in self.problems)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A membership whose record differs; `fields` are names of RosterRow's fields, never values."""

    row: RosterRow
    before: RosterRow
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportPlan:
    """What an import would do. Members that the file lacks are listed and never removed."""

    add: tuple[RosterRow, ...] = ()
    change: tuple[Change, ...] = ()
    same: int = 0
    lacking: tuple[RosterRow, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether repeating it is idle."""
        return not self.add and not self.change


def plan(rows: Iterable[RosterRow], existing: Iterable[RosterRow]) -> ImportPlan:
    """The difference between a file and what is stored, keyed by card and cell."""
    stored = {(row.card, row.cell): row for row in existing}
    add: list[RosterRow] = []
    change: list[Change] = []
    same = 0
    for row in rows:
        before = stored.pop((row.card, row.cell), None)
        if before is None:
            add.append(row)
        elif before == row:
            same += 1
        else:
            change.append(Change(row=row, before=before, fields=_differing(row, before)))
    return ImportPlan(add=tuple(add), change=tuple(change), same=same, lacking=tuple(stored.values()))


def _differing(row: RosterRow, before: RosterRow) -> tuple[str, ...]:
    names = [name for name in RosterRow.__dataclass_fields__ if name != "line"]
    return tuple(name for name in names if getattr(row, name) != getattr(before, name))


def heading_key(text: str) -> str:
    """How headings are compared: no tones, no case, single spaces."""
    return " ".join(fold(text).split())


def find_columns(headings: Sequence[str]) -> tuple[Mapping[Column, int], tuple[Problem, ...]]:
    """Where each column stands, and what is wrong with the headings."""
    known = {heading_key(column.value): column for column in Column}
    found: dict[Column, int] = {}
    problems: list[Problem] = []
    for index, heading in enumerate(headings):
        column = known.get(heading_key(heading))
        if column is None and heading.strip():
            problems.append(Problem(row=1, column=heading.strip(), message="Cột này không có trong mẫu."))
        elif column in found:
            problems.append(Problem(row=1, column=column.value, message="Cột này có hai lần."))
        elif column is not None:
            found[column] = index
    problems.extend(
        Problem(row=1, column=column.value, message="Thiếu cột này.")
        for column in REQUIRED
        if column not in found
    )
    return found, tuple(problems)
