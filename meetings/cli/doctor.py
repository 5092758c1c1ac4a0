"""`chibo doctor`: Python, clock, fonts, disk, ports, database, media; one line each says what to do."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from meetings.health.machine import authorities, changed_names, clock, disk, fonts, has_interface, python
from meetings.health.rules import Finding
from meetings.kernel.clock import SystemClock
from meetings.kernel.ids import new_id
from meetings.rooms.gateway import LiveKitGateway
from meetings.rooms.ports import MediaServerAway
from meetings.rooms.rules import room_name
from meetings.settings import BadSetting, Settings, database_url, load, open_secrets

LEAST_POSTGRES = 15
PATIENCE = 5.0  # seconds for a database that does not answer


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--json` prints a list of findings."""
    parser.add_argument("--json", action="store_true", help="in dạng JSON / print JSON")


def run(options: argparse.Namespace) -> int:
    """Prints the findings; 1 if anything is amiss."""
    found = list(examine(Path(options.config) if options.config else None))
    if options.json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        for finding in found:
            print(line(finding, options.lang))
    return 0 if all(finding.ok for finding in found) else 1


def line(finding: Finding, lang: str) -> str:
    """One line for a person."""
    if lang == "en":
        return f"[{'ok' if finding.ok else 'AMISS'}] {finding.en}"
    return f"[{'tốt' if finding.ok else 'CẦN SỬA'}] {finding.vi}"


def examine(config: Path | None) -> Iterator[Finding]:
    """Looks at everything; what depends on settings is left out when they are refused."""
    yield python()
    yield clock()
    yield fonts()
    try:
        settings = load(config, os.environ)
        open_secrets(settings)
    except BadSetting as bad:
        yield Finding(name="settings", ok=False, vi=str(bad), en=str(bad))
        return
    yield Finding(name="settings", ok=True, vi="Cấu hình đọc được.", en="The settings are readable.")
    looks: Iterable[Callable[[Settings], Finding]] = (disk, ports, database, media, authorities)
    yield from (look(settings) for look in looks)


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
    if taken:
        names = ", ".join(taken)
        return Finding(
            name="ports",
            ok=False,
            vi=f"Cổng đang bận hoặc không mở được ({names}): phần mềm đang chạy rồi, hoặc hãy đổi cổng.",
            en=f"Ports are taken or cannot be opened ({names}): chibo runs already, or choose others.",
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


def database(settings: Settings) -> Finding:
    """Reachable and writable. A serving SQLite file is only read."""
    try:
        trouble = asyncio.run(_ask(database_url(settings)))
    except (OSError, TimeoutError, DBAPIError):
        trouble = (
            "không mở được: hãy kiểm tra database.url và máy chủ PostgreSQL",
            "cannot be opened: check database.url and the PostgreSQL server",
        )
    kind = "PostgreSQL" if settings.database.url else "SQLite"
    if trouble:
        return Finding(name="database", ok=False, vi=f"{kind} {trouble[0]}.", en=f"{kind} {trouble[1]}.")
    return Finding(
        name="database", ok=True, vi=f"{kind} mở và ghi được.", en=f"{kind} opens and can be written."
    )


async def _ask(url: str) -> tuple[str, str] | None:
    if url.startswith("sqlite"):
        return _ask_sqlite(Path(url.partition("///")[2]))
    engine = create_async_engine(url)
    try:
        async with asyncio.timeout(PATIENCE), engine.connect() as connection:
            version = int(str(await connection.scalar(text("SHOW server_version_num")))) // 10_000
            read_only = await connection.scalar(text("SHOW transaction_read_only"))
    finally:
        await engine.dispose()
    if version < LEAST_POSTGRES:
        return (
            f"{version} quá cũ: cần bản {LEAST_POSTGRES}",
            f"{version} is too old: {LEAST_POSTGRES} is needed",
        )
    if read_only == "on":
        return ("chỉ cho đọc: hãy nối tới máy chủ chính", "is read-only: connect to the primary server")
    return None


def _ask_sqlite(file: Path) -> tuple[str, str] | None:
    if not file.exists():
        return None
    reader = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
    try:
        sound = reader.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        sound = False
    finally:
        reader.close()
    if not sound:
        return ("bị hỏng: hãy khôi phục từ bản sao lưu", "is damaged: restore a backup")
    if not os.access(file, os.W_OK):
        return ("không ghi được: hãy đổi quyền của tệp", "cannot be written: change the file's rights")
    return None


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
        return Finding(
            name="media",
            ok=False,
            vi="Máy chưa nối mạng nào nên không có âm thanh: hãy bật Wi-Fi hoặc cắm dây mạng.",
            en="No network interface is up, so there is no sound: switch on Wi-Fi or plug in a cable.",
        )
    return Finding(name="media", ok=True, vi="Âm thanh sẵn sàng.", en="Sound is ready.")


def _livekit(settings: Settings) -> Finding:
    """Whether the server of the settings answers a question about a room, signed with our key."""
    try:
        asyncio.run(_ask_livekit(settings))
    except (MediaServerAway, TimeoutError):
        return Finding(
            name="media",
            ok=False,
            vi="Máy chủ LiveKit không trả lời: hãy kiểm tra livekit.url, livekit.api_key và khóa bí mật.",
            en="The LiveKit server does not answer: check livekit.url, livekit.api_key and the secret.",
        )
    return Finding(
        name="media", ok=True, vi="Máy chủ LiveKit riêng trả lời.", en="The LiveKit server answers."
    )


async def _ask_livekit(settings: Settings) -> None:
    """Raises MediaServerAway, TimeoutError."""
    gateway = LiveKitGateway(
        address=lambda: settings.livekit.url,
        key=settings.livekit.api_key,
        secret=open_secrets(settings).livekit_api_secret,
        clock=SystemClock(),
    )
    try:
        async with asyncio.timeout(PATIENCE):
            await gateway.seats(room_name(new_id()))
    finally:
        await gateway.close()
