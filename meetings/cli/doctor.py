"""`chibo doctor`: Python, clock, fonts, disk, ports, database, guards, media; one line each says what to do."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from meetings.cli.database_state import guards, schema
from meetings.cli.free_ports import ports
from meetings.cli.sound import media
from meetings.health.machine import authorities, clock, disk, fonts, python
from meetings.health.rules import Finding
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
    looks: Iterable[Callable[[Settings], Finding]] = (
        *(disk, ports, database, schema, guards),
        *(media, authorities),
    )
    yield from (look(settings) for look in looks)


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
