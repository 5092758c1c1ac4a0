"""The words of a PDF as a reader's copy and search find them: by the fonts' own ToUnicode tables."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping

import pikepdf

_PAIR = re.compile(rb"<([0-9A-Fa-f]{2})> <((?:[0-9A-Fa-f]{4})+)>")
_SHOWING = ("Tj", "TJ", "'", '"')


def page_text(pdf: bytes) -> str:
    """All pages in the order of drawing, NFC, each run of white space as one space."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        words = " ".join(word for page in opened.pages for word in _of_page(page))
    return unicodedata.normalize("NFC", re.sub(r"\s+", " ", words))


def _of_page(page: pikepdf.Page) -> Iterator[str]:
    tables = {name: _table(font) for name, font in page.resources.get("/Font", {}).items()}
    table: Mapping[int, str] = {}
    for drawn in pikepdf.parse_content_stream(page):
        operator = str(drawn.operator)
        if operator == "Tf":
            table = tables[str(drawn.operands[0])]
        elif operator in _SHOWING:
            yield "".join(table[code] for code in _codes(drawn.operands[-1]))


def _codes(operand: pikepdf.Object) -> bytes:
    pieces = operand if isinstance(operand, pikepdf.Array) else [operand]
    return b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))


def _table(font: pikepdf.Object) -> dict[int, str]:
    """What each code of a simple font means, as the font itself says."""
    found = _PAIR.findall(font["/ToUnicode"].read_bytes())
    return {int(code, 16): bytes.fromhex(meant.decode()).decode("utf-16-be") for code, meant in found}
