"""`chibo link`: a way back in for somebody whom nobody else can help."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from meetings.cli.main import main
from meetings.committees.sign_in import may_show, token_hash
from meetings.committees.store import access
from meetings.db.engine import Database
from meetings.db.lock import DataLock
from meetings.db.unit import Units
from meetings.kernel.clock import SystemClock, real_now
from meetings.kernel.ids import Id
from meetings.ledger.store import entries
from tests.cli.test_import_roster import GOOD, cell, workbook

__all__ = ["cell"]


def found(folder: Path, where: Id, token: str) -> tuple[bool, list[str]]:
    """Whether the link opens, and what the cell's ledger says of links."""

    async def read() -> tuple[bool, list[str]]:
        database = Database(f"sqlite+aiosqlite:///{folder / 'chibo.sqlite3'}")
        async with Units(database, SystemClock()).read() as uow:
            known = await access.invitation(uow.session, token_hash(token))
            leaves = [one.leaf for one in await entries(uow.session, where)]
        await database.close()
        if known is not None:
            may_show(known[0], real_now())
        return known is not None and known[1] == where, [one for one in leaves if "committees.invite" in one]

    return asyncio.run(read())


@pytest.mark.parametrize("words", [["--card", "2000.0001"], ["--name", "Giàng  A Mới"]])
def test_a_link_that_opens_with_an_entry_of_the_operators(
    tmp_path: Path, cell: Id, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["import", workbook(tmp_path / "roster.xlsx", GOOD)]) == 0
    before = len(found(tmp_path, cell, "")[1])
    capsys.readouterr()
    assert main(["link", *words]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("Giàng A Mới: http://127.0.0.1:8080/l/")
    opens, told = found(tmp_path, cell, first.rsplit("/", 1)[1])
    assert (opens, len(told)) == (True, before + 1)
    assert "Giàng" not in told[-1]


def test_the_owner_without_a_card_is_found_by_name(
    tmp_path: Path, cell: Id, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["link", "--name", "Sùng A Thử"]) == 0
    assert capsys.readouterr().out.startswith("Sùng A Thử: http")


def test_nobody_unknown_and_nobody_while_it_is_served(
    tmp_path: Path, cell: Id, capsys: pytest.CaptureFixture[str]
) -> None:
    before = found(tmp_path, cell, "")
    for words in (["--card", "20000009"], ["--name", "Ai Đó"], ["--card", "12"]):
        assert main(["link", *words]) == 2
    with DataLock(tmp_path):
        assert main(["link", "--name", "Sùng A Thử"]) == 2
    assert "Xin dừng phần mềm" in capsys.readouterr().err
    assert found(tmp_path, cell, "") == before
