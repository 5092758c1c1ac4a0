"""Each signature by itself: what it covers, whose it is, whether it holds.

pyHanko judges; where no list of revocations is at hand, nothing is trusted.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from meetings.minutes.authority import POLICIES
from meetings.minutes.signature_class import SignatureClass


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """Whose certificates are believed: roots (PEM) and their lists of certificates taken back (DER)."""

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class TimestampTrust:
    """Believed time-stamp authorities, and between which instants a signature of this meeting may lie."""

    trust: Trust
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """One signature and what pyHanko says of it. `revoked_later`: its certificate was taken back, but provably after
    it signed."""

    found: EmbeddedPdfSignature
    status: PdfSignatureStatus
    certificate: x509.Certificate
    kind: SignatureClass
    revoked_later: bool = False

    @property
    def field(self) -> str:
        """The name of its field."""
        return str(self.found.field_name)

    @property
    def signer(self) -> str:
        """The name in the certificate."""
        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else "không ghi tên"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hex."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def sound(self) -> bool:
        """Bytes intact, signature valid, certificate trusted and not taken back."""
        return self.status.intact and self.status.valid and self.status.trusted


def examine(
    pdf: bytes, people: Trust, stamps: Trust | None, moments: Mapping[str, datetime] = MappingProxyType({})
) -> tuple[Examined, ...]:
    """Every signature in order of time. `moments`: when the ledger took each field's. Raises whatever pyHanko raises
    on a broken file."""
    reader = PdfFileReader(io.BytesIO(pdf))
    return tuple(
        _examined(found, people, stamps, moments.get(str(found.field_name)))
        for found in reader.embedded_regular_signatures
    )


def _examined(
    found: EmbeddedPdfSignature, people: Trust, stamps: Trust | None, logged: datetime | None
) -> Examined:
    times = stamps or Trust(roots=())
    status = validate_pdf_signature(found, context(people), context(times))
    moment = _proven(status, logged)
    later = moment is not None and status.trust_problem_indic is AdESIndeterminate.REVOKED_NO_POE
    if later:
        status = validate_pdf_signature(found, context(people, moment), context(times))
    certificate = x509.load_der_x509_certificate(found.signer_cert.dump())
    return Examined(
        found=found,
        status=status,
        certificate=certificate,
        kind=_kind(certificate, people.roots),
        revoked_later=later and bool(status.trusted),
    )


def _proven(status: PdfSignatureStatus, logged: datetime | None) -> datetime | None:
    """When it was signed at the latest: by a believed time stamp, else by the ledger."""
    stamp = status.timestamp_validity
    if stamp is not None and stamp.intact and stamp.valid and stamp.trusted:
        return stamp.timestamp
    return logged


def context(trust: Trust, moment: datetime | None = None) -> ValidationContext:
    """As of now, or as of a proven moment; later lists tell what was taken back before it."""
    roots = list(load_certs_from_pemder_data(b"\n".join(trust.roots))) if trust.roots else []
    # "hard-fail" would not check a certificate that names no place for its list, as ours do not.
    return ValidationContext(
        trust_roots=roots,
        crls=trust.crls,
        revocation_mode="require",
        allow_fetching=False,
        moment=moment,
        retroactive_revinfo=moment is not None,
    )


def _kind(certificate: x509.Certificate, roots: tuple[bytes, ...]) -> SignatureClass:
    ours = any(_issued_by(certificate, x509.load_pem_x509_certificate(root)) for root in roots)
    return _class_of(certificate) if ours else SignatureClass.UNKNOWN


def _issued_by(certificate: x509.Certificate, root: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _class_of(certificate: x509.Certificate) -> SignatureClass:
    """By the one policy that our authority writes into what it issues."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return SignatureClass.UNKNOWN
    named = {policy.policy_identifier for policy in found}
    homes = [home for home, policy in POLICIES.items() if policy in named]
    return homes[0].kind if len(homes) == 1 else SignatureClass.UNKNOWN


_TROUBLES: dict[AdESSubIndic | None, str] = {
    AdESIndeterminate.REVOKED_NO_POE: "Chứng thư của {who} đã bị thu hồi.",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "Chứng thư của {who} không còn (hoặc chưa có) hiệu lực.",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: "Chứng thư của {who} đã hết hạn.",
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "Chứng thư của {who} không do nơi máy này tin cậy cấp.",
}


def soundness(one: Examined) -> str:
    """Why a signature holds or not, for people."""
    status = one.status
    if not status.intact:
        return f"Nội dung đã bị sửa sau khi {one.signer} ký."
    if not status.valid:
        return f"Chữ ký của {one.signer} không đúng với chứng thư."
    if not status.trusted:
        other = "Chưa tin được chứng thư của {who}: thiếu danh sách thu hồi hoặc chuỗi chứng thư không đủ."
        return _TROUBLES.get(status.trust_problem_indic, other).format(who=one.signer)
    if one.revoked_later:
        return f"Phần do {one.signer} ký còn nguyên vẹn; chứng thư bị thu hồi sau khi ký."
    return f"Phần do {one.signer} ký còn nguyên vẹn, chứng thư còn hiệu lực."
