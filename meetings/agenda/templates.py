"""Agenda templates per kind of cell (domain.md 1.4-1.6; 42-HD/BTCTW of 28/10/2025).

The order of steps is the instrument's; the minutes are a project default, since no source gives any.
"""

from __future__ import annotations

from dataclasses import dataclass

from meetings.committees.rules import CellType
from meetings.convening.rules import Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of a template: what, and for how many minutes."""

    title: str
    minutes: int


# What the three content parts are about in each kind of cell.
_WORK = {
    CellType.RESIDENTIAL: "nhiệm vụ chính trị ở thôn, tổ dân phố",
    CellType.AGENCY: "nhiệm vụ chuyên môn của cơ quan",
    CellType.PUBLIC_SERVICE: "nhiệm vụ chuyên môn của đơn vị",
    CellType.ENTERPRISE: "sản xuất, kinh doanh của doanh nghiệp",
    CellType.STUDENTS: "học tập, rèn luyện của học sinh, sinh viên",
    CellType.ARMED_FORCES: "nhiệm vụ quân sự, quốc phòng, an ninh của đơn vị",
}

_OPENING = (
    "Tuyên bố lý do, giới thiệu đại biểu, cử thư ký, điểm danh, tình hình đảng phí, thông qua chương trình"
)
_CLOSING = "Chấm điểm buổi sinh hoạt, thông qua biên bản, bế mạc"
_CONCLUSION = "Kết luận, biểu quyết thông qua nghị quyết (nếu có), phân công nhiệm vụ"


def template(cell: CellType, kind: Kind) -> tuple[Line, ...]:
    """The usual lines: 90 minutes for a regular sitting, 120 with a thematic part, shorter ones as needed."""
    if kind is Kind.REGULAR_WITH_THEMATIC:
        *head, conclusion, closing = _regular(cell)
        return (*head, _line("Sinh hoạt chuyên đề: trình bày và thảo luận", 30), conclusion, closing)
    return _OTHERS.get(kind) or _regular(cell)


def _regular(cell: CellType) -> tuple[Line, ...]:
    work = _WORK[cell]
    return (
        _line(_OPENING, 5),
        _line("Thời sự, văn bản mới, tình hình tư tưởng đảng viên", 10),
        _line(f"Đánh giá kết quả tháng qua và phương hướng tháng tới: {work}", 15),
        _line("Thảo luận", 30),
        _line("Tự phê bình và phê bình", 15),
        _line(_CONCLUSION, 10),
        _line(_CLOSING, 5),
    )


def _line(title: str, minutes: int) -> Line:
    return Line(title=title, minutes=minutes)


_OTHERS = {
    Kind.THEMATIC: (
        _line(_OPENING, 5),
        _line("Trình bày chuyên đề", 30),
        _line("Thảo luận, liên hệ trách nhiệm", 40),
        _line("Kết luận, phân công thực hiện", 10),
        _line(_CLOSING, 5),
    ),
    Kind.EXTRAORDINARY: (
        _line(_OPENING, 5),
        _line("Nội dung cần bàn", 30),
        _line(_CONCLUSION, 10),
        _line("Thông qua biên bản, bế mạc", 5),
    ),
    Kind.COMMITTEE: (
        _line("Kiểm điểm việc thực hiện nghị quyết tháng trước", 15),
        _line("Chuẩn bị nội dung sinh hoạt chi bộ", 30),
        _line("Kết luận, phân công", 15),
    ),
    Kind.ONLINE_SESSION: (
        _line("Nêu rõ tính chất bổ trợ của buổi sinh hoạt, giới thiệu chương trình", 5),
        _line("Thông tin thời sự, văn bản mới", 15),
        _line("Trao đổi, lấy ý kiến", 30),
        _line("Tổng hợp ý kiến, đọc lại biên bản", 10),
    ),
}
