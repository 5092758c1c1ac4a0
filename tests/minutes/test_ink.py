"""Signed by hand, scanned, hashed, witnessed."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from meetings.kernel.canonical import digest
from meetings.minutes.facts import to_bytes
from meetings.minutes.ink import (
    MOST_BYTES,
    InkSigners,
    NotAScan,
    OwnWitness,
    ScanKind,
    ScanTooLarge,
    record_ink,
    scan_kind,
    sha256_hex,
)
from meetings.minutes.pdf import print_minutes
from meetings.minutes.signature_class import SignatureClass
from meetings.settings.sections import Limits
from tests.minutes.sittings import at, hybrid


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, form)
    return out.getvalue()


PEOPLE = InkSigners(recorder="recorder", chair="chair", witness="witness", witnessed=at(120))


@pytest.mark.parametrize(
    ("form", "kind"), [("PNG", ScanKind.PNG), ("JPEG", ScanKind.JPEG), ("PDF", ScanKind.PDF)]
)
def test_real_scans_are_known_by_their_bytes(form: str, kind: ScanKind) -> None:
    assert scan_kind(picture(form)) is kind


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


@pytest.mark.parametrize("size", [0, MOST_BYTES + 1])
def test_the_size_is_capped(size: int) -> None:
    with pytest.raises(ScanTooLarge):
        scan_kind(bytes(size))


def test_the_record_holds_hashes_and_the_witness_and_names_its_class() -> None:
    data, scan = to_bytes(hybrid()), picture("JPEG")
    paper = print_minutes(data).pdf
    record = record_ink(paper, data, scan, PEOPLE)
    assert (record.printed, record.data, record.scan) == (
        sha256_hex(paper),
        sha256_hex(data),
        sha256_hex(scan),
    )
    assert record.kind is SignatureClass.INK
    assert record.fingerprint() == digest(record.to_json())
    assert replace(record, witness="other").fingerprint() != record.fingerprint()


@pytest.mark.parametrize("who", ["recorder", "chair"])
def test_a_signer_is_not_the_witness(who: str) -> None:
    with pytest.raises(OwnWitness):
        record_ink(b"paper", b"{}", picture("PNG"), replace(PEOPLE, witness=who))


def test_the_largest_scan_fits_into_one_request() -> None:
    """As base64 inside JSON; and what the example for nginx lets through is the same."""
    most = Limits().upload_bytes
    assert len(base64.b64encode(bytes(MOST_BYTES))) + 1000 <= most
    manual = (Path(__file__).resolve().parents[2] / "docs" / "OPERATIONS.md").read_text("utf-8")
    assert f"client_max_body_size {most // 1024 // 1024}m;" in manual
