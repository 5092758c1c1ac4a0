"""What all papers of a cell have alike: head, subject, notices, names of officers. Pure (domain.md 4.1-4.4)."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.convening.rules import Kind, Standing
from meetings.kernel.months import Month
from meetings.minutes.blocks import Block, Header, Notice, plain
from meetings.minutes.records import Organisation, Sitting
from meetings.notices.wording import SUPPLEMENT_ALONE, SUPPLEMENT_LINK, supplement_notice

PRACTICE_WATERMARK = "BUỔI TẬP"
PRACTICE_NOTICE = (
    "BUỔI TẬP. Biên bản này để tập làm, không có giá trị và không được tính vào bất kỳ số liệu nào."
)
PRACTICE_PAPER = (
    "BUỔI TẬP. Văn bản này để tập làm, không có giá trị và không được tính vào bất kỳ số liệu nào."
)
DEMONSTRATION_PAPER = "Giờ trong văn bản lấy từ đồng hồ trình diễn, không phải giờ thật."
DEMONSTRATION = "Giờ trong biên bản lấy từ đồng hồ trình diễn, không phải giờ thật."
_KINDS = {
    Kind.REGULAR: "sinh hoạt chi bộ thường kỳ",
    Kind.REGULAR_WITH_THEMATIC: "sinh hoạt chi bộ thường kỳ kết hợp sinh hoạt chuyên đề",
    Kind.THEMATIC: "sinh hoạt chuyên đề",
    Kind.EXTRAORDINARY: "sinh hoạt chi bộ bất thường",
    Kind.COMMITTEE: "họp chi ủy",
    Kind.CONGRESS: "đại hội chi bộ",
    Kind.CEREMONY: "buổi lễ của chi bộ",
    Kind.ONLINE_SESSION: "buổi sinh hoạt trực tuyến",
    Kind.PRACTICE: "buổi tập sinh hoạt chi bộ",
}


def header(organisation: Organisation, day: str, number: str) -> Header:
    """The head of a paper of that day (24/11/2026); `number` as 05-NQ/CB, or empty."""
    dd, mm, year = day.split("/")
    month = mm if int(mm) <= 2 else str(int(mm))
    return Header(
        superior=organisation.superior.upper(),
        organisation=organisation.cell.upper(),
        number=f"Số {number}" if number else "",
        dateline=f"{organisation.locality}, ngày {dd} tháng {month} năm {year}",
    )


def subject(kind: Kind, standing: Standing, month: str, day: str) -> str:
    """What the paper is about: the sitting by its month (2026-11) or day (24/11/2026)."""
    if standing is Standing.SUPPLEMENT:
        return f"buổi sinh hoạt bổ trợ trực tuyến ngày {day}"
    if kind in {Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC}:
        whole = Month.parse(month)
        return f"{_KINDS[kind]} tháng {whole.number:02d} năm {whole.year}"
    return f"{_KINDS[kind]} ngày {day}"


def notices(sitting: Sitting) -> Iterator[Block]:
    """What nobody may miss: a rehearsal, a supplement (rules.md 6.1), a meeting entered afterwards."""
    if sitting.standing is Standing.NONE:
        yield Notice(PRACTICE_NOTICE)
    if sitting.standing is Standing.SUPPLEMENT:
        yield Notice(supplement_notice(Month.parse(sitting.month)))
        link = sitting.supplements
        yield plain(SUPPLEMENT_LINK.format(day=link.day) if link else SUPPLEMENT_ALONE)
    if sitting.entered_late_on:
        yield Notice(f"Buổi họp ghi trên giấy, nhập sau, ngày {sitting.entered_late_on}.")


def named(name: str, position: str) -> str:
    """Đồng chí A, Bí thư chi bộ."""
    return f"đồng chí {name}, {position}." if position else f"đồng chí {name}."


def capitals(position: str) -> str:
    """A position as it stands above a signature."""
    return position.removesuffix(" chi bộ").upper() or "CHỦ TRÌ"
