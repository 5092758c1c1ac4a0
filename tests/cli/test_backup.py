"""`chibo backup` and `chibo restore`: the drill, what is refused, and that refusals change nothing."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from meetings.db.copying import tables
from tests.cli.laptop import Config, Laptop, laptop
from tests.conftest import Databases, Template
from tests.postgres import Urls
from tests.sitting.holding import Cell

__all__ = ["laptop"]


@pytest.fixture(scope="session")
def database_template(with_keys: Template) -> Template:
    return with_keys


@pytest.fixture
def word(tmp_path: Path) -> Path:
    """The operator's passphrase in a file."""
    return written(tmp_path / "word", "mật khẩu sao lưu để thử")


def written(file: Path, words: str) -> Path:
    file.write_text(words, "utf-8")
    file.chmod(0o600)
    return file


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a backup is restored to."""

    config: Path
    data: Path
    urls: Urls


@pytest.fixture
async def desk(
    cell: Cell, installation: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Laptop:
    """The same place with a sitting and no papers, which take long to sign."""
    sitting = (await cell.november()).sitting
    made = Laptop(folder=tmp_path, config=installation(), capsys=capsys, sitting=sitting.id)
    assert (await made.log("key"))[0] == 0  # makes the secrets
    return made


@pytest.fixture
def other(database_urls: Urls, databases: Databases, tmp_path: Path) -> Iterator[Place]:
    """Another machine: an empty data folder, and on PostgreSQL an empty database."""
    secret = {"ca_passphrase_file": str(tmp_path / "data" / "passphrase")}
    said: dict[str, object] = {"data": {"dir": str(tmp_path / "restored")}, "secrets": secret}
    sqlite = database_urls.app.startswith("sqlite")
    file = tmp_path / "restored" / "chibo.sqlite3"
    urls = Urls(owner=f"sqlite+aiosqlite:///{file}", app=f"sqlite+aiosqlite:///{file}")
    if not sqlite:
        urls = databases.postgres().create()
        said["database"] = {"url": urls.app, "owner_url": urls.owner}
    config = tmp_path / "other.yaml"
    config.write_text(yaml.safe_dump(said), "utf-8")
    yield Place(config=config, data=tmp_path / "restored", urls=urls)
    if not sqlite:
        databases.postgres().drop(urls)


async def rows(url: str) -> dict[str, list[str]]:
    """Every row of every table, in one order."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return {
                table.name: sorted(repr(tuple(row)) for row in await connection.execute(table.select()))
                for table in await connection.run_sync(tables)
                if not table.name.startswith("test_")  # other tests may have declared one for themselves
            }
    finally:
        await engine.dispose()


async def backed_up(laptop: Laptop, word: Path, name: str = "first.backup") -> Path:
    out = laptop.folder / name
    status, said = await laptop.chibo(
        "backup", "--config", laptop.config, "--passphrase-file", word, "--out", out
    )
    assert status == 0, said
    return out


async def restored(laptop: Laptop, place: Place, file: Path, word: Path) -> tuple[int, str]:
    return await laptop.chibo("restore", "--config", place.config, "--passphrase-file", word, file)


async def test_the_drill(laptop: Laptop, other: Place, word: Path, cell: Cell, database_urls: Urls) -> None:
    """Back up, go on, lose everything, restore: the past is whole, and the witness sees that it is older."""
    file, then = await backed_up(laptop, word), await rows(database_urls.app)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    await cell.supplement()
    assert (await laptop.log("sequence"))[0] == 0
    assert (await laptop.log("export", laptop.folder / "export"))[0] == 0
    await laptop.witnessed()

    status, said = await restored(laptop, other, file, word)
    assert status == 0, said
    assert ["NGẮN HƠN" in said, "chibo verify --ledger" in said, "secrets.ca_passphrase" in said] == [
        True
    ] * 3
    assert await rows(other.urls.app) == then
    assert await rows(database_urls.app) != then
    status, said = await laptop.chibo("verify", "--config", other.config, "--ledger")
    assert status == 0, said
    signed = ("verify", "--config", other.config, laptop.folder / "signed.pdf")
    assert (await laptop.chibo(*signed))[0] == 0

    log = ("log", "--config", other.config)
    assert (await laptop.chibo(*log, "key"))[1] == (await laptop.log("key"))[1]
    assert (await laptop.chibo(*log, "export", laptop.folder / "older"))[0] == 0
    witness = ("witness", laptop.folder / "older", "--state", laptop.folder / "witness")
    status, said = await laptop.chibo(*witness)
    assert (status, "NGẮN HƠN" in said) == (1, True)


async def test_guards_stand_and_numbers_go_on_after_a_restore(desk: Laptop, other: Place, word: Path) -> None:
    assert (await restored(desk, other, await backed_up(desk, word), word))[0] == 0
    engine = create_async_engine(other.urls.app)
    try:
        with pytest.raises(DBAPIError, match="ledger_entry"):
            async with engine.begin() as connection:
                await connection.execute(text("DELETE FROM ledger_entry"))
        async with engine.begin() as connection:
            again = "INSERT INTO authority (certificate, wrapped) SELECT certificate, wrapped FROM authority"
            assert (await connection.execute(text(again))).rowcount == 1
    finally:
        await engine.dispose()


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_what_is_not_whole_changes_nothing(desk: Laptop, other: Place, word: Path) -> None:
    whole = (await backed_up(desk, word)).read_bytes()
    bad = desk.folder / "bad.backup"
    middle = len(whole) // 2
    for content, words in (
        (whole[:-1], "bị cắt cụt hoặc đã bị sửa"),
        (whole[:40], "Mật khẩu sao lưu không đúng, hoặc tệp đã hỏng"),
        (whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], "bị cắt cụt hoặc đã bị sửa"),
        (b"%PDF-1.7", "không phải bản sao lưu"),
        (b"", "không phải bản sao lưu"),
    ):
        bad.write_bytes(content)
        status, said = await restored(desk, other, bad, word)
        assert (status, words in said) == (2, True), said
        await untouched(other)
    wrong = written(desk.folder / "wrong", "một mật khẩu khác hẳn")
    bad.write_bytes(whole)
    status, said = await restored(desk, other, bad, wrong)
    assert (status, "không đúng" in said) == (2, True)
    await untouched(other)


async def untouched(place: Place) -> None:
    """Nothing in the folder, nothing beside it, no tables."""
    assert not place.data.exists()
    assert not list(place.data.parent.glob(".restored*"))
    if not place.urls.app.startswith("sqlite"):
        engine = create_async_engine(place.urls.app)
        async with engine.connect() as connection:
            count = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            assert (await connection.execute(count)).scalar_one() == 0
        await engine.dispose()


async def test_nothing_is_overwritten(desk: Laptop, other: Place, word: Path) -> None:
    file = await backed_up(desk, word)
    before = file.read_bytes()
    again = ("backup", "--config", desk.config, "--passphrase-file", word, "--out", file)
    assert ((await desk.chibo(*again))[0], file.read_bytes()) == (2, before)
    status, said = await desk.chibo("restore", "--config", desk.config, "--passphrase-file", word, file)
    assert (status, "đã có dữ liệu" in said) == (2, True)
    assert (await restored(desk, other, file, word))[0] == 0
    if not other.urls.app.startswith("sqlite"):  # the folder is gone, the database is not
        other.data.rename(desk.folder / "moved")
        status, said = await restored(desk, other, file, word)
        assert (status, "đã có bảng" in said, other.data.exists()) == (2, True, False)
    assert [
        one.name for one in desk.folder.iterdir() if ".first" in one.name or ".restored" in one.name
    ] == []


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_weak_or_missing_passphrases_are_refused(desk: Laptop) -> None:
    out = desk.folder / "none.backup"
    command = ("backup", "--config", desk.config, "--out", out)
    short = written(desk.folder / "short", "ngắn")
    assert "ít nhất 12 ký tự" in (await desk.chibo(*command, "--passphrase-file", short))[1]
    short.chmod(0o644)
    assert "chmod 600" in (await desk.chibo(*command, "--passphrase-file", short))[1]
    assert "--passphrase-file" in (await desk.chibo(*command))[1]
    assert not out.exists()


@pytest.mark.parametrize("database_urls", ["postgres"], indirect=True)
async def test_another_kind_of_database_is_told(desk: Laptop, other: Place, word: Path) -> None:
    file = await backed_up(desk, word)
    said = yaml.safe_load(other.config.read_text("utf-8"))
    said["database"] = {}
    other.config.write_text(yaml.safe_dump(said), "utf-8")
    status, told = await restored(desk, other, file, word)
    assert (status, "database.url" in told) == (2, True)
    await untouched(other)
