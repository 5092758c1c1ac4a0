"""The doctor names what is amiss and says what to do, in both languages, without touching the database."""

from __future__ import annotations

import asyncio
import json
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from media_server.testing import running_server
from meetings.cli.database_state import guards, schema
from meetings.cli.doctor import database, examine
from meetings.cli.free_ports import is_free, ports
from meetings.cli.main import main
from meetings.cli.sound import media
from meetings.db.migrate import upgrade_database
from meetings.health.machine import clock, disk
from meetings.kernel.clock import real_now
from meetings.settings import load
from tests.conftest import Databases


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings of a machine on which nothing is wrong."""
    file = tmp_path / "config.yaml"
    file.write_text("data:\n  dir: data\nhttp:\n  port: 0\nmedia:\n  port: 0\n  rtc_port: 0\n")
    (tmp_path / "data").mkdir()
    return file


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_it_looks_at_everything(config: Path) -> None:
    found = {finding.name: finding for finding in examine(config)}
    settings = ["settings", "disk", "ports", "database", "schema", "guards", "media", "authorities"]
    assert list(found) == ["python", "clock", "fonts", *settings]
    assert all(
        found[name].ok for name in ("python", "clock", "settings", "ports", "database", "schema", "guards")
    )
    assert all("\n" not in finding.vi + finding.en for finding in found.values())


def test_it_prints_a_line_each_and_tells_by_its_status(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["doctor", "--config", str(config), "--lang", "en"])
    english = capsys.readouterr().out.splitlines()
    assert main(["doctor", "--config", str(config)]) == status
    vietnamese = capsys.readouterr().out.splitlines()
    assert main(["doctor", "--config", str(config), "--json"]) == status
    findings = json.loads(capsys.readouterr().out)
    assert len(english) == len(vietnamese) == len(findings) == 11
    assert status == (0 if all(finding["ok"] for finding in findings) else 1)
    assert [line.startswith("[ok]") for line in english] == [finding["ok"] for finding in findings]
    assert "[tốt] Cấu hình đọc được." in vietnamese


def test_a_bad_setting_is_a_finding(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text("http:\n  prot: 1\n")
    assert main(["doctor", "--config", str(config)]) == 1
    assert "[CẦN SỬA] Cấu hình http.prot: không có thiết lập này" in capsys.readouterr().out


def test_a_taken_port_is_named(config: Path, taken: int) -> None:
    settings = load(config, {"CHIBO_HTTP__PORT": str(taken)})
    finding = ports(settings)
    assert not finding.ok
    assert f"http.port {taken}" in finding.vi
    assert not is_free("127.0.0.1", taken, socket.SOCK_STREAM)
    assert ports(
        load(config, {"CHIBO_MEDIA__PORT": str(taken), "CHIBO_LIVEKIT__URL": "wss://live.example"})
    ).ok


def test_a_clock_before_the_installation_is_behind() -> None:
    assert clock().ok
    behind = clock(lambda: real_now() - timedelta(days=9000))
    assert not behind.ok
    assert "chậm hơn ngày cài đặt" in behind.vi


def test_a_damaged_database_is_said_to_be_damaged(config: Path) -> None:
    file = config.parent / "data" / "chibo.sqlite3"
    file.write_bytes(b"this was a database once" * 100)
    finding = database(load(config, {}))
    assert not finding.ok
    assert "khôi phục từ bản sao lưu" in finding.vi
    assert file.read_bytes() == b"this was a database once" * 100


def test_postgresql_is_asked(config: Path, databases: Databases) -> None:
    url = databases.postgres().url
    assert database(load(config, {"CHIBO_DATABASE__URL": url})).en == "PostgreSQL opens and can be written."
    databases.postgres().sql("ALTER ROLE chibo_app SET default_transaction_read_only = on")
    try:
        reader = url.replace("postgres@", "chibo_app@")
        assert "read-only" in database(load(config, {"CHIBO_DATABASE__URL": reader})).en
    finally:
        databases.postgres().sql("ALTER ROLE chibo_app RESET default_transaction_read_only")


@pytest.mark.parametrize("rest", ["127.0.0.1:1/chibo", "/chibo?host=/nowhere/at-all"])
def test_a_database_that_does_not_answer_is_amiss(config: Path, rest: str) -> None:
    finding = database(load(config, {"CHIBO_DATABASE__URL": f"postgresql+asyncpg://chibo_app@{rest}"}))
    assert not finding.ok
    assert "database.url" in finding.en


def test_another_livekit_is_asked(config: Path) -> None:
    """An address that nobody has, and one where nobody listens."""
    for url in ("wss://livekit.invalid", "ws://127.0.0.1:1"):
        given = {"CHIBO_LIVEKIT__URL": url, "CHIBO_LIVEKIT__API_SECRET": "s" * 40}
        finding = media(load(config, given))
        assert not finding.ok
        assert "livekit.url" in finding.en


async def test_a_livekit_that_answers_is_well(config: Path) -> None:
    async with running_server() as server:
        given = {
            "CHIBO_LIVEKIT__URL": server.url,
            "CHIBO_LIVEKIT__API_KEY": server.key,
            "CHIBO_LIVEKIT__API_SECRET": server.secret,
        }
        finding = await asyncio.to_thread(media, load(config, given))
        assert (finding.ok, finding.en) == (True, "The LiveKit server answers.")
        wrong = given | {"CHIBO_LIVEKIT__API_SECRET": "w" * 40}
        assert not (await asyncio.to_thread(media, load(config, wrong))).ok


def test_a_taken_tcp_port_of_media_is_named(config: Path, taken: int) -> None:
    finding = ports(load(config, {"CHIBO_MEDIA__RTC_TCP_PORT": str(taken)}))
    assert not finding.ok
    assert f"media.rtc_tcp_port {taken}" in finding.vi


def test_the_disk_is_measured(config: Path) -> None:
    assert "GB" in disk(load(config, {})).vi


def test_the_media_server_is_really_started_and_stopped(config: Path, taken: int) -> None:
    finding = media(load(config, {}))
    assert (finding.ok, "starts, answers and stops" in finding.en) == (True, True), finding
    with_other = load(config, {"CHIBO_MEDIA__PORT": str(taken)})
    assert "media.port" in media(with_other).en
    nowhere = load(config, {"CHIBO_MEDIA__HOST": "192.0.2.1"})
    assert not media(nowhere).ok


async def test_a_media_server_that_serves_is_asked(config: Path) -> None:
    async with running_server() as server:
        port = server.url.rpartition(":")[2].strip("/")
        given = {"CHIBO_MEDIA__PORT": port, "CHIBO_LIVEKIT__API_KEY": server.key}
        given["CHIBO_LIVEKIT__API_SECRET"] = server.secret
        finding = await asyncio.to_thread(media, load(config, given))
        assert (finding.ok, finding.en) == (True, "The media server runs and answers.")


async def test_an_application_that_serves_is_no_trouble(config: Path) -> None:
    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz)])
    async with TestServer(app) as server:
        settings = load(config, {"CHIBO_HTTP__PORT": str(server.port)})
        finding = await asyncio.to_thread(ports, settings)
        assert (finding.ok, f"port {server.port}" in finding.en) == (True, True)


def _installed(config: Path) -> Path:
    file = config.parent / "data" / "chibo.sqlite3"
    asyncio.run(upgrade_database(f"sqlite+aiosqlite:///{file}"))
    return file


def _sql(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)
        connection.commit()


def test_schema_and_guards_of_a_sound_database_are_well(config: Path) -> None:
    assert "no data yet" in schema(load(config, {})).en
    _installed(config)
    assert [look(load(config, {})).ok for look in (schema, guards)] == [True, True]


def test_a_guard_that_was_taken_away_is_named(config: Path) -> None:
    file = _installed(config)
    _sql(file, "DROP TRIGGER obligation_kept")
    finding = guards(load(config, {}))
    assert (finding.ok, "obligation_kept" in finding.vi) == (False, True)
    assert schema(load(config, {})).ok


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE alembic_version SET version_num = '0000'", "alembic_version"),
        ("DROP TABLE task_report", "task_report"),
    ],
)
def test_another_schema_is_said_to_be_another(config: Path, statement: str, said: str) -> None:
    _sql(_installed(config), statement)
    finding = schema(load(config, {}))
    assert (finding.ok, said in finding.en, "chibo migrate" in finding.vi) == (False, True, True)


def test_what_does_not_open_points_to_the_line_about_the_database(config: Path) -> None:
    settings = load(config, {"CHIBO_DATABASE__URL": "postgresql+asyncpg://chibo_app@127.0.0.1:1/chibo"})
    for look in (schema, guards):
        assert "line about the database" in look(settings).en


def test_guards_of_postgresql_are_looked_at(config: Path, databases: Databases) -> None:
    urls = databases.postgres().create()
    asyncio.run(upgrade_database(urls.owner))
    settings = load(config, {"CHIBO_DATABASE__URL": urls.app})
    assert [look(settings).en for look in (schema, guards)] == [
        "The database has this program's schema.",
        "The guards of the monthly meeting are in place.",
    ]
