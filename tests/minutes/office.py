"""Two invented people with keys and certificates of an invented authority, and what they sign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from meetings.kernel.clock import real_now
from meetings.kernel.ids import derived_id
from meetings.minutes.authority import (
    Authority,
    Revoked,
    StoredAuthority,
    Subject,
    fingerprint,
    found_authority,
    open_authority,
    serial_of,
)
from meetings.minutes.keys import Cost, PersonKey, make_person_key
from meetings.minutes.nine_rules import Evidence
from meetings.minutes.records import Minutes, Officer
from meetings.minutes.signing import SigningOrder, SigningRole, sign
from meetings.minutes.trust import Trust

CHEAP = Cost(passes=1, memory=64)  # tests do not need slow guessing
SECRET = b"an invented secret of an installation"
PASSPHRASE = "mật khẩu để thử 2026"
POSITIONS = {SigningRole.RECORDER: "Thư ký", SigningRole.CHAIR: "Chủ trì, Bí thư chi bộ"}


@dataclass(frozen=True, kw_only=True)
class Signer:
    name: str
    key: PersonKey
    certificate: bytes


@dataclass(frozen=True, kw_only=True)
class Office:
    stored: StoredAuthority
    authority: Authority

    def enrol(self, name: str, key: PersonKey | None = None) -> Signer:
        made = key or make_person_key(PASSPHRASE, cost=CHEAP)
        subject = Subject(name=name, organisation="Chi bộ thôn Nà Mây", person=derived_id(name))
        certificate = self.authority.issue(subject, made.public, real_now() - timedelta(days=1))
        return Signer(name=name, key=made, certificate=certificate)

    def crl(self, gone: Iterable[Signer] = ()) -> bytes:
        since = real_now() - timedelta(hours=1)
        revoked = [Revoked(serial=serial_of(one.certificate), since=since) for one in gone]
        return self.authority.revocations(revoked, real_now(), real_now() + timedelta(days=7))

    def trust(self, gone: Iterable[Signer] = ()) -> Trust:
        return Trust(roots=(self.stored.certificate,), crls=(self.crl(gone),))


def new_office() -> Office:
    stored = found_authority("Chi bộ thôn Nà Mây", SECRET, real_now() - timedelta(days=2), CHEAP)
    return Office(stored=stored, authority=open_authority(stored, SECRET))


def order(pdf: bytes, role: SigningRole, who: Signer, office: Office) -> SigningOrder:
    return SigningOrder(
        pdf=pdf,
        role=role,
        name=who.name,
        position=POSITIONS[role],
        certificate=who.certificate,
        root=office.stored.certificate,
        wrapped_key=who.key.wrapped,
        passphrase=PASSPHRASE,
        signed_at=real_now(),
    )


@dataclass(frozen=True, kw_only=True)
class Signed:
    """Minutes at each step: fields ready, signed by the recorder, signed by both."""

    minutes: Minutes
    office: Office
    recorder: Signer
    chair: Signer
    ready: bytes
    half: bytes
    pdf: bytes

    def evidence(self, gone: Iterable[Signer] = ()) -> Evidence:
        known = {
            SigningRole.RECORDER: fingerprint(self.recorder.certificate),
            SigningRole.CHAIR: fingerprint(self.chair.certificate),
        }
        return Evidence(people=self.office.trust(gone), fingerprints=known)


def signed_by_both(minutes: Minutes, ready: bytes, office: Office, like: Signed | None = None) -> Signed:
    """Both signatures; `like` lends its people, so that no new keys are needed."""
    facts = minutes.facts
    recorder = like.recorder if like else _enrolled(office, facts.recorder)
    chair = like.chair if like else _enrolled(office, facts.chair)
    half = sign(order(ready, SigningRole.RECORDER, recorder, office))
    pdf = sign(order(half, SigningRole.CHAIR, chair, office))
    return Signed(
        minutes=minutes, office=office, recorder=recorder, chair=chair, ready=ready, half=half, pdf=pdf
    )


def _enrolled(office: Office, officer: Officer) -> Signer:
    return office.enrol(officer.name)
