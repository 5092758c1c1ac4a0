"""One item of approved minutes, word for word as it stands there. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.convening.rules import Mode, Standing
from meetings.minutes.blocks import Block, Ending, Signatory, Title, labelled, plain
from meetings.minutes.facts import verification_code
from meetings.minutes.furniture import capitals, named, notices, subject
from meetings.minutes.papers.records import Excerpt
from meetings.minutes.proceedings import item_blocks


def blocks(excerpt: Excerpt) -> Iterator[Block]:
    """From the title to the signature under the excerpt."""
    sitting = excerpt.sitting
    supplement = sitting.standing is Standing.SUPPLEMENT
    yield Title(
        name="TRÍCH BIÊN BẢN",
        subject=subject(sitting.kind, sitting.standing, sitting.month, sitting.opened.day),
    )
    yield from notices(sitting)
    start = f"bắt đầu {sitting.opened.time} ngày {sitting.opened.day}"
    yield labelled("Thời gian:", f"{start}; kết thúc {sitting.closed.time} ngày {sitting.closed.day}.")
    yield labelled("Địa điểm:", f"{sitting.place}.")
    yield labelled("Chủ trì:", named(excerpt.chair.name, excerpt.chair.position))
    yield labelled("Thư ký:", named(excerpt.recorder.name, excerpt.recorder.position))
    label = "Tham dự trực tuyến:" if sitting.mode is Mode.ONLINE else "Có mặt tại hội trường:"
    yield labelled(label, f"{excerpt.there} đồng chí.")
    yield from item_blocks(excerpt.position, excerpt.item, excerpt.text, supplement)
    yield plain(f"Trích nguyên văn nội dung thứ {excerpt.position} của biên bản {_source(excerpt)}.")
    signer = excerpt.paper.signer
    yield Ending(
        signatory=Signatory(
            powers=excerpt.paper.authority, position=capitals(signer.position), name=signer.name
        ),
        recipients=("Lưu chi bộ",),
    )


def _source(excerpt: Excerpt) -> str:
    code = f"mã kiểm tra {verification_code(excerpt.minutes)}"
    fixed = excerpt.sitting.fixed
    return f"đã chốt lúc {fixed.time} ngày {fixed.day}, {code}" if fixed else code
