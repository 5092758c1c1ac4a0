"""Secret votes on devices over HTTP. Ballots come without a name, at one address for all votes."""

from __future__ import annotations

from typing import Annotated

from aiohttp import web
from pydantic import Field

from meetings.http.endpoint import API, Call, Endpoint
from meetings.http.shapes import Body, UuidText, View
from meetings.voting.blind import LENGTH
from meetings.voting.secrecy import CastWithName, Mark, Phase, Slip
from meetings.voting.secret import SecretLook, SecretService
from meetings.voting.views import VoteView, vote_view

CAST_PATH = f"{API}/secret-ballots"
RECEIPT_PATH = f"{API}/secret-receipts"

Number = Annotated[str, Field(pattern=f"^[0-9a-f]{{{2 * LENGTH}}}$")]
Random = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class BlindedBody(Body):
    """A blinded token, 256 bytes in hex."""

    blinded: Number


class SignedView(View):
    """The blind signature over it. The same request gives the same answer."""

    signed: str


class SecretView(View):
    """A secret question. `modulus` (exponent 65537) has the SHA-256 `key`, which stands in the ledger's entry of the
    opening; `code` is twelve digits of it, to compare with the room's screen. `blinded`: what the asker sent.
    `few`: paper is the better way, so few may vote."""

    vote: VoteView
    phase: Phase
    modulus: str
    key: str
    code: str
    issued: int
    received: int
    entitled: bool
    blinded: str | None
    few: bool


class CastingBody(Body):
    """How long ballots are taken."""

    minutes: Annotated[int, Field(ge=1, le=60)] = 3


class SlipBody(Body):
    """A ballot, of the same length whatever it says: f for, a against, n no opinion."""

    vote: UuidText
    serial: Random
    prefix: Random
    signature: Number
    mark: Mark


class SlipView(View):
    """`recorded` false: held with the others and not yet durable; send the same again."""

    recorded: bool


class ReceiptBody(Body):
    """The SHA-256 of a serial, in hex."""

    vote: UuidText
    receipt: Random


class CountedView(View):
    """Whether a ballot with that receipt is written."""

    counted: bool


class ListedView(View):
    """One ballot, by its receipt."""

    receipt: str
    mark: Mark


class ListView(View):
    """Every ballot, sorted by receipt."""

    ballots: list[ListedView]


class SecretHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: SecretService) -> None:
        self._service = service

    async def look_at_secret_vote(self, call: Call[Body, Body]) -> SecretView:
        """GET /votes/{vote}/secret."""
        return _view(await self._service.look(call.asker, call.id("vote")))

    async def ask_secret_ballot(self, call: Call[BlindedBody, Body]) -> SignedView:
        """POST /votes/{vote}/secret/token."""
        return SignedView(signed=await self._service.issue(call.asker, call.id("vote"), call.body.blinded))

    async def start_casting(self, call: Call[CastingBody, Body]) -> VoteView:
        """POST /votes/{vote}/secret/casting."""
        return vote_view(await self._service.start_casting(call.asker, call.id("vote"), call.body.minutes))

    async def end_casting(self, call: Call[Body, Body]) -> VoteView:
        """POST /votes/{vote}/secret/end."""
        return vote_view(await self._service.end_casting(call.asker, call.id("vote")))

    async def set_aside(self, call: Call[CastingBody, Body]) -> VoteView:
        """POST /votes/{vote}/secret/paper: the new question on paper."""
        return vote_view(await self._service.set_aside(call.asker, call.id("vote"), call.body.minutes))

    async def list_secret_ballots(self, call: Call[Body, Body]) -> ListView:
        """GET /votes/{vote}/secret/list."""
        found = await self._service.listed(call.asker, call.id("vote"))
        return ListView(ballots=[ListedView.model_validate(one) for one in found])

    async def cast_secret_ballot(self, call: Call[SlipBody, Body]) -> SlipView:
        """POST /secret-ballots, without a cookie: whoever sends one with a name is told to leave it at home."""
        _check_nameless(call.request)
        body = call.body
        slip = Slip(
            vote=body.vote,
            serial=body.serial,
            prefix=body.prefix,
            signature=body.signature,
            mark=body.mark,
        )
        return SlipView(recorded=await self._service.box.put(slip))

    async def check_secret_receipt(self, call: Call[ReceiptBody, Body]) -> CountedView:
        """POST /secret-receipts, without a cookie."""
        _check_nameless(call.request)
        return CountedView(counted=await self._service.counted(call.body.vote, call.body.receipt))

    def endpoints(self) -> list[Endpoint]:
        """What this part of the storey serves."""
        return [*self._running(), *self._asking(), *self._nameless()]

    def _running(self) -> list[Endpoint]:
        tags = ("voting",)
        return [
            Endpoint(
                method="POST",
                path="/votes/{vote}/secret/casting",
                handler=self.start_casting,
                summary="Bắt đầu bỏ phiếu kín trên máy",
                body=CastingBody,
                answer=VoteView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/votes/{vote}/secret/end",
                handler=self.end_casting,
                summary="Kết thúc bỏ phiếu kín trên máy",
                answer=VoteView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/votes/{vote}/secret/paper",
                handler=self.set_aside,
                summary="Chuyển sang bỏ phiếu kín bằng phiếu giấy",
                body=CastingBody,
                answer=VoteView,
                tags=tags,
            ),
        ]

    def _asking(self) -> list[Endpoint]:
        tags = ("voting",)
        return [
            Endpoint(
                method="GET",
                path="/votes/{vote}/secret",
                handler=self.look_at_secret_vote,
                summary="Một nội dung bỏ phiếu kín trên máy",
                answer=SecretView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/votes/{vote}/secret/token",
                handler=self.ask_secret_ballot,
                summary="Nhận phiếu kín",
                body=BlindedBody,
                answer=SignedView,
                own_key=True,
                tags=tags,
            ),
            Endpoint(
                method="GET",
                path="/votes/{vote}/secret/list",
                handler=self.list_secret_ballots,
                summary="Các phiếu kín đã kiểm, theo mã",
                answer=ListView,
                tags=tags,
            ),
        ]

    def _nameless(self) -> list[Endpoint]:
        tags = ("voting",)
        return [
            Endpoint(
                method="POST",
                path=CAST_PATH.removeprefix(API),
                handler=self.cast_secret_ballot,
                summary="Bỏ phiếu kín, không kèm tên",
                body=SlipBody,
                answer=SlipView,
                own_key=True,
                anyone=True,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path=RECEIPT_PATH.removeprefix(API),
                handler=self.check_secret_receipt,
                summary="Phiếu của tôi đã được tính chưa?",
                body=ReceiptBody,
                answer=CountedView,
                own_key=True,
                anyone=True,
                tags=tags,
            ),
        ]


def _check_nameless(request: web.Request) -> None:
    if request.cookies or "Authorization" in request.headers:
        raise CastWithName


def _view(look: SecretLook) -> SecretView:
    return SecretView(
        vote=vote_view(look.stored),
        phase=look.secrecy.phase,
        modulus=look.secrecy.modulus,
        key=look.secrecy.key,
        code=look.code,
        issued=look.secrecy.issued,
        received=look.secrecy.received,
        entitled=look.entitled,
        blinded=look.mine[0] if look.mine else None,
        few=look.few,
    )
