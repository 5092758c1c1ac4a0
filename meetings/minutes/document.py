"""From facts to the paper of domain.md 4.1 and 4.4, in Vietnamese. Pure: no fonts, no sizes, no clock.

Every sentence on times, people, votes and resolutions is made from the facts; the recorder's own
words stand under
"Diễn biến" only. Wording of notices: rules.md 6.
"""

from __future__ import annotations

from collections.abc import Iterator

from meetings.convening.rules import Mode
from meetings.minutes.blocks import (
    Block,
    Check,
    Closing,
    Document,
    Heading,
    Paragraph,
    Run,
    Signatory,
    Title,
    Weight,
    labelled,
    plain,
)
from meetings.minutes.facts import check, minutes_hash, verification_code
from meetings.minutes.furniture import (
    DEMONSTRATION,
    PRACTICE_WATERMARK,
    capitals,
    header,
    named,
    notices,
    subject,
)
from meetings.minutes.later_parts import later_blocks
from meetings.minutes.people import attendance_blocks, list_of_those_present
from meetings.minutes.proceedings import item_blocks
from meetings.minutes.records import Minutes, MinutesFacts

_MODES = {
    Mode.IN_PERSON: "trực tiếp",
    Mode.HYBRID: "trực tiếp tại hội trường; có đồng chí dự qua điện thoại (bổ trợ)",
    Mode.ONLINE: "trực tuyến",
}


def compose(minutes: Minutes) -> Document:
    """The whole paper. Raises ContradictoryFacts or VerdictInSupplement for facts that may not be printed."""
    check(minutes)
    facts = minutes.facts
    sitting = facts.sitting
    what = subject(sitting.kind, sitting.standing, sitting.month, sitting.opened.day)
    blocks = (
        header(facts.organisation, sitting.closed.day, facts.layout.number),
        Title(name="BIÊN BẢN", subject=what),
        *notices(sitting),
        *_opening(facts),
        *attendance_blocks(facts),
        *_proceedings(minutes),
        *later_blocks(facts),
        *_ending(facts),
        _closing(facts),
        _check(minutes),
        *list_of_those_present(facts.attendance, sitting.mode),
    )
    return Document(
        title=f"Biên bản {what}",
        author=facts.organisation.cell,
        blocks=blocks,
        watermark=PRACTICE_WATERMARK if facts.practice else "",
        footer=DEMONSTRATION if facts.demonstration_clock else "",
    )


def _opening(facts: MinutesFacts) -> Iterator[Block]:
    sitting = facts.sitting
    yield Heading("I. Thời gian, địa điểm, thành phần")
    start = f"bắt đầu {sitting.opened.time} ngày {sitting.opened.day}"
    end = f"kết thúc {sitting.closed.time} ngày {sitting.closed.day}"
    yield labelled("Thời gian:", f"{start}; {end} ({sitting.minutes} phút).")
    yield labelled("Địa điểm:", f"{sitting.place}.")
    yield labelled("Hình thức:", f"{_MODES[sitting.mode]}.")
    yield labelled("Chủ trì:", named(facts.chair.name, facts.chair.position))
    yield labelled("Thư ký:", named(facts.recorder.name, facts.recorder.position))
    guests = "; ".join(f"{guest.name}, {guest.title}" for guest in facts.guests)
    yield labelled("Khách mời:", f"{guests}." if guests else "không có.")


def _proceedings(minutes: Minutes) -> Iterator[Block]:
    facts = minutes.facts
    yield Heading("III. Nội dung và diễn biến")
    if facts.fees:
        yield labelled("Tình hình nộp đảng phí:", f"đã nộp {facts.fees.part}/{facts.fees.whole} đồng chí.")
    for number, item in enumerate(facts.items, 1):
        yield from item_blocks(number, item, minutes.texts.get(item.id, ""), facts.supplement)


def _ending(facts: MinutesFacts) -> Iterator[Block]:
    sitting = facts.sitting
    if sitting.approved is None:
        yield plain("Chưa ghi giờ đọc lại biên bản trong buổi sinh hoạt.")
    elif facts.supplement:
        yield plain(f"Thư ký đã đọc lại biên bản trước buổi sinh hoạt lúc {sitting.approved.time}.")
    else:
        yield plain(
            f"Thư ký đã đọc lại biên bản; chi bộ nhất trí thông qua biên bản lúc {sitting.approved.time}."
        )
    yield Paragraph(
        (Run(f"Buổi sinh hoạt kết thúc lúc {sitting.closed.time} ngày {sitting.closed.day}.", Weight.ITALIC),)
    )
    if sitting.fixed is not None:
        yield plain(f"Bản in này được chốt lúc {sitting.fixed.time} ngày {sitting.fixed.day}.")


def _closing(facts: MinutesFacts) -> Closing:
    return Closing(
        recorder=Signatory(powers="", position="THƯ KÝ", name=facts.recorder.name),
        chair=Signatory(
            powers=facts.layout.authority, position=capitals(facts.chair.position), name=facts.chair.name
        ),
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
        address=minutes.facts.layout.verify_at,
        mark=f"{mark.origin} · {mark.size} · {mark.root}" if mark else "",
    )
