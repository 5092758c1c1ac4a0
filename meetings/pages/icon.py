"""The icon of the installed page: a leaf of a wall calendar on red, drawn here as SVG and as PNG."""

from __future__ import annotations

import struct
import zlib

RED, WHITE, INK = (176, 18, 27), (255, 255, 255), (27, 26, 25)
Rectangle = tuple[int, int, int, int, tuple[int, int, int]]
# x, y, width, height in a square of 64; inside the middle four fifths, as masks cut the edges.
LEAF: tuple[Rectangle, ...] = (
    (0, 0, 64, 64, RED),
    (14, 13, 36, 38, WHITE),
    (14, 13, 36, 9, INK),
    (20, 27, 6, 6, RED),
    (29, 27, 6, 6, RED),
    (38, 27, 6, 6, RED),
    (20, 38, 6, 6, RED),
    (29, 38, 6, 6, RED),
)
_SIDE = 64


def svg() -> str:
    """As a picture of lines."""
    parts = "".join(
        f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="#{r:02x}{g:02x}{b:02x}"/>'
        for x, y, w, h, (r, g, b) in LEAF
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}">{parts}</svg>'


def png(side: int) -> bytes:
    """As a square of that many pixels."""
    rows = [b"\0" + b"".join(bytes(_colour(x, y, side)) for x in range(side)) for y in range(side)]
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(b"".join(rows), 9)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _colour(x: int, y: int, side: int) -> tuple[int, int, int]:
    across, down = x * _SIDE // side, y * _SIDE // side
    return next(
        colour
        for left, top, w, h, colour in reversed(LEAF)
        if left <= across < left + w and top <= down < top + h
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
