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
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate, AdESSubIndic
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus

from meetings.kernel.clock import real_now
from meetings.minutes.archive_proof import Kept, kept_in, taken_back_by
from meetings.minutes.authority import POLICIES
from meetings.minutes.external import issued_by, issuer_in
from meetings.minutes.signature_class import SignatureClass
from meetings.minutes.trust import Trust, context


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """One signature and what pyHanko says of it. `revoked_later`: its certificate was taken back, but provably after
    it signed; `ended`: its time is over, but stamps of the archive prove that it signed before."""

    found: EmbeddedPdfSignature
    status: PdfSignatureStatus
    certificate: x509.Certificate
    kind: SignatureClass
    revoked_later: bool = False
    ended: bool = False
    issuer: str = ""

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
        """Bytes intact, signature valid, certificate trusted, not taken back, and of an authority named here: below a
        root that is believed others may issue too."""
        known = self.kind is not SignatureClass.UNKNOWN
        return self.status.intact and self.status.valid and self.status.trusted and known


def examine(
    pdf: bytes, people: Trust, stamps: Trust | None, moments: Mapping[str, datetime] = MappingProxyType({})
) -> tuple[Examined, ...]:
    """Every signature in order of time. `moments`: when the ledger took each field's. Raises whatever pyHanko raises
    on a broken file."""
    reader = PdfFileReader(io.BytesIO(pdf))
    kept = kept_in(reader, stamps) if stamps else Kept()
    return tuple(
        _examined(found, _Grounds(people=people, times=stamps or Trust(roots=()), kept=kept, moments=moments))
        for found in reader.embedded_regular_signatures
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Grounds:
    """What signatures of one file are judged by."""

    people: Trust
    times: Trust
    kept: Kept
    moments: Mapping[str, datetime]


def _examined(found: EmbeddedPdfSignature, by: _Grounds) -> Examined:
    certificate = x509.load_der_x509_certificate(found.signer_cert.dump())
    times = context(by.times)
    status = validate_pdf_signature(found, context(by.people), times)
    problem, archived = status.trust_problem_indic, by.kept.moment_of(found)
    moment = _proven(status) or archived or by.moments.get(str(found.field_name))
    if moment is not None and (then := _then(certificate, problem, by, archived)):
        status = validate_pdf_signature(
            found, context(then, archived if problem in _ENDED else moment), times
        )
    kind, issuer = _kind(found, certificate, by.people, moment or real_now())
    return Examined(
        found=found,
        status=status,
        certificate=certificate,
        kind=kind,
        issuer=issuer,
        revoked_later=problem is AdESIndeterminate.REVOKED_NO_POE and bool(status.trusted),
        ended=problem in _ENDED and bool(status.trusted),
    )


def _then(
    certificate: x509.Certificate, problem: AdESSubIndic | None, by: _Grounds, archived: datetime | None
) -> Trust | None:
    """By whom a signature that does not hold now may be judged as of its proven moment; None: not at all. That a
    certificate had not ended is shown by stamps of the archive alone, not by the ledger (decision 0082)."""
    if problem is AdESIndeterminate.REVOKED_NO_POE:
        return by.people
    if archived is not None and problem in _ENDED:
        gone = taken_back_by(certificate, by.people.every_list, archived)
        return None if gone else by.kept.trust_for(certificate, by.people)
    lapsed = any(not one.in_force(real_now()) for one in by.people.listed)
    if lapsed and problem is AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND:
        return by.people if archived or certificate.not_valid_after_utc > real_now() else None
    return None


def _proven(status: PdfSignatureStatus) -> datetime | None:
    """When it was signed at the latest, by a believed time stamp in the signature."""
    stamp = status.timestamp_validity
    if stamp is not None and stamp.intact and stamp.valid and stamp.trusted:
        return stamp.timestamp
    return None


def _kind(
    found: EmbeddedPdfSignature, certificate: x509.Certificate, people: Trust, moment: datetime
) -> tuple[SignatureClass, str]:
    """The class, and the issuer's name in the list of authorities. What our own authority issued is never more than
    internal, whatever the list says."""
    if any(issued_by(certificate, x509.load_pem_x509_certificate(root)) for root in people.roots):
        return _class_of(certificate), ""
    beside = [x509.load_der_x509_certificate(one.dump()) for one in found.other_embedded_certs]
    listed = issuer_in(certificate, beside, [one for one in people.listed if one.in_force(moment)])
    return (listed.kind, listed.name) if listed else (SignatureClass.UNKNOWN, "")


def _class_of(certificate: x509.Certificate) -> SignatureClass:
    """By the one policy that our authority writes into what it issues."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return SignatureClass.UNKNOWN
    named = {policy.policy_identifier for policy in found}
    homes = [home for home, policy in POLICIES.items() if policy in named]
    return homes[0].kind if len(homes) == 1 else SignatureClass.UNKNOWN


_ENDED = frozenset({AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED})
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
    if status.trusted and not one.sound:
        return _TROUBLES[AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND].format(who=one.signer)
    if not status.trusted:
        other = "Chưa tin được chứng thư của {who}: thiếu danh sách thu hồi hoặc chuỗi chứng thư không đủ."
        return _TROUBLES.get(status.trust_problem_indic, other).format(who=one.signer)
    if one.revoked_later:
        return f"Phần do {one.signer} ký còn nguyên vẹn; chứng thư bị thu hồi sau khi ký."
    if one.ended:
        return f"Phần do {one.signer} ký còn nguyên vẹn; chứng thư nay đã hết hạn, dấu lưu trữ cho thấy ký khi còn hạn."
    return f"Phần do {one.signer} ký còn nguyên vẹn, chứng thư còn hiệu lực."
