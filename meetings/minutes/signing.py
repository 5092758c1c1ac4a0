"""Two PAdES signatures (signing.md 2): the recorder certifies, the chair approves and locks everything.

Plain synchronous functions on picklable values, for a process pool: a signature costs a good part
of a second of
CPU. Signatures use real time, never a demonstration clock.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from asn1crypto.cms import ContentInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from meetings.kernel.clock import real_now
from meetings.kernel.errors import Conflict
from meetings.minutes.keys import open_person_key
from meetings.minutes.papers.places import places_of
from meetings.minutes.papers.reading import from_json as paper_from_json
from meetings.minutes.pdf import Printed, place_paper, print_minutes
from meetings.minutes.seating import CHAIR_FIELD, RECORDER_FIELD
from meetings.minutes.signature_class import SignatureClass
from meetings.minutes.stamp import stamp_style

HASH = "sha256"
TIMESTAMP_SECONDS = 15
CLOCKS_APART = timedelta(minutes=5)  # what is printed on the page is whole minutes


class SigningRole(StrEnum):
    """Who signs minutes; the value is the field's name in the file."""

    RECORDER = RECORDER_FIELD
    CHAIR = CHAIR_FIELD


class OutOfTurn(Conflict):
    """Places are signed in their order (the recorder's before the chair's), each once."""

    code = "signing-out-of-turn"
    message = "Ký theo thứ tự của chỗ ký trên văn bản (thư ký trước, chủ trì sau), mỗi người một lần."


class ClockWrong(Conflict):
    """The machine's clock and the time-stamp authority's are too far apart: the stamp on the page would lie."""

    code = "clock-wrong"
    message = (
        "Đồng hồ máy chủ lệch {minutes} phút so với nơi cấp dấu thời gian, nên chưa ký gì cả. "
        "Xin báo người quản trị chỉnh đồng hồ rồi ký lại."
    )


class ForeignKey(Conflict):
    """The key does not belong to the certificate."""

    code = "foreign-key"
    message = "Khóa ký không khớp với chứng thư của người ký."


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class SigningOrder:
    """One signature to make. Holds a passphrase: never log or store it (its repr shows nothing).

    `role`: the field's name; `certificate` and `root` are PEM; `position` such as "Thư ký"; `signed_at` is shown in
    the stamp.
    """

    pdf: bytes
    role: str
    name: str
    position: str
    certificate: bytes
    root: bytes
    wrapped_key: bytes
    passphrase: str
    signed_at: datetime
    timestamp_url: str | None = None


def ready_to_sign(data: bytes) -> bytes:
    """The printed minutes of canonical JSON with both empty signature fields. Raises as print_minutes."""
    return with_fields(print_minutes(data))


def paper_to_sign(data: bytes) -> bytes:
    """Another paper with the empty fields of its signatures. Raises as print_paper."""
    return with_fields(place_paper(data), places_of(paper_from_json(data)))


def with_fields(printed: Printed, roles: Iterable[str] = tuple(SigningRole)) -> bytes:
    """The fields in the order of signing, appended; the last locks every field when signed."""
    writer = IncrementalPdfFileWriter(io.BytesIO(printed.pdf))
    lock = fields.FieldMDPSpec(fields.FieldMDPAction.ALL)
    *before, last = roles
    for role in (*before, last):
        place = printed.places[role]
        spec = fields.SigFieldSpec(
            str(role),
            on_page=place.page - 1,
            box=place.box,
            field_mdp_spec=lock if role == last else None,
        )
        fields.append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
    return out.getvalue()


def sign(order: SigningOrder) -> bytes:
    """The file with this signature added; without a time stamp where the authority does not answer.

    Raises WrongPassphrase, SpoiledKey, ForeignKey, OutOfTurn, FontMissing, ClockWrong.
    """
    key = open_person_key(order.wrapped_key, order.passphrase)
    signer = LoadedSigner(key, order.certificate, order.root)
    try:
        return sign_with(order, signer, timestamper_at(order.timestamp_url))
    except TimestampRequestError:  # sign now; the archive's stamp comes when the authority is back
        return sign_with(order, signer, None)


def sign_with(order: SigningOrder, signer: signers.Signer, timestamper: TimeStamper | None) -> bytes:
    """As `sign`, by any signer (a loaded key, later a token). Raises OutOfTurn, FontMissing."""
    writer = open_for(order)
    stamper = pdf_signer(order, writer, signer, timestamper, SignatureClass.SERVER_HELD.said())
    out = stamper.sign_pdf(writer, existing_fields_only=True)
    return bytes(out.getbuffer())


class Inscribed(Protocol):
    """What every order to sign says: which file, in whose place, and the words of the stamp."""

    @property
    def pdf(self) -> bytes: ...
    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def position(self) -> str: ...
    @property
    def signed_at(self) -> datetime: ...


def open_for(order: Inscribed) -> IncrementalPdfFileWriter:
    """The file, to add this signature to. Raises OutOfTurn."""
    writer = IncrementalPdfFileWriter(io.BytesIO(order.pdf))
    _check_turn(writer, order.role)
    return writer


def pdf_signer(
    order: Inscribed,
    writer: IncrementalPdfFileWriter,
    signer: signers.Signer,
    timestamper: TimeStamper | None,
    kind: str,
) -> signers.PdfSigner:
    """Whoever signs first certifies, the others approve. The stamp names the class. Raises FontMissing."""
    meta = signers.PdfSignatureMetadata(
        field_name=str(order.role),
        md_algorithm=HASH,
        name=order.name,
        certify=order.role == _fields_in(writer)[0][0],
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    style = stamp_style(order.name, order.position, order.signed_at, kind)
    return signers.PdfSigner(meta, signer, timestamper=timestamper, stamp_style=style)


def _check_turn(writer: IncrementalPdfFileWriter, role: str) -> None:
    found = _fields_in(writer)
    before = [name for name, _ in found].index(role) if role in dict(found) else len(found)
    if [signed for _, signed in found] != [at < before for at in range(len(found))]:
        raise OutOfTurn


def _fields_in(writer: IncrementalPdfFileWriter) -> list[tuple[str, bool]]:
    """The fields in their order, and whether each is signed."""
    found = fields.enumerate_sig_fields(writer.prev)
    return [(str(name), value is not None) for name, value, _ in found]


def timestamper_at(url: str | None) -> TimeStamper | None:
    """RFC 3161 service, or none.

    Signatures are then B-B, and the verifier says that no timestamp was applied: whether this machine's clock is right
    nobody can tell.
    """
    if url is None:
        return None
    return ComparingTimeStamper(url, timeout=TIMESTAMP_SECONDS)


class ComparingTimeStamper(HTTPTimeStamper):
    """Asks an authority, and compares its clock with this machine's."""

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> ContentInfo:
        """Raises ClockWrong, TimestampRequestError."""
        token = await super().async_timestamp(message_digest, md_algorithm)
        stated = token["content"]["encap_content_info"]["content"].parsed["gen_time"].native
        apart = abs(stated - real_now())
        if apart > CLOCKS_APART:
            raise ClockWrong(minutes=int(apart.total_seconds()) // 60)
        return token


class LoadedSigner(signers.Signer):
    """Signs with a key that is loaded once.

    PyHanko's own signer parses and checks it again for every call.
    """

    def __init__(self, key: RSAPrivateKey, certificate: bytes, root: bytes) -> None:
        parsed = x509.load_pem_x509_certificate(certificate)
        if parsed.public_key() != key.public_key():
            raise ForeignKey
        super().__init__(signing_cert=_asn1(parsed), cert_registry=chain_of((root,)))
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """RSA PKCS#1 v1.5 over the signed attributes; a dry run only asks for the size."""
        if dry_run:
            return bytes(self._key.key_size // 8)
        if digest_algorithm != HASH:
            raise ValueError(digest_algorithm)
        return self._key.sign(data, PKCS1v15(), hashes.SHA256())


def chain_of(certificates: Iterable[bytes]) -> SimpleCertificateStore:
    """Certificates (PEM) that go into the signature beside the signer's."""
    known = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # untyped there
    for one in certificates:
        known.register(asn1_of(one))
    return known


def asn1_of(certificate: bytes) -> Certificate:
    """A certificate (PEM) for pyHanko."""
    return _asn1(x509.load_pem_x509_certificate(certificate))


def _asn1(certificate: x509.Certificate) -> Certificate:
    return Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
