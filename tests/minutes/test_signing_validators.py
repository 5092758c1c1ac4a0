"""Validators that share no code with ours, beside pdfsig: MuPDF on the file, OpenSSL on signatures with their chain.

Neither knows of rules 1 to 9: what they are asked is whether each signature holds over the bytes it covers.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from meetings.minutes.papers.facts import to_bytes
from meetings.minutes.signing import SigningRole, paper_to_sign, sign
from tests.minutes import attacks
from tests.minutes.office import Office, Signed, new_office, order
from tests.minutes.papers.samples import addendum

UNTOUCHED = "The document is unchanged since signing."
ADDED_TO = "The signature is valid but there have been edits since signing."
BROKEN = "Digest error: Signature invalidated by change to document."
KINDS = ("minutes", "supplement", "addendum")
each_kind = pytest.mark.parametrize("kind", KINDS)


def program(name: str, package: str) -> str:
    """Skips where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} ({package}) is not installed")
    return found


@pytest.fixture(scope="module")
def files(signed: Signed, signed_supplement: Signed) -> dict[str, bytes]:
    """Each signed by recorder and chair, by keys of one office."""
    half = sign(
        order(paper_to_sign(to_bytes(addendum())), SigningRole.RECORDER, signed.recorder, signed.office)
    )
    pdf = sign(order(half, SigningRole.CHAIR, signed.chair, signed.office))
    return {"minutes": signed.pdf, "supplement": signed_supplement.pdf, "addendum": pdf}


def mupdf(pdf: bytes, folder: Path) -> list[str]:
    """What it says of each signature, in order."""
    file = folder / "signed.pdf"
    file.write_bytes(pdf)
    words = [program("mutool", "mupdf-tools"), "sign", "-v", str(file)]
    done = subprocess.run(words, capture_output=True, check=False, timeout=60)
    said = [line.strip() for line in (done.stdout + done.stderr).decode(errors="replace").splitlines()]
    return [line for line in said if line in {UNTOUCHED, ADDED_TO, BROKEN}]


def covered(pdf: bytes, number: int) -> tuple[bytes, bytes]:
    """The signature's bytes and those that it covers, by its ByteRange alone."""
    signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[number].sig_object
    ranges = [int(one) for one in signature["/ByteRange"]]
    parts = [pdf[start : start + length] for start, length in zip(ranges[::2], ranges[1::2], strict=True)]
    return bytes(signature.raw_get("/Contents")), b"".join(parts)


def openssl(pdf: bytes, number: int, root: bytes, folder: Path) -> bool:
    """Whether it accepts that signature, with its chain up to this root and nothing else."""
    value, content = covered(pdf, number)
    for name, data in (("value.der", value), ("content.bin", content), ("root.pem", root)):
        (folder / name).write_bytes(data)
    words = [
        "cms",
        "-verify",
        "-binary",
        "-inform",
        "DER",
        "-purpose",
        "any",
        "-no-CApath",
        "-out",
        "/dev/null",
    ]
    given = {"-in": "value.der", "-content": "content.bin", "-CAfile": "root.pem"}
    paths = [word for name, file in given.items() for word in (name, str(folder / file))]
    done = subprocess.run(
        [program("openssl", "openssl"), *words, *paths], capture_output=True, check=False, timeout=60
    )
    return done.returncode == 0


@each_kind
def test_mupdf_finds_both_signatures_of_an_untouched_file(
    files: dict[str, bytes], kind: str, tmp_path: Path
) -> None:
    """The recorder's is followed by the chair's, and the chair's by nothing."""
    assert mupdf(files[kind], tmp_path) == [ADDED_TO, UNTOUCHED]


@each_kind
def test_mupdf_finds_a_single_changed_bit(files: dict[str, bytes], kind: str, tmp_path: Path) -> None:
    assert mupdf(attacks.flipped(files[kind], 4000), tmp_path) == [BROKEN, BROKEN]


@pytest.mark.parametrize("attack", [attacks.overlaid, attacks.annotated])
@each_kind
def test_mupdf_sees_that_something_follows_the_chair(
    files: dict[str, bytes], kind: str, attack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    assert UNTOUCHED not in mupdf(attack(files[kind]), tmp_path)


@each_kind
def test_openssl_accepts_both_with_their_chain(
    files: dict[str, bytes], kind: str, office: Office, tmp_path: Path
) -> None:
    root = office.stored.certificate
    assert [openssl(files[kind], number, root, tmp_path) for number in (0, 1)] == [True, True]


@each_kind
def test_openssl_refuses_other_bytes(
    files: dict[str, bytes], kind: str, office: Office, tmp_path: Path
) -> None:
    spoilt, root = attacks.flipped(files[kind], 4000), office.stored.certificate
    assert [openssl(spoilt, number, root, tmp_path) for number in (0, 1)] == [False, False]


def test_openssl_refuses_another_authority_of_the_same_name(files: dict[str, bytes], tmp_path: Path) -> None:
    assert not openssl(files["addendum"], 0, new_office().stored.certificate, tmp_path)
