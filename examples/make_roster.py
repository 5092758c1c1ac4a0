"""Writes roster.xlsx beside this file: an invented cell of 28 with every member category.

All people are invented: every name carries "Mẫu" ("sample"), telephone prefix 010 is not in use, cards
begin with 99. The categories are those of cell S, on which the worked examples of the rules rest.
Run again it writes the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CELL = "Chi bộ thôn Mẫu"
HEADINGS = (
    "STT",
    "Họ và tên",
    "Ngày sinh",
    "Số thẻ đảng viên",
    "Chi bộ",
    "Diện đảng viên",
    "Từ ngày",
    "Ngày chính thức",
    "Điện thoại",
    "Điện thoại thông minh",
    "Chức vụ",
    "Giữ chức vụ từ",
)
OFFICIAL, PROBATIONARY = "Chính thức", "Dự bị"
ARRIVED, AWAY = "Sinh hoạt tạm thời đến", "Sinh hoạt tạm thời đi"
EXEMPT, SUSPENDED = "Miễn công tác và sinh hoạt", "Đình chỉ sinh hoạt"
# Name, born, category, in it since, official since (empty: not yet), smartphone, mandate.
PEOPLE = (
    ("Lê Thị Mẫu Hoa", "12/03/1968", OFFICIAL, "03/02/1994", "03/02/1994", True, "Bí thư"),
    ("Nguyễn Văn Mẫu An", "25/08/1975", OFFICIAL, "19/05/2001", "19/05/2001", True, "Phó bí thư"),
    ("Trần Thị Mẫu Bình", "02/11/1980", OFFICIAL, "07/11/2006", "07/11/2006", True, "Chi ủy viên"),
    ("Hoàng Văn Mẫu Chung", "14/06/1959", OFFICIAL, "03/02/1985", "03/02/1985", False, ""),
    ("Phạm Thị Mẫu Cúc", "30/01/1963", OFFICIAL, "19/08/1990", "19/08/1990", False, ""),
    ("Vũ Văn Mẫu Dũng", "09/09/1972", OFFICIAL, "02/09/1998", "02/09/1998", True, ""),
    ("Đặng Thị Mẫu Duyên", "17/04/1985", OFFICIAL, "19/05/2011", "19/05/2011", True, ""),
    ("Bùi Văn Mẫu Đạt", "21/12/1990", OFFICIAL, "03/02/2017", "03/02/2017", True, ""),
    ("Ngô Thị Mẫu Giang", "05/07/1978", OFFICIAL, "07/11/2004", "07/11/2004", True, ""),
    ("Đỗ Văn Mẫu Hải", "28/02/1966", OFFICIAL, "22/12/1992", "22/12/1992", True, ""),
    ("Dương Thị Mẫu Hạnh", "11/10/1983", OFFICIAL, "08/03/2010", "08/03/2010", True, ""),
    ("Lý Văn Mẫu Khánh", "16/05/1988", OFFICIAL, "26/03/2015", "26/03/2015", True, ""),
    ("Mai Thị Mẫu Lan", "23/03/1970", OFFICIAL, "19/05/1997", "19/05/1997", True, ""),
    ("Hồ Văn Mẫu Long", "07/01/1993", OFFICIAL, "03/02/2020", "03/02/2020", True, ""),
    ("Phan Thị Mẫu Mai", "19/06/1986", OFFICIAL, "02/09/2013", "02/09/2013", True, ""),
    ("Võ Văn Mẫu Nam", "31/08/1979", OFFICIAL, "22/12/2005", "22/12/2005", True, ""),
    ("Trương Thị Mẫu Nga", "15/02/1961", OFFICIAL, "03/02/1988", "03/02/1988", False, ""),
    ("Đinh Văn Mẫu Phúc", "26/11/1995", OFFICIAL, "19/05/2022", "19/05/2022", True, ""),
    ("Lương Thị Mẫu Quế", "04/04/1982", OFFICIAL, "08/03/2009", "08/03/2009", True, ""),
    ("Tạ Văn Mẫu Sơn", "13/09/2001", PROBATIONARY, "19/05/2026", "", True, ""),
    ("Cao Thị Mẫu Thảo", "22/07/2003", PROBATIONARY, "02/09/2026", "", True, ""),
    ("Hà Văn Mẫu Thành", "10/10/1991", ARRIVED, "01/07/2026", "03/02/2019", True, ""),
    ("Châu Văn Mẫu Thịnh", "18/12/1996", AWAY, "15/08/2026", "26/03/2023", True, ""),
    ("Kiều Thị Mẫu Thu", "27/05/1994", AWAY, "01/09/2026", "19/05/2021", True, ""),
    ("Quách Văn Mẫu Tín", "20/01/1941", EXEMPT, "01/01/2020", "03/02/1967", False, ""),
    ("Tô Thị Mẫu Tuyết", "08/08/1944", EXEMPT, "01/01/2022", "19/05/1971", False, ""),
    ("Lâm Văn Mẫu Uy", "29/10/1939", EXEMPT, "01/01/2018", "02/09/1965", False, ""),
    ("Triệu Văn Mẫu Vinh", "06/06/1987", SUSPENDED, "15/10/2026", "22/12/2014", True, ""),
)
MANDATE_SINCE = "10/03/2025"
_STAMP = datetime(2026, 1, 1)  # noqa: DTZ001  a file property, not a moment of the domain


def rows() -> Iterator[list[object]]:
    """The table, headings first; days as dates, cards and telephone numbers as text."""
    yield list(HEADINGS)
    for number, (name, born, category, since, official, smartphone, role) in enumerate(PEOPLE, start=1):
        yield [
            number,
            name,
            _day(born),
            f"99{number:06d}",
            CELL,
            category,
            _day(since),
            _day(official),
            f"0100000{number:03d}",
            "Có" if smartphone else "Không",
            role,
            _day(MANDATE_SINCE) if role else None,
        ]


def workbook() -> bytes:
    """The .xlsx file; the same bytes every time."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Danh sách"
    for row in rows():
        sheet.append(row)
    for number, cells in enumerate(sheet.iter_cols(), start=1):
        cells[0].font = Font(bold=True)
        width = max(len(str(cell.value or "")) for cell in cells)
        sheet.column_dimensions[get_column_letter(number)].width = max(10, min(40, width + 2))
        for cell in cells[1:]:
            cell.number_format = "dd/mm/yyyy" if isinstance(cell.value, date) else "@"
    sheet.freeze_panes = "C2"
    book.properties.creator = "chibo"
    book.properties.created = _STAMP
    out = io.BytesIO()
    book.save(out)
    return _settled(out.getvalue())


def _settled(data: bytes) -> bytes:
    """The same parts with one time stamp, in one order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2026-01-01T00:00:00Z", old.read(name))
            info = zipfile.ZipInfo(name, _STAMP.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, part)
    return out.getvalue()


def _day(text: str) -> date | None:
    if not text:
        return None
    day, month, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def main() -> None:
    """Write the file."""
    Path(__file__).with_name("roster.xlsx").write_bytes(workbook())


if __name__ == "__main__":
    main()
