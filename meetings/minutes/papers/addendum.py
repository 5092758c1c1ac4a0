"""A signed addendum to approved minutes: what is to be read instead of which words, why, and who found it. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.minutes.blocks import (
    Block,
    Closing,
    Heading,
    Paragraph,
    Run,
    Signatory,
    Table,
    Title,
    Weight,
    labelled,
    plain,
)
from meetings.minutes.facts import verification_code
from meetings.minutes.furniture import capitals, notices, subject
from meetings.minutes.papers.corrections import WHOLE, Correction, Stated
from meetings.minutes.papers.records import Addendum

UNCHANGED = (
    "Biên bản gốc giữ nguyên và được đọc cùng phụ lục này. Giờ họp, điểm danh, số có mặt, kết quả biểu quyết, nghị"
    " quyết và việc tính buổi họp trong biên bản gốc không thay đổi vì phụ lục này; điểm danh chỉ sửa bằng đính chính"
    " điểm danh."
)
ONLY_REMARKED = "Ghi chú để người đọc biết, không thay đổi số liệu."
PARTS = {
    Stated.OPENING: "Thời gian, địa điểm, thành phần",
    Stated.ATTENDANCE: "Điểm danh",
    Stated.VOTES: "Biểu quyết, kết quả",
    Stated.WORK: "Việc giao, đề nghị, bảo lưu",
}
_NOTHING = "(chưa ghi gì)"
_LEFT_OUT = "(bỏ, không ghi gì)"


def blocks(addendum: Addendum) -> Iterator[Block]:
    """From the title to both signatures."""
    sitting = addendum.sitting
    what = subject(sitting.kind, sitting.standing, sitting.month, sitting.opened.day)
    yield Title(name="PHỤ LỤC BIÊN BẢN", subject=what)
    yield from notices(sitting)
    yield _source(addendum)
    yield from content(addendum)
    recorder = Signatory(powers="", position="THƯ KÝ", name=addendum.recorder.name)
    chair = Signatory(
        powers=addendum.paper.authority, position=capitals(addendum.chair.position), name=addendum.chair.name
    )
    yield Closing(recorder=recorder, chair=chair, recipients=("Lưu chi bộ, cùng biên bản gốc",))


def content(addendum: Addendum) -> Iterator[Block]:
    """What is corrected and why, as it also stands beside the minutes on screens."""
    if addendum.corrections:
        yield Heading("Lời ghi được đính chính")
    for one in addendum.corrections:
        yield from _corrected(one)
    if addendum.remarks:
        yield Heading("Ghi chú về phần lấy từ sổ ghi")
        yield plain(ONLY_REMARKED)
    for remark in addendum.remarks:
        yield from _said(f"{PARTS[remark.part]}:", remark.text)
    yield from _said("Lý do đính chính:", addendum.reason)
    yield labelled("Người phát hiện:", f"{addendum.found_by}.")
    yield plain(UNCHANGED)


def _corrected(one: Correction) -> Iterator[Block]:
    if one.position == WHOLE:
        yield Paragraph((Run("Ghi chung cho cả buổi", Weight.BOLD),))
    else:
        yield labelled(f"Nội dung thứ {one.position}:", one.title)
    yield from _said("Đã ghi:", one.was or _NOTHING)
    yield from _said("Nay đọc là:", one.now or _LEFT_OUT)


def _said(label: str, words: str) -> Iterator[Block]:
    """Line by line as it was written."""
    first, *others = [line for line in words.split("\n") if line.strip()] or [""]
    yield labelled(label, first)
    yield from map(plain, others)


def _source(addendum: Addendum) -> Table:
    """Which minutes these are, to the last bit."""
    fixed, number = addendum.sitting.fixed, addendum.minutes_number
    rows = (
        *([("Số", number)] if number else []),
        *([("Chốt lúc", f"{fixed.time} ngày {fixed.day}")] if fixed else []),
        ("Mã kiểm tra", verification_code(addendum.minutes)),
        ("Mã băm dữ liệu (SHA-256)", addendum.minutes),
        ("Mã băm tệp khi lập phụ lục (SHA-256)", addendum.file),
    )
    caption = "Biên bản gốc"
    return Table(caption=caption, head=(caption, "Dấu hiệu nhận ra"), rows=rows, widths=(36, 64))
