"""The demonstration's own checks fail where they must: a guard that is gone, a database that cannot be asked."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from demo.client import Unexpected
from demo.page_text import page_text
from demo.supplement import SAID, attack
from tests.journeys.sittings import called, closed, joined_by_phone, led, opened
from tests.serving import CELL, Serving

pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


async def _supplement(house: Serving) -> str:
    cast = await house.cell_s()
    house.at("2026-11-03T08:00")
    meeting = await called(house, "2026-11-16T20:00", kind="online_session", mode="online")
    await opened(house, meeting, "2026-11-16T20:00")
    for member in (cast.chair, cast.recorder):
        await joined_by_phone(house, meeting, member)
    await led(house, meeting)
    await closed(house, meeting, "2026-11-16T20:50")
    return meeting


def _file(house: Serving) -> Path:
    return Path(house.database.partition("///")[2])


def _do(house: Serving, *statements: str) -> None:
    with closing(sqlite3.connect(_file(house))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def _triggers(house: Serving) -> list[str]:
    with closing(sqlite3.connect(_file(house))) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]


async def test_the_guards_refuse_every_statement(house: Serving) -> None:
    meeting = await _supplement(house)
    assert attack(_file(house), CELL, meeting).startswith("5/5 ")


async def test_without_guards_the_attack_is_seen_to_succeed(house: Serving) -> None:
    meeting = await _supplement(house)
    _do(house, *(f"DROP TRIGGER {name}" for name in _triggers(house)))
    with pytest.raises(Unexpected):
        attack(_file(house), CELL, meeting)


async def test_a_statement_that_cannot_run_is_no_refusal(house: Serving) -> None:
    meeting = await _supplement(house)
    _do(house, *(f"DROP TRIGGER {name}" for name in _triggers(house)))
    _do(house, "ALTER TABLE meeting RENAME COLUMN mode TO way")
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        attack(_file(house), CELL, meeting)


async def test_the_minutes_of_a_supplement_say_what_it_is(house: Serving) -> None:
    """Also that it stands alone: this one supplements no meeting."""
    meeting = await _supplement(house)
    secretary = await house.secretary()
    await secretary.post(f"/meetings/{meeting}/minutes/approve")
    said = page_text(await secretary.raw("GET", f"/meetings/{meeting}/minutes.pdf"))
    title, notice, link = SAID
    assert title.replace("27/11", "16/11") in said
    assert notice in said
    assert link not in said
    assert "Không gắn với buổi thường kỳ nào." in said
