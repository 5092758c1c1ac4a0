"""Two people sign in turn; other tools agree that both signatures are valid."""

from __future__ import annotations

import io
import pickle
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from meetings.minutes.facts import to_bytes
from meetings.minutes.keys import WrongPassphrase
from meetings.minutes.sameness import same_pages
from meetings.minutes.signature_class import SignatureClass
from meetings.minutes.signing import ForeignKey, OutOfTurn, SigningRole, ready_to_sign, sign
from tests.minutes.office import Office, Signed, order


def trusting(root: bytes, folder: Path) -> Path:
    """A certificate store in which our root is believed."""
    if not shutil.which("certutil") or not shutil.which("pdfsig"):
        pytest.skip("certutil (libnss3-tools) or pdfsig (poppler-utils) is not installed")
    (folder / "root.pem").write_bytes(root)
    store = f"sql:{folder}"
    run("certutil", "-N", "-d", store, "--empty-password")
    run("certutil", "-A", "-d", store, "-n", "chibo", "-t", "CT,C,C", "-i", str(folder / "root.pem"))
    return folder


def run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


@pytest.mark.parametrize("which", ["signed", "signed_supplement"])
def test_pdfsig_finds_two_valid_trusted_signatures(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    paper: Signed = request.getfixturevalue(which)
    store = trusting(paper.office.stored.certificate, tmp_path)
    (tmp_path / "signed.pdf").write_bytes(paper.pdf)
    said = run("pdfsig", "-nssdir", f"sql:{store}", str(tmp_path / "signed.pdf"))
    assert said.count("Signature Validation: Signature is Valid.") == 2
    assert said.count("Certificate Validation: Certificate is Trusted.") == 2
    assert said.count("Signature Type: ETSI.CAdES.detached") == 2
    assert "Signer Certificate Common Name: Hoàng Thị Nụ" in said
    assert "  - Total document signed" in said


def test_stamps_name_people_and_class(signed: Signed, tmp_path: Path) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not installed")
    (tmp_path / "signed.pdf").write_bytes(signed.pdf)
    text = " ".join(run("pdftotext", "-raw", str(tmp_path / "signed.pdf"), "-").split())
    assert "Đã ký: Hoàng Thị Nụ Thư ký, lúc" in text
    assert "Đã ký: Ma Văn Thịnh Chủ trì, Bí thư chi bộ, lúc" in text
    assert text.count(SignatureClass.SERVER_HELD.value) == 2


def test_signing_keeps_the_form_of_the_archive(signed: Signed) -> None:
    with pikepdf.open(io.BytesIO(signed.pdf)) as opened:
        assert opened.pdf_version == "1.7"
        assert "/Version" not in opened.Root
        assert str(opened.Root.OutputIntents[0].S) == "/GTS_PDFA1"
        marks = [mark for page in opened.pages for mark in page.obj.get("/Annots", [])]
        assert [int(mark.F) & 4 for mark in marks] == [4, 4]  # printed with the page
        for mark in marks:
            assert all("/FontFile2" in font.DescendantFonts[0].FontDescriptor for font in _fonts(mark.AP.N))


def _fonts(drawing: pikepdf.Object) -> list[pikepdf.Object]:
    resources = drawing.get("/Resources", pikepdf.Dictionary())
    found = list(resources.get("/Font", pikepdf.Dictionary()).values())
    for inner in resources.get("/XObject", pikepdf.Dictionary()).values():
        found += _fonts(inner)
    return found


def test_the_pages_stay_as_printed(signed: Signed) -> None:
    data = to_bytes(signed.minutes)
    assert all(same_pages(step, data) for step in (signed.ready, signed.half, signed.pdf))


def test_the_recorder_certifies_and_the_chair_locks(signed: Signed) -> None:
    first, second = PdfFileReader(io.BytesIO(signed.pdf)).embedded_regular_signatures
    assert (first.field_name, second.field_name) == ("NguoiGhi", "ChuTri")
    assert first.docmdp_level is not None
    assert second.fieldmdp is not None
    assert first.sig_object["/SubFilter"] == second.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"


def test_the_chair_does_not_sign_first(signed: Signed) -> None:
    with pytest.raises(OutOfTurn):
        sign(order(signed.ready, SigningRole.CHAIR, signed.chair, signed.office))


@pytest.mark.parametrize("role", list(SigningRole))
def test_nobody_signs_twice(signed: Signed, role: SigningRole) -> None:
    """Attack 6: a second certification."""
    with pytest.raises(OutOfTurn):
        sign(order(signed.pdf, role, signed.recorder, signed.office))


def test_a_second_certification_before_the_chair_is_refused(signed: Signed) -> None:
    """Attack 6, in the gap between the two."""
    with pytest.raises(OutOfTurn):
        sign(order(signed.half, SigningRole.RECORDER, signed.recorder, signed.office))


def test_a_wrong_passphrase_signs_nothing(signed: Signed) -> None:
    asked = order(signed.ready, SigningRole.RECORDER, signed.recorder, signed.office)
    with pytest.raises(WrongPassphrase):
        sign(replace(asked, passphrase="một câu hoàn toàn khác"))


def test_a_key_signs_only_under_its_own_certificate(signed: Signed) -> None:
    asked = order(signed.ready, SigningRole.RECORDER, signed.recorder, signed.office)
    with pytest.raises(ForeignKey):
        sign(replace(asked, certificate=signed.chair.certificate))


def test_an_order_travels_to_the_pool_and_shows_no_secret(signed: Signed, office: Office) -> None:
    asked = order(signed.ready, SigningRole.RECORDER, signed.recorder, office)
    assert pickle.loads(pickle.dumps(asked)) == asked
    assert asked.passphrase not in repr(asked)
    assert pickle.loads(pickle.dumps(ready_to_sign)) is ready_to_sign
    assert pickle.loads(pickle.dumps(sign)) is sign
