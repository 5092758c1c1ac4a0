"""`chibo doctor`: Python, clock, fonts, disk, ports, database, guards, media; one line each says what to do."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

import meetings
from meetings.cli.database_state import guards, schema
from meetings.cli.finding import Finding
from meetings.cli.free_ports import ports
from meetings.cli.sound import media
from meetings.kernel.clock import real_now
from meetings.minutes.trust_list import BadTrustList, read_list
from meetings.settings import BadSetting, Settings, database_url, load, open_secrets

LEAST_DISK = 1_000_000_000  # bytes: the database, scans and PDFs of a cell for years
LEAST_POSTGRES = 15
PATIENCE = 5.0  # seconds for a database that does not answer
FONTS = Path(meetings.__file__).parent / "minutes" / "fonts"


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
    looks: Iterable[Callable[[Settings], Finding]] = (
        *(disk, ports, database, schema, guards),
        *(media, authorities),
    )
    yield from (look(settings) for look in looks)


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
