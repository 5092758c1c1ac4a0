"""Our verifier against the attacks of signing.md 6, with the verdict each must get."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from meetings.kernel.clock import real_now
from meetings.minutes.facts import to_bytes
from meetings.minutes.keys import open_person_key
from meetings.minutes.nine_rules import Evidence, Logged
from meetings.minutes.signature_class import SignatureClass
from meetings.minutes.signing import LoadedSigner, SigningRole, ready_to_sign, sign, sign_with
from meetings.minutes.trust import TimestampTrust, Trust
from meetings.minutes.verification import Report, Verdict
from meetings.minutes.verify import verify
from tests.minutes import attacks
from tests.minutes.office import PASSPHRASE, Office, Signed, Signer, new_office, order, signed_by_both
from tests.minutes.sittings import hybrid

PASSED, FAILED, NOT_APPLIED = Verdict.PASSED, Verdict.FAILED, Verdict.NOT_APPLIED


def verdicts(report: Report) -> dict[int, Verdict]:
    return {rule.number: rule.verdict for rule in report.rules}


def failures(report: Report) -> set[int]:
    """Which rules failed; printed for the transcript in docs/SECURITY.md."""
    failed = {rule.number for rule in report.rules if rule.verdict is FAILED}
    print(f"seen: rejected by rules {sorted(failed)}")
    return failed


@pytest.fixture(scope="module")
def stranger(office: Office) -> Signer:
    """Another real member of the same cell."""
    return office.enrol("Vàng A Của")


@pytest.mark.parametrize("which", ["signed", "signed_supplement"])
def test_sound_minutes_are_accepted(which: str, request: pytest.FixtureRequest) -> None:
    paper: Signed = request.getfixturevalue(which)
    report = verify(paper.pdf, paper.evidence())
    assert verdicts(report) == {
        **dict.fromkeys((1, 2, 3, 4, 6, 9), PASSED),
        **dict.fromkeys((5, 7, 8), NOT_APPLIED),
    }
    assert report.accepted
    assert [line.signer for line in report.signatures] == ["Hoàng Thị Nụ", "Ma Văn Thịnh"]


def test_the_class_stands_before_the_verdict(signed: Signed) -> None:
    report = verify(signed.pdf, signed.evidence())
    for line in report.signatures:
        assert line.kind is SignatureClass.SERVER_HELD
        assert line.line().startswith("Chữ ký điện tử nội bộ")
        assert "Không phải chữ ký số" in line.line()
    assert report.bottom_line.startswith(
        "Nội dung chưa bị thay đổi sau khi ký. Loại chữ ký: Chữ ký điện tử nội bộ"
    )


def test_what_is_not_at_hand_is_never_passed(signed: Signed) -> None:
    report = verify(signed.pdf, Evidence(people=signed.office.trust()))
    assert {number for number, verdict in verdicts(report).items() if verdict is NOT_APPLIED} == {4, 5, 7, 8}
    assert "Chưa kiểm tra: " in report.bottom_line


def test_one_byte_flipped(signed: Signed) -> None:
    """Attack 1."""
    at = signed.pdf.index(b"stream") + 40
    report = verify(attacks.flipped(signed.pdf, at), signed.evidence())
    assert 3 in failures(report)
    assert not report.accepted


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=0))
def test_any_byte_flipped(signed: Signed, somewhere: int) -> None:
    """Attack 1 anywhere but in the last signature's own value, which no signature can cover."""
    start, end = attacks.gap(signed.pdf)
    at = somewhere % (len(signed.pdf) - (end - start))
    at = at if at < start else at + (end - start)
    assert not verify(attacks.flipped(signed.pdf, at), signed.evidence()).accepted


def test_a_page_painted_over(signed: Signed) -> None:
    """Attack 2."""
    report = verify(attacks.overlaid(signed.pdf), signed.evidence())
    assert failures(report) >= {2, 9}


def test_a_note_added(signed: Signed) -> None:
    """Attack 3."""
    report = verify(attacks.annotated(signed.pdf), signed.evidence())
    assert failures(report) >= {2, 9}


def test_the_data_replaced(signed: Signed) -> None:
    """Attack 4."""
    other = replace(signed.minutes, texts={})
    report = verify(attacks.with_other_data(signed.pdf, to_bytes(other)), signed.evidence())
    assert failures(report) >= {2, 9}


def test_a_third_signature(signed: Signed, stranger: Signer) -> None:
    """Attack 5."""
    report = verify(attacks.third_signature(signed.pdf, stranger, signed.office), signed.evidence())
    assert failures(report) >= {1, 2}


def test_the_chairs_signature_cut_off(signed: Signed) -> None:
    """Attack 7: every remaining signature is good, and yet."""
    report = verify(signed.half, signed.evidence())
    assert 1 in failures(report)
    assert 3 not in failures(report)
    assert not report.accepted


def test_another_member_in_the_chairs_field(signed: Signed, stranger: Signer) -> None:
    """Attack 8: seen by the name in the data, even without a log."""
    pdf = sign(order(signed.half, SigningRole.CHAIR, stranger, signed.office))
    assert failures(verify(pdf, signed.evidence())) == {4}
    assert failures(verify(pdf, Evidence(people=signed.office.trust()))) == {4}


def test_a_namesake_in_the_chairs_field(signed: Signed) -> None:
    """Attack 8 by someone of the same name: seen by the logged fingerprint."""
    namesake = signed.office.enrol(signed.chair.name)
    pdf = sign(order(signed.half, SigningRole.CHAIR, namesake, signed.office))
    assert failures(verify(pdf, signed.evidence())) == {4}


def test_a_rogue_authority_with_the_same_names(signed: Signed) -> None:
    """Attack 9."""
    forged = signed_by_both(signed.minutes, signed.ready, new_office())
    report = verify(forged.pdf, signed.evidence())
    assert failures(report) >= {3, 4}
    assert {line.kind for line in report.signatures} == {SignatureClass.UNKNOWN}


def test_revoked_before_signing(signed: Signed) -> None:
    """Attack 10."""
    report = verify(signed.pdf, signed.evidence(gone=[signed.chair]))
    assert failures(report) == {3}
    assert "Chứng thư của Ma Văn Thịnh đã bị thu hồi." in report.bottom_line


def test_no_list_of_revocations(signed: Signed) -> None:
    """Attack 10, hard-fail."""
    people = Trust(roots=(signed.office.stored.certificate,))
    report = verify(signed.pdf, replace(signed.evidence(), people=people))
    assert failures(report) == {3}


def test_a_signature_from_another_file(signed: Signed, signed_supplement: Signed) -> None:
    """Attack 12."""
    report = verify(attacks.transplanted(signed.pdf, signed_supplement.pdf), signed.evidence())
    assert 3 in failures(report)


def test_a_range_that_leaves_something_out(signed: Signed) -> None:
    """Attack 12."""
    assert failures(verify(attacks.widened(signed.pdf), signed.evidence())) >= {2, 3}


def test_no_timestamp_where_one_is_asked(signed: Signed) -> None:
    """Attack 14: all cryptography is in order, and yet."""
    evidence = replace(signed.evidence(), timestamps=_window(signed.office.trust(), hours=1))
    assert failures(verify(signed.pdf, evidence)) == {5}


def test_timestamps_inside_and_outside_the_window(signed: Signed) -> None:
    pdf, trust = _timestamped(signed)
    inside = replace(signed.evidence(), timestamps=_window(trust, hours=1))
    assert verdicts(verify(pdf, inside))[5] is PASSED
    outside = replace(signed.evidence(), timestamps=_window(trust, hours=-1))
    assert failures(verify(pdf, outside)) == {5}


def _window(trust: Trust, hours: int) -> TimestampTrust:
    return TimestampTrust(
        trust=trust, since=real_now() - timedelta(hours=2), until=real_now() + timedelta(hours=hours)
    )


def _timestamped(signed: Signed) -> tuple[bytes, Trust]:
    """Both signatures again with tokens of an invented time-stamp authority."""
    stamps, office = new_office(), signed.office
    root = stamps.authority.key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (certificate,) = load_certs_from_pemder_data(stamps.stored.certificate)
    stamper = DummyTimeStamper(certificate, load_private_key_from_pemder_data(root, None))
    pdf = signed.ready
    for role, who in ((SigningRole.RECORDER, signed.recorder), (SigningRole.CHAIR, signed.chair)):
        key = open_person_key(who.key.wrapped, PASSPHRASE)
        signer = LoadedSigner(key, who.certificate, office.stored.certificate)
        pdf = sign_with(order(pdf, role, who, office), signer, stamper)
    return pdf, stamps.trust()


def test_a_stamp_drawn_in_the_text_is_no_signature(signed: Signed) -> None:
    """Attack 16."""
    item = signed.minutes.facts.items[0].id
    drawn = replace(signed.minutes, texts={item: f"Đã ký: Ma Văn Thịnh. {SignatureClass.SERVER_HELD.value}"})
    report = verify(ready_to_sign(to_bytes(drawn)), signed.evidence())
    assert report.signatures == ()
    assert not report.accepted
    assert report.bottom_line.startswith("Tệp này chưa được ký")


@pytest.mark.parametrize("change", attacks.BEFORE_SIGNING)
def test_what_was_prepared_before_signing(change: str, signed: Signed) -> None:
    """Attack 15 and rule 9: both signatures are good; what is shown is not what is recorded."""
    prepared = attacks.before_signing(hybrid(), change)
    report = verify(signed_by_both(signed.minutes, prepared, signed.office, signed).pdf, signed.evidence())
    assert 9 in failures(report)
    assert failures(report) <= {4, 8, 9}
    assert not report.accepted


def test_the_log_is_asked_when_it_is_there(signed: Signed) -> None:
    file, data = hashlib.sha256(signed.pdf).hexdigest(), hashlib.sha256(to_bytes(signed.minutes)).hexdigest()
    known = replace(signed.evidence(), logged=Logged(files=frozenset({file}), data=frozenset({data})))
    report = verify(signed.pdf, known)
    assert (verdicts(report)[7], verdicts(report)[8]) == (NOT_APPLIED, PASSED)  # 7 needs a witness
    unknown = replace(signed.evidence(), logged=Logged(files=frozenset(), data=frozenset()))
    assert failures(verify(signed.pdf, unknown)) == {7, 8}


@pytest.mark.parametrize("rubbish", [b"", b"%PDF-1.7\n%%EOF", b"\x89PNG", bytes(5000)], ids=range(4))
def test_rubbish_is_told_not_raised(rubbish: bytes, signed: Signed) -> None:
    report = verify(rubbish, signed.evidence())
    assert not report.accepted
    assert {rule.number for rule in report.rules} == set(range(1, 10))
    assert PASSED not in verdicts(report).values()


@pytest.mark.parametrize("share", [2, 3, 5, 9])
def test_a_torn_file_is_told_not_raised(share: int, signed: Signed) -> None:
    assert not verify(signed.pdf[: len(signed.pdf) * (share - 1) // share], signed.evidence()).accepted
