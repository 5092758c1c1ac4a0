"""A resolution of the cell: opening with all counts, its words, the vote, recipients (domain.md 4.2). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from meetings.convening.rules import Mode
from meetings.kernel.text import percent_text
from meetings.minutes.blocks import Block, Ending, Heading, Signatory, Title, labelled, plain
from meetings.minutes.furniture import capitals, notices, subject
from meetings.minutes.papers.records import Resolution
from meetings.minutes.people import counted_by_category
from meetings.minutes.records import Tally

_PART = re.compile(r"[IVX]{1,5}\. ")


def blocks(resolution: Resolution) -> Iterator[Block]:
    """From the title to recipients and signature."""
    sitting = resolution.sitting
    what = subject(sitting.kind, sitting.standing, sitting.month, sitting.opened.day)
    yield Title(name="NGHỊ QUYẾT", subject=what)
    yield from notices(sitting)
    yield plain(_opening(resolution))
    for text in resolution.text.split("\n"):
        if text.strip():
            yield Heading(text) if _PART.match(text) else plain(text)
    yield labelled("Biểu quyết:", _vote(resolution))
    signer = resolution.paper.signer
    yield Ending(
        signatory=Signatory(
            powers=resolution.paper.authority, position=capitals(signer.position), name=signer.name
        ),
        recipients=(*resolution.recipients, "Lưu chi bộ"),
    )


def _opening(resolution: Resolution) -> str:
    sitting, seen = resolution.sitting, resolution.attendance
    roll = counted_by_category(seen.roll)
    hall = f"có mặt tại hội trường {len(seen.hall)} đồng chí, vắng {_absent(resolution)}"
    phone = (
        f"; {len(seen.by_phone)} đồng chí trong số vắng dự qua điện thoại (bổ trợ), không tính có mặt"
        if sitting.mode is Mode.HYBRID and seen.by_phone
        else ""
    )
    chair, recorder = resolution.chair.name, resolution.recorder.name
    fees = resolution.fees
    paid = f" Đảng phí: đã nộp {fees.part}/{fees.whole} đồng chí." if fees else ""
    return (
        f"Ngày {sitting.opened.day}, tại {sitting.place}, {resolution.paper.organisation.cell} họp từ "
        f"{sitting.opened.time} đến {sitting.closed.time} ({sitting.minutes} phút), đồng chí {chair} chủ trì, đồng "
        f"chí {recorder} làm thư ký. Tổng số đảng viên: {roll} Trong đó {hall}{phone}.{paid}"
    )


def _absent(resolution: Resolution) -> str:
    absent = resolution.attendance.absent
    excused = sum(one.excused for one in absent)
    detail = f" (có lý do {excused}, không có lý do {len(absent) - excused})" if absent else ""
    return f"{len(absent)} đồng chí{detail}"


def _vote(resolution: Resolution) -> str:
    vote = resolution.vote
    counted, base = vote.counted or Tally(favour=0, against=0, abstain=0), vote.base or 0
    others = (
        ("không tán thành", counted.against),
        ("không có ý kiến", counted.abstain),
        ("vắng mặt", vote.absent or 0),
    )
    rest = "".join(f", {words} {number}" for words, number in others if number)
    return (
        f"chi bộ thông qua nghị quyết này bằng hình thức {vote.form}, {counted.favour}/{base} đồng chí tán thành, đạt "
        f"{percent_text(counted.favour, base)} số đảng viên làm căn cứ tính{rest}."
    )
