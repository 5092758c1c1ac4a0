"""The visible part of a signature: who, as what, when, and of which class. Decoration.

Only the verifier decides.
"""

from __future__ import annotations

import textwrap
from datetime import datetime

from pyhanko.pdf_utils.font.opentype import GlyphAccumulatorFactory
from pyhanko.pdf_utils.layout import AxisAlignment, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.text import TextBoxStyle
from pyhanko.stamp import TextStampStyle

from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.kernel.text import date_text, time_text
from meetings.minutes.signature_class import SignatureClass
from meetings.minutes.typefaces import FILES, FONTS, REGULAR, check_characters, install_faces

FONT_SIZE = 9  # equal in the accumulator and the box, else the widths do not fit
LINE_CHARACTERS = 52


def stamp_style(name: str, position: str, signed_at: datetime) -> TextStampStyle:
    """Raises FontMissing, MissingGlyph, HiddenCharacter."""
    lines = _lines(name, position, signed_at)
    install_faces()
    check_characters("".join(lines))
    face = GlyphAccumulatorFactory(str(FONTS / FILES[REGULAR]), font_size=FONT_SIZE, bcp47_lang_code="vi")
    text = "\n".join(lines).replace("%", "%%")
    box = TextBoxStyle(font=face, font_size=FONT_SIZE, leading=11)
    inner = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MIN, AxisAlignment.ALIGN_MID, Margins(5, 5, 5, 5))
    return TextStampStyle(
        stamp_text=text, text_box_style=box, inner_content_layout=inner, border_width=1, background=None
    )


def _lines(name: str, position: str, signed_at: datetime) -> list[str]:
    zone = zone_of(DEFAULT_ZONE)
    when = f"{time_text(signed_at, zone)} ngày {date_text(signed_at.astimezone(zone).date())}"
    return [
        *textwrap.wrap(f"Đã ký: {name}", LINE_CHARACTERS),
        *textwrap.wrap(f"{position}, lúc {when}", LINE_CHARACTERS),
        *textwrap.wrap(SignatureClass.SERVER_HELD.value, LINE_CHARACTERS),
    ]
