"""`chibo figures`: kept figures against the rows, and put right only when asked, and only by one writer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

import meetings.app  # noqa: F401  every table is known once the application is
from meetings.cli.main import main
from meetings.db.engine import Database
from meetings.db.lock import DataLock
from tests.attendance.conftest import fill
from tests.conftest import Template
from tests.postgres import Urls
from tests.sitting.holding import Cell

Config = Callable[..., Path]
RIGHT = ["Số liệu báo cáo khớp với sổ sách của các buổi họp."]


@pytest.fixture(scope="session")
def database_template() -> Template:
    return fill


async def chibo(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], str]:
    """(exit status, lines, complaints) of a command line."""
    capsys.readouterr()
    status = await asyncio.to_thread(main, ["figures", *words])
    said = capsys.readouterr()
    return status, said.out.splitlines(), said.err


async def spoil(urls: Urls) -> None:
    """Somebody writes another number into the table of figures."""
    database = Database(urls.owner)
    async with database.connection() as connection:
        done = await connection.execute(text("UPDATE cell_month SET figures = '{}'"))
        assert done.rowcount == 1
    await database.close()


async def test_what_was_never_counted_or_counted_wrongly_is_found_and_put_right(
    cell: Cell, installation: Config, database_urls: Urls, capsys: pytest.CaptureFixture[str]
) -> None:
    sitting = (await cell.november()).sitting
    given = ("--config", str(installation()))
    for what in ("chưa được đếm", "số đã lưu khác số đếm lại"):
        line = f"Chi bộ {sitting.cell}, tháng {sitting.month}: {what}."
        for _ in range(2):  # looking repairs nothing
            status, lines, _ = await chibo(capsys, *given)
            assert (status, lines[0]) == (1, line)
            assert lines[1].startswith("Có 1 tháng không khớp.")
        status, lines, _ = await chibo(capsys, "--repair", *given)
        assert (status, lines) == (0, [line, "Đã đếm lại và ghi đúng 1 tháng."])
        assert (await chibo(capsys, *given))[:2] == (0, RIGHT)
        assert (await chibo(capsys, "--repair", *given))[:2] == (0, RIGHT)
        await spoil(database_urls)


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_while_somebody_serves_it_may_be_looked_at_but_not_repaired(
    cell: Cell, installation: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await cell.november()
    given = ("--config", str(installation()))
    with DataLock(tmp_path / "data"):
        assert (await chibo(capsys, *given))[0] == 1
        status, lines, complaint = await chibo(capsys, "--repair", *given)
        assert (status, lines) == (2, [])
        assert "Phần mềm đang chạy" in complaint
    assert (await chibo(capsys, *given))[0] == 1


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_without_an_installation_nothing_is_compared_or_made(
    installation: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--config", str(installation(known=False)))
    for words in ((), ("--repair",)):
        status, lines, complaint = await chibo(capsys, *words, *given)
        assert (status, lines) == (2, [])
        assert complaint.startswith("chibo: Không thấy cơ sở dữ liệu ở ")
    assert not (tmp_path / "elsewhere" / "chibo.sqlite3").exists()
