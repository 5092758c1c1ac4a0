"""The sheet: texts stay texts, supplements stay apart, the same report gives the same bytes."""

from __future__ import annotations

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from meetings.oversight.sheets import quarter_sheet
from tests.oversight.reports import facts_of, report


def cells(book: bytes, sheet: str) -> list[list[Any]]:
    return [[one.value for one in row] for row in load_workbook(io.BytesIO(book))[sheet].iter_rows()]


@pytest.mark.parametrize(
    "name", ["=1+1", "+84 900", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1+1", "Chi bộ = hai"]
)
def test_no_text_becomes_a_formula(name: str) -> None:
    book = load_workbook(io.BytesIO(quarter_sheet(facts_of(report(name)))))
    found = [one for sheet in book for row in sheet.iter_rows() for one in row if one.value == name]
    assert found
    assert {one.data_type for one in found} == {"s"}
    assert all(one.quotePrefix == (not name.startswith("Chi")) for one in found)
    types = {one.data_type for sheet in book for row in sheet.iter_rows() for one in row}
    assert types <= {"s", "n"}


def test_hidden_characters_do_not_break_the_file() -> None:
    rows = cells(quarter_sheet(facts_of(report("Chi bộ\x07 Nà Mây"))), "Chi bộ")
    assert rows[1][0] == "Chi bộ Nà Mây"


def test_totals_sum_to_the_cells() -> None:
    rows = cells(quarter_sheet(facts_of(report())), "Tổng hợp")
    assert [row[0] for row in rows[1:]] == [
        "đã họp",
        "đã họp, dưới mức tối thiểu",
        "không họp",
        "không tổ chức theo văn bản của cấp trên",
        "chưa có số liệu",
        "Cộng/số chi bộ",
    ]
    for column in (1, 2, 3):
        assert sum(row[column] for row in rows[1:6]) == 1
        assert rows[6][column] == "1/1"


def test_supplements_have_a_sheet_of_their_own() -> None:
    book = quarter_sheet(facts_of(report()))
    (line,) = cells(book, "Bổ trợ (không cộng)")[1:]
    assert line == ["Chi bộ thôn Nà Mây", "Buổi bổ trợ trực tuyến ngày 10/11/2026: 12 đảng viên"]
    assert not any("12" in str(value) for row in cells(book, "Tổng hợp")[1:] for value in row)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert quarter_sheet(facts_of(report())) == quarter_sheet(facts_of(report()))
