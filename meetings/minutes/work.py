"""What the worker process does. The heavy libraries are imported there, not in the serving process."""

# ruff: noqa: PLC0415  imports inside functions are the point of this file
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from meetings.kernel.ids import Id
from meetings.minutes.beside import Beside
from meetings.minutes.listed import Listed
from meetings.minutes.log_proof import KnownPapers, LogProof
from meetings.minutes.verification import Report

if TYPE_CHECKING:
    from meetings.minutes.trust import TimestampTrust, Trust


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Pen:
    """Who signs with which key. Holds a passphrase: its repr shows nothing."""

    role: str
    name: str
    position: str
    certificate: bytes
    root: bytes
    wrapped_key: bytes
    passphrase: str
    signed_at: datetime
    timestamp_url: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamps:
    """The believed time-stamp authority: its root (PEM) and list of certificates taken back (DER or PEM)."""

    root: bytes
    crl: bytes | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What this installation knows of a meeting's minutes; None: not at hand. `moments`: when each role signed, as
    the ledger has it."""

    root: bytes
    crl: bytes | None
    fingerprints: Mapping[str, str] | None = None
    files: frozenset[str] | None = None
    data: frozenset[str] | None = None
    proof: LogProof | None = None
    papers: KnownPapers | None = None
    stamps: Stamps | None = None
    moments: Mapping[str, datetime] | None = None
    listed: tuple[Listed, ...] = ()


def print_unsigned(data: bytes) -> bytes:
    """The printed minutes with both empty signature fields. Raises FontMissing, MissingGlyph."""
    from meetings.minutes.signing import ready_to_sign

    return ready_to_sign(data)


def print_paper(data: bytes) -> bytes:
    """Any other paper. Raises FontMissing, MissingGlyph, HiddenCharacter, BallotTooLong."""
    from meetings.minutes.pdf import print_paper as printed

    return printed(data)


def print_paper_to_sign(data: bytes) -> bytes:
    """The same with the empty fields of its signatures. Raises as print_paper."""
    from meetings.minutes.signing import paper_to_sign

    return paper_to_sign(data)


def sign_pdf(pdf: bytes, pen: Pen) -> bytes:
    """The file with this signature added. Raises WrongPassphrase, OutOfTurn, ForeignKey."""
    from meetings.minutes.signing import SigningOrder, sign

    order = SigningOrder(
        pdf=pdf,
        role=pen.role,
        name=pen.name,
        position=pen.position,
        certificate=pen.certificate,
        root=pen.root,
        wrapped_key=pen.wrapped_key,
        passphrase=pen.passphrase,
        signed_at=pen.signed_at,
        timestamp_url=pen.timestamp_url,
    )
    return sign(order)


def verify_pdf(pdf: bytes, known: Known) -> Report:
    """All nine rules."""
    from meetings.minutes.nine_rules import Evidence
    from meetings.minutes.verify import paper_in, verify_paper

    if (paper := paper_in(pdf)) is not None:
        stamps = _stamps_at_any_time(known.stamps) if known.stamps else None
        return verify_paper(pdf, paper, known.papers, Evidence(people=_people(known), timestamps=stamps))
    return _verify_minutes(pdf, known)


def _verify_minutes(pdf: bytes, known: Known) -> Report:
    from meetings.minutes.nine_rules import Evidence, Logged
    from meetings.minutes.signing import SigningRole
    from meetings.minutes.verify import verify

    prints = known.fingerprints
    logged = None
    if known.files is not None and known.data is not None:
        logged = Logged(files=known.files, data=known.data, proof=known.proof)
    evidence = Evidence(
        people=_people(known),
        fingerprints=None if prints is None else {SigningRole(role): p for role, p in prints.items()},
        logged=logged,
        timestamps=_stamp_trust(pdf, known.stamps) if known.stamps else None,
        moments=known.moments or {},
    )
    return verify(pdf, evidence)


def _people(known: Known) -> Trust:
    from meetings.minutes.trust import Trust

    return Trust(
        roots=(known.root,) if known.root else (),
        crls=(known.crl,) if known.crl else (),
        listed=known.listed,
    )


def _authority(stamps: Stamps) -> Trust:
    from meetings.minutes.trust import Trust

    return Trust(roots=(stamps.root,), crls=(stamps.crl,) if stamps.crl else ())


def archive_pdf(pdf: bytes, known: Known, url: str) -> bytes:
    """The file made to last by the believed authority. Raises AuthorityAway, NotLasting."""
    from meetings.minutes.archive import lasting
    from meetings.minutes.lasting import NotLasting

    if known.stamps is None:
        raise NotLasting
    return lasting(pdf, _people(known), _authority(known.stamps), url)


def meeting_named(pdf: bytes) -> Id | None:
    """The meeting, or the vote, that the attached data name, if they can be read."""
    from meetings.minutes.verify import meeting_in

    return meeting_in(pdf)


def _stamp_trust(pdf: bytes, stamps: Stamps) -> TimestampTrust | None:
    """Within which instants stamps may lie, by the attached data: rules 8 and 9 judge these. None: a practice
    clock, whose times no authority knows."""
    from meetings.minutes.window import stamp_trust

    return stamp_trust(pdf, _authority(stamps))


def _stamps_at_any_time(stamps: Stamps) -> TimestampTrust:
    """Other papers are signed when they are signed: their stamps are only to be trusted."""
    from meetings.minutes.trust import TimestampTrust

    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    return TimestampTrust(trust=_authority(stamps), since=first, until=last)


def make_html(data: bytes, addenda: tuple[Beside, ...] = (), *, signed: bool = False) -> str:
    """The same minutes as an accessible page body, after the addenda to them. `signed`: by both, or by hand."""
    from meetings.minutes.document import compose
    from meetings.minutes.html import article, beside_minutes
    from meetings.minutes.papers.addendum import content
    from meetings.minutes.papers.reading import from_json as paper_from_json
    from meetings.minutes.papers.records import Addendum
    from meetings.minutes.reading import from_json

    said = [(one, paper_from_json(one.data)) for one in addenda]
    texts = [(one, tuple(content(facts))) for one, facts in said if isinstance(facts, Addendum)]
    return beside_minutes(texts) + article(compose(from_json(data)), signed=signed)
