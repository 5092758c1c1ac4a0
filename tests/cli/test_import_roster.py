"""`chibo import`: from a file into a database that nobody serves."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from openpyxl import Workbook
from sqlalchemy import Connection
from sqlmodel import SQLModel

from meetings.cli.main import main
from meetings.committees import service as committees
from meetings.committees.service import FirstSetup, Newcomer
from meetings.db.engine import Database
from meetings.db.lock import DataLock
from meetings.db.migrate import configuration
from meetings.db.schema import create_all
from meetings.db.unit import Units
from meetings.kernel.clock import SystemClock
from meetings.kernel.ids import Id

HEADS = ("Họ và tên", "Ngày sinh", "Số thẻ đảng viên", "Chi bộ", "Diện đảng viên", "Từ ngày")
GOOD = ("Giàng A Mới", date(1980, 2, 1), "20000001", "NT-01", "dự bị", date(2026, 2, 1))
BAD = ("Giàng", "hôm qua", "1", "ở đâu", "?", "")


def newest(connection: Connection) -> None:
    """Tables and guards, stamped as the newest schema."""
    create_all(connection, SQLModel.metadata)
    command.stamp(configuration(connection), "head")


@pytest.fixture
def cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Id:
    """A database below the data folder, with one cell and its secretary."""
    monkeypatch.setenv("CHIBO_DATA__DIR", str(tmp_path))
    url = f"sqlite+aiosqlite:///{tmp_path / 'chibo.sqlite3'}"
    setup = FirstSetup(
        org_name="Đảng bộ xã Thử",
        cell_name="Chi bộ thôn Nà Thử",
        cell_code="NT-01",
        secretary=Newcomer(full_name="Sùng A Thử"),
        since=date(2025, 7, 1),
    )

    async def found() -> Id:
        database = Database(url)
        async with database.connection() as connection:
            await connection.run_sync(newest)
        async with Units(database, SystemClock()).begin() as uow:
            made = await committees.first_setup(uow, setup, uow.now)
        await database.close()
        return made.cell

    return asyncio.run(found())


def workbook(path: Path, *rows: tuple[object, ...]) -> str:
    book = Workbook()
    for one in (HEADS, *rows):
        assert book.active is not None
        book.active.append(list(one))
    book.save(path)
    return str(path)


def members(folder: Path, cell: Id) -> list[str]:
    async def read() -> list[str]:
        database = Database(f"sqlite+aiosqlite:///{folder / 'chibo.sqlite3'}")
        async with Units(database, SystemClock()).read() as uow:
            found = await committees.roster(uow, cell, await committees.today_in(uow, cell))
        await database.close()
        return [one.full_name for one in found]

    return asyncio.run(read())


def test_a_dry_run_an_import_and_its_repetition(
    tmp_path: Path, cell: Id, capsys: pytest.CaptureFixture[str]
) -> None:
    file = workbook(tmp_path / "roster.xlsx", GOOD)
    assert main(["import", file, "--dry-run"]) == 0
    assert "Sẽ nhập: thêm 1" in capsys.readouterr().out
    assert members(tmp_path, cell) == ["Sùng A Thử"]
    assert main(["import", file, "--cell", "NT-01"]) == 0
    assert "Đã nhập: thêm 1, sửa 0, giữ nguyên 0; 1 người" in capsys.readouterr().out
    assert main(["import", file]) == 0
    assert "thêm 0, sửa 0, giữ nguyên 1" in capsys.readouterr().out
    assert members(tmp_path, cell) == ["Giàng A Mới", "Sùng A Thử"]


def test_every_problem_is_printed_and_nothing_written(
    tmp_path: Path, cell: Id, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", workbook(tmp_path / "roster.xlsx", GOOD, BAD)]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert len([line for line in printed if line.startswith("Dòng 3, cột ")]) == 6
    assert printed[-1].startswith("Chưa ghi gì.")
    assert members(tmp_path, cell) == ["Sùng A Thử"]


def test_while_somebody_serves_nothing_is_written(
    tmp_path: Path, cell: Id, capsys: pytest.CaptureFixture[str]
) -> None:
    file = workbook(tmp_path / "roster.xlsx", GOOD)
    with DataLock(tmp_path):
        assert main(["import", file]) == 2
    assert "Xin dừng phần mềm" in capsys.readouterr().err
    assert members(tmp_path, cell) == ["Sùng A Thử"]


def test_the_sample_is_found_by_name_only(
    tmp_path: Path, cell: Id, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    above = tmp_path / "above"
    above.mkdir()
    monkeypatch.setenv("CHIBO_DATA__DIR", str(above))
    file = workbook(tmp_path / "roster.xlsx", GOOD)
    assert main(["import", file]) == 2
    assert capsys.readouterr().err.startswith("chibo: Không thấy cơ sở dữ liệu ở ")
    (above / "sample").symlink_to(tmp_path)
    for words in (["import", file], ["verify", "--ledger"], ["figures"], ["verify", __file__]):
        assert main(words) == 2
        complaint = capsys.readouterr().err
        assert ("xin thêm --sample" in complaint, complaint.count("\n")) == (True, 1)
    assert main(["import", file, "--sample"]) == 0
    assert members(tmp_path, cell) == ["Giàng A Mới", "Sùng A Thử"]
    assert main(["verify", "--ledger", "--sample"]) == 0
    assert main(["figures", "--sample"]) == 0
    assert not (above / "chibo.sqlite3").exists()


@pytest.mark.parametrize("name", ["missing.xlsx", "roster.pdf", "roster.xlsx"])
def test_what_is_no_roster_is_refused_in_one_line(
    tmp_path: Path, cell: Id, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    if name != "missing.xlsx":
        (tmp_path / name).write_bytes(b"PK\x03\x04 not really")
    assert main(["import", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert members(tmp_path, cell) == ["Sùng A Thử"]
