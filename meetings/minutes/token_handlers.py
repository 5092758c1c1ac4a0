"""Signing with a USB token over HTTP: a code for the page, and what the program beside the token sends under it."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from meetings.committees.powers import Part
from meetings.http.endpoint import Call, Endpoint
from meetings.http.idempotency import TOLD_ONCE
from meetings.http.pace import Pace
from meetings.http.shapes import Body, View
from meetings.kernel.errors import Invalid
from meetings.minutes.deferred import WrongSignature
from meetings.minutes.foreign import BadCertificate
from meetings.minutes.handlers import ApprovedView
from meetings.minutes.service.deferring import Begun, Finished
from meetings.minutes.service.tokens import MOST_ABOVE, TokenSigning, TokenWaiting

_MOST_CERTIFICATE = 8 * 1024  # characters of base64
_MOST_SIGNATURE = 1400
Certificate = Annotated[str, Field(min_length=1, max_length=_MOST_CERTIFICATE)]


class TokenPlaceBody(Body):
    """In whose place one wants to sign."""

    role: Literal["recorder", "chair"]


class SigningCodeView(View):
    """Twelve digits, for one signature."""

    code: str
    expires_at: datetime


class CertificateBody(Body):
    """The code, the token's certificate (DER, base64) and those above it that the token holds."""

    code: Annotated[str, Field(min_length=12, max_length=40)]
    certificate: Certificate
    above: Annotated[tuple[Certificate, ...], Field(max_length=MOST_ABOVE)] = ()


class TokenValueBody(Body):
    """The code and the signature over the prepared attributes: RSASSA-PKCS1-v1_5 with SHA-256, in base64."""

    code: Annotated[str, Field(min_length=12, max_length=40)]
    signature: Annotated[str, Field(min_length=1, max_length=_MOST_SIGNATURE)]


class TokenPendingView(View):
    """As a prepared signature for a browser's key, with the file itself (base64) and what to show: the sitting's title,
    whose place, the class of the signature."""

    title: str
    name: str
    position: str
    kind: str
    file: str
    digest_sha256: str
    attributes: str
    certificate: str
    hole_start: int
    hole_end: int
    expires_at: datetime


class TokenHandlers:
    """`pace`: how often one address may try a code."""

    def __init__(self, tokens: TokenSigning, pace: Pace) -> None:
        self._tokens, self._pace = tokens, pace

    async def open_signing_code(self, call: Call[TokenPlaceBody, Body]) -> SigningCodeView:
        """POST …/minutes/signatures/codes."""
        call.request[TOLD_ONCE] = True
        made = await self._tokens.open_code(call.asker, call.id("meeting"), Part(call.body.role))
        return SigningCodeView(code=made.code, expires_at=made.expires_at)

    async def prepare_for_token(self, call: Call[CertificateBody, Body]) -> TokenPendingView:
        """POST /token-signatures."""
        begun = await self._begun(call)
        return _view(await self._tokens.begin(call.body.code, begun))

    async def _begun(self, call: Call[CertificateBody, Body]) -> Begun:
        self._pace.take(call.request.remote or "")
        body = call.body
        above = tuple(_decoded(one, BadCertificate) for one in body.above)
        return await self._tokens.begin_ahead(body.code, _decoded(body.certificate, BadCertificate), above)

    async def finish_by_token(self, call: Call[TokenValueBody, Body]) -> ApprovedView:
        """POST /token-signatures/value."""
        self._pace.take(call.request.remote or "")
        body = call.body
        made: Finished = await self._tokens.finish_ahead(body.code, _decoded(body.signature, WrongSignature))
        signed = await self._tokens.finish(body.code, made)
        return ApprovedView(meeting=signed.meeting, approved_at=signed.at, pdf_sha256=signed.pdf)

    def endpoints(self) -> list[Endpoint]:
        """What is served: one to who is signed in, two to whoever holds a code."""
        return [
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/minutes/signatures/codes",
                handler=self.open_signing_code,
                summary="Lấy mã để ký bằng USB token",
                body=TokenPlaceBody,
                answer=SigningCodeView,
                tags=("minutes",),
            ),
            Endpoint(
                method="POST",
                path="/token-signatures",
                handler=self.prepare_for_token,
                summary="Chuẩn bị tệp để USB token ký",
                body=CertificateBody,
                answer=TokenPendingView,
                anyone=True,
                own_key=True,
                tags=("minutes",),
            ),
            Endpoint(
                method="POST",
                path="/token-signatures/value",
                handler=self.finish_by_token,
                summary="Gửi chữ ký của USB token",
                body=TokenValueBody,
                answer=ApprovedView,
                anyone=True,
                own_key=True,
                tags=("minutes",),
            ),
        ]


def _decoded(text: str, refusal: type[Invalid]) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise refusal from None


def _view(made: TokenWaiting) -> TokenPendingView:
    pending = made.waiting.pending
    prepared = pending.prepared
    return TokenPendingView(
        title=made.title,
        name=made.name,
        position=made.position,
        kind=pending.kind,
        file=base64.b64encode(prepared.pdf).decode(),
        digest_sha256=prepared.digest.hex(),
        attributes=base64.b64encode(prepared.attributes).decode(),
        certificate=base64.b64encode(made.waiting.der).decode(),
        hole_start=prepared.start,
        hole_end=prepared.end,
        expires_at=pending.expires_at,
    )
