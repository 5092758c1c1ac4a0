"""Minutes read years after they were signed: certificates of the signers have ended, stamps of the archive have not.

The clock is moved the other way round: everything was made years ago.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper

from meetings.kernel.clock import real_now
from meetings.kernel.ids import derived_id
from meetings.minutes.archive import document_stamps, lasting_by
from meetings.minutes.authority import (
    PERSON_LIFE,
    Revoked,
    Subject,
    fingerprint,
    found_authority,
    open_authority,
    serial_of,
)
from meetings.minutes.nine_rules import Evidence
from meetings.minutes.records import Officer
from meetings.minutes.signing import SigningRole, sign
from meetings.minutes.trust import TimestampTrust, Trust
from meetings.minutes.verification import Report, Verdict
from meetings.minutes.verify import verify
from tests.minutes.office import CHEAP, SECRET, Office, Signed, Signer, order
from tests.minutes.stamping import stamper_of

YEAR = timedelta(days=365)
SIGNED, RENEWED = 6 * YEAR, 3 * YEAR  # ago; certificates of people live five years
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Past:
    """What an office and its time-stamp authority did years ago."""

    signed: Signed
    people: Office
    stamps: Office

    def list_of(self, office: Office, ago: timedelta, gone: Iterable[tuple[Signer, timedelta]] = ()) -> bytes:
        now = real_now()
        back = [Revoked(serial=serial_of(one.certificate), since=now - since) for one, since in gone]
        return office.authority.revocations(back, now - ago, now - ago + WEEK)

    def trust(self, office: Office, ago: timedelta) -> Trust:
        return Trust(roots=(office.stored.certificate,), crls=(self.list_of(office, ago),))

    def stamped(self, pdf: bytes, ago: timedelta, life: tuple[timedelta, timedelta]) -> bytes:
        """With a stamp set that long ago, by a certificate that lived between these."""
        moment = real_now() - ago
        stamper = stamper_of(self.stamps, life=life, at=moment)
        people, stamps = self.trust(self.people, ago), self.trust(self.stamps, ago)
        return lasting_by(pdf, people, stamps, stamper, moment)

    def report(self, pdf: bytes, gone: Iterable[tuple[Signer, timedelta]] = ()) -> Report:
        """Judged today, by the lists of today."""
        now, none = real_now(), timedelta(minutes=1)
        people = Trust(roots=(self.people.stored.certificate,), crls=(self.list_of(self.people, none, gone),))
        window = TimestampTrust(
            trust=self.trust(self.stamps, none), since=now - SIGNED - WEEK, until=now - SIGNED + WEEK
        )
        prints = {
            SigningRole.RECORDER: fingerprint(self.signed.recorder.certificate),
            SigningRole.CHAIR: fingerprint(self.signed.chair.certificate),
        }
        return verify(pdf, Evidence(people=people, fingerprints=prints, timestamps=window))


def _office() -> Office:
    stored = found_authority("Chi bộ thôn Nà Mây", SECRET, real_now() - 8 * YEAR, CHEAP)
    return Office(stored=stored, authority=open_authority(stored, SECRET))


def _enrolled(office: Office, officer: Officer, like: Signer) -> Signer:
    subject = Subject(name=officer.name, organisation="Chi bộ", person=derived_id(officer.name))
    when = real_now() - SIGNED - timedelta(days=30)
    return Signer(
        name=officer.name, key=like.key, certificate=office.authority.issue(subject, like.key.public, when)
    )


@pytest.fixture(scope="module")
def past(signed: Signed) -> Past:
    office, facts = _office(), signed.minutes.facts
    recorder = _enrolled(office, facts.recorder, signed.recorder)
    chair = _enrolled(office, facts.chair, signed.chair)
    then: datetime = real_now() - SIGNED
    half = sign(replace(order(signed.ready, SigningRole.RECORDER, recorder, office), signed_at=then))
    pdf = sign(replace(order(half, SigningRole.CHAIR, chair, office), signed_at=then))
    made = replace(signed, office=office, recorder=recorder, chair=chair, half=half, pdf=pdf)
    return Past(signed=made, people=office, stamps=_office())


@pytest.fixture(scope="module")
def stamped(past: Past) -> bytes:
    """Soon after signing, by a stamp whose own certificate ended two years ago."""
    return past.stamped(past.signed.pdf, SIGNED - timedelta(days=1), (7 * YEAR, 2 * YEAR))


@pytest.fixture(scope="module")
def renewed(past: Past, stamped: bytes) -> bytes:
    """And again, while the first could still be judged, by one that lives."""
    return past.stamped(stamped, RENEWED, (4 * YEAR, -YEAR))


def failures(report: Report) -> set[int]:
    return {rule.number for rule in report.rules if rule.verdict is Verdict.FAILED}


def test_a_file_of_the_archive_is_accepted_years_after_its_certificates_ended(
    past: Past, renewed: bytes
) -> None:
    assert PERSON_LIFE < SIGNED
    report = past.report(renewed)
    assert report.accepted, report.lines()
    assert failures(report) == set()
    assert len(document_stamps(renewed, past.trust(past.stamps, timedelta(minutes=1)))) == 2
    assert all("nay đã hết hạn" in line.explanation for line in report.signatures)
    assert "nay đã hết hạn" in report.rules[2].explanation


def test_without_stamps_that_hold_today_the_end_is_the_end(past: Past, stamped: bytes) -> None:
    """No stamp; or one whose own authority ended before anybody renewed it."""
    for pdf in (past.signed.pdf, stamped):
        assert failures(past.report(pdf)) == {3, 5}


def test_a_stamp_set_after_the_certificates_ended_proves_nothing(past: Past) -> None:
    """Whoever finds an old key can stamp today; that it signed in time is not shown."""
    with_late = _stamped_late(past)
    assert failures(past.report(with_late)) == {3, 5}


def _stamped_late(past: Past) -> bytes:
    out = io.BytesIO(past.signed.pdf)
    stamper = stamper_of(past.stamps, life=(4 * YEAR, -YEAR), at=real_now() - timedelta(days=2))
    PdfTimeStamper(stamper).timestamp_pdf(IncrementalPdfFileWriter(out), "sha256", in_place=True)
    return out.getvalue()


@pytest.mark.parametrize(("since", "refused"), [(SIGNED, {3}), (SIGNED - YEAR, set[int]())])
def test_a_certificate_taken_back_before_its_stamp_stays_taken_back(
    past: Past, renewed: bytes, since: timedelta, refused: set[int]
) -> None:
    """Found by today's list though the list in the file did not know it yet; taken back later is another thing."""
    assert failures(past.report(renewed, [(past.signed.chair, since)])) == refused


def test_stamps_of_nobody_known_prove_nothing(past: Past, renewed: bytes) -> None:
    other = replace(past, stamps=_office())
    assert failures(other.report(renewed)) == {3, 5}
