"""Datagrams of a client that is none of the SDKs."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aioice import stun
from livekit.protocol import rtc as wire

from media_server.testing import RunningServer
from tests.media_server.people import token


def check(ufrag: str, pwd: str, *, nominate: bool = True, priority: int = 1) -> bytes:
    """A signed connectivity check."""
    message = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ufrag}:client"
    message.attributes["PRIORITY"] = priority
    message.attributes["ICE-CONTROLLING"] = 1
    if nominate:
        message.attributes["USE-CANDIDATE"] = None
    message.add_message_integrity(pwd.encode())
    return bytes(message)


def framed(*packets: bytes) -> bytes:
    """Packets as they go over TCP (RFC 4571)."""
    return b"".join(len(each).to_bytes(2, "big") + each for each in packets)


@asynccontextmanager
async def intruder(server: RunningServer, room: str) -> AsyncIterator[tuple[socket.socket, tuple[str, int]]]:
    """A socket with a valid ICE path, from a client that never completes its handshake."""
    params = {"access_token": token(server, room, "kẻ lạ")}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/rtc", params=params) as ws,
    ):
        offer = ""
        while not offer:
            offer = wire.SignalResponse.FromString((await ws.receive()).data).offer.sdp
        lines = dict(
            line[2:].split(":", 1)
            for line in offer.splitlines()
            if line.startswith("a=ice-"[:6]) and ":" in line
        )
        answer = (
            "m=application 9 UDP/DTLS/SCTP x\r\na=mid:0\r\na=setup:active\r\na=fingerprint:sha-256 00\r\n"
        )
        reply = wire.SignalRequest(answer=wire.SessionDescription(type="answer", sdp=answer))
        await ws.send_bytes(reply.SerializeToString())
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        address = server.server.mux.addresses()[0]
        sock.sendto(check(lines["ice-ufrag"], lines["ice-pwd"]), address)
        yield sock, address
        sock.close()
