"""Pure reading of a whole roster table: rows or problems, never half of both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from meetings.committees import roster_fields as fields
from meetings.committees.roster import REQUIRED, Column, Problem, Reading, RosterRow, find_columns
from meetings.committees.rules import Category, Role
from meetings.kernel.ids import Id
from meetings.kernel.text import fold

T = TypeVar("T")
Table = Sequence[Sequence[str]]


def read_roster(table: Table, *, cells: Mapping[str, Id], today: date) -> Reading:
    """Rows of a table whose first row holds the headings. `cells`: names and codes of cells that may be
    written to. Lists every problem of every row; rows come back only if nothing but warnings was found."""
    if not table:
        return Reading(problems=(Problem(row=1, column="", message="Bảng không có dòng nào."),))
    columns, problems = find_columns(table[0])
    if problems:
        return Reading(problems=problems)
    known = {fold(name): cell for name, cell in cells.items()}
    lines = [
        _Line(number, row, columns, today) for number, row in enumerate(table[1:], start=2) if _full(row)
    ]
    parts = [line.read(known) for line in lines]
    found = [*(problem for line in lines for problem in line.problems), *_across(parts)]
    if not lines:
        found.append(Problem(row=2, column="", message="Bảng không có đảng viên nào."))
    problems = tuple(sorted(found, key=lambda one: one.row))
    if not all(problem.warning for problem in problems):
        return Reading(problems=problems)
    return Reading(rows=tuple(row for part in parts if (row := part.row()) is not None), problems=problems)


def _full(row: Sequence[str]) -> bool:
    return any(value.strip() for value in row)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """What could be read of a row; None where a field is empty or wrong."""

    line: int
    name: str | None
    birth: date | None
    card: str | None
    cell: Id | None
    category: Category | None
    since: date | None
    official: date | None
    phone: str | None
    smartphone: bool | None
    role: Role | None
    role_since: date | None

    def row(self) -> RosterRow | None:
        """The record, or None where a field it cannot do without is missing."""
        if self.name is None or self.birth is None or self.card is None:
            return None
        if self.cell is None or self.category is None or self.since is None:
            return None
        return RosterRow(
            line=self.line,
            card=self.card,
            full_name=self.name,
            birth=self.birth,
            cell=self.cell,
            category=self.category,
            since=self.since,
            official_since=self.official,
            phone=self.phone,
            smartphone=bool(self.smartphone),
            role=self.role,
            role_since=self.role_since,
        )


class _Line:
    """One row on its way to a record; gathers its problems instead of stopping at the first."""

    def __init__(self, number: int, row: Sequence[str], columns: Mapping[Column, int], today: date) -> None:
        self.problems: list[Problem] = []
        self._number = number
        self._today = today
        self._texts = {column: row[index] if index < len(row) else "" for column, index in columns.items()}

    def read(self, cells: Mapping[str, Id]) -> _Part:
        """Every field that can be read; the others are blamed."""
        self._check_spelling()
        part = _Part(
            line=self._number,
            name=self._field(Column.NAME, fields.name_of),
            birth=self._field(Column.BIRTH, lambda text: fields.birth_of(text, self._today)),
            card=self._field(Column.CARD, fields.card_of),
            cell=self._field(Column.CELL, lambda text: _cell_of(text, cells)),
            category=self._field(Column.CATEGORY, fields.category_of),
            since=self._field(Column.SINCE, self._day),
            official=self._field(Column.OFFICIAL, self._day),
            phone=self._field(Column.PHONE, fields.phone_of),
            smartphone=self._field(Column.SMARTPHONE, fields.yes_of),
            role=self._field(Column.ROLE, fields.role_of),
            role_since=self._field(Column.ROLE_SINCE, self._day),
        )
        self._check_together(part)
        return part

    def _field(self, column: Column, parse: Callable[[str], T]) -> T | None:
        text = fields.tidy(self._texts.get(column, ""))
        if not text:
            if column in REQUIRED:
                self._blame(column, "Còn để trống.")
            return None
        try:
            return parse(text)
        except fields.BadField as refusal:
            self._blame(column, refusal.why)
            return None

    def _day(self, text: str) -> date:
        return fields.day_of(text, self._today)

    def _check_spelling(self) -> None:
        for column, text in self._texts.items():
            for fault in fields.spelling_faults(text):
                self._blame(column, fault)

    def _check_together(self, part: _Part) -> None:
        if part.category is Category.OFFICIAL and not self._texts.get(Column.OFFICIAL, "").strip():
            self._blame(Column.OFFICIAL, "Đảng viên chính thức phải có ngày chính thức.")
        if part.category is Category.PROBATIONARY and part.official is not None:
            self._blame(Column.OFFICIAL, "Đảng viên dự bị chưa có ngày chính thức.")
        if part.role is not None and not self._texts.get(Column.ROLE_SINCE, "").strip():
            self._blame(Column.ROLE_SINCE, "Có chức vụ thì phải ghi giữ chức vụ từ ngày nào.")

    def _blame(self, column: Column, message: str) -> None:
        self.problems.append(Problem(row=self._number, column=column.value, message=message))


def _cell_of(text: str, cells: Mapping[str, Id]) -> Id:
    found = cells.get(fold(text))
    if found is None:
        raise fields.BadField("Không có chi bộ này trong phạm vi được nhập.")
    return found


def _across(parts: Sequence[_Part]) -> Iterator[Problem]:
    yield from _same_card(parts)
    yield from _same_person(parts)
    yield from _two_secretaries(parts)


def _grouped(parts: Iterable[_Part], key: Callable[[_Part], T | None]) -> Iterator[list[_Part]]:
    groups: dict[T, list[_Part]] = defaultdict(list)
    for part in parts:
        if (found := key(part)) is not None:
            groups[found].append(part)
    return (group for group in groups.values() if len(group) > 1)


def _blamed(
    group: Sequence[_Part], column: Column, message: str, *, warning: bool = False
) -> Iterator[Problem]:
    text = message.format(lines=", ".join(str(part.line) for part in group))
    return (Problem(row=part.line, column=column.value, message=text, warning=warning) for part in group)


def _same_card(parts: Sequence[_Part]) -> Iterator[Problem]:
    for group in _grouped(parts, lambda part: part.card):
        if not _two_cells(group):
            yield from _blamed(group, Column.CARD, "Số thẻ trùng nhau ở các dòng {lines}.")


def _two_cells(group: Sequence[_Part]) -> bool:
    """One person away from one cell and arrived in another (rules.md 2.7)."""
    away_and_here = {part.category for part in group} == {Category.TEMPORARY_AWAY, Category.TEMPORARY_ARRIVED}
    one_person = len({(part.name, part.birth) for part in group}) == 1
    return len(group) == 2 and away_and_here and one_person and group[0].cell != group[1].cell


def _same_person(parts: Sequence[_Part]) -> Iterator[Problem]:
    for group in _grouped(parts, _person_key):
        if len({part.card for part in group}) > 1:
            text = "Trùng họ tên và ngày sinh ở các dòng {lines}; xem lại có phải một người."
            yield from _blamed(group, Column.NAME, text, warning=True)


def _person_key(part: _Part) -> tuple[str, date] | None:
    return None if part.name is None or part.birth is None else (fold(part.name), part.birth)


def _two_secretaries(parts: Sequence[_Part]) -> Iterator[Problem]:
    heads = [part for part in parts if part.role is Role.SECRETARY]
    for group in _grouped(heads, lambda part: part.cell):
        yield from _blamed(group, Column.ROLE, "Chi bộ này có hai bí thư, ở các dòng {lines}.")
