"""Adapter: a roster's table of text from an .xlsx or .csv file, whatever it holds."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from meetings.committees.roster import Column
from meetings.kernel.errors import Invalid

MOST_BYTES = 5_000_000
MOST_UNPACKED = 60_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 50
_SHEET_ROWS = 60
_NOT_ASKED = frozenset(
    {Column.CELL, Column.ROLE, Column.ROLE_SINCE}
)  # one cell's own; mandates have their page


class BadFile(Invalid):
    """Not a readable .xlsx or UTF-8 .csv, or too big. `why` is Vietnamese."""

    code = "bad-roster-file"
    message = "Không đọc được tệp danh sách: {why}"


def read_table(path: Path) -> list[list[str]]:
    """The rows of the file as text, headings first; days as yyyy-mm-dd. Raises BadFile."""
    try:
        data = path.read_bytes()
    except OSError:
        raise BadFile(why="không mở được tệp.") from None
    return table_of(data, path.suffix)


def table_of(data: bytes, suffix: str) -> list[list[str]]:
    """The rows of an uploaded file with that name ending. Raises BadFile."""
    if len(data) > MOST_BYTES:
        raise BadFile(why="tệp quá lớn.")
    if suffix.lower() == ".xlsx":
        return _xlsx(data)
    if suffix.lower() == ".csv":
        return _csv(data)
    raise BadFile(why="chỉ nhận tệp .xlsx hoặc .csv.")


def empty_sheet() -> bytes:
    """A workbook to fill in for one cell: the headings; cards and telephone numbers keep their zeros."""
    book = Workbook()
    sheet = book.worksheets[0]
    headings = [one for one in Column if one not in _NOT_ASKED]
    for number, column in enumerate(headings, start=1):
        letter = get_column_letter(number)
        sheet.cell(1, number, column.value).font = Font(bold=True)
        sheet.column_dimensions[letter].width = max(16, len(column.value) + 4)
        for row in range(2, _SHEET_ROWS + 2):
            sheet.cell(row, number).number_format = "@"
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx(data: bytes) -> list[list[str]]:
    try:
        _check_unpacked(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
        table = [[_text(value) for value in row] for row in rows]
        book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError, SyntaxError):
        # A broken part surfaces as any of these: no such member, bad XML (a SyntaxError), bad value.
        raise BadFile(why="tệp .xlsx hỏng hoặc không phải bảng tính.") from None
    return _checked(table)


def _check_unpacked(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
            raise BadFile(why="tệp quá lớn khi mở ra.")


def _csv(data: bytes) -> list[list[str]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile(why="tệp .csv phải lưu ở dạng UTF-8.") from None
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        table = [
            list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ]
    except csv.Error:
        raise BadFile(why="dấu ngoặc kép trong tệp .csv không khớp.") from None
    return _checked(table)


def _checked(table: list[list[str]]) -> list[list[str]]:
    while table and not any(value.strip() for value in table[-1]):
        table.pop()
    width = max((len(row) - _empty_tail(row) for row in table), default=0)
    table = [row[:width] for row in table]
    if len(table) > MOST_ROWS:
        raise BadFile(why=f"nhiều hơn {MOST_ROWS} dòng.")
    return table


def _empty_tail(row: list[str]) -> int:
    filled = [index for index, value in enumerate(row, start=1) if value.strip()]
    return len(row) - max(filled, default=0)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case bool():
            return "Có" if value else "Không"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
