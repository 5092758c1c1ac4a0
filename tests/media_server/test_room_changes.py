"""What is told of those who come and go: everything, but not one message for each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial

import aiohttp
from livekit.protocol import models
from livekit.protocol import rtc as wire

from media_server.testing import RunningServer
from tests.media_server.people import token

CROWD = 24


class Onlooker:
    """A client that only signals, and remembers who it was told of."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self.present: dict[str, str] = {}  # identity -> sid
        self.versions: dict[str, int] = {}  # by sid
        self.updates = 0
        self.sid = ""

    async def hear(self, condition: Callable[[], bool]) -> None:
        """Until the condition holds."""
        while not condition():
            self._note(wire.SignalResponse.FromString((await self._socket.receive(timeout=20)).data))

    def _note(self, response: wire.SignalResponse) -> None:
        if response.HasField("join"):
            self.sid = response.join.participant.sid
            told = response.join.other_participants
        else:
            told = response.update.participants
            self.updates += response.HasField("update")
        for each in told:
            if each.state == models.ParticipantInfo.DISCONNECTED:
                self.present.pop(each.identity, None)
            elif each.sid != self.sid:
                assert each.version >= self.versions.get(each.sid, 0)
                self.present[each.identity], self.versions[each.sid] = each.sid, each.version

    def knows(self, count: int) -> Callable[[], bool]:
        """Whether so many others are present."""
        return lambda: len(self.present) == count


async def _enter(stack: AsyncExitStack, server: RunningServer, identity: str) -> Onlooker:
    http = await stack.enter_async_context(aiohttp.ClientSession())
    params = {"access_token": token(server, "đông", identity)}
    return Onlooker(await stack.enter_async_context(http.ws_connect(f"{server.url}/rtc", params=params)))


async def test_a_crowd_that_comes_together_is_told_in_few_messages(server: RunningServer) -> None:
    async with AsyncExitStack() as stack:
        crowd = await asyncio.gather(*(_enter(stack, server, f"p{each}") for each in range(CROWD)))
        await asyncio.gather(*(each.hear(each.knows(CROWD - 1)) for each in crowd))
        assert sum(each.updates for each in crowd) < CROWD * CROWD / 4


async def test_who_comes_again_under_the_same_identity_is_seen_by_all(server: RunningServer) -> None:
    async with AsyncExitStack() as stack:
        crowd = [await _enter(stack, server, each) for each in ("an", "bình", "chi")]
        await asyncio.gather(*(each.hear(each.knows(2)) for each in crowd))
        again = await _enter(stack, server, "bình")
        await again.hear(again.knows(2))
        for each in (crowd[0], crowd[2]):
            await each.hear(partial(_sees, each, "bình", again.sid))


def _sees(onlooker: Onlooker, identity: str, sid: str) -> bool:
    return onlooker.present.get(identity) == sid
