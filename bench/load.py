"""The load generator: so many keep-alive connections, each sends, waits for its answer, sends again.

Reads what to do as JSON from its standard input, prints one JSON line. Times in milliseconds.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import chain
from typing import Any

from livekit import api

HOOKS = 250
CODECS = (
    *("audio/PCMU", "audio/PCMA", "audio/opus", "audio/red", "video/VP8", "video/H264", "video/VP9"),
    *("video/AV1", "video/H265", "video/rtx"),
)


class Connection(asyncio.Protocol):
    """One client. `bodies` gives (path, body, a header line instead of the cookie), until the time is over."""

    def __init__(self, run: Run, cookie: str, bodies: Iterator[tuple[str, bytes, str]]) -> None:
        self._run, self._cookie, self._bodies = run, cookie, bodies
        self._left = 0
        self._sent = 0.0
        self._transport: asyncio.Transport | None = None
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        if not self._left:
            head, _, rest = data.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
            self._run.statuses[int(head[9:12])] += 1
            self._left = length - len(rest)
        else:
            self._left -= len(data)
        if self._left <= 0:
            self._left = 0
            self._run.times.append(time.perf_counter() - self._sent)
            self._next()

    def connection_lost(self, _exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _next(self) -> None:
        if time.perf_counter() > self._run.end or self._transport is None:
            if self._transport is not None:
                self._transport.close()
            return
        path, body, more = next(self._bodies)
        self._sent = time.perf_counter()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"{more or f'Cookie: chibo={self._cookie}'}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)


class Run:
    """What was measured."""

    def __init__(self, seconds: float) -> None:
        self.begun = time.perf_counter()
        self.end = self.begun + seconds
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()


def ballots(asked: dict[str, Any], number: int) -> Iterator[tuple[str, bytes, str]]:
    """The member changes their mind again and again."""
    path = f"/api/v1/votes/{asked['vote']}/ballots"
    for version in range(asked["first_version"], 1001):
        said = {"id": str(uuid.uuid4()), "version": version, "choice": "for"}
        yield path, json.dumps(said).encode(), ""
    raise SystemExit(f"member {number} ran out of versions")


def cells(asked: dict[str, Any], number: int) -> Iterator[tuple[str, bytes, str]]:
    """One cell after the other votes: its members in turn, each changing their mind again and again. A client has
    every so many-th of the cells."""
    mine = asked["cells"][number :: asked["clients"]]
    for version in range(asked["first_version"], 1001):
        for voter in range(len(mine[0]["cookies"])):
            for cell in mine:
                said = {"id": str(uuid.uuid4()), "version": version, "choice": "for"}
                cookie = f"Cookie: chibo={cell['cookies'][voter]}"
                yield f"/api/v1/votes/{cell['vote']}/ballots", json.dumps(said).encode(), cookie
    raise SystemExit(f"client {number} ran out of versions")


def check_ins(asked: dict[str, Any], _number: int) -> Iterator[tuple[str, bytes, str]]:
    """The member scans again and again."""
    path = f"/api/v1/meetings/{asked['meeting']}/check-ins"
    while True:
        yield path, json.dumps({"id": str(uuid.uuid4()), "code": asked["code"]}).encode(), ""


def webhooks(asked: dict[str, Any], number: int) -> Iterator[tuple[str, bytes, str]]:
    """The media server tells that somebody joined, signed as livekit-api's own sender does."""
    for made in hooks(asked["meeting"], asked["members"][number], HOOKS):
        yield "/api/v1/livekit/webhook", made[0], f"Authorization: {made[1]}"
    raise SystemExit("out of webhooks")


def hooks(meeting: str, member: str, count: int) -> list[tuple[bytes, str]]:
    """Bodies with every field that livekit-server 1.13.5 sends when a client of its Python SDK joins, signed."""
    made = []
    for _ in range(count):
        now = int(time.time())
        event = {
            "event": "participant_joined",
            "room": _room(f"m-{meeting}", now),
            "participant": _participant(member, now),
            "id": f"EV_{uuid.uuid4().hex[:12]}",
            "createdAt": str(now),
        }
        body = json.dumps(event, ensure_ascii=False).encode()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        made.append((body, api.AccessToken("bench", "b" * 40).with_sha256(digest).to_jwt()))
    return made


def _room(name: str, now: int) -> dict[str, Any]:
    return {
        "sid": "RM_ch3nZeJkL2jf",
        "name": name,
        "emptyTimeout": 300,
        "departureTimeout": 20,
        "creationTime": str(now),
        "creationTimeMs": f"{now}992",
        "turnPassword": "T" * 44,
        "enabledCodecs": [{"mime": mime} for mime in CODECS],
    }


def _participant(member: str, now: int) -> dict[str, Any]:
    return {
        "sid": f"PA_{uuid.uuid4().hex[:12]}",
        "identity": member,
        "state": "ACTIVE",
        "joinedAt": str(now),
        "joinedAtMs": f"{now}993",
        "name": "Đảng Viên Mẫu",
        "version": 3,
        "permission": {"canSubscribe": True, "canPublish": True, "canPublishData": True},
        "clientProtocol": 2,
        "capabilities": ["CAP_PACKET_TRAILER", "CAP_COMPRESSION_DEFLATE_RAW"],
    }


KINDS = {"ballots": ballots, "cells": cells, "check_ins": check_ins, "webhooks": webhooks}


async def main(asked: dict[str, Any]) -> dict[str, Any]:
    """Run it."""
    sources = [_source(asked, number) for number in range(asked["clients"])]
    run, loop = Run(asked["seconds"]), asyncio.get_running_loop()
    made = []
    for number, bodies in enumerate(sources):
        cookie = asked["cookies"][number % len(asked["cookies"])]
        make = partial(Connection, run, cookie, bodies)
        _, one = await loop.create_connection(make, "127.0.0.1", asked["port"])
        made.append(one)
    await asyncio.gather(*[one.done for one in made])
    took = time.perf_counter() - run.begun
    times = sorted(run.times)
    return {
        "rps": round(len(times) / took, 1),
        "count": len(times),
        "p50": round(times[len(times) // 2] * 1000, 2),
        "p99": round(times[int(len(times) * 0.99)] * 1000, 2),
        "statuses": dict(run.statuses),
    }


def _source(asked: dict[str, Any], number: int) -> Iterator[tuple[str, bytes, str]]:
    """Webhooks are signed before the clock starts."""
    source = KINDS[asked["kind"]](asked, number)
    return chain([next(source) for _ in range(HOOKS)], source) if asked["kind"] == "webhooks" else source


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))
