"""Signing an issued paper over HTTP: with a passphrase, with a key on one's own device, with a token's code."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import Field

from meetings.http.endpoint import Call, Endpoint
from meetings.http.idempotency import TOLD_ONCE
from meetings.http.shapes import Body, View
from meetings.kernel.ids import Id
from meetings.kernel.scans import scan_of
from meetings.minutes.deferred import WrongSignature
from meetings.minutes.handlers import InkBody, InkView, ink_view
from meetings.minutes.seating import ROLES, OfPaper
from meetings.minutes.service import DeferredSigning, MinutesService, PapersService, TokenSigning
from meetings.minutes.service.deferring import Begun, Finished
from meetings.minutes.service.made import Signed
from meetings.minutes.signing_handlers import PendingView, ValueBody, decoded, pending_view
from meetings.minutes.store import Approved
from meetings.minutes.token_handlers import SigningCodeView

AnyBody = TypeVar("AnyBody", bound=Body)
_TAGS = ("papers",)
_BASE = "/papers/{paper}/signatures"


class PaperPlaceBody(Body):
    """In whose place one signs: of an addendum or an attendance list recorder or chair, of counting-board minutes
    teller-1, teller-2 …, of every other paper its only one."""

    role: Annotated[str, Field(pattern="^(signer|recorder|chair|teller-([1-9]|1[0-9]|20))$")] = "signer"


class PaperPassphraseBody(PaperPlaceBody):
    """The same, and the passphrase of one's own key on the server."""

    passphrase: Annotated[str, Field(min_length=1, max_length=200)]


class SignedPaperView(View):
    """The paper, now with its signature."""

    paper: str
    issued_at: datetime
    pdf_sha256: str


class PaperSigningHandlers:
    """JSON in, JSON or a prepared PDF out."""

    def __init__(
        self, papers: PapersService, minutes: MinutesService, signing: DeferredSigning, tokens: TokenSigning
    ) -> None:
        self._papers, self._minutes = papers, minutes
        self._signing, self._tokens = signing, tokens

    async def make_paper_signature(self, call: Call[PaperPassphraseBody, Body]) -> Signed:
        """Before POST /papers/{paper}/signatures: the signed file."""
        meeting, place = await self._meeting_of(call), _place(call.id("paper"), call.body)
        return await self._minutes.sign_ahead(call.asker, meeting, place, call.body.passphrase)

    async def sign_paper(self, call: Call[PaperPassphraseBody, Body]) -> SignedPaperView:
        """POST /papers/{paper}/signatures."""
        return _view(call, await self._minutes.keep_signed(call.asker, call.prepared))

    async def prepare_paper_file(self, call: Call[PaperPlaceBody, Body]) -> Begun:
        """Before POST …/signatures/pending: the file with a hole."""
        meeting, place = await self._meeting_of(call), _place(call.id("paper"), call.body)
        return await self._signing.begin_ahead(call.asker, meeting, place)

    async def prepare_paper_signature(self, call: Call[PaperPlaceBody, Body]) -> PendingView:
        """POST …/signatures/pending."""
        return pending_view(await self._signing.begin(call.asker, call.prepared))

    async def get_prepared_paper_pdf(self, call: Call[Body, Body]) -> web.Response:
        """GET …/signatures/pending/{pending}.pdf."""
        pdf = await self._signing.file(call.asker, await self._meeting_of(call), call.id("pending"))
        return web.Response(body=pdf, content_type="application/pdf")

    async def check_paper_value(self, call: Call[ValueBody, Body]) -> Finished:
        """Before POST …/signatures/pending/{pending}: the file with the signature in its hole."""
        meeting, pending = await self._meeting_of(call), call.id("pending")
        value = decoded(call.body.signature, WrongSignature)
        return await self._signing.finish_ahead(call.asker, meeting, pending, value)

    async def finish_paper_signature(self, call: Call[ValueBody, Body]) -> SignedPaperView:
        """POST …/signatures/pending/{pending}."""
        return _view(call, await self._signing.finish(call.asker, call.prepared))

    async def open_paper_code(self, call: Call[PaperPlaceBody, Body]) -> SigningCodeView:
        """POST …/signatures/codes."""
        call.request[TOLD_ONCE] = True
        meeting, place = await self._meeting_of(call), _place(call.id("paper"), call.body)
        made = await self._tokens.open_code(call.asker, meeting, place)
        return SigningCodeView(code=made.code, expires_at=made.expires_at)

    async def sign_paper_in_ink(self, call: Call[InkBody, Body]) -> InkView:
        """POST /papers/{paper}/ink."""
        meeting, paper, scan = await self._meeting_of(call), call.id("paper"), scan_of(call.body.scan)
        return ink_view(await self._papers.by_hand.sign(call.asker, meeting, paper, scan, call.body.witness))

    async def _meeting_of(self, call: Call[AnyBody, Body]) -> Id:
        return await self._papers.meeting_of(call.asker, call.id("paper"))

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        waiting = f"{_BASE}/pending"
        return [
            Endpoint(
                method="POST",
                path=_BASE,
                handler=self.sign_paper,
                prepare=self.make_paper_signature,
                summary="Ký văn bản bằng khóa lưu trên máy chủ",
                body=PaperPassphraseBody,
                answer=SignedPaperView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=waiting,
                handler=self.prepare_paper_signature,
                prepare=self.prepare_paper_file,
                summary="Chuẩn bị văn bản để ký",
                body=PaperPlaceBody,
                answer=PendingView,
                tags=_TAGS,
            ),
            Endpoint(
                method="GET",
                path=f"{waiting}/{{pending}}.pdf",
                handler=self.get_prepared_paper_pdf,
                summary="Văn bản đã chuẩn bị để ký",
                media="application/pdf",
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=f"{waiting}/{{pending}}",
                handler=self.finish_paper_signature,
                prepare=self.check_paper_value,
                summary="Gửi chữ ký văn bản đã ký trên máy của tôi",
                body=ValueBody,
                answer=SignedPaperView,
                tags=_TAGS,
            ),
            self._of_codes(),
            self._of_ink(),
        ]

    def _of_ink(self) -> Endpoint:
        return Endpoint(
            method="POST",
            path="/papers/{paper}/ink",
            handler=self.sign_paper_in_ink,
            summary="Bản chụp văn bản đã ký tay",
            body=InkBody,
            answer=InkView,
            tags=_TAGS,
        )

    def _of_codes(self) -> Endpoint:
        return Endpoint(
            method="POST",
            path=f"{_BASE}/codes",
            handler=self.open_paper_code,
            summary="Lấy mã để ký văn bản bằng USB token",
            body=PaperPlaceBody,
            answer=SigningCodeView,
            tags=_TAGS,
        )


def _place(paper: Id, body: PaperPlaceBody) -> OfPaper:
    return OfPaper(paper=paper, field=ROLES[body.role])


def _view(call: Call[PaperPassphraseBody, Body] | Call[ValueBody, Body], kept: Approved) -> SignedPaperView:
    return SignedPaperView(paper=call.id("paper"), issued_at=kept.at, pdf_sha256=kept.pdf)
