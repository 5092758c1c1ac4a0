"""`chibo doctor`: Python, clock, fonts, disk, ports, database, guards, media; one line each says what to do."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Connection, text

from meetings.cli.database_state import asked, guards, schema
from meetings.cli.free_ports import ports
from meetings.cli.installation import FILE, is_installed
from meetings.cli.sound import media
from meetings.health.machine import authorities, clock, disk, fonts, python
from meetings.health.rules import Finding
from meetings.settings import BadSetting, Settings, load, open_secrets

LEAST_POSTGRES = 15


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
    kind, trouble = (
        ("PostgreSQL", _of_server(settings)) if settings.database.url else ("SQLite", _of_file(settings))
    )
    if trouble:
        return Finding(name="database", ok=False, vi=f"{kind} {trouble[0]}.", en=f"{kind} {trouble[1]}.")
    return Finding(
        name="database", ok=True, vi=f"{kind} mở và ghi được.", en=f"{kind} opens and can be written."
    )


def _of_server(settings: Settings) -> tuple[str, str] | None:
    answer = asked(settings, _server)
    if answer is None:
        return (
            "không mở được: hãy kiểm tra database.url và máy chủ PostgreSQL",
            "cannot be opened: check database.url and the PostgreSQL server",
        )
    version, read_only = answer
    if version < LEAST_POSTGRES:
        return (
            f"{version} quá cũ: cần bản {LEAST_POSTGRES}",
            f"{version} is too old: {LEAST_POSTGRES} is needed",
        )
    if read_only:
        return ("chỉ cho đọc: hãy nối tới máy chủ chính", "is read-only: connect to the primary server")
    return None


def _server(connection: Connection) -> tuple[int, bool]:
    """(major version, whether it takes no writes)."""
    version = int(str(connection.scalar(text("SHOW server_version_num")))) // 10_000
    return version, connection.scalar(text("SHOW transaction_read_only")) == "on"


def _of_file(settings: Settings) -> tuple[str, str] | None:
    if not is_installed(settings):
        return None
    if not asked(settings, _sound):
        return ("bị hỏng: hãy khôi phục từ bản sao lưu", "is damaged: restore a backup")
    if not os.access(settings.below_data(FILE), os.W_OK):
        return ("không ghi được: hãy đổi quyền của tệp", "cannot be written: change the file's rights")
    return None


def _sound(connection: Connection) -> bool:
    return str(connection.scalar(text("PRAGMA quick_check(1)"))) == "ok"
