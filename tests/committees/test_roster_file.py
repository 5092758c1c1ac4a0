"""Files on disk become tables of text; the example roster is cell S."""

from __future__ import annotations

import io
import runpy
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from meetings.committees.roster_file import MOST_ROWS, BadFile, read_table, table_of
from meetings.committees.roster_reading import read_roster
from meetings.committees.rules import Category, Role

EXAMPLES = Path(__file__).parents[2] / "examples"
TODAY = date(2026, 11, 1)


def xlsx(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_values_of_a_sheet_become_text() -> None:
    day = date(1968, 3, 12)
    moment = datetime(1968, 3, 12)  # noqa: DTZ001  what a spreadsheet holds
    data = xlsx(["Tên", "Số"], ["Hoa", 5.0], [day, moment], [True, 7.5], [None, " "])
    assert table_of(data, ".xlsx") == [
        ["Tên", "Số"],
        ["Hoa", "5"],
        ["1968-03-12", "1968-03-12"],
        ["Có", "7.5"],
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_any_delimiter_and_mark(delimiter: str) -> None:
    text = f'Họ và tên{delimiter}Ngày sinh\r\n"Lê, Hoa"{delimiter}12/03/1968\r\n\r\n'
    assert table_of(text.encode("utf-8-sig"), ".CSV") == [
        ["Họ và tên", "Ngày sinh"],
        ["Lê, Hoa", "12/03/1968"],
    ]


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (b"", ".xlsx"),
        (b"PK\x03\x04 broken", ".xlsx"),
        (b"\xd0\xcf\x11\xe0 an old .xls", ".xlsx"),
        ("Họ và tên".encode("utf-16"), ".csv"),
        (b'a,"b\n', ".csv"),
        (b"a,b", ".txt"),
        (b"0" * 5_000_001, ".csv"),
        (b"a\n" * (MOST_ROWS + 1), ".csv"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, suffix: str) -> None:
    with pytest.raises(BadFile):
        table_of(data, suffix)


def test_a_zip_that_is_no_workbook_or_a_bomb_is_refused() -> None:
    empty, bomb = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(empty, "w") as parts:
        parts.writestr("note.txt", "x")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 61_000_000)
    for data in (empty.getvalue(), bomb.getvalue()):
        assert len(data) < 1_000_000
        with pytest.raises(BadFile):
            table_of(data, ".xlsx")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        read_table(tmp_path / "nowhere.xlsx")


def test_a_broken_part_inside_is_refused() -> None:
    good, bad = io.BytesIO(xlsx(["a"])), io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<broken" if name.endswith("sheet1.xml") else old.read(name))
    with pytest.raises(BadFile):
        table_of(bad.getvalue(), ".xlsx")


def test_the_example_is_cell_s() -> None:
    reading = read_roster(
        read_table(EXAMPLES / "roster.xlsx"), cells={"Chi bộ thôn Mẫu": "cell"}, today=TODAY
    )
    assert reading.problems == ()
    assert Counter(row.category for row in reading.rows) == {
        Category.OFFICIAL: 19,
        Category.PROBATIONARY: 2,
        Category.TEMPORARY_ARRIVED: 1,
        Category.TEMPORARY_AWAY: 2,
        Category.EXEMPT: 3,
        Category.SUSPENDED: 1,
    }
    convoked = [row for row in reading.rows if row.category is not Category.SUSPENDED]
    assert sum(row.official for row in convoked) == 24
    assert [row.role for row in reading.rows if row.role] == [
        Role.SECRETARY,
        Role.DEPUTY,
        Role.COMMITTEE_MEMBER,
    ]
    assert 0 < sum(not row.smartphone for row in reading.rows) < 10
    assert all("Mẫu" in row.full_name for row in reading.rows)


def test_the_example_is_what_its_script_writes() -> None:
    made: Callable[[], bytes] = runpy.run_path(str(EXAMPLES / "make_roster.py"))["workbook"]
    assert made() == made()
    assert table_of(made(), ".xlsx") == read_table(EXAMPLES / "roster.xlsx")
