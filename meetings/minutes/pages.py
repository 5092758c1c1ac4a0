"""Own drawing pieces for reportlab.

The ruled Party title, the QR, the room for a signature, page decorations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import segno
from reportlab.lib.colors import Color, black
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from meetings.minutes import styles
from meetings.minutes.blocks import Document, Sheets
from meetings.minutes.typefaces import BOLD, ITALIC, REGULAR

CREATOR = "chibo"
_WATERMARK = Color(0.88, 0.88, 0.88)
QUIET_MODULES = 4  # the empty border that a QR needs (ISO/IEC 18004)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a signature stands: page from 1, box in points from the lower left."""

    page: int
    box: tuple[int, int, int, int]


class RuledTitle(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A centred bold line with a solid rule of its own length below."""

    def __init__(self, text: str, size: float) -> None:
        super().__init__()
        self.text, self.size = text, size

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width, self.height = width, self.size + 7
        return self.width, self.height

    def draw(self) -> None:
        length = stringWidth(self.text, BOLD, self.size)
        left = (self.width - length) / 2
        self.canv.setFont(BOLD, self.size)
        self.canv.drawString(left, self.height - self.size, self.text)
        self.canv.setLineWidth(0.9)
        self.canv.line(left, 1.5, left + length, 1.5)


class QrCode(Flowable):  # type: ignore[misc]  # reportlab has no types
    """A QR drawn as vectors, `size` points wide with its quiet border."""

    def __init__(self, payload: str, size: float) -> None:
        super().__init__()
        self.payload, self.size = payload, size

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.size, self.size

    def draw(self) -> None:
        rows = [bytes(row) for row in segno.make_qr(self.payload, error="m", mask=4).matrix]
        step = self.size / (len(rows) + 2 * QUIET_MODULES)
        path = self.canv.beginPath()
        for down, row in enumerate(rows, 1):
            for across, dark in enumerate(row):
                if dark:
                    bottom = self.size - (down + QUIET_MODULES) * step
                    path.rect((across + QUIET_MODULES) * step, bottom, step, step)
        self.canv.setFillColor(black)
        self.canv.drawPath(path, stroke=0, fill=1)


class SigningRoom(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Empty room for one signature; tells where it came to stand."""

    def __init__(self, found: Callable[[Place], None]) -> None:
        super().__init__()
        self.found = found

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        return width, styles.SIGNING_HEIGHT

    def draw(self) -> None:
        left, bottom = self.canv.absolutePosition((self.width - styles.SIGNING_WIDTH) / 2, 0)
        right, top = left + styles.SIGNING_WIDTH, bottom + styles.SIGNING_HEIGHT
        box = (round(left), round(bottom), round(right), round(top))
        self.found(Place(page=self.canv.getPageNumber(), box=box))


class Paper(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """A4: bound ones with mirrored margins and page numbers from 2; watermark under and footer below the text."""

    def __init__(self, target: object, document: Document) -> None:
        super().__init__(
            target,
            pagesize=(styles.PAGE_WIDTH, styles.PAGE_HEIGHT),
            title=document.title,
            author=document.author,
            creator=CREATOR,
            invariant=1,
            initialFontName=REGULAR,
            initialFontSize=14,
            lang="vi-VN",
        )
        self.watermark, self.footer, self.sheets = document.watermark, document.footer, document.sheets
        self.addPageTemplates(self._templates())

    def _templates(self) -> list[PageTemplate]:
        if self.sheets is Sheets.CUT:
            box = (styles.CUT_MARGIN, styles.CUT_FOOT, styles.CUT_WIDTH, styles.CUT_HEIGHT)
            return [self._page("sheet", box, "sheet")]
        height = styles.PAGE_HEIGHT - styles.TOP - styles.BOTTOM
        recto = (styles.INNER, styles.BOTTOM, styles.TEXT_WIDTH, height)
        verso = (styles.OUTER, *recto[1:])
        if self.sheets is Sheets.LOOSE:
            return [self._page("recto", recto, "recto")]
        return [self._page("recto", recto, "verso"), self._page("verso", verso, "recto")]

    def _page(self, name: str, box: tuple[float, float, float, float], following: str) -> PageTemplate:
        frame = Frame(*box, 0, 0, 0, 0)
        return PageTemplate(id=name, frames=[frame], onPage=self.decorate, autoNextPageTemplate=following)

    def decorate(self, canvas: Canvas, _document: object) -> None:
        """Draw what belongs to the page and not to the text; runs before the text."""
        if self.watermark:
            self._draw_watermark(canvas)
        number = canvas.getPageNumber()
        middle = styles.PAGE_WIDTH / 2
        if number > 1 and self.sheets is Sheets.BOUND:
            canvas.setFont(REGULAR, 14)
            canvas.drawCentredString(
                middle, styles.PAGE_HEIGHT - styles.PAGE_NUMBER_FROM_TOP - 10, str(number)
            )
        if self.footer:
            canvas.setFont(ITALIC, 10)
            foot = styles.CUT_FOOT if self.sheets is Sheets.CUT else styles.BOTTOM
            canvas.drawCentredString(middle, foot / 2, self.footer)

    def _draw_watermark(self, canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFillColor(_WATERMARK)
        canvas.setFont(BOLD, 96)
        canvas.translate(styles.PAGE_WIDTH / 2, styles.PAGE_HEIGHT / 2)
        canvas.rotate(50)
        canvas.drawCentredString(0, 0, self.watermark)
        canvas.restoreState()
