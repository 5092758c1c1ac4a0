"""Blocks to reportlab flowables. All text is escaped: a name with `<b>` or `&` is only a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, PageBreak, Spacer
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from meetings.minutes import styles
from meetings.minutes.blocks import (
    PARTY,
    Block,
    Check,
    Closing,
    Ending,
    Fill,
    Header,
    Heading,
    NewPage,
    Notice,
    Paragraph,
    Signatories,
    Table,
    Title,
)
from meetings.minutes.pages import Place, QrCode, RuledTitle, SigningRoom
from meetings.minutes.pieces import BARE, FRAMED, LINED, line, marked, recipients, signing
from meetings.minutes.seating import CHAIR_FIELD, RECORDER_FIELD, SIGNER_FIELD
from meetings.minutes.slips import slip_sheets

FIVE_HYPHENS = "-----"
_HEADED_TABLE = 45 * mm  # a heading, the heads of the columns and a row stay together
_ACROSS = 2  # people who sign beside each other: a signature by a key needs that room


def flowables(blocks: Sequence[Block], places: dict[str, Place]) -> list[Flowable]:
    """What reportlab lays out; `places` is filled with where each signature stands while it draws."""
    made: list[Flowable] = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        match block:
            case Closing():
                made += _closing(block, places)
            case Heading() if isinstance(following, Table):
                made += [CondPageBreak(_HEADED_TABLE), line(block.text, styles.TABLE_HEADING)]
            case Ending():
                made += [_with_last_words(made, _ending(block, places))]
            case Signatories():
                made += [_with_last_words(made, _signatories(block, places))]
            case Check() if made and isinstance(made[-1], Tail):
                made[-1] = Tail([*made[-1].parts, *_check_lines(block)])
            case _:
                made += _made(block)
    return made


class Tail(KeepTogether):  # type: ignore[misc]  # reportlab has no types
    """The end of a paper: the last words go onto the page of the signatures and the code."""

    def __init__(self, parts: list[Flowable]) -> None:
        super().__init__(parts)
        self.parts = parts


def _with_last_words(made: list[Flowable], signatures: list[Flowable]) -> Tail:
    words = [made.pop()] if made and isinstance(made[-1], Text) else []
    return Tail([*words, *signatures])


@singledispatch
def _made(block: object) -> list[Flowable]:
    raise TypeError(type(block).__name__)


@_made.register
def _header(block: Header) -> list[Flowable]:
    left = [line(block.superior, styles.CENTRED), line(block.organisation, styles.CENTRED_BOLD)]
    right = [RuledTitle(PARTY, styles.PARTY_SIZE)]
    number = line(block.number, styles.CENTRED)
    rows = [[[*left, line("*", styles.CENTRED)], right], [number, line(block.dateline, styles.DATELINE)]]
    grid = Grid(rows, colWidths=[styles.TEXT_WIDTH * 0.45, styles.TEXT_WIDTH * 0.55], style=BARE)
    return [grid, Spacer(0, 18)]


@_made.register
def _title(block: Title) -> list[Flowable]:
    lines = [
        line(block.name, styles.NAME),
        line(block.subject, styles.SUBJECT),
        line(FIVE_HYPHENS, styles.CENTRED),
    ]
    return [*lines, Spacer(0, 8)]


@_made.register
def _notice(block: Notice) -> list[Flowable]:
    grid = Grid([[line(block.text, styles.NOTICE)]], colWidths=[styles.TEXT_WIDTH], style=FRAMED)
    return [grid, Spacer(0, 8)]


@_made.register
def _heading(block: Heading) -> list[Flowable]:
    return [line(block.text, styles.HEADING)]


@_made.register
def _paragraph(block: Paragraph) -> list[Flowable]:
    text = "".join(marked(run) for run in block.runs)
    return [Text(f"- {text}", styles.LISTED) if block.listed else Text(text, styles.BODY)]


@_made.register
def _table(block: Table) -> list[Flowable]:
    head = [line(cell, styles.CELL_HEAD) for cell in block.head]
    rows = [[line(cell, _cell_style(block, at)) for at, cell in enumerate(row)] for row in block.rows]
    widths = [styles.TEXT_WIDTH * share / 100 for share in block.widths]
    return [Grid([head, *rows], colWidths=widths, repeatRows=1, style=LINED), Spacer(0, 10)]


def _cell_style(block: Table, column: int) -> ParagraphStyle:
    return styles.CELL_NUMBER if column in block.numbers else styles.CELL


def _closing(block: Closing, places: dict[str, Place]) -> list[Flowable]:
    pairs = [(block.recorder, RECORDER_FIELD), (block.chair, CHAIR_FIELD)]
    columns = [signing(who, SigningRoom(_noting(places, name))) for who, name in pairs]
    rows = [list(row) for row in zip(*columns, strict=True)]
    grid = Grid(rows, colWidths=[styles.TEXT_WIDTH / 2] * 2, style=BARE)
    return [
        KeepTogether([Spacer(0, 10), grid]),
        Spacer(0, 8),
        KeepTogether(recipients(block.recipients)),
    ]


def _noting(places: dict[str, Place], name: str) -> Callable[[Place], None]:
    def note(place: Place) -> None:
        places.setdefault(name, place)

    return note


def _ending(block: Ending, places: dict[str, Place]) -> list[Flowable]:
    room = SigningRoom(_noting(places, SIGNER_FIELD))  # of many letters the first is signed
    widths = [styles.TEXT_WIDTH * 0.48, styles.TEXT_WIDTH * 0.52]
    grid = Grid(
        [[recipients(block.recipients), signing(block.signatory, room)]], colWidths=widths, style=BARE
    )
    return [Spacer(0, 10), grid, Spacer(0, 8)]


def _signatories(block: Signatories, places: dict[str, Place]) -> list[Flowable]:
    made: list[Flowable] = [Spacer(0, 8)]
    if block.heading:
        made.append(line(block.heading, styles.CENTRED_BOLD))
    for start in range(0, len(block.people), _ACROSS):
        people = block.people[start : start + _ACROSS]
        columns = [signing(who, SigningRoom(_noting(places, who.field))) for who in people]
        rows = [list(row) for row in zip(*columns, strict=True)]
        made.append(Grid(rows, colWidths=[styles.TEXT_WIDTH / len(columns)] * len(columns), style=BARE))
    return [*made, Spacer(0, 8)]


@_made.register
def _fill(block: Fill) -> list[Flowable]:
    return [line(block.text, styles.FILL)]


@_made.register
def _new_page(_block: NewPage) -> list[Flowable]:
    return [PageBreak()]


_made.register(slip_sheets)


@_made.register
def _check(block: Check) -> list[Flowable]:
    return [KeepTogether(_check_lines(block)), Spacer(0, 8)]


def _check_lines(block: Check) -> list[Flowable]:
    said = [
        line(f"Mã kiểm tra: {block.code}", styles.SMALL),
        line(f"Mã băm dữ liệu đính kèm (SHA-256): {block.hash}", styles.SMALL),
        line(f"Sổ ghi khi lập {block.paper}: {block.head}", styles.SMALL),
        *([line(f"Mốc sổ ghi chung: {block.mark}", styles.SMALL)] if block.mark else []),
        line(
            f"Ảnh vuông chứa mã kiểm tra và mã băm. Dữ liệu gốc kèm trong tệp: {block.attachment}.",
            styles.SMALL,
        ),
        *(
            [line(f"Ai cũng có thể kiểm tra tệp này tại: {block.address}", styles.SMALL)]
            if block.address
            else []
        ),
    ]
    widths = [styles.QR_SIZE + 2 * mm, styles.TEXT_WIDTH - styles.QR_SIZE - 2 * mm]
    grid = Grid([[QrCode(block.payload, styles.QR_SIZE), said]], colWidths=widths, style=BARE)
    return [Spacer(0, 10), grid]
