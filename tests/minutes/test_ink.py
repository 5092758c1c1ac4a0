"""Signed by hand, scanned, hashed, witnessed."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from meetings.kernel.canonical import digest
from meetings.kernel.scans import MOST_BYTES
from meetings.minutes.facts import to_bytes
from meetings.minutes.ink import InkSigners, OwnWitness, record_ink, sha256_hex
from meetings.minutes.pdf import print_minutes
from meetings.minutes.signature_class import SignatureClass
from meetings.settings.sections import Limits
from tests.minutes.sittings import at, hybrid
from tests.scans import picture

PEOPLE = InkSigners(signers=("recorder", "chair"), witness="witness", witnessed=at(120))


def test_the_record_holds_hashes_and_the_witness_and_names_its_class() -> None:
    data, scan = to_bytes(hybrid()), picture("JPEG")
    paper = print_minutes(data).pdf
    record = record_ink(sha256_hex(paper), data, scan, PEOPLE)
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
        record_ink("", b"{}", picture("PNG"), replace(PEOPLE, witness=who))


def test_the_largest_scan_fits_into_one_request() -> None:
    """As base64 inside JSON; and what the example for nginx lets through is the same."""
    most = Limits().upload_bytes
    assert len(base64.b64encode(bytes(MOST_BYTES))) + 1000 <= most
    manual = (Path(__file__).resolve().parents[2] / "docs" / "OPERATIONS.md").read_text("utf-8")
    assert f"client_max_body_size {most // 1024 // 1024}m;" in manual
