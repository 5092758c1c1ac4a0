"""Signing with a key on one's own device, over HTTP: certificates for such keys, prepared files, signatures."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from aiohttp import web
from pydantic import Field

from meetings.committees.powers import Part
from meetings.http.endpoint import Call, Endpoint, Handler
from meetings.http.shapes import Body, Nothing, View
from meetings.kernel.errors import Invalid
from meetings.minutes.certificate_request import MOST_BYTES, BadCertificateRequest
from meetings.minutes.deferred import WrongSignature
from meetings.minutes.handlers import ApprovedView, KeyView
from meetings.minutes.service import DeferredSigning, HeldKey, SigningKeys
from meetings.minutes.service.deferring import Begun, Finished, Waiting
from meetings.minutes.service.signers import WaitingRequest
from meetings.minutes.signature_class import KeyHome

REVOCATION_LIST = "/authority.crl"
_MOST_SIGNATURE = 1024  # bytes; RSA of 4096 bits has 512


class RequestBody(Body):
    """A certificate request (PKCS#10, DER in base64) of a key made on the asker's own device. Its subject is one
    serialNumber: the asker's person id."""

    request: Annotated[str, Field(min_length=1, max_length=MOST_BYTES * 4 // 3 + 4)]


class PlaceBody(Body):
    """In whose place one wants to sign."""

    role: Literal["recorder", "chair"]


class ValueBody(Body):
    """The signature over the prepared attributes: RSASSA-PKCS1-v1_5 with SHA-256, in base64."""

    signature: Annotated[str, Field(min_length=1, max_length=_MOST_SIGNATURE * 4 // 3 + 4)]


class CertifiedView(View):
    """The certificate's SHA-256; null while the request waits for the authority's key, which is kept elsewhere."""

    fingerprint: str | None


class OwnKeyView(View):
    """The asker's signing key. `kind`: what a signature by it is. `public_sha256`: of its public part (DER), so that
    a browser knows whether it is the one that it holds."""

    fingerprint: str
    home: KeyHome
    kind: str
    public_sha256: str
    until: datetime


class PendingView(View):
    """A prepared signature. Hash the file without the bytes from `hole_start` to `hole_end`; the hash must stand in
    `attributes` (DER of SignedAttributes, base64) as messageDigest: then sign `attributes`. `certificate`: DER,
    base64. `pdf`: the file's address."""

    id: str
    pdf: str
    digest_sha256: str
    attributes: str
    certificate: str
    hole_start: int
    hole_end: int
    kind: str
    expires_at: datetime


class SigningHandlers:
    """JSON in, JSON or a prepared PDF out."""

    def __init__(self, signing: DeferredSigning, keys: SigningKeys) -> None:
        self._signing, self._keys = signing, keys

    async def get_signing_key(self, call: Call[Body, Body]) -> OwnKeyView:
        """GET /me/signing-key."""
        found = await self._keys.standing(call.asker)
        return OwnKeyView(
            fingerprint=found.fingerprint,
            home=found.home,
            kind=found.home.kind.said(),
            public_sha256=found.public,
            until=found.until,
        )

    async def revoke_signing_key(self, call: Call[Body, Body]) -> KeyView:
        """DELETE /me/signing-key."""
        return KeyView(fingerprint=await self._keys.revoke(call.asker))

    async def certify_key(self, call: Call[RequestBody, Body]) -> HeldKey | WaitingRequest:
        """Before POST /me/signing-key/device: the certificate."""
        request = decoded(call.body.request, BadCertificateRequest)
        return await self._keys.certify_ahead(call.asker, request)

    async def certify_device_key(self, call: Call[RequestBody, Body]) -> CertifiedView:
        """POST /me/signing-key/device."""
        return CertifiedView(fingerprint=await self._keys.keep_certified(call.asker, call.prepared))

    async def get_revocation_list(self, call: Call[Body, Body]) -> web.Response:
        """GET /authority.crl: public, as certificates name it."""
        del call
        listed = await self._keys.authority.published_list()
        return web.Response(body=listed, content_type="application/pkix-crl")

    async def prepare_file(self, call: Call[PlaceBody, Body]) -> Begun:
        """Before POST …/minutes/signatures/pending: the file with a hole."""
        return await self._signing.begin_ahead(call.asker, call.id("meeting"), Part(call.body.role))

    async def prepare_signature(self, call: Call[PlaceBody, Body]) -> PendingView:
        """POST …/minutes/signatures/pending."""
        return pending_view(await self._signing.begin(call.asker, call.prepared))

    async def get_prepared_pdf(self, call: Call[Body, Body]) -> web.Response:
        """GET …/minutes/signatures/pending/{pending}.pdf."""
        pdf = await self._signing.file(call.asker, call.id("meeting"), call.id("pending"))
        return web.Response(body=pdf, content_type="application/pdf")

    async def check_value(self, call: Call[ValueBody, Body]) -> Finished:
        """Before POST …/minutes/signatures/pending/{pending}: the file with the signature in its hole."""
        value = decoded(call.body.signature, WrongSignature)
        return await self._signing.finish_ahead(call.asker, call.id("meeting"), call.id("pending"), value)

    async def finish_signature(self, call: Call[ValueBody, Body]) -> ApprovedView:
        """POST …/minutes/signatures/pending/{pending}."""
        signed = await self._signing.finish(call.asker, call.prepared)
        return ApprovedView(meeting=signed.meeting, approved_at=signed.at, pdf_sha256=signed.pdf)

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        mine, waiting = "/me/signing-key", "/meetings/{meeting}/minutes/signatures/pending"
        return [
            _endpoint("GET", mine, self.get_signing_key, "Khóa ký của tôi", OwnKeyView),
            replace(
                _endpoint("GET", REVOCATION_LIST, self.get_revocation_list, "Chứng thư bị thu hồi"),
                media="application/pkix-crl",
                anyone=True,
            ),
            _endpoint("DELETE", mine, self.revoke_signing_key, "Thu hồi khóa ký của tôi", KeyView),
            replace(
                _endpoint(
                    "POST",
                    f"{mine}/device",
                    self.certify_device_key,
                    "Chứng thư cho khóa trên máy của tôi",
                    CertifiedView,
                    RequestBody,
                ),
                prepare=self.certify_key,
            ),
            replace(
                _endpoint(
                    "POST", waiting, self.prepare_signature, "Chuẩn bị tệp để ký", PendingView, PlaceBody
                ),
                prepare=self.prepare_file,
            ),
            replace(
                _endpoint(
                    "GET", f"{waiting}/{{pending}}.pdf", self.get_prepared_pdf, "Tệp đã chuẩn bị để ký"
                ),
                media="application/pdf",
            ),
            replace(
                _endpoint(
                    "POST",
                    f"{waiting}/{{pending}}",
                    self.finish_signature,
                    "Gửi chữ ký đã ký trên máy của tôi",
                    ApprovedView,
                    ValueBody,
                ),
                prepare=self.check_value,
            ),
        ]


def decoded(text: str, refusal: type[Invalid]) -> bytes:
    """From base64. Raises the refusal."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise refusal from None


def _endpoint(
    method: str,
    path: str,
    handler: Handler,
    summary: str,
    answer: type[View] = Nothing,
    body: type[Body] = Body,
) -> Endpoint:
    return Endpoint(
        method=method,
        path=path,
        handler=handler,
        summary=summary,
        answer=answer,
        body=body,
        tags=("minutes",),
    )


def pending_view(waiting: Waiting) -> PendingView:
    """What the signer's device gets."""
    pending, prepared = waiting.pending, waiting.pending.prepared
    minutes = f"/api/v1/meetings/{pending.meeting}/minutes"
    base = f"/api/v1/papers/{pending.paper}" if pending.paper else minutes
    return PendingView(
        id=pending.id,
        pdf=f"{base}/signatures/pending/{pending.id}.pdf",
        digest_sha256=prepared.digest.hex(),
        attributes=base64.b64encode(prepared.attributes).decode(),
        certificate=base64.b64encode(waiting.der).decode(),
        hole_start=prepared.start,
        hole_end=prepared.end,
        kind=pending.kind,
        expires_at=pending.expires_at,
    )
