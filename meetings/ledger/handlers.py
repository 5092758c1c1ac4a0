"""The log over HTTP, for witnesses: checkpoints and proofs are hashes and a length, and say nothing of people."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Nothing, View
from meetings.ledger.log import LogService

Size = Annotated[int, Field(ge=0, lt=2**31)]  # what the tables hold
HashText = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class LogView(View):
    """The log's verifier key and its newest checkpoint, a C2SP signed note with the witnesses' cosignatures."""

    key: str
    checkpoint: str


class GrowthQuery(Body):
    """Two lengths of the log."""

    old: Size
    new: Size


class ProofView(View):
    """Hashes of a proof in order, as RFC 9162 folds them (hex)."""

    proof: list[str]


class LeafQuery(Body):
    """A leaf's hash, and the length of the log to prove it for."""

    leaf: HashText
    size: Size


class LeafPlaceView(ProofView):
    """Where the leaf stands, from 0."""

    position: int
    size: int


class CosignatureBody(Body):
    """A witness's line over the checkpoint of `size`."""

    size: Size
    line: Annotated[str, Field(min_length=20, max_length=1000)]


class LogHandlers:
    """JSON in, JSON out. Nobody need sign in: what is told is public, what is taken proves itself."""

    def __init__(self, log: LogService) -> None:
        self._log = log

    async def look_at_log(self, _: Call[Body, Body]) -> LogView:
        """GET /log."""
        return LogView(key=str(self._log.key), checkpoint=await self._log.checkpoint())

    async def prove_consistency(self, call: Call[Body, GrowthQuery]) -> ProofView:
        """GET /log/consistency."""
        proof = await self._log.consistency(call.query.old, call.query.new)
        return ProofView(proof=[one.hex() for one in proof])

    async def prove_inclusion(self, call: Call[Body, LeafQuery]) -> LeafPlaceView:
        """GET /log/inclusion."""
        found = await self._log.inclusion(call.query.leaf, call.query.size)
        proof = [one.hex() for one in found.proof]
        return LeafPlaceView(proof=proof, position=found.position, size=found.size)

    async def cosign(self, call: Call[CosignatureBody, Body]) -> Nothing:
        """POST /log/cosignatures."""
        await self._log.add_cosignature(call.body.size, call.body.line)
        return Nothing()

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves."""
        tags = ("log",)
        return [
            Endpoint(
                method="GET",
                path="/log",
                handler=self.look_at_log,
                summary="Mốc mới nhất của sổ ghi chung",
                answer=LogView,
                anyone=True,
                tags=tags,
            ),
            Endpoint(
                method="GET",
                path="/log/consistency",
                handler=self.prove_consistency,
                summary="Chứng minh sổ ghi cũ là phần đầu của sổ ghi mới",
                answer=ProofView,
                query=GrowthQuery,
                anyone=True,
                tags=tags,
            ),
            Endpoint(
                method="GET",
                path="/log/inclusion",
                handler=self.prove_inclusion,
                summary="Chứng minh một mục có trong sổ ghi",
                answer=LeafPlaceView,
                query=LeafQuery,
                anyone=True,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/log/cosignatures",
                handler=self.cosign,
                summary="Nhận chữ ký làm chứng",
                body=CosignatureBody,
                own_key=True,
                anyone=True,
                tags=tags,
            ),
        ]
