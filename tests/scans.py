"""A photograph of a paper, small and whole."""

from __future__ import annotations

import base64
import hashlib
import io

from PIL import Image


def picture(form: str = "PNG", shade: int = 255) -> bytes:
    """A page of one grey: `form` as Pillow names it."""
    out = io.BytesIO()
    Image.new("L", (40, 60), shade).save(out, form)
    return out.getvalue()


def in_json(scan: bytes) -> str:
    """As JSON carries it."""
    return base64.b64encode(scan).decode()


def sha256_of(scan: bytes) -> str:
    """The name it is kept under."""
    return hashlib.sha256(scan).hexdigest()
