"""The attendance list: hall, phone and absent in tables of their own, never added up (rules.md 1.3). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.convening.rules import Mode
from meetings.minutes.blocks import (
    Block,
    Heading,
    Notice,
    Signatories,
    Signatory,
    Table,
    Title,
    labelled,
    plain,
)
from meetings.minutes.furniture import capitals, notices, subject
from meetings.minutes.papers.records import AttendanceList
from meetings.minutes.people import list_of_those_present
from meetings.minutes.records import Absentee
from meetings.minutes.seating import CHAIR_FIELD, RECORDER_FIELD

DRAFT = "Biên bản của buổi này chưa được chốt; danh sách có thể còn thay đổi."


def blocks(found: AttendanceList) -> Iterator[Block]:
    """From the title to both signatures."""
    sitting, seen = found.sitting, found.attendance
    what = subject(sitting.kind, sitting.standing, sitting.month, sitting.opened.day)
    yield Title(name="DANH SÁCH ĐIỂM DANH", subject=what)
    yield from notices(sitting)
    if not found.minutes:
        yield Notice(DRAFT)
    yield labelled(
        "Thời gian:", f"{sitting.opened.time} đến {sitting.closed.time}, ngày {sitting.opened.day}."
    )
    yield labelled("Địa điểm:", f"{sitting.place}.")
    yield from _numbers(found)
    yield from list_of_those_present(seen, sitting.mode)
    yield from _absent(seen.absent, online=sitting.mode is Mode.ONLINE)
    yield plain("Danh sách lập theo biên bản của buổi họp.")
    yield Signatories(
        (
            Signatory(powers="", position="THƯ KÝ", name=found.recorder.name, field=RECORDER_FIELD),
            Signatory(
                powers=found.paper.authority,
                position=capitals(found.chair.position),
                name=found.chair.name,
                field=CHAIR_FIELD,
            ),
        )
    )


def _numbers(found: AttendanceList) -> Iterator[Block]:
    seen = found.attendance
    if found.sitting.mode is Mode.ONLINE:
        yield labelled("Tham dự trực tuyến:", f"{len(seen.by_phone)} đồng chí.")
        return
    yield labelled("Có mặt tại hội trường:", f"{len(seen.hall)} đồng chí.")
    if found.sitting.mode is Mode.HYBRID:
        yield labelled("Dự qua điện thoại (bổ trợ), không tính có mặt:", f"{len(seen.by_phone)} đồng chí.")
    yield labelled("Vắng mặt:", f"{len(seen.absent)} đồng chí.")


def _absent(absent: tuple[Absentee, ...], *, online: bool) -> Iterator[Block]:
    if not absent:
        return
    caption = "Danh sách không tham dự" if online else "Danh sách vắng mặt"
    yield Heading(caption)
    rows = tuple(
        (
            str(number),
            one.name,
            "có lý do" if one.excused else "không có lý do",
            "; ".join(part for part in (one.reason, "dự qua điện thoại" if one.by_phone else "") if part),
        )
        for number, one in enumerate(absent, 1)
    )
    head = ("TT", "Họ và tên", "Lý do", "Ghi chú")
    yield Table(caption=caption, head=head, rows=rows, widths=(8, 40, 22, 30), numbers=(0,))
