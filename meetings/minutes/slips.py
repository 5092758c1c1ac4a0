"""Ballots on sheets: all alike, as many to a sheet as fit, with dashed lines to cut along (domain.md 2.5)."""

from __future__ import annotations

from reportlab.lib.colors import Color, black
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from meetings.kernel.errors import Conflict
from meetings.minutes import styles
from meetings.minutes.blocks import PARTY, Slips
from meetings.minutes.pages import RuledTitle
from meetings.minutes.pieces import BARE, FONT, line

_GREY = Color(0.55, 0.55, 0.55)
_PADDING = 4 * mm
_STAMP_HEIGHT, _BOX = 32 * mm, 6 * mm
_PARTY_SIZE = 9.5
_CUT = TableStyle(
    [
        FONT,
        ("GRID", (0, 0), (-1, -1), 0.6, _GREY, None, (4, 3)),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), _PADDING),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PADDING),
        ("TOPPADDING", (0, 0), (-1, -1), _PADDING),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ]
)
_NAMES = TableStyle(
    [
        FONT,
        ("GRID", (0, 0), (-1, -1), 0.7, black),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ]
)


class BallotTooLong(Conflict):
    """The names do not fit on one side of a sheet."""

    code = "ballot-too-long"
    message = "Phiếu này dài quá một mặt giấy A4 nên không in được."


class CheckBox(Flowable):  # type: ignore[misc]  # reportlab has no types
    """An empty box to mark, drawn as vectors: no face has a glyph for it."""

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        return width, _BOX

    def draw(self) -> None:
        self.canv.setLineWidth(0.9)
        self.canv.rect((self.width - _BOX) / 2, 0, _BOX, _BOX)


class StampPlace(Flowable):  # type: ignore[misc]  # reportlab has no types
    """The upper left corner: the organisations' names with room for the seal over them."""

    def __init__(self, inside: list[Flowable], caption: Flowable) -> None:
        super().__init__()
        self.inside, self.caption = inside, caption

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        upper = sum(each.wrap(width - 6, 1000)[1] for each in self.inside)
        lower = self.caption.wrap(width - 6, 1000)[1]
        self.height = max(_STAMP_HEIGHT, upper + lower + 30)
        return width, self.height

    def draw(self) -> None:
        self.canv.saveState()
        self.canv.setStrokeColor(_GREY)
        self.canv.setDash(1.5, 2)
        self.canv.rect(0, 0, self.width, self.height)
        self.canv.restoreState()
        top = self.height - 3
        for each in self.inside:
            top -= each.height
            each.drawOn(self.canv, 3, top)
        self.caption.drawOn(self.canv, 3, 3)


def slip_sheets(block: Slips) -> list[Flowable]:
    """The sheets with exactly `copies` slips. Raises BallotTooLong."""
    for across in (2, 1):
        width = styles.CUT_WIDTH / across
        high = sum(part.wrap(width - 2 * _PADDING, 10_000)[1] for part in _slip(block, width)) + 2 * _PADDING
        down = int(styles.CUT_HEIGHT // high)
        if down:
            return [_sheets(block, across, down)]
    raise BallotTooLong


def _sheets(block: Slips, across: int, down: int) -> Flowable:
    width, height = styles.CUT_WIDTH / across, (styles.CUT_HEIGHT - 1) / down
    cells: list[list[Flowable]] = [_slip(block, width) for _ in range(block.copies)]
    cells += [[] for _ in range(-block.copies % across)]
    rows = [cells[start : start + across] for start in range(0, len(cells), across)]
    return Grid(rows, colWidths=[width] * across, rowHeights=[height] * len(rows), style=_CUT)


def _slip(block: Slips, width: float) -> list[Flowable]:
    inner = width - 2 * _PADDING
    left = inner * 0.44
    stamp = StampPlace(
        [
            line(block.superior, styles.SLIP_ORGANISATION),
            line(block.organisation, styles.SLIP_CELL_NAME),
        ],
        line(block.stamp, styles.SLIP_STAMP),
    )
    party = [RuledTitle(PARTY, _PARTY_SIZE)]
    return [
        Grid([[stamp, party]], colWidths=[left, inner - left], style=BARE),
        Spacer(0, 6),
        line(block.title.name, styles.SLIP_TITLE),
        line(block.title.subject, styles.SLIP_SUBJECT),
        _names(block, inner),
        Spacer(0, 5),
        *(line(note, styles.SLIP_NOTE) for note in block.notes),
    ]


def _names(block: Slips, inner: float) -> Flowable:
    numbered = len(block.lines) > 1
    box = 17 * mm
    first = [8 * mm] if numbered else []
    widths = [*first, inner - sum(first) - box * len(block.boxes), *[box] * len(block.boxes)]
    head = [
        line(text, styles.SLIP_HEAD) for text in (*(["TT"] if numbered else []), block.head, *block.boxes)
    ]
    rows = [
        [
            *([line(str(number), styles.SLIP_LINE)] if numbered else []),
            line(text, styles.SLIP_LINE),
            *(CheckBox() for _ in block.boxes),
        ]
        for number, text in enumerate(block.lines, 1)
    ]
    return Grid([head, *rows], colWidths=widths, style=_NAMES)
