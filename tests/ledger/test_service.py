"""The ledger on both databases: one chain a cell, found broken wherever somebody touched it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import delete, text
from sqlmodel import col, select

from meetings.db.engine import Database
from meetings.db.refusals import GuardedByDatabase
from meetings.db.types import load
from meetings.db.unit import Units
from meetings.kernel.ids import derived_id, new_id
from meetings.ledger.rules import Act, Break, Chain, commitment
from meetings.ledger.service import LedgerService, head_of, of_meeting, record
from meetings.ledger.store import LedgerPersonalRow

CELL, OTHER = derived_id("cell"), derived_id("other cell")
MEETING = derived_id("meeting")


def act(number: int, cell: str = CELL, meeting: str | None = None) -> Act:
    personal = {"choice": f"riêng {number}"}
    return Act(
        cell=cell, name="test.act", actor=None, meeting=meeting, public={"n": number}, personal=personal
    )


async def write(units: Units, *acts: Act) -> None:
    async with units.begin() as uow:
        await record(uow, *acts)


async def chain_of(units: Units, cell: str = CELL) -> Chain:
    (found,) = await LedgerService(units).verify([cell])
    return found


async def as_owner(url: str, *statements: str) -> None:
    """Somebody with the keys of the machine: guards off, rows changed."""
    database = Database(url)
    try:
        async with database.connection() as connection:
            if database.is_sqlite:
                names = await connection.execute(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                )
                for (name,) in names.all():
                    await connection.exec_driver_sql(f"DROP TRIGGER {name}")
            else:
                await connection.exec_driver_sql("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
            for statement in statements:
                await connection.exec_driver_sql(statement)
    finally:
        await database.close()


async def test_entries_come_back_in_the_order_of_the_acts(units: Units) -> None:
    async with units.begin() as uow:
        made = await record(uow, act(1), act(2, OTHER), act(3), act(4, OTHER))
    assert [(entry.cell, entry.seq) for entry in made] == [(CELL, 1), (OTHER, 1), (CELL, 2), (OTHER, 2)]
    assert [load(entry.leaf)["p"]["n"] for entry in made] == [1, 2, 3, 4]
    assert all(chain.valid for chain in await LedgerService(units).verify())


async def test_nothing_to_record_changes_nothing(units: Units) -> None:
    await write(units)
    assert await LedgerService(units).verify() == []


async def test_units_follow_each_other(units: Units) -> None:
    for number in range(4):
        await write(units, act(number, meeting=MEETING if number % 2 else None))
    found = await chain_of(units)
    assert (found.valid, found.entries) == (True, 4)
    async with units.read() as uow:
        assert (await head_of(uow, CELL)).seq == 4
        assert [entry.seq for entry in await of_meeting(uow, CELL, MEETING)] == [2, 4]


async def test_an_act_that_fails_leaves_no_entry(units: Units) -> None:
    with pytest.raises(ValueError, match="changed my mind"):
        async with units.begin() as uow:
            await record(uow, act(1))
            raise ValueError("changed my mind")
    await write(units, act(2))
    assert (await chain_of(units)).entries == 1


async def test_writers_of_one_cell_never_fork_the_chain(units: Units) -> None:
    async def writer(number: int) -> None:
        for turn in range(4):
            await write(units, act(10 * number + turn, CELL), act(turn, OTHER))

    async with asyncio.timeout(60):
        await asyncio.gather(*(writer(number) for number in range(8)))
    for cell in (CELL, OTHER):
        found = await chain_of(units, cell)
        assert (found.valid, found.entries) == (True, 32)


async def test_writers_that_name_cells_in_another_order_do_not_block_each_other(units: Units) -> None:
    pairs = [(act(1, CELL), act(2, OTHER)), (act(3, OTHER), act(4, CELL))]
    async with asyncio.timeout(60):
        await asyncio.gather(*(write(units, *pairs[number % 2]) for number in range(12)))
    assert [(await chain_of(units, cell)).entries for cell in (CELL, OTHER)] == [12, 12]


async def test_the_application_may_neither_change_nor_remove_entries(units: Units) -> None:
    await write(units, act(1), act(2))
    for attack in (
        "UPDATE ledger_entry SET leaf = '{}' WHERE seq = 1",
        "DELETE FROM ledger_entry WHERE seq = 2",
        "UPDATE ledger_head SET seq = 1",
        "DELETE FROM ledger_head",
    ):
        with pytest.raises(GuardedByDatabase):
            async with units.begin() as uow:
                await uow.session.execute(text(attack))
    assert (await chain_of(units)).valid


_ONE_LESS = "UPDATE ledger_entry SET seq = seq - 1 WHERE seq = 3"
BREAKS: Sequence[tuple[str, Sequence[str], Break]] = (
    (
        "edited",
        ["UPDATE ledger_entry SET leaf = replace(leaf, '\"n\":2', '\"n\":9') WHERE seq = 2"],
        Break(seq=2, reason="edited"),
    ),
    ("removed", ["DELETE FROM ledger_entry WHERE seq = 2"], Break(seq=2, reason="missing")),
    (
        "removed and renumbered",
        ["DELETE FROM ledger_entry WHERE seq = 2", _ONE_LESS],
        Break(seq=2, reason="reordered"),
    ),
    (
        "reordered",
        [
            "UPDATE ledger_entry SET seq = 9 WHERE seq = 2",
            "UPDATE ledger_entry SET seq = 2 WHERE seq = 3",
            "UPDATE ledger_entry SET seq = 3 WHERE seq = 9",
        ],
        Break(seq=2, reason="reordered"),
    ),
    ("truncated", ["DELETE FROM ledger_entry WHERE seq >= 3"], Break(seq=3, reason="head")),
    ("emptied", ["DELETE FROM ledger_entry"], Break(seq=1, reason="head")),
)


@pytest.mark.parametrize(
    ("statements", "expected"), [pair[1:] for pair in BREAKS], ids=[pair[0] for pair in BREAKS]
)
async def test_even_the_owner_of_the_tables_is_found_out(
    units: Units, owner_url: str, statements: Sequence[str], expected: Break
) -> None:
    await write(units, act(1), act(2), act(3))
    await write(units, act(1, OTHER))
    await as_owner(
        owner_url,
        *(
            f"{one} AND cell_id = '{CELL}'" if "WHERE" in one else f"{one} WHERE cell_id = '{CELL}'"
            for one in statements
        ),
    )
    found = await chain_of(units)
    assert not found.valid
    assert found.broken == expected
    assert (await chain_of(units, OTHER)).valid


async def test_personal_values_can_be_shown_and_erased_while_the_links_hold(units: Units) -> None:
    async with units.begin() as uow:
        (entry,) = await record(uow, act(7))
    async with units.read() as uow:
        kept = (await uow.session.execute(select(LedgerPersonalRow))).scalars().one()
    said = load(entry.leaf)["c"]
    assert said == {"choice": commitment(kept.salt, "choice", kept.data["choice"])}
    async with units.begin() as uow:
        await uow.session.execute(
            delete(LedgerPersonalRow).where(col(LedgerPersonalRow.entry_id) == entry.id)
        )
    assert (await chain_of(units)).valid


async def test_a_cell_without_entries_holds(units: Units) -> None:
    found = await chain_of(units, new_id())
    assert (found.valid, found.entries) == (True, 0)
