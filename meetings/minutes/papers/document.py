"""From the facts of any paper to its content, in Vietnamese. Pure: no fonts, no sizes, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import assert_never

from meetings.convening.rules import Standing
from meetings.minutes.blocks import Block, Check, Document, Sheets
from meetings.minutes.facts import verification_code
from meetings.minutes.furniture import DEMONSTRATION_PAPER, PRACTICE_WATERMARK, header
from meetings.minutes.papers import (
    addendum,
    attendance_list,
    ballots,
    convocation,
    counting,
    excerpt,
    resolution,
)
from meetings.minutes.papers.facts import check, to_bytes
from meetings.minutes.papers.records import (
    Addendum,
    AnyPaper,
    AttendanceList,
    Ballots,
    Convocation,
    Counting,
    Excerpt,
    Resolution,
)

ATTACHMENT = "van-ban.json"


def compose(paper: AnyPaper) -> Document:
    """The whole paper. Raises ContradictoryFacts, VerdictInSupplement for facts that may not be printed."""
    check(paper)
    match paper:
        case Ballots():
            return _document(
                paper, "Phiếu", [ballots.slips(paper)], footer=ballots.footer(paper), sheets=Sheets.CUT
            )
        case Convocation():
            return _document(
                paper, "Giấy mời", convocation.blocks(paper, [_head(paper)]), sheets=Sheets.LOOSE
            )
        case Counting():
            return _checked(paper, "biên bản kiểm phiếu", counting.blocks(paper))
        case Resolution():
            return _checked(paper, "nghị quyết", resolution.blocks(paper))
        case Excerpt():
            return _checked(paper, "trích biên bản", excerpt.blocks(paper))
        case AttendanceList():
            return _checked(paper, "danh sách", attendance_list.blocks(paper))
        case Addendum():
            return _checked(paper, "phụ lục", addendum.blocks(paper))
        case _:
            assert_never(paper)


def _checked(paper: AnyPaper, what: str, content: Iterable[Block]) -> Document:
    return _document(paper, what.capitalize(), [_head(paper), *content, _check(paper, what)])


def _head(paper: AnyPaper) -> Block:
    return header(paper.paper.organisation, paper.paper.day, paper.paper.number)


def _document(
    paper: AnyPaper, title: str, blocks: Iterable[Block], *, footer: str = "", sheets: Sheets = Sheets.BOUND
) -> Document:
    base = paper.paper
    lines = (footer, DEMONSTRATION_PAPER if base.demonstration_clock else "")
    return Document(
        title=title,
        author=base.organisation.cell,
        blocks=tuple(blocks),
        watermark=PRACTICE_WATERMARK if base.standing is Standing.NONE else "",
        footer=" ".join(line for line in lines if line),
        sheets=sheets,
    )


def _check(paper: AnyPaper, what: str) -> Check:
    hash_hex, head = sha256(to_bytes(paper)).hexdigest(), paper.paper.ledger
    code = verification_code(hash_hex)
    return Check(
        code=code,
        hash=hash_hex,
        head=f"{head.seq}:{head.hash[:16]}" if head else "–",
        payload=f"CHIBO:V1:{code}:{hash_hex}:{head.seq if head else 0}".upper(),
        paper=what,
        attachment=ATTACHMENT,
    )
