"""What stamps of the archive prove (PAdES B-LTA): that a signature was there at a moment, read years later.

The newest stamp must hold today; each older one must have held when the next was set over it, by the lists kept in the
file. The chain ends at the first that does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from meetings.minutes.trust import Trust, context

_WHOLE = {SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION}


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """All that stood in the file before this revision stood there at that moment."""

    at: datetime
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What the archive put into a file: proofs, the oldest first, and lists of certificates taken back (DER)."""

    proofs: tuple[Proof, ...] = ()
    lists: tuple[bytes, ...] = ()

    def moment_of(self, signature: EmbeddedPdfSignature) -> datetime | None:
        """When that signature was there already, at the latest."""
        return next((one.at for one in self.proofs if signature.signed_revision < one.revision), None)

    def trust_for(self, certificate: x509.Certificate, trust: Trust) -> Trust:
        """The same trust with the lists of the file; of all lists only those made before the certificate's end: later
        ones need not name it any more."""
        end = certificate.not_valid_after_utc
        made = [one for one in (*trust.every_list, *self.lists) if _since(one) <= end]
        bare = tuple(replace(one, lists=()) for one in trust.listed)
        return Trust(roots=trust.roots, crls=tuple(made), listed=bare)


def kept_in(reader: PdfFileReader, stamps: Trust) -> Kept:
    """Raises whatever pyHanko raises on a broken file."""
    lists = _lists(reader)
    held, proofs, moment = Kept(lists=lists), list[Proof](), None
    for one in reversed(reader.embedded_timestamp_signatures):
        signer = x509.load_der_x509_certificate(one.signer_cert.dump())
        trust = stamps if moment is None else held.trust_for(signer, stamps)
        status = validate_pdf_timestamp(one, context(trust, moment))
        if not (status.intact and status.valid and status.trusted and status.coverage in _WHOLE):
            break
        moment = status.timestamp
        proofs.append(Proof(at=moment, revision=one.signed_revision))
    return Kept(proofs=tuple(reversed(proofs)), lists=lists)


def taken_back_by(certificate: x509.Certificate, lists: Iterable[bytes], moment: datetime) -> bool:
    """Whether any of these lists says that it was taken back at that moment already."""
    for one in lists:
        listed = x509.load_der_x509_crl(one)
        entry = listed.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry and listed.issuer == certificate.issuer and entry.revocation_date_utc <= moment:
            return True
    return False


def _lists(reader: PdfFileReader) -> tuple[bytes, ...]:
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return ()
    return tuple(bytes(one.get_object().data) for one in store.crls)


def _since(crl: bytes) -> datetime:
    return x509.load_der_x509_crl(crl).last_update_utc
