"""The faces the minutes are set in, and the refusal to draw what they cannot show.

Never a substitute font.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from meetings.kernel.errors import Conflict, Invalid

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD, ITALIC, BOLD_ITALIC = "Minutes", "Minutes-Bold", "Minutes-Italic", "Minutes-BoldItalic"
FILES = {
    REGULAR: "regular.ttf",
    BOLD: "bold.ttf",
    ITALIC: "italic.ttf",
    BOLD_ITALIC: "bolditalic.ttf",
}
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class FontMissing(Conflict):
    """The program was installed without the fonts of the minutes."""

    code = "font-missing"
    message = (
        "Máy này chưa có phông chữ của biên bản nên chưa lập được bản PDF. Chạy lại lệnh cài đặt khi có mạng."
    )


class MissingGlyph(Invalid):
    """A character that the face cannot show; it would be lost from the paper."""

    code = "missing-glyph"
    message = "Văn bản có ký tự không in được ({character}). Xin viết lại chữ đó."


class HiddenCharacter(Invalid):
    """An invisible or direction-changing character: the paper could read otherwise than the record."""

    code = "hidden-character"
    message = "Văn bản có ký tự ẩn ({character}). Xin xóa và gõ lại chữ đó."


def install_faces(folder: Path = FONTS) -> None:
    """Register the faces with reportlab, once per process. Raises FontMissing."""
    if not all((folder / name).is_file() for name in FILES.values()):
        raise FontMissing
    if REGULAR not in pdfmetrics.getRegisteredFontNames():
        for face, name in FILES.items():
            pdfmetrics.registerFont(TTFont(face, str(folder / name)))
        pdfmetrics.registerFontFamily(REGULAR, REGULAR, BOLD, ITALIC, BOLD_ITALIC)
    rl_config.canvas_basefontname = REGULAR  # else a reference to an unembedded Helvetica spoils PDF/A


def check_characters(characters: Iterable[str]) -> None:
    """Refuse what the faces cannot show. Raises HiddenCharacter, MissingGlyph; needs install_faces."""
    known = pdfmetrics.getFont(REGULAR).face.charToGlyph
    for char in sorted(set(characters) - {"\n"}):
        if unicodedata.category(char) in _UNSEEN:
            raise HiddenCharacter(character=f"U+{ord(char):04X}")
        if ord(char) not in known:
            raise MissingGlyph(character=f"U+{ord(char):04X}")
