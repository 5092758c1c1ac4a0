"""Blocks to reportlab flowables. All text is escaped: a name with `<b>` or `&` is only a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatch
from xml.sax.saxutils import escape

from reportlab.lib.colors import black, white
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, TableStyle
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from meetings.minutes import styles
from meetings.minutes.blocks import (
    PARTY,
    Block,
    Check,
    Closing,
    Header,
    Heading,
    Notice,
    Paragraph,
    Run,
    Signatory,
    Table,
    Title,
    Weight,
)
from meetings.minutes.pages import Place, QrCode, RuledTitle, SigningRoom
from meetings.minutes.typefaces import REGULAR

FIVE_HYPHENS = "-----"
RECORDER_FIELD, CHAIR_FIELD = "NguoiGhi", "ChuTri"
_TAGS = {Weight.PLAIN: "{}", Weight.BOLD: "<b>{}</b>", Weight.ITALIC: "<i>{}</i>"}
_FONT = ("FONTNAME", (0, 0), (-1, -1), REGULAR)  # in every table, else Helvetica leaks in
_BARE = TableStyle(
    [
        _FONT,
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
)
_LINED = TableStyle(
    [
        _FONT,
        ("GRID", (0, 0), (-1, -1), 0.6, black),
        ("BACKGROUND", (0, 0), (-1, 0), white),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
)
_FRAMED = TableStyle(
    [
        _FONT,
        ("BOX", (0, 0), (-1, -1), 1.0, black),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 7),
        ("LEFTPADDING", (0, 0), (-1, -1), 8),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
    ]
)


def flowables(blocks: Sequence[Block], places: dict[str, Place]) -> list[Flowable]:
    """What reportlab lays out; `places` is filled with where each signature stands while it draws."""
    made: list[Flowable] = []
    for block in blocks:
        made += _closing(block, places) if isinstance(block, Closing) else _made(block)
    return made


def _line(text: str, style: ParagraphStyle) -> Text:
    return Text(escape(text), style)


@singledispatch
def _made(block: object) -> list[Flowable]:
    raise TypeError(type(block).__name__)


@_made.register
def _header(block: Header) -> list[Flowable]:
    left = [_line(block.superior, styles.CENTRED), _line(block.organisation, styles.CENTRED_BOLD)]
    right = [RuledTitle(PARTY, styles.PARTY_SIZE)]
    number = _line(block.number, styles.CENTRED)
    rows = [[[*left, _line("*", styles.CENTRED)], right], [number, _line(block.dateline, styles.DATELINE)]]
    grid = Grid(rows, colWidths=[styles.TEXT_WIDTH * 0.45, styles.TEXT_WIDTH * 0.55], style=_BARE)
    return [grid, Spacer(0, 18)]


@_made.register
def _title(block: Title) -> list[Flowable]:
    lines = [
        _line(block.name, styles.NAME),
        _line(block.subject, styles.SUBJECT),
        _line(FIVE_HYPHENS, styles.CENTRED),
    ]
    return [*lines, Spacer(0, 8)]


@_made.register
def _notice(block: Notice) -> list[Flowable]:
    grid = Grid([[_line(block.text, styles.NOTICE)]], colWidths=[styles.TEXT_WIDTH], style=_FRAMED)
    return [grid, Spacer(0, 8)]


@_made.register
def _heading(block: Heading) -> list[Flowable]:
    return [_line(block.text, styles.HEADING)]


@_made.register
def _paragraph(block: Paragraph) -> list[Flowable]:
    text = "".join(_marked(run) for run in block.runs)
    return [Text(f"- {text}", styles.LISTED) if block.listed else Text(text, styles.BODY)]


def _marked(run: Run) -> str:
    return _TAGS[run.weight].format(escape(run.text))


@_made.register
def _table(block: Table) -> list[Flowable]:
    head = [_line(cell, styles.CELL_HEAD) for cell in block.head]
    rows = [[_line(cell, styles.CELL) for cell in row] for row in block.rows]
    widths = [styles.TEXT_WIDTH * share / 100 for share in block.widths]
    return [Grid([head, *rows], colWidths=widths, repeatRows=1, style=_LINED), Spacer(0, 10)]


def _closing(block: Closing, places: dict[str, Place]) -> list[Flowable]:
    pairs = [(block.recorder, RECORDER_FIELD), (block.chair, CHAIR_FIELD)]
    columns = [_signatory(who, _noting(places, name)) for who, name in pairs]
    rows = [list(row) for row in zip(*columns, strict=True)]
    grid = Grid(rows, colWidths=[styles.TEXT_WIDTH / 2] * 2, style=_BARE)
    marks = [","] * (len(block.recipients) - 1) + ["."]
    recipients = [
        _line(f"- {who}{mark}", styles.RECIPIENTS) for who, mark in zip(block.recipients, marks, strict=True)
    ]
    head = Text("<u>Nơi nhận:</u>", styles.RECIPIENTS_HEAD)
    return [KeepTogether([Spacer(0, 10), grid]), Spacer(0, 8), KeepTogether([head, *recipients])]


def _noting(places: dict[str, Place], name: str) -> Callable[[Place], None]:
    def note(place: Place) -> None:
        places[name] = place

    return note


def _signatory(who: Signatory, found: Callable[[Place], None]) -> list[Flowable]:
    upper = (who.powers, styles.CENTRED_BOLD), (who.position, styles.CENTRED)
    lines = upper if who.powers else (upper[1], upper[0])
    return [
        *(_line(text, style) for text, style in lines),
        SigningRoom(found),
        _line(who.name, styles.CENTRED_BOLD),
    ]


@_made.register
def _check(block: Check) -> list[Flowable]:
    said = [
        _line(f"Mã kiểm tra: {block.code}", styles.SMALL),
        _line(f"Mã băm dữ liệu đính kèm (SHA-256): {block.hash}", styles.SMALL),
        _line(f"Sổ ghi khi lập biên bản: {block.head}", styles.SMALL),
        *([_line(f"Mốc sổ ghi chung: {block.mark}", styles.SMALL)] if block.mark else []),
        _line(
            "Ảnh vuông chứa mã kiểm tra và mã băm. Dữ liệu gốc kèm trong tệp: bien-ban.json.", styles.SMALL
        ),
    ]
    widths = [styles.QR_SIZE + 2 * mm, styles.TEXT_WIDTH - styles.QR_SIZE - 2 * mm]
    grid = Grid([[QrCode(block.payload, styles.QR_SIZE), said]], colWidths=widths, style=_BARE)
    return [KeepTogether([Spacer(0, 10), grid]), Spacer(0, 8)]
