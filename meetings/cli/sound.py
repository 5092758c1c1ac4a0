"""Whether rooms will have sound: libraries, network, and a media server that really answers."""

from __future__ import annotations

import asyncio
import socket

from meetings.cli.free_ports import LOOPBACK, is_free
from meetings.health.machine import ask_media, changed_names, has_interface
from meetings.health.rules import LIVEKIT_AWAY, NO_NETWORK, Finding
from meetings.kernel.clock import SystemClock
from meetings.rooms.child import ChildPlan, MediaChild, MediaServerFailed
from meetings.rooms.ports import MediaServerAway
from meetings.settings import Settings, open_secrets
from meetings.wiring import the_livekit

_NOWHERE = "http://127.0.0.1:9/"  # a trial has nothing to tell


def media(settings: Settings) -> Finding:
    """Sound inside chibo needs an interface besides loopback, and the libraries as they were pinned."""
    if not settings.livekit.embedded:
        return _livekit(settings)
    if changed := changed_names():
        names = ", ".join(changed)
        return Finding(
            name="media",
            ok=False,
            vi=f"Thư viện âm thanh khác bản đã khóa ({names}): xóa .venv rồi chạy ./run.",
            en=f"The sound libraries differ from their lock ({names}): delete .venv and start ./run.",
        )
    if not has_interface():
        return NO_NETWORK
    if settings.media.port and not is_free(settings.media.host, settings.media.port, socket.SOCK_STREAM):
        return _serving(settings)
    return _trial(settings)


def _serving(settings: Settings) -> Finding:
    """Somebody has the port: whether it is our media server, which answers what is signed with our key."""
    host = LOOPBACK.get(settings.media.host, settings.media.host)
    url = f"http://{f'[{host}]' if ':' in host else host}:{settings.media.port}"
    try:
        asyncio.run(_ask(settings, url))
    except (MediaServerAway, TimeoutError):
        return Finding(
            name="media",
            ok=False,
            vi=f"Ở media.port {settings.media.port} không phải máy chủ âm thanh này: đổi cổng, hoặc chạy lại chibo.",
            en=f"What listens on media.port {settings.media.port} is no media server of this installation:"
            " choose another port, or start chibo again.",
        )
    return Finding(
        name="media",
        ok=True,
        vi="Máy chủ âm thanh đang chạy và trả lời.",
        en="The media server runs and answers.",
    )


def _trial(settings: Settings) -> Finding:
    """The media server is really started, on free ports and with nothing kept, asked, and stopped."""
    try:
        asyncio.run(_start_and_stop(settings))
    except (MediaServerFailed, MediaServerAway, TimeoutError):
        return Finding(
            name="media",
            ok=False,
            vi="Thử khởi động máy chủ âm thanh thì không được: xóa .venv rồi chạy ./run; xem media trong config.yaml.",
            en="The media server did not start on trial: delete .venv and start ./run; look at media in config.yaml.",
        )
    return Finding(
        name="media",
        ok=True,
        vi="Âm thanh sẵn sàng: máy chủ âm thanh khởi động, trả lời và dừng được.",
        en="Sound is ready: the media server starts, answers and stops.",
    )


async def _start_and_stop(settings: Settings) -> None:
    """Raises MediaServerFailed, MediaServerAway, TimeoutError."""
    plan = ChildPlan(
        key=settings.livekit.api_key,
        secret=open_secrets(settings).livekit_api_secret,
        host=settings.media.host,
        port=0,
        rtc_addresses=[str(one) for one in settings.media.rtc_addresses],
        rtc_interfaces=settings.media.rtc_interfaces,
        rtc_port=0,
        webhook_url=_NOWHERE,
    )
    child = MediaChild(plan)
    try:
        await child.start()
        await _ask(settings, child.url)
    finally:
        await child.stop()


def _livekit(settings: Settings) -> Finding:
    """Whether the server of the settings answers a question about a room, signed with our key."""
    try:
        asyncio.run(_ask(settings, settings.livekit.url))
    except (MediaServerAway, TimeoutError):
        return LIVEKIT_AWAY
    return Finding(
        name="media", ok=True, vi="Máy chủ LiveKit riêng trả lời.", en="The LiveKit server answers."
    )


async def _ask(settings: Settings, url: str) -> None:
    """Raises MediaServerAway, TimeoutError."""
    gateway = the_livekit(settings, open_secrets(settings), SystemClock(), lambda: url)
    try:
        await ask_media(gateway)
    finally:
        await gateway.close()
