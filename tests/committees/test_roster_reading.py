"""A whole table: all rows, or every problem with its row and column."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.committees.roster import Column, Problem
from meetings.committees.roster_reading import read_roster
from meetings.committees.rules import Category, Role

TODAY = date(2026, 11, 24)
CELLS = {"Chi bộ thôn Mẫu": "cell", "38.168.053.000.001": "cell", "Chi bộ thôn Khác": "other"}
HEADINGS = [column.value for column in Column]
GOOD = {
    Column.NAME: "Lê Thị Mẫu Hoa",
    Column.BIRTH: "12/03/1968",
    Column.CARD: "99000001",
    Column.CELL: "Chi bộ thôn Mẫu",
    Column.CATEGORY: "Chính thức",
    Column.SINCE: "03/02/1994",
    Column.OFFICIAL: "03/02/1994",
}


def row(**changes: str) -> list[str]:
    values = {**GOOD, **{Column[name]: value for name, value in changes.items()}}
    return [values.get(column, "") for column in Column]


def other(**changes: str) -> list[str]:
    return row(**{"NAME": "Nguyễn Văn Mẫu An", "BIRTH": "25/08/1975", "CARD": "99000002", **changes})


def problems(*rows: list[str]) -> list[tuple[int, str]]:
    reading = read_roster([HEADINGS, *rows], cells=CELLS, today=TODAY)
    if not reading.usable:
        assert reading.rows == ()
    return [(one.row, one.column) for one in reading.problems]


def test_good_rows_are_read() -> None:
    secretary = row(ROLE="Bí thư", ROLE_SINCE="10/03/2025", SMARTPHONE="Có", PHONE="0100000001")
    reading = read_roster([HEADINGS, secretary, other(CELL="38.168.053.000.001")], cells=CELLS, today=TODAY)
    assert reading.problems == ()
    first, second = reading.rows
    assert (first.line, first.full_name, first.cell, first.official) == (2, "Lê Thị Mẫu Hoa", "cell", True)
    assert (first.role, first.role_since, first.smartphone) == (Role.SECRETARY, date(2025, 3, 10), True)
    assert (second.line, second.cell, second.phone) == (3, "cell", None)


def test_columns_in_any_order_and_empty_rows_between() -> None:
    table = [list(reversed(HEADINGS)), [], list(reversed(row())), ["", " "], list(reversed(other()))]
    reading = read_roster(table, cells=CELLS, today=TODAY)
    assert [one.line for one in reading.rows] == [3, 5]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"NAME": ""}, Column.NAME),
        ({"NAME": "Hoa"}, Column.NAME),
        ({"NAME": unicodedata.normalize("NFD", "Lê Thị Mẫu Hoa")}, Column.NAME),
        ({"NAME": "Lê Thị\u200b Mẫu Hoa"}, Column.NAME),
        ({"BIRTH": "31/02/1968"}, Column.BIRTH),
        ({"BIRTH": "12/03/2020"}, Column.BIRTH),
        ({"CARD": ""}, Column.CARD),
        ({"CARD": "12"}, Column.CARD),
        ({"CELL": "Chi bộ thôn Lạ"}, Column.CELL),
        ({"CATEGORY": "Cảm tình"}, Column.CATEGORY),
        ({"SINCE": "1994"}, Column.SINCE),
        ({"OFFICIAL": ""}, Column.OFFICIAL),
        ({"OFFICIAL": "03/02/2094"}, Column.OFFICIAL),
        ({"CATEGORY": "Dự bị"}, Column.OFFICIAL),
        ({"PHONE": "100000001"}, Column.PHONE),
        ({"SMARTPHONE": "đôi khi"}, Column.SMARTPHONE),
        ({"ROLE": "Chủ tịch"}, Column.ROLE),
        ({"ROLE": "Bí thư"}, Column.ROLE_SINCE),
    ],
)
def test_one_wrong_field_is_one_problem_of_its_row(change: dict[str, str], column: Column) -> None:
    found = problems(other(), row(**change))
    assert set(found) == {(3, column.value)}


def test_every_problem_of_every_row_is_listed_at_once() -> None:
    first = row(BIRTH="31/02/1968", PHONE="1", CATEGORY="?")
    second = other(NAME="", CELL="?", CARD="99000001")  # the card of the first row, itself broken elsewhere
    assert problems(first, second) == [
        (2, Column.BIRTH.value),
        (2, Column.CATEGORY.value),
        (2, Column.PHONE.value),
        (2, Column.CARD.value),
        (3, Column.NAME.value),
        (3, Column.CELL.value),
        (3, Column.CARD.value),
    ]


def test_one_person_may_be_away_from_one_cell_and_arrived_in_another() -> None:
    away = row(CATEGORY="Sinh hoạt tạm thời đi")
    arrived = row(CATEGORY="Sinh hoạt tạm thời đến", CELL="Chi bộ thôn Khác")
    assert problems(away, arrived) == []
    assert problems(away, row(CATEGORY="Sinh hoạt tạm thời đến")) != []
    assert problems(row(), row(CELL="Chi bộ thôn Khác")) != []


def test_the_same_name_and_birth_with_two_cards_only_warns() -> None:
    reading = read_roster([HEADINGS, row(), row(CARD="99000002")], cells=CELLS, today=TODAY)
    assert [one.warning for one in reading.problems] == [True, True]
    assert reading.usable
    assert len(reading.rows) == 2


def test_a_cell_has_one_secretary() -> None:
    head = {"ROLE": "Bí thư", "ROLE_SINCE": "10/03/2025"}
    assert problems(row(**head), other(**head)) == [(2, Column.ROLE.value), (3, Column.ROLE.value)]
    assert problems(row(**head), other(**head, CELL="Chi bộ thôn Khác")) == []


def test_headings_must_be_right_before_rows_are_read() -> None:
    missing = read_roster([[Column.NAME.value, "Ghi chú", Column.NAME.value]], cells=CELLS, today=TODAY)
    assert Problem(row=1, column="Ghi chú", message="Cột này không có trong mẫu.") in missing.problems
    assert Problem(row=1, column=Column.NAME.value, message="Cột này có hai lần.") in missing.problems
    assert Problem(row=1, column=Column.CARD.value, message="Thiếu cột này.") in missing.problems


@pytest.mark.parametrize("table", [[], [HEADINGS], [HEADINGS, [""]]])
def test_an_empty_table_is_said_to_be_empty(table: list[list[str]]) -> None:
    reading = read_roster(table, cells=CELLS, today=TODAY)
    assert not reading.usable


def test_a_probationary_member_needs_no_official_day() -> None:
    reading = read_roster([HEADINGS, row(CATEGORY="Dự bị", OFFICIAL="")], cells=CELLS, today=TODAY)
    assert reading.rows[0].category is Category.PROBATIONARY
    assert not reading.rows[0].official


def test_problems_quote_no_personal_values() -> None:
    reading = read_roster(
        [HEADINGS, row(BIRTH="32/13/1968", CARD="X-secret", PHONE="y-secret")], cells=CELLS, today=TODAY
    )
    assert "secret" not in "".join(one.message for one in reading.problems)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.text(max_size=12), max_size=13), max_size=6))
def test_no_table_whatever_breaks_the_reading(rows: list[list[str]]) -> None:
    reading = read_roster([HEADINGS, *rows], cells=CELLS, today=TODAY)
    assert reading.usable == bool(reading.rows)
    assert all(one.row >= 1 and one.message for one in reading.problems)
