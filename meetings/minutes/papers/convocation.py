"""Letters that call people to a sitting, a page for each. Pure. Wording of notices: rules.md 6.1, 6.2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from meetings.convening.rules import Mode, Standing
from meetings.kernel.months import Month
from meetings.minutes.blocks import (
    Block,
    Ending,
    NewPage,
    Notice,
    Paragraph,
    Run,
    Signatory,
    Title,
    Weight,
    labelled,
    plain,
)
from meetings.minutes.furniture import PRACTICE_PAPER, capitals
from meetings.minutes.papers.records import Convocation
from meetings.notices.wording import SUPPLEMENT_ALONE, SUPPLEMENT_LINK, hybrid_notice, supplement_notice

_ABSENT = "Đồng chí nào vắng, xin báo lý do trước với bí thư chi bộ."


def blocks(call: Convocation, head: Sequence[Block]) -> Iterator[Block]:
    """`head` opens every letter anew."""
    for number, name in enumerate(call.people):
        if number:
            yield NewPage()
        yield from head
        yield from _letter(call, name)


def _letter(call: Convocation, name: str) -> Iterator[Block]:
    yield Title(name="GIẤY MỜI", subject=f"dự {call.title}")
    if call.paper.standing is Standing.NONE:
        yield Notice(PRACTICE_PAPER)
    if call.paper.standing is Standing.SUPPLEMENT:
        yield Notice(supplement_notice(Month.parse(call.month)))
        link = call.supplements_on
        yield plain(SUPPLEMENT_LINK.format(day=link) if link else SUPPLEMENT_ALONE)
    yield Paragraph((Run("Kính gửi: đồng chí "), Run(name, Weight.BOLD)))
    yield plain(f"{call.paper.organisation.cell} kính mời đồng chí dự {call.title}.")
    yield labelled("Thời gian:", f"{call.when}.")
    yield labelled("Địa điểm:", f"{call.place}.")
    if call.agenda:
        yield labelled("Nội dung:", "")
        yield from (plain(f"{number}. {title}") for number, title in enumerate(call.agenda, 1))
    yield plain(hybrid_notice(call.place) if call.mode is Mode.HYBRID else _ABSENT)
    signer = call.paper.signer
    yield Ending(
        signatory=Signatory(
            powers=call.paper.authority, position=capitals(signer.position), name=signer.name
        ),
        recipients=("Như trên", "Lưu chi bộ"),
    )
