"""The plan of an import: what would be added, what changes, and that repeating it is idle."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from meetings.committees.roster import Column, RosterRow, find_columns, heading_key, plan
from meetings.committees.rules import Category

HOA = RosterRow(
    line=2,
    card="99000001",
    full_name="Lê Thị Mẫu Hoa",
    birth=date(1968, 3, 12),
    cell="cell",
    category=Category.OFFICIAL,
    since=date(1994, 2, 3),
    official_since=date(1994, 2, 3),
)
AN = replace(HOA, line=3, card="99000002", full_name="Nguyễn Văn Mẫu An")


def test_into_an_empty_cell_everybody_is_added() -> None:
    assert plan([HOA, AN], []).add == (HOA, AN)


def test_repeating_an_import_changes_nothing_even_from_other_rows() -> None:
    again = plan([replace(AN, line=9), HOA], [HOA, AN])
    assert again.changes_nothing
    assert again.same == 2


def test_a_change_names_its_fields_and_not_their_values() -> None:
    moved = replace(HOA, category=Category.EXEMPT, since=date(2026, 11, 1))
    found = plan([moved, AN], [HOA, AN])
    assert [one.fields for one in found.change] == [("category", "since")]
    assert not found.changes_nothing


def test_whoever_the_file_lacks_is_listed_and_kept() -> None:
    found = plan([HOA], [HOA, AN])
    assert found.lacking == (AN,)
    assert found.changes_nothing


def test_the_same_card_in_another_cell_is_another_membership() -> None:
    assert plan([replace(HOA, cell="other")], [HOA]).add == (replace(HOA, cell="other"),)


def test_headings_are_known_without_tones_or_case() -> None:
    assert heading_key(" SỐ  THẺ đảng viên ") == heading_key(Column.CARD.value)
    found, problems = find_columns([column.value.upper() for column in Column])
    assert problems == ()
    assert found == {column: index for index, column in enumerate(Column)}
