"""A quarter as XLSX. Every text stays a text: no cell of ours can become a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from meetings.oversight.tables import CellText, QuarterText, quarter_text

_FIXED = (1980, 1, 1, 0, 0, 0)  # so that the same report gives the same bytes
_STAMP = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")


def quarter_sheet(facts: Mapping[str, Any]) -> bytes:
    """The report's totals, cells, supplements (apart) and findings. The same facts give the same bytes."""
    text = quarter_text(facts)
    book = Workbook()
    totals = book.active
    if not isinstance(totals, Worksheet):
        raise TypeError("a new workbook has a sheet")
    totals.title = "Tổng hợp"
    _write(totals, _totals(text))
    _write(book.create_sheet("Chi bộ"), _cells(text))
    _write(book.create_sheet("Bổ trợ (không cộng)"), _supplements(text))
    _write(book.create_sheet("Cần xem"), _findings(text))
    kept = io.BytesIO()
    book.save(kept)
    return _timeless(kept.getvalue())


Row = Sequence[str | int]


def _totals(text: QuarterText) -> list[Row]:
    title = f"Sinh hoạt thường kỳ {text.quarter} – {text.org}"
    rows: list[Row] = [
        [f"Trạng thái ({title}; số liệu lúc {text.as_of})", *(f"Tháng {month}" for month in text.months)]
    ]
    for total in text.totals:
        counted: list[str | int] = [total.word, *total.months]
        rows.append(counted)
    return [*rows, ["Cộng/số chi bộ", *text.sums]]


def _cells(text: QuarterText) -> list[Row]:
    head: list[str | int] = ["Chi bộ"]
    for month in text.months:
        head += [f"Tháng {month}", f"Ngày họp {month}", f"Tỷ lệ dự họp {month}", f"Ghi chú {month}"]
    return [[*head, "Chuyên đề trong quý", "Ngày họp chuyên đề"], *(_cell(cell) for cell in text.cells)]


def _cell(cell: CellText) -> Row:
    row: list[str | int] = [cell.name]
    for month in cell.months:
        row += [month.word, month.day, month.rate, "; ".join(month.lines)]
    return [*row, cell.theme, cell.theme_day]


def _supplements(text: QuarterText) -> list[Row]:
    lines: list[Row] = [[cell.name, one.text] for cell in text.cells for one in cell.supplements]
    return [["Chi bộ", "Buổi bổ trợ, danh sách qua điện thoại (không cộng vào sinh hoạt thường kỳ)"], *lines]


def _findings(text: QuarterText) -> list[Row]:
    lines: list[Row] = [[one.name, one.text] for one in text.findings]
    return [["Chi bộ", "Nội dung"], *lines]


def _write(sheet: Worksheet, rows: Sequence[Row]) -> None:
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place)
            if isinstance(cell, Cell):
                _put(cell, value)
                cell.font = Font(bold=number == 1)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
    for place in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 30


def _put(cell: Cell, value: str | int) -> None:
    if isinstance(value, int):
        cell.value = value
        return
    if not value:
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell.data_type = "s"  # openpyxl would take a text that begins with = for a formula
    cell.quotePrefix = value.startswith(("=", "+", "-", "@", "\t", "\r"))


def _timeless(book: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as before, zipfile.ZipFile(kept, "w") as after:
        for name in sorted(before.namelist()):
            part = zipfile.ZipInfo(name, _FIXED)
            part.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(part, _STAMP.sub(b"", before.read(name)))
    return kept.getvalue()
