"""The visible part of a signature: who, as what, when, and of which class. Decoration.

Only the verifier decides.
"""

from __future__ import annotations

import io
import textwrap
from datetime import datetime
from typing import Any

from pyhanko.pdf_utils.font.api import FontEngineFactory
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import TextStampStyle

from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.kernel.text import date_text, time_text
from meetings.minutes.typefaces import FILES, FONTS, REGULAR, check_characters, install_faces

FONT_SIZE = 9  # equal in the accumulator and the box, else the widths do not fit
LINE_CHARACTERS = 52


class StampFace(FontEngineFactory):
    """The regular face for pyHanko, from memory: its own factory leaves the font's file open."""

    def create_font_engine(self, writer: BasePdfFileWriter, obj_stream: Any = None) -> GlyphAccumulator:
        face = io.BytesIO((FONTS / FILES[REGULAR]).read_bytes())
        return GlyphAccumulator(writer, face, FONT_SIZE, bcp47_lang_code="vi", obj_stream=obj_stream)


def stamp_style(
    name: str,
    position: str,
    signed_at: datetime,
    kind: str,
) -> TextStampStyle:
    """Raises FontMissing, MissingGlyph, HiddenCharacter."""
    lines = _lines(name, position, signed_at, kind)
    install_faces()
    check_characters("".join(lines))
    text = "\n".join(lines).replace("%", "%%")
    box = TextBoxStyle(font=StampFace(), font_size=FONT_SIZE, leading=11)
    inner = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MID, Margins(5, 5, 5, 5))
    return TextStampStyle(
        stamp_text=text, text_box_style=box, inner_content_layout=inner, border_width=1, background=None
    )


def _lines(name: str, position: str, signed_at: datetime, kind: str) -> list[str]:
    zone = zone_of(DEFAULT_ZONE)
    when = f"{time_text(signed_at, zone)} ngày {date_text(signed_at.astimezone(zone).date())}"
    return [
        *textwrap.wrap(f"Đã ký: {name}", LINE_CHARACTERS),
        *textwrap.wrap(f"{position}, lúc {when}", LINE_CHARACTERS),
        *textwrap.wrap(kind, LINE_CHARACTERS),
    ]
