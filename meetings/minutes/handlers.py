"""Minutes over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import Field

from meetings.committees.powers import Part
from meetings.http.endpoint import Call, Endpoint, Handler
from meetings.http.shapes import Body, LongText, Nothing, Scan, UuidText, View
from meetings.kernel.scans import scan_of
from meetings.minutes.facts import minutes_hash, to_json
from meetings.minutes.ink import InkRecord
from meetings.minutes.keys import suggest_passphrase
from meetings.minutes.service import HeldKey, MinutesService, Rewrapped
from meetings.minutes.service.made import Printed, Signed, Standing
from meetings.minutes.verification import Report

_PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Biên bản</title>
<link rel="stylesheet" href="/static/app.css"></head><body><main>{body}</main></body></html>"""


class WordsBody(Body):
    """The recorder's own words on an item; facts cannot be written. With `over`, as the last answer told it ("" where
    nothing stood), words that somebody else wrote meanwhile are not replaced: 409."""

    words: LongText
    over: Annotated[str, Field(max_length=64)] | None = None


class WrittenView(View):
    """The words are kept."""

    over: str
    at: datetime


class SignBody(Body):
    """In whose place one signs, and the passphrase of one's own key."""

    role: Literal["recorder", "chair"]
    passphrase: Annotated[str, Field(min_length=1, max_length=200)]


class KeyBody(Body):
    """The passphrase of a new signing key."""

    passphrase: Annotated[str, Field(min_length=1, max_length=200)]


class PassphraseBody(Body):
    """The passphrase of one's own signing key as it is, and as it shall be."""

    passphrase: Annotated[str, Field(min_length=1, max_length=200)]
    new_passphrase: Annotated[str, Field(min_length=1, max_length=200)]


class InkBody(Body):
    """The scan of the printed paper signed by hand: PDF, JPEG or PNG in base64.

    `witness`: the member, other than those who sign, who compared scan and paper; without one the asker.
    """

    scan: Scan
    witness: UuidText | None = None


class KeyView(View):
    """A signing key's certificate, by its SHA-256."""

    fingerprint: str


class PassphraseView(View):
    """A random passphrase that one may take; it is kept nowhere."""

    passphrase: str


class MinutesSignatureView(View):
    """One signature. `role` is the field's name in the file."""

    role: str
    fingerprint: str
    at: datetime


class MinutesView(View):
    """Where the minutes stand. `minutes` is the JSON that is printed; null before the sitting is closed."""

    meeting: str
    state: Literal["before", "draft", "approved", "signed"]
    hash: str | None
    pdf_sha256: str | None
    signatures: list[MinutesSignatureView]
    signed_in_ink: bool
    minutes: dict[str, Any] | None


class ApprovedView(View):
    """Approved minutes: when, and the hash of the newest file."""

    meeting: str
    approved_at: datetime
    pdf_sha256: str


class InkView(View):
    """What was recorded of minutes or another paper signed by hand, with its class. `printed_sha256`: of the minutes'
    file that was signed; of other papers, printed anew each time, null."""

    kind: str
    scan_sha256: str
    printed_sha256: str | None


class RuleView(View):
    """One rule of the verifier."""

    number: int
    name: str
    verdict: str
    explanation: str


class VerificationView(View):
    """The verifier's report: lines as people read them, rules, one bottom line."""

    accepted: bool
    bottom_line: str
    lines: list[str]
    rules: list[RuleView]


class MinutesHandlers:
    """JSON in, JSON, HTML or PDF out."""

    def __init__(self, service: MinutesService) -> None:
        self._service = service

    async def get_minutes(self, call: Call[Body, Body]) -> MinutesView:
        """GET …/minutes."""
        return _view(await self._service.look(call.asker, call.id("meeting")))

    async def write_minutes(self, call: Call[WordsBody, Body]) -> WrittenView:
        """PUT …/minutes/texts/{item}."""
        body = call.body
        kept = await self._service.write(
            call.asker, call.id("meeting"), call.id("item"), body.words, body.over
        )
        return WrittenView(over=kept.over, at=kept.at)

    async def print_minutes(self, call: Call[Body, Body]) -> Printed:
        """Before POST …/minutes/approve: the PDF."""
        return await self._service.print_ahead(call.asker, call.id("meeting"))

    async def approve_minutes(self, call: Call[Body, Body]) -> ApprovedView:
        """POST …/minutes/approve."""
        approved = await self._service.keep_printed(call.asker, call.prepared)
        return ApprovedView(meeting=approved.meeting, approved_at=approved.at, pdf_sha256=approved.pdf)

    async def make_signature(self, call: Call[SignBody, Body]) -> Signed:
        """Before POST …/minutes/signatures: the signed PDF."""
        part = Part(call.body.role)
        return await self._service.sign_ahead(call.asker, call.id("meeting"), part, call.body.passphrase)

    async def sign_minutes(self, call: Call[SignBody, Body]) -> ApprovedView:
        """POST …/minutes/signatures."""
        signed = await self._service.keep_signed(call.asker, call.prepared)
        return ApprovedView(meeting=signed.meeting, approved_at=signed.at, pdf_sha256=signed.pdf)

    async def sign_minutes_in_ink(self, call: Call[InkBody, Body]) -> InkView:
        """POST …/minutes/ink."""
        scan = scan_of(call.body.scan)
        ink = await self._service.sign_in_ink(call.asker, call.id("meeting"), scan, call.body.witness)
        return ink_view(ink)

    async def make_key(self, call: Call[KeyBody, Body]) -> HeldKey:
        """Before POST /me/signing-key: the key and its certificate."""
        return await self._service.keys.make_ahead(call.asker, call.body.passphrase)

    async def make_signing_key(self, call: Call[KeyBody, Body]) -> KeyView:
        """POST /me/signing-key."""
        return KeyView(fingerprint=await self._service.keys.keep(call.asker, call.prepared))

    async def rewrap_key(self, call: Call[PassphraseBody, Body]) -> Rewrapped:
        """Before PUT /me/signing-key: the same key under the new passphrase."""
        body = call.body
        return await self._service.keys.rewrap_ahead(call.asker, body.passphrase, body.new_passphrase)

    async def change_signing_passphrase(self, call: Call[PassphraseBody, Body]) -> KeyView:
        """PUT /me/signing-key."""
        return KeyView(fingerprint=await self._service.keys.rewrap(call.asker, call.prepared))

    async def suggest_signing_passphrase(self, call: Call[Body, Body]) -> PassphraseView:
        """GET /me/signing-key/suggestion."""
        del call
        return PassphraseView(passphrase=suggest_passphrase())

    async def get_minutes_pdf(self, call: Call[Body, Body]) -> web.Response:
        """GET …/minutes.pdf."""
        pdf = await self._service.pdf(call.asker, call.id("meeting"))
        headers = {"Content-Disposition": 'inline; filename="bien-ban.pdf"'}
        return web.Response(body=pdf, content_type="application/pdf", headers=headers)

    async def get_minutes_html(self, call: Call[Body, Body]) -> web.Response:
        """GET …/minutes.html."""
        body = await self._service.html(call.asker, call.id("meeting"))
        return web.Response(text=_PAGE.format(body=body), content_type="text/html")

    async def verify_minutes(self, call: Call[Body, Body]) -> VerificationView:
        """GET …/minutes/verification."""
        meeting = call.id("meeting")
        return shown(await self._service.verify(await self._service.pdf(call.asker, meeting), meeting))

    async def get_authority(self, call: Call[Body, Body]) -> web.Response:
        """GET /authority.pem: the internal authority's certificate, public."""
        del call
        return web.Response(body=await self._service.keys.root(), content_type="application/x-pem-file")

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves."""
        return [*self._about_minutes(), *self._about_keys()]

    def _about_minutes(self) -> list[Endpoint]:
        base = "/meetings/{meeting}/minutes"
        return [
            _endpoint("GET", base, self.get_minutes, "Biên bản: dự thảo hoặc bản đã thông qua", MinutesView),
            _endpoint(
                "GET", f"{base}/verification", self.verify_minutes, "Kiểm tra biên bản", VerificationView
            ),
            _file(f"{base}.pdf", self.get_minutes_pdf, "Biên bản PDF", "application/pdf"),
            _file(f"{base}.html", self.get_minutes_html, "Biên bản để đọc trên màn hình", "text/html"),
            replace(
                _endpoint(
                    "POST", f"{base}/approve", self.approve_minutes, "Thông qua biên bản", ApprovedView
                ),
                prepare=self.print_minutes,
            ),
            _endpoint(
                "PUT", f"{base}/texts/{{item}}", self.write_minutes, "Thư ký ghi lời", WrittenView, WordsBody
            ),
            replace(
                _endpoint(
                    "POST", f"{base}/signatures", self.sign_minutes, "Ký biên bản", ApprovedView, SignBody
                ),
                prepare=self.make_signature,
            ),
            _endpoint(
                "POST", f"{base}/ink", self.sign_minutes_in_ink, "Bản chụp chữ ký tay", InkView, InkBody
            ),
        ]

    def _about_keys(self) -> list[Endpoint]:
        return [
            replace(
                _endpoint("POST", "/me/signing-key", self.make_signing_key, "Tạo khóa ký", KeyView, KeyBody),
                prepare=self.make_key,
            ),
            replace(
                _endpoint(
                    "PUT",
                    "/me/signing-key",
                    self.change_signing_passphrase,
                    "Đổi mật khẩu khóa ký",
                    KeyView,
                    PassphraseBody,
                ),
                prepare=self.rewrap_key,
            ),
            _endpoint(
                "GET",
                "/me/signing-key/suggestion",
                self.suggest_signing_passphrase,
                "Gợi ý một mật khẩu khóa ký",
                PassphraseView,
            ),
            _file(
                "/authority.pem",
                self.get_authority,
                "Chứng thư nội bộ",
                "application/x-pem-file",
                anyone=True,
            ),
        ]


def shown(report: Report) -> VerificationView:
    """What the verifier says."""
    rules = [
        RuleView(number=r.number, name=r.name, verdict=r.verdict.value, explanation=r.explanation)
        for r in report.rules
    ]
    return VerificationView(
        accepted=report.accepted, bottom_line=report.bottom_line, lines=list(report.lines()), rules=rules
    )


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


def _file(path: str, handler: Handler, summary: str, media: str, *, anyone: bool = False) -> Endpoint:
    return Endpoint(
        method="GET",
        path=path,
        handler=handler,
        summary=summary,
        media=media,
        anyone=anyone,
        tags=("minutes",),
    )


def _view(standing: Standing) -> MinutesView:
    minutes = standing.minutes
    return MinutesView(
        meeting=standing.sitting.id,
        state=_state(standing),
        hash=minutes_hash(minutes) if minutes else None,
        pdf_sha256=standing.approved.pdf if standing.approved else None,
        signatures=[MinutesSignatureView.model_validate(one) for one in standing.signatures],
        signed_in_ink=standing.ink is not None,
        minutes=dict(to_json(minutes)) if minutes else None,  # type: ignore[arg-type]  # an object, by its making
    )


def _state(standing: Standing) -> Literal["before", "draft", "approved", "signed"]:
    if standing.minutes is None:
        return "before"
    if standing.approved is None:
        return "draft"
    return "signed" if standing.ink is not None or len(standing.signatures) == len(Part) else "approved"


def ink_view(ink: InkRecord) -> InkView:
    """What was recorded of a paper signed by hand."""
    return InkView(kind=ink.kind.value, scan_sha256=ink.scan, printed_sha256=ink.printed or None)
