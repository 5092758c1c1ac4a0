"""The two steps of a signature by a key that is elsewhere, on pyHanko's interrupted signing."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_cms import ExternalSigner
from pyhanko.sign.signers.pdf_signer import PdfTBSDocument
from pyhanko.sign.timestamps import TimestampRequestError

from meetings.minutes.deferred import DeferredPen, Filling, Prepared, SpoiledPending, WrongSignature
from meetings.minutes.examine import examine
from meetings.minutes.signing import (
    HASH,
    asn1_of,
    chain_of,
    open_for,
    pdf_signer,
    timestamper_at,
)
from meetings.minutes.trust import Trust

RESERVED = 2 * 16 * 1024  # bytes of the file; the value stands there in hex (signing.md 2.3)


@dataclass(frozen=True, kw_only=True, slots=True)
class DeferredOrder:
    """The file and whose stamp goes onto it."""

    pdf: bytes
    role: str
    name: str
    position: str
    signed_at: datetime


def prepare(pdf: bytes, pen: DeferredPen) -> Prepared:
    """See meetings.minutes.deferred_work."""
    return asyncio.run(_prepare(pdf, pen))


async def _prepare(pdf: bytes, pen: DeferredPen) -> Prepared:
    order = DeferredOrder(
        pdf=pdf, role=pen.role, name=pen.name, position=pen.position, signed_at=pen.signed_at
    )
    signer = _signer(pen.certificate, pen.chain, None)
    writer = open_for(order)
    stamper = pdf_signer(order, writer, signer, None, pen.kind)
    out = io.BytesIO()
    found, _, _ = await stamper.async_digest_doc_for_signing(
        writer, existing_fields_only=True, bytes_reserved=RESERVED, output=out
    )
    attributes = await signer.signed_attrs(found.document_digest, HASH, use_pades=True)
    return Prepared(
        pdf=out.getvalue(),
        digest=found.document_digest,
        attributes=attributes.dump(),
        start=found.reserved_region_start,
        end=found.reserved_region_end,
    )


def complete(prepared: Prepared, filling: Filling) -> bytes:
    """See meetings.minutes.deferred_work."""
    _check_prepared(prepared)
    _check_value(prepared.attributes, filling)
    signed = asyncio.run(_complete(prepared, filling))
    last = examine(signed, Trust(roots=()), None)[-1]
    if last.field != filling.role or not (last.status.intact and last.status.valid):
        raise SpoiledPending
    return signed


def _check_prepared(prepared: Prepared) -> None:
    """The stored bytes are still those that the stored attributes were made for."""
    covered = prepared.pdf[: prepared.start] + prepared.pdf[prepared.end :]
    attributes = cms.CMSAttributes.load(prepared.attributes)
    told = [one["values"][0].native for one in attributes if one["type"].native == "message_digest"]
    digest = hashlib.sha256(covered).digest()
    if len(told) != 1 or not hmac.compare_digest(digest, told[0]) or digest != prepared.digest:
        raise SpoiledPending


def _check_value(attributes: bytes, filling: Filling) -> None:
    public = x509.load_pem_x509_certificate(filling.certificate).public_key()
    if not isinstance(public, RSAPublicKey):
        raise WrongSignature
    try:
        public.verify(filling.signature, attributes, PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise WrongSignature from None


async def _complete(prepared: Prepared, filling: Filling) -> bytes:
    signer = _signer(filling.certificate, filling.chain, filling.signature)
    attributes = cms.CMSAttributes.load(prepared.attributes)
    stamper = timestamper_at(filling.timestamp_url)
    sign = partial(signer.async_sign_prescribed_attributes, HASH, signed_attrs=attributes)
    try:
        value = await sign(timestamper=stamper)
    except TimestampRequestError:  # sign now; the archive's stamp comes when the authority is back
        value = await sign()
    place = PreparedByteRangeDigest(
        document_digest=prepared.digest,
        reserved_region_start=prepared.start,
        reserved_region_end=prepared.end,
    )
    out = io.BytesIO(prepared.pdf)
    await PdfTBSDocument.async_finish_signing(out, prepared_digest=place, signature_cms=value)
    return out.getvalue()


def _signer(certificate: bytes, chain: tuple[bytes, ...], value: bytes | None) -> ExternalSigner:
    return ExternalSigner(
        signing_cert=asn1_of(certificate), cert_registry=chain_of(chain), signature_value=value
    )
