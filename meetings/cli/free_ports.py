"""Whether the configured ports are free, or held by chibo itself."""

from __future__ import annotations

import os
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from meetings.health.rules import Finding
from meetings.settings import Settings

LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where who listens everywhere is asked
PATIENCE = 2.0  # seconds for an application that does not answer


def ports(settings: Settings) -> Finding:
    """Whether the configured ports are free (0 always is)."""
    wanted = [("http.port", settings.http.host, settings.http.port, socket.SOCK_STREAM)]
    if settings.livekit.embedded:
        wanted.append(("media.port", settings.media.host, settings.media.port, socket.SOCK_STREAM))
        for at in range(settings.media.processes):
            rtc_port = settings.media.rtc_port and settings.media.rtc_port + at
            wanted.append(("media.rtc_port", settings.media.host, rtc_port, socket.SOCK_DGRAM))
            twin = settings.media.rtc_tcp_port or settings.media.rtc_port
            wanted.append(("media.rtc_tcp_port", settings.media.host, twin and twin + at, socket.SOCK_STREAM))
    taken = [f"{key} {port}" for key, host, port, kind in wanted if not is_free(host, port, kind)]
    if taken and serves(settings):
        return Finding(
            name="ports",
            ok=True,
            vi=f"Phần mềm đang chạy và trả lời ở cổng {settings.http.port}.",
            en=f"chibo is serving on port {settings.http.port} and answers.",
        )
    if taken:
        names = ", ".join(taken)
        return Finding(
            name="ports",
            ok=False,
            vi=f"Cổng đang bận hoặc không mở được ({names}): chương trình khác đang giữ, hãy đổi cổng.",
            en=f"Ports are taken or cannot be opened ({names}): another program holds them, choose others.",
        )
    return Finding(name="ports", ok=True, vi="Các cổng đều trống.", en="The ports are free.")


def is_free(host: str, port: int, kind: socket.SocketKind) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, kind) as probe:
        if kind is socket.SOCK_STREAM and os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def serves(settings: Settings) -> bool:
    """Whether chibo answers at the address of these settings."""
    host = LOOPBACK.get(settings.http.host, settings.http.host)
    asked = HTTPConnection(host, settings.http.port, timeout=PATIENCE)
    if settings.tls.on:
        unchecked = ssl._create_unverified_context()  # noqa: S323  this very machine, asked for two letters
        asked = HTTPSConnection(host, settings.http.port, timeout=PATIENCE, context=unchecked)
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().read(16) == b"ok\n"
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()
