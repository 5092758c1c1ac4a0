"""No row, however it is written, makes a supplement the month's meeting (architecture.md, decision 2)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import asyncpg
import pytest

from tests.convening.world import born, fill, walked
from tests.obligation.attacks import FILL, THEME, Attack
from tests.obligation.attacks_by_engine import ATTACKS, UNHELD
from tests.postgres import Urls

Run = Callable[[str], Awaitable[list[tuple[Any, ...]]]]

# Settings that an attacker's own SQLite connection may have; on PostgreSQL the role has none to change.
MOODS = {
    "as the application": ("foreign_keys = ON", "recursive_triggers = ON"),
    "hostile": (
        "foreign_keys = OFF",
        "recursive_triggers = OFF",
        "ignore_check_constraints = ON",
        "defer_foreign_keys = ON",
        "legacy_alter_table = ON",
    ),
}
REFUSED = (
    sqlite3.IntegrityError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.InsufficientPrivilegeError,
)
TABLES = ("meeting", "obligation", "thematic_obligation")


@pytest.fixture(scope="session")
def database_template() -> Callable[[Urls], None]:
    return fill


@pytest.fixture
async def run(database_urls: Urls, request: pytest.FixtureRequest) -> AsyncIterator[Run]:
    """Runs a statement as the attacker, each in a transaction of its own."""
    if database_urls.app.startswith("sqlite"):
        connection = sqlite3.connect(database_urls.app.partition("///")[2], isolation_level=None)
        for pragma in MOODS[getattr(request, "param", "hostile")]:
            connection.execute(f"PRAGMA {pragma}")

        async def on_sqlite(statement: str) -> list[tuple[Any, ...]]:
            return connection.execute(statement).fetchall()

        yield on_sqlite
        connection.close()
        return
    server = await asyncpg.connect(database_urls.app.replace("+asyncpg", ""))

    async def on_postgres(statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await server.fetch(statement)]

    yield on_postgres
    await server.close()


async def everything(run: Run, schema: str) -> list[list[tuple[Any, ...]]]:
    return [sorted(await run(f"SELECT * FROM {schema}.{table}"), key=repr) for table in TABLES]


def _here(attack: Attack, dialect: str) -> bool:
    return attack.only in {None, dialect}


def _rounds() -> list[Any]:
    sqlite = [("sqlite", mood, attack) for mood in MOODS for attack in ATTACKS if _here(attack, "sqlite")]
    postgres = [("postgres", "-", attack) for attack in ATTACKS if _here(attack, "postgresql")]
    return [
        pytest.param(
            engine, mood if engine == "sqlite" else "hostile", attack, id=f"{engine} {mood}: {attack.name}"
        )
        for engine, mood, attack in [*sqlite, *postgres]
    ]


@pytest.mark.parametrize(("database_urls", "run", "attack"), _rounds(), indirect=["database_urls", "run"])
async def test_an_attack_is_refused_and_the_month_stays_unheld(
    run: Run, attack: Attack, database_urls: Urls
) -> None:
    schema = "main" if database_urls.app.startswith("sqlite") else "public"
    before = await everything(run, schema)
    for statement in attack.sql[:-1]:
        with suppress(*REFUSED):
            await run(statement)
    with pytest.raises(REFUSED):
        await run(attack.sql[-1])
    assert await _held(run, schema) == [0, 0]
    after = await everything(run, schema)
    assert after[1:] == before[1:]
    if len(attack.sql) == 1:
        assert after == before


async def _held(run: Run, schema: str) -> list[int]:
    counted = [re.sub(r"FROM (\w+)", rf"FROM {schema}.\1", query) for query in UNHELD]
    return [(await run(query))[0][0] for query in counted]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_no_row_number_can_be_taken(run: Run, table: str) -> None:
    for name in ("rowid", "oid", "_rowid_"):
        with pytest.raises(sqlite3.OperationalError, match="no such column"):
            await run(f"UPDATE {table} SET {name} = 1")


def test_the_attacks_are_many_and_each_has_its_name() -> None:
    names = [attack.name for attack in ATTACKS]
    assert len(names) == len(set(names))
    for dialect in ("sqlite", "postgresql"):
        assert sum(_here(attack, dialect) for attack in ATTACKS) >= 31


async def test_an_honest_meeting_fulfils(run: Run) -> None:
    honest = list(walked("open-regular", "signed", present=14, required=11, flags=(1, 0), month="2026-11"))
    for statement in (*honest[2:], FILL.format("open-regular")):
        await run(statement)
    found = await run("SELECT cell_id, month FROM obligation WHERE fulfilled_by = 'open-regular'")
    assert found == [("cell-a", "2026-11")]


async def test_an_honest_thematic_sitting_fulfils_the_quarter(run: Run) -> None:
    await run(born("theme", "thematic", "in_person", "additional"))
    honest = walked("theme", "closed", present=14, required=11, flags=(0, 1), month="2026-11")
    for statement in (*honest, THEME.format("theme")):
        await run(statement)
    found = await run("SELECT cell_id, quarter FROM thematic_obligation WHERE fulfilled_by = 'theme'")
    assert found == [("cell-a", "2026-Q4")]
