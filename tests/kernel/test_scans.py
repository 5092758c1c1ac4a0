"""A picture of a paper is known by its bytes, whole or not at all."""

from __future__ import annotations

import base64

import pytest

from meetings.kernel.scans import (
    MOST_BASE64,
    MOST_BYTES,
    NotAScan,
    ScanKind,
    ScanTooLarge,
    scan_kind,
    scan_name,
    scan_of,
)
from tests.scans import in_json, picture


@pytest.mark.parametrize(
    ("form", "kind"), [("PNG", ScanKind.PNG), ("JPEG", ScanKind.JPEG), ("PDF", ScanKind.PDF)]
)
def test_real_scans_are_known_by_their_bytes(form: str, kind: ScanKind) -> None:
    assert scan_kind(picture(form)) is kind
    assert scan_of(in_json(picture(form))) == picture(form) or form == "PDF"  # a PDF carries its time


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a;",
        b"<svg/>",
        b"MZ" + bytes(90),
        picture("PNG")[:-8],
        picture("JPEG")[:-2],
        b"%PDF-1.7 ",
        b" " + picture("PNG"),
    ],
    ids=["gif", "svg", "exe", "cut png", "cut jpeg", "no pdf end", "shifted"],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(NotAScan):
        scan_kind(data)
    with pytest.raises(NotAScan):
        scan_of(in_json(data))


@pytest.mark.parametrize("size", [0, MOST_BYTES + 1])
def test_the_size_is_capped(size: int) -> None:
    with pytest.raises(ScanTooLarge):
        scan_kind(bytes(size))


@pytest.mark.parametrize("text", ["ảnh", "=", "a", "AAAA!"])
def test_what_is_no_base64_is_no_scan(text: str) -> None:
    with pytest.raises(NotAScan):
        scan_of(text)


def test_the_largest_fits_as_text() -> None:
    assert len(base64.b64encode(bytes(MOST_BYTES))) <= MOST_BASE64


def test_a_kept_file_has_the_ending_of_its_kind() -> None:
    assert scan_name("bien-ban", ScanKind.JPEG) == "bien-ban.jpg"
