"""Looks at the machine: Python, clock, fonts, disk, believed authorities, network; one line each says what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import ifaddr

import meetings
from meetings.health.rules import Finding
from meetings.kernel.clock import real_now
from meetings.kernel.ids import new_id
from meetings.minutes.trust_list import BadTrustList, read_list
from meetings.rooms.ports import Gateway
from meetings.rooms.rules import room_name
from meetings.settings import Settings

LEAST_DISK = 1_000_000_000  # bytes: the database, scans and PDFs of a cell for years
FONTS = Path(meetings.__file__).parent / "minutes" / "fonts"
_BACKUP_MARK = "last-backup"
_PATIENCE = 5.0  # seconds for a media server that does not answer


def python() -> Finding:
    """Version, and an SQLite that knows RETURNING."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    ok = sys.version_info >= (3, 11) and sqlite3.sqlite_version_info >= (3, 35)
    advice = ("", "") if ok else (" Hãy cài Python 3.11 trở lên.", " Install Python 3.11 or newer.")
    facts = f"Python {version}, SQLite {sqlite3.sqlite_version}."
    return Finding(name="python", ok=ok, vi=facts + advice[0], en=facts + advice[1])


def clock(now: Callable[[], datetime] = real_now) -> Finding:
    """The machine's clock is behind if this installation seems to come from the future."""
    installed = datetime.fromtimestamp(Path(meetings.__file__).stat().st_mtime, UTC)
    stamp = now().strftime("%d/%m/%Y %H:%M UTC")
    if (installed - now()).total_seconds() > 86_400:
        return Finding(
            name="clock",
            ok=False,
            vi=f"Đồng hồ máy chỉ {stamp}, chậm hơn ngày cài đặt: hãy bật tự chỉnh giờ.",
            en=f"The machine's clock says {stamp}, before the installation: switch on network time.",
        )
    return Finding(name="clock", ok=True, vi=f"Đồng hồ máy: {stamp}.", en=f"The machine's clock: {stamp}.")


def fonts() -> Finding:
    """The faces that the build made."""
    if any(FONTS.glob("*.ttf")):
        return Finding(
            name="fonts", ok=True, vi="Có phông chữ cho biên bản.", en="The minutes' fonts are there."
        )
    return Finding(
        name="fonts",
        ok=False,
        vi="Thiếu phông chữ nên chưa ký được biên bản: nối mạng, xóa .venv rồi chạy ./run.",
        en="The fonts are missing, so minutes cannot be signed: with network, delete .venv and start ./run.",
    )


def disk(settings: Settings) -> Finding:
    """Room in the data folder."""
    free = shutil.disk_usage(settings.data.dir).free
    if not os.access(settings.data.dir, os.W_OK):
        return Finding(
            name="disk",
            ok=False,
            vi="Không ghi được vào data.dir: hãy đổi quyền của thư mục đó hoặc đổi data.dir.",
            en="data.dir cannot be written: change its rights, or change data.dir.",
        )
    facts = f"{free / 1e9:.1f} GB"
    if free < LEAST_DISK:
        return Finding(
            name="disk",
            ok=False,
            vi=f"Ổ đĩa chỉ còn {facts}: hãy dọn bớt, cần ít nhất 1 GB.",
            en=f"Only {facts} of disk are left: make room, 1 GB at least.",
        )
    return Finding(name="disk", ok=True, vi=f"Ổ đĩa còn {facts}.", en=f"{facts} of disk are free.")


def authorities(settings: Settings) -> Finding:
    """Who is believed besides the internal authority, and whether their lists can be read and are good today."""
    file = settings.external.list_file
    if file is None:
        return Finding(
            name="authorities",
            ok=True,
            vi="Không tin nơi cấp chữ ký số nào bên ngoài (external.list_file trống).",
            en="No authority outside is believed (external.list_file is empty).",
        )
    try:
        listed = read_list(file)
    except BadTrustList as bad:
        return Finding(name="authorities", ok=False, vi=str(bad), en=f"The list cannot be read: {bad}")
    names = ", ".join(one.name for one in listed)
    stale = ", ".join(one.name for one in listed if not one.fresh_on(real_now()))
    if stale:
        return Finding(
            name="authorities",
            ok=False,
            vi=f"Danh sách thu hồi thiếu hoặc quá hạn ({stale}): hãy tải bản mới.",
            en=f"Revocation lists are missing or over ({stale}): fetch new ones.",
        )
    return Finding(name="authorities", ok=True, vi=f"Tin: {names}.", en=f"Believed: {names}.")


def mark_backup(settings: Settings) -> None:
    """Remember that a backup was made just now."""
    settings.below_data(_BACKUP_MARK).write_text(real_now().isoformat(timespec="seconds") + "\n")


def last_backup(settings: Settings) -> datetime | None:
    """When the newest backup was made by this installation; None: never, or nobody can tell."""
    try:
        found = datetime.fromisoformat(settings.below_data(_BACKUP_MARK).read_text().strip())
    except (OSError, ValueError):
        return None
    return found if found.tzinfo else None


def has_interface() -> bool:
    """Whether any address leaves loopback: phones and browsers gather no other candidates."""
    addresses = [ip for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    return any(not str(ip.ip).startswith("127.") for ip in addresses)


async def ask_media(gateway: Gateway) -> None:
    """Ask the media server about a room that nobody is in. Raises MediaServerAway, TimeoutError."""
    async with asyncio.timeout(_PATIENCE):
        await gateway.seats(room_name(new_id()))


def changed_names() -> list[str]:
    """Sound libraries that are not as they were pinned."""
    if find_spec("media_server.transport") is None:
        return []
    return list(import_module("media_server.transport").missing_names())
