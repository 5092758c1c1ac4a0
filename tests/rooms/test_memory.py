"""The twin keeps the contract of Gateway."""

from __future__ import annotations

import orjson
import pytest

from meetings.kernel.clock import FixedClock
from meetings.rooms.memory import MemoryGateway
from meetings.rooms.rules import Ticket
from tests.contracts.gateway_contract import GatewayContract, Told


class MemoryStage:
    """Walks by hand."""

    def __init__(self, gateway: MemoryGateway, at: str) -> None:
        self.gateway = gateway
        self._told: list[Told] = []
        self._at = at

    async def enter(self, given: Ticket) -> None:
        room, _, identity = self.gateway.token(given).partition(":")
        self._told.append(self.gateway.join(room, identity))

    async def leave(self, given: Ticket) -> None:
        self._told.append(self.gateway.leave(given.room, given.identity))

    def told(self) -> list[Told]:
        return self._told

    def signed(self, body: bytes) -> Told:
        return body, self.gateway.sign(body)

    def body_of(self, room: str) -> bytes:
        said = {"id": "EV_1", "kind": "joined", "room": room, "at": self._at, "member": None, "sid": "PA_1"}
        return orjson.dumps(said)

    async def go_away(self) -> None:
        self.gateway.away = True


@pytest.fixture
def stage(clock: FixedClock) -> MemoryStage:
    return MemoryStage(MemoryGateway(clock), clock.now().isoformat())


class TestMemoryGateway(GatewayContract):
    """See GatewayContract."""
