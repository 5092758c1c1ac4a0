"""Sittings of two cells in every state, as plain SQL, with cell A's November and quarter not held."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from sqlalchemy import text
from sqlmodel import SQLModel

import meetings.convening.store
import meetings.ledger.file_store
import meetings.ledger.store  # noqa: F401  its tables belong to every database
from meetings.db import schema
from meetings.db.engine import Database
from tests.postgres import Urls

CELL_A, CELL_B = "cell-a", "cell-b"
NOVEMBER, OCTOBER = ("2026-11", "2026-Q4"), ("2026-10", "2026-Q4")
_STEPS = ("convened", "open", "closed", "minuted", "signed")


def born(
    name: str, kind: str, mode: str, standing: str, *, cell: str = CELL_A, month: tuple[str, str] = NOVEMBER
) -> str:
    """The statement that plans a sitting under the id `name`."""
    return (
        "INSERT INTO meeting (id, cell_id, month, quarter, kind, mode, standing, state, title, place,"
        " starts_at, planned_minutes, minimum_minutes, zone, hall_present, hall_required, fulfils,"
        f" fulfils_theme) VALUES ('{name}', '{cell}', '{month[0]}', '{month[1]}', '{kind}', '{mode}',"
        f" '{standing}', 'draft', 'họp', 'nhà văn hóa', '{month[0]}-24 12:30:00.000000', 90, 90,"
        " 'Asia/Ho_Chi_Minh', 0, 0, 0, 0)"
    )


def walked(
    name: str, state: str, *, present: int = 0, required: int = 0, flags: tuple[int, int] = (0, 0), month: str
) -> Iterator[str]:
    """The honest steps of a sitting from draft to `state`."""
    for step in _STEPS[: _STEPS.index(state) + 1]:
        facts = f"state = '{step}'"
        if step == "open":
            facts += f", opened_at = '{month}-24 12:30:00.000000'"
        if step == "closed":
            facts += f", closed_at = '{month}-24 14:05:00.000000', hall_present = {present}"
            facts += f", hall_required = {required}, fulfils = {flags[0]}, fulfils_theme = {flags[1]}"
        yield f"UPDATE meeting SET {facts} WHERE id = '{name}'"


def statements() -> Iterator[str]:
    """All of it, in order."""
    yield from _of_cell_a()
    yield from _held_elsewhere()
    for cell, month in ((CELL_A, "2026-11"), (CELL_B, "2026-12")):
        yield f"INSERT INTO obligation (cell_id, month, fulfils) VALUES ('{cell}', '{month}', 1)"
    columns = "(cell_id, quarter, fulfils_theme)"
    yield f"INSERT INTO thematic_obligation {columns} VALUES ('{CELL_A}', '2026-Q4', 1)"


def _of_cell_a() -> Iterator[str]:
    for kind, mode, standing in (
        ("online_session", "online", "supplement"),
        ("thematic", "online", "supplement"),
        ("extraordinary", "in_person", "additional"),
        ("committee", "in_person", "additional"),
        ("practice", "in_person", "none"),
    ):
        yield born(f"{kind}-{mode}", kind, mode, standing)
        yield from walked(f"{kind}-{mode}", "closed", present=20, required=11, month="2026-11")
    for state in ("convened", "open"):
        yield born(f"{state}-online", "online_session", "online", "supplement")
        yield from walked(f"{state}-online", state, month="2026-11")
        yield born(f"{state}-practice", "practice", "in_person", "none")
        yield from walked(f"{state}-practice", state, month="2026-11")
        yield born(f"{state}-regular", "regular", "hybrid", "mandatory")
        yield from walked(f"{state}-regular", state, month="2026-11")
    yield born("draft-online", "online_session", "online", "supplement")
    yield born("draft-regular", "regular", "in_person", "mandatory")
    yield born("cancelled", "regular", "in_person", "mandatory")
    yield "UPDATE meeting SET state = 'cancelled' WHERE id = 'cancelled'"
    yield born("below", "regular_with_thematic", "in_person", "mandatory")
    yield from walked("below", "closed", present=2, required=11, month="2026-11")


def _held_elsewhere() -> Iterator[str]:
    for name, cell, month in (
        ("october", CELL_A, OCTOBER),
        ("october-again", CELL_A, OCTOBER),
        ("of-b", CELL_B, NOVEMBER),
        ("of-b-again", CELL_B, NOVEMBER),
    ):
        yield born(name, "regular", "in_person", "mandatory", cell=cell, month=month)
        yield from walked(name, "signed", present=12, required=11, flags=(1, 0), month=month[0])
    yield born("theme-of-b", "thematic", "in_person", "additional", cell=CELL_B)
    yield from walked("theme-of-b", "closed", present=12, required=11, flags=(0, 1), month="2026-11")
    for held in (f"'{CELL_A}', '2026-10', 'october', 1", f"'{CELL_B}', '2026-11', 'of-b', 1"):
        yield f"INSERT INTO obligation VALUES ({held})"
    yield f"INSERT INTO thematic_obligation VALUES ('{CELL_B}', '2026-Q4', 'theme-of-b', 1)"


def fill(urls: Urls) -> None:
    """Make the tables, the guards and the sittings, as the owner of the database."""
    asyncio.run(_fill(urls.owner))


async def _fill(url: str) -> None:
    database = Database(url)
    try:
        async with database.connection() as connection:
            await connection.run_sync(schema.create_all, SQLModel.metadata)
            for statement in statements():
                await connection.execute(text(statement))
    finally:
        await database.close()
