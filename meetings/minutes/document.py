"""From facts to the paper of domain.md 4.1 and 4.4, in Vietnamese. Pure: no fonts, no sizes, no clock.

Every sentence on times, people, votes and resolutions is made from the facts; the recorder's own
words stand under
"Diễn biến" only. Wording of notices: rules.md 6.
"""

from __future__ import annotations

from collections.abc import Iterator

from meetings.convening.rules import Kind, Mode
from meetings.kernel.months import Month
from meetings.minutes.blocks import (
    Block,
    Check,
    Closing,
    Document,
    Header,
    Heading,
    Notice,
    Paragraph,
    Run,
    Signatory,
    Table,
    Title,
    Weight,
    labelled,
    plain,
)
from meetings.minutes.facts import check, minutes_hash, verification_code
from meetings.minutes.people import attendance_blocks, list_of_those_present
from meetings.minutes.proceedings import item_blocks
from meetings.minutes.records import Minutes, MinutesFacts

PRACTICE_WATERMARK = "BUỔI TẬP"
PRACTICE_NOTICE = (
    "BUỔI TẬP. Biên bản này để tập làm, không có giá trị và không được tính vào bất kỳ số liệu nào."
)
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
_MODES = {
    Mode.IN_PERSON: "trực tiếp",
    Mode.HYBRID: "trực tiếp tại hội trường; có đồng chí dự qua điện thoại (bổ trợ)",
    Mode.ONLINE: "trực tuyến",
}


def compose(minutes: Minutes) -> Document:
    """The whole paper. Raises ContradictoryFacts or VerdictInSupplement for facts that may not be printed."""
    check(minutes)
    facts = minutes.facts
    title = Title(name="BIÊN BẢN", subject=_subject(facts))
    blocks = (
        _header(facts),
        title,
        *_notices(facts),
        *_opening(facts),
        *attendance_blocks(facts),
        *_proceedings(minutes),
        *_tasks(facts),
        *_ending(facts),
        _closing(facts),
        _check(minutes),
        *list_of_those_present(facts),
    )
    return Document(
        title=f"Biên bản {title.subject}",
        author=facts.organisation.cell,
        blocks=blocks,
        watermark=PRACTICE_WATERMARK if facts.practice else "",
        footer=DEMONSTRATION if facts.demonstration_clock else "",
    )


def _header(facts: MinutesFacts) -> Header:
    where, day = facts.organisation, facts.sitting.closed.day
    dd, mm, year = day.split("/")
    month = mm if int(mm) <= 2 else str(int(mm))
    return Header(
        superior=where.superior.upper(),
        organisation=where.cell.upper(),
        number=f"Số {facts.layout.number}" if facts.layout.number else "",
        dateline=f"{where.locality}, ngày {dd} tháng {month} năm {year}",
    )


def _subject(facts: MinutesFacts) -> str:
    sitting = facts.sitting
    if facts.supplement:
        return f"buổi sinh hoạt bổ trợ trực tuyến ngày {sitting.opened.day}"
    if sitting.kind in {Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC}:
        month = Month.parse(sitting.month)
        return f"{_KINDS[sitting.kind]} tháng {month.number:02d} năm {month.year}"
    return f"{_KINDS[sitting.kind]} ngày {sitting.opened.day}"


def _notices(facts: MinutesFacts) -> Iterator[Block]:
    sitting = facts.sitting
    month = Month.parse(sitting.month).spoken()
    if facts.practice:
        yield Notice(PRACTICE_NOTICE)
    if facts.supplement:
        yield Notice(
            "BUỔI BỔ TRỢ. Buổi sinh hoạt này trên phần mềm chỉ có tính chất bổ trợ, không thay thế "
            "sinh hoạt chi bộ "
            f"định kỳ (thường kỳ) và không được tính là buổi sinh hoạt thường kỳ tháng {month}."
        )
        link = sitting.supplements
        yield plain(
            f"Bổ trợ cho buổi thường kỳ ngày {link.day}." if link else "Không gắn với buổi thường kỳ nào."
        )
    if sitting.entered_late_on:
        yield Notice(f"Buổi họp ghi trên giấy, nhập sau, ngày {sitting.entered_late_on}.")


def _opening(facts: MinutesFacts) -> Iterator[Block]:
    sitting = facts.sitting
    yield Heading("I. Thời gian, địa điểm, thành phần")
    start = f"bắt đầu {sitting.opened.time} ngày {sitting.opened.day}"
    end = f"kết thúc {sitting.closed.time} ngày {sitting.closed.day}"
    yield labelled("Thời gian:", f"{start}; {end} ({sitting.minutes} phút).")
    yield labelled("Địa điểm:", f"{sitting.place}.")
    yield labelled("Hình thức:", f"{_MODES[sitting.mode]}.")
    yield labelled("Chủ trì:", _named(facts.chair.name, facts.chair.position))
    yield labelled("Thư ký:", _named(facts.recorder.name, facts.recorder.position))
    guests = "; ".join(f"{guest.name}, {guest.title}" for guest in facts.guests)
    yield labelled("Khách mời:", f"{guests}." if guests else "không có.")


def _named(name: str, position: str) -> str:
    return f"đồng chí {name}, {position}." if position else f"đồng chí {name}."


def _proceedings(minutes: Minutes) -> Iterator[Block]:
    facts = minutes.facts
    yield Heading("III. Nội dung và diễn biến")
    if facts.fees:
        yield labelled("Tình hình nộp đảng phí:", f"đã nộp {facts.fees.part}/{facts.fees.whole} đồng chí.")
    for number, item in enumerate(facts.items, 1):
        yield from item_blocks(number, item, minutes.texts.get(item.id, ""), facts.supplement)


def _tasks(facts: MinutesFacts) -> Iterator[Block]:
    if facts.tasks:
        rows = tuple((str(n), task.title, task.assignee, task.due) for n, task in enumerate(facts.tasks, 1))
        yield Heading("IV. Phân công nhiệm vụ")
        head = ("TT", "Nhiệm vụ", "Người thực hiện", "Thời hạn")
        yield Table(caption="Phân công nhiệm vụ", head=head, rows=rows, widths=(8, 46, 27, 19))


def _ending(facts: MinutesFacts) -> Iterator[Block]:
    sitting = facts.sitting
    if sitting.approved and facts.supplement:
        yield plain(f"Thư ký đã đọc lại biên bản trước buổi sinh hoạt lúc {sitting.approved.time}.")
    elif sitting.approved:
        yield plain(
            f"Thư ký đã đọc lại biên bản; chi bộ nhất trí thông qua biên bản lúc {sitting.approved.time}."
        )
    yield Paragraph(
        (Run(f"Buổi sinh hoạt kết thúc lúc {sitting.closed.time} ngày {sitting.closed.day}.", Weight.ITALIC),)
    )


def _closing(facts: MinutesFacts) -> Closing:
    position = facts.chair.position.removesuffix(" chi bộ").upper() or "CHỦ TRÌ"
    return Closing(
        recorder=Signatory(powers="", position="THƯ KÝ", name=facts.recorder.name),
        chair=Signatory(powers=facts.layout.authority, position=position, name=facts.chair.name),
        recipients=(*facts.layout.recipients, "Lưu chi bộ"),
    )


def _check(minutes: Minutes) -> Check:
    hash_hex, head, mark = minutes_hash(minutes), minutes.facts.head, minutes.facts.mark
    code = verification_code(hash_hex)
    return Check(
        code=code,
        hash=hash_hex,
        head=f"{head.seq}:{head.hash[:16]}",
        payload=f"CHIBO:1:{code}:{hash_hex}:{head.seq}{f':{mark.size}' if mark else ''}".upper(),
        mark=f"{mark.origin} · {mark.size} · {mark.root}" if mark else "",
    )
