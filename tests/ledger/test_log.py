"""The log on both databases: entries of every cell in one tree, whoever sequences and whenever it dies."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text
from sqlmodel import col

from meetings.db.refusals import GuardedByDatabase
from meetings.db.unit import Units
from meetings.kernel.ids import Id, derived_id
from meetings.ledger.log import (
    BadCosignature,
    BadSpan,
    LogForked,
    LogService,
    NoCheckpoint,
    NotInLog,
)
from meetings.ledger.log_store import Behind, LogLeafRow, shares
from meetings.ledger.merkle import check_consistency
from meetings.ledger.offline import (
    Checkpoint,
    Unsound,
    check_bundle,
    check_inclusion,
    cosigners,
    open_checkpoint,
)
from meetings.ledger.rules import Act, Entry
from meetings.ledger.service import LedgerService, record
from meetings.ledger.signers import log_signer, witness_signer
from meetings.ledger.store import LedgerPersonalRow
from tests.ledger.tampering import as_owner

CELLS = [derived_id(f"cell {number}") for number in range(3)]
SIGNER = log_signer("an invented secret of a log, long enough")
WITNESS = witness_signer("an invented secret of a witness", "dang-uy.example")


@pytest.fixture
def log(units: Units) -> LogService:
    return LogService(units, SIGNER, [WITNESS.key])


async def write(units: Units, *cells: Id) -> list[Entry]:
    acts = [
        Act(cell=cell, name="test.act", actor=None, personal={"a": f"riêng {n}", "b": "khác"})
        for n, cell in enumerate(cells)
    ]
    async with units.begin() as uow:
        return await record(uow, *acts)


async def seen(log: LogService) -> Checkpoint:
    return open_checkpoint(await log.checkpoint(), SIGNER.key)


async def whole(units: Units) -> list[tuple[int, str, int]]:
    async with units.read() as uow:
        columns = (col(LogLeafRow.position), col(LogLeafRow.cell_id), col(LogLeafRow.seq))
        return [(p, c, s) for p, c, s in await uow.session.execute(select(*columns).order_by(columns[0]))]


async def check_whole(units: Units, log: LogService, expected: int) -> None:
    """No gap, no fork, each cell in order, and the signed root is that of the entries."""
    found = await whole(units)
    assert [position for position, _, _ in found] == list(range(expected))
    for cell in {cell for _, cell, _ in found}:
        assert [seq for _, one, seq in found if one == cell] == list(
            range(1, 1 + sum(one == cell for _, one, _ in found))
        )
    told = await seen(log)
    assert told.size == expected
    for chain in await LedgerService(units).verify():
        proven = await log.inclusion(chain.head, expected)
        check_inclusion(bytes.fromhex(chain.head), proven.position, expected, proven.proof, told.root)


async def test_an_empty_log_has_no_checkpoint(log: LogService) -> None:
    assert await log.sequence() == 0
    with pytest.raises(NoCheckpoint):
        await log.checkpoint()
    with pytest.raises(BadSpan):
        await log.inclusion("0" * 64, 1)


async def test_entries_of_every_cell_come_into_one_tree(units: Units, log: LogService) -> None:
    sizes, roots = [], []
    for turn in range(1, 8):
        await write(units, *(CELLS * turn)[: turn + 1])
        assert await log.sequence() == turn + 1
        assert await log.sequence() == 0
        told = await seen(log)
        sizes.append(told.size)
        roots.append(told.root)
        await check_whole(units, log, told.size)
    for old, old_root in zip(sizes, roots, strict=True):
        proof = await log.consistency(old, sizes[-1])
        check_consistency(old, old_root, sizes[-1], roots[-1], proof)
    for wrong in [(5, 2), (0, 999), (-1, 3)]:
        with pytest.raises(BadSpan):
            await log.consistency(*wrong)


async def test_an_entry_that_waits_is_not_proven(units: Units, log: LogService) -> None:
    await write(units, CELLS[0])
    await log.sequence()
    [late] = await write(units, CELLS[0])
    with pytest.raises(NotInLog):
        await log.inclusion(late.hash, 1)
    with pytest.raises(NotInLog):
        await log.bundle({late.id: None})


async def test_many_writers_and_sequencers_at_once(units: Units, log: LogService) -> None:
    """Attack 22: no fork, no gap."""

    async def writer(number: int) -> None:
        for turn in range(5):
            await write(units, CELLS[number % 3], CELLS[(number + turn) % 3])

    async def sequencer() -> None:
        for _ in range(6):
            await log.sequence()
            await asyncio.sleep(0)

    async with asyncio.timeout(100):
        await asyncio.gather(*(writer(n) for n in range(8)), *(sequencer() for _ in range(3)))
    await log.sequence()
    await check_whole(units, log, 80)


_ENDLESS = """
import asyncio, sys
import meetings.ledger.log_store
from meetings.db.engine import Database
from meetings.db.unit import Units
from meetings.kernel.clock import SystemClock
from meetings.ledger.log import LogService
from meetings.ledger.signers import log_signer

async def run():
    log = LogService(Units(Database(sys.argv[1]), SystemClock()), log_signer(sys.argv[2]))
    print("ready", flush=True)
    while True:
        await log.sequence()

asyncio.run(run())
"""


async def test_killed_at_any_moment(units: Units, log: LogService, app_url: str) -> None:
    """Attack 22: kill -9 while it sequences; whoever comes next goes on where it was."""
    written = 0
    for turn in range(4):
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _ENDLESS, app_url, "an invented secret of a log, long enough"),
            stdout=asyncio.subprocess.PIPE,
            cwd=Path.cwd(),
        )
        assert child.stdout is not None
        assert await child.stdout.readline() == b"ready\n"
        for _ in range(10):
            written += len(await write(units, *CELLS, *CELLS))
            await asyncio.sleep(0.004 * turn)
        os.kill(child.pid, signal.SIGKILL)
        await child.wait()
        await log.sequence()
        await check_whole(units, log, written)


async def test_the_application_may_neither_change_nor_remove(units: Units, log: LogService) -> None:
    """Attack 20, by the application's own role."""
    await write(units, *CELLS)
    await log.sequence()
    await log.add_cosignature(3, WITNESS.cosign(await seen(log), 1_795_000_000))
    for attack in (
        "UPDATE log_leaf SET hash = '0'",
        "DELETE FROM log_leaf WHERE position = 2",
        "UPDATE log_node SET hash = '0'",
        "DELETE FROM log_node",
        "UPDATE log_checkpoint SET note = ''",
        "DELETE FROM log_checkpoint",
        "UPDATE log_cosignature SET line = ''",
        "DELETE FROM log_cosignature",
        "UPDATE log_tip SET size = 1",
        "DELETE FROM log_tip",
    ):
        with pytest.raises(GuardedByDatabase):
            async with units.begin() as uow:
                await uow.session.execute(text(attack))
    await check_whole(units, log, 3)


TAMPERED: dict[str, Sequence[str]] = {
    "a node edited": ["UPDATE log_node SET hash = '" + "a" * 64 + "'"],
    "a leaf edited": ["UPDATE log_leaf SET hash = '" + "a" * 64 + "' WHERE position = 4"],
    "nodes removed": ["DELETE FROM log_node"],
    "the last leaf removed": ["DELETE FROM log_leaf WHERE position = 4"],
    "cut short": ["DELETE FROM log_leaf WHERE position > 2", "UPDATE log_tip SET size = 3"],
    "checkpoint removed": ["DELETE FROM log_checkpoint"],
    "another's checkpoint": [
        "UPDATE log_checkpoint SET note = '" + log_signer("x" * 40).sign_checkpoint(5, bytes(32)) + "'"
    ],
}


@pytest.mark.parametrize("attack", TAMPERED)
async def test_a_log_that_was_touched_goes_no_further(
    units: Units, log: LogService, owner_url: str, attack: str
) -> None:
    """Attack 20: what was signed is no longer what is stored. The sequencer signs nothing over it."""
    await write(units, *CELLS, *CELLS[:2])
    await log.sequence()
    await as_owner(owner_url, *TAMPERED[attack])
    await write(units, CELLS[2])
    with pytest.raises(LogForked):
        await log.sequence()


async def test_witnesses_are_those_of_the_settings(units: Units, log: LogService) -> None:
    await write(units, *CELLS)
    await log.sequence()
    told = await seen(log)
    stranger = witness_signer("another secret", "ai-do.example")
    line = WITNESS.cosign(told, 1_795_000_000)
    for wrong in (
        stranger.cosign(told, 1),
        WITNESS.cosign(Checkpoint(origin=told.origin, size=2, root=told.root), 1),
        line + line,
        line + stranger.cosign(told, 1),
        line[:-4],
        "— x y",
        f"{line}\nmore",
    ):
        with pytest.raises(BadCosignature):
            await log.add_cosignature(3, wrong)
    with pytest.raises(NoCheckpoint):
        await log.add_cosignature(2, line)
    for _ in range(2):
        await log.add_cosignature(3, line)
    assert cosigners(await log.checkpoint(), log.witnesses) == {str(WITNESS.key): 1_795_000_000}


async def shown(log: LogService, entries: Sequence[Entry], names: list[str] | None) -> Any:
    bundle = await log.bundle({one.id: names for one in entries})
    return check_bundle(json.loads(json.dumps(bundle)), SIGNER.key)


async def test_one_value_is_shown_without_the_others(units: Units, log: LogService) -> None:
    made = await write(units, *CELLS)
    await log.sequence()
    [(entry, values)] = await shown(log, made[1:2], ["a"])
    assert entry["id"] == made[1].id
    assert values == {"a": "riêng 1"}
    bundle = json.dumps(await log.bundle({made[1].id: ["a"]}), ensure_ascii=False)
    assert "khác" not in bundle
    async with units.read() as uow:
        salt = await uow.session.scalar(
            select(col(LedgerPersonalRow.salt)).where(col(LedgerPersonalRow.entry_id) == made[1].id)
        )
    assert salt is not None
    assert salt.hex() not in bundle


async def test_a_proof_goes_to_the_checkpoint_that_was_witnessed(units: Units, log: LogService) -> None:
    made = await write(units, *CELLS)
    await log.sequence()
    await log.add_cosignature(3, WITNESS.cosign(await seen(log), 1_795_000_000))
    later = await write(units, *CELLS)
    await log.sequence()
    first, second = await log.bundle({made[0].id: None}), await log.bundle({later[0].id: None})
    assert len(cosigners(str(first["checkpoint"]), log.witnesses)) == 1
    assert cosigners(str(second["checkpoint"]), log.witnesses) == {}


async def test_every_lie_in_a_proof_is_refused(units: Units, log: LogService) -> None:
    """Attack 25."""
    made = await write(units, *CELLS, *CELLS)
    await log.sequence()
    good = json.loads(json.dumps(await log.bundle({made[2].id: None})))
    one = good["proofs"][0]
    salt = one["disclosed"]["a"]["salt"]
    lies: list[dict[str, Any]] = [
        {"leaf": one["leaf"].replace("test.act", "test.fact")},
        {"leaf": 7},
        {"position": one["position"] + 1},
        {"position": "2"},
        {"position": -1},
        {"proof": one["proof"][:-1]},
        {"proof": [*one["proof"], "00" * 32]},
        {"proof": ["xx"]},
        {"proof": None},
        {"disclosed": {"a": {"salt": salt, "value": "riêng 9"}}},
        {"disclosed": {"b": {"salt": salt, "value": "khác"}}},
        {"disclosed": {"a": {"salt": "zz", "value": "riêng 2"}}},
        {"disclosed": {"new": {"salt": salt, "value": 1}}},
        {"disclosed": []},
    ]
    assert len(check_bundle(good, SIGNER.key)) == 1
    for lie in lies:
        with pytest.raises(Unsound):
            check_bundle({**good, "proofs": [{**one, **lie}]}, SIGNER.key)
    for spoilt in ({}, {**good, "checkpoint": "x"}, {**good, "proofs": []}, {**good, "format": "other"}):
        with pytest.raises(Unsound):
            check_bundle(spoilt, SIGNER.key)
    with pytest.raises(Unsound):
        check_bundle(good, log_signer("another log's secret").key)


async def test_an_erased_value_is_gone_and_the_proof_stays(units: Units, log: LogService) -> None:
    """Attack 24."""
    made = await write(units, *CELLS)
    await log.sequence()
    before = await seen(log)
    async with units.begin() as uow:
        await uow.session.execute(
            delete(LedgerPersonalRow).where(col(LedgerPersonalRow.entry_id) == made[0].id)
        )
    [(entry, values)] = await shown(log, made[:1], None)
    assert values == {}
    assert set(entry["c"]) == {"a", "b"}
    assert await seen(log) == before
    assert (await LedgerService(units).verify([CELLS[0]]))[0].valid
    async with units.read() as uow:
        left = await uow.session.scalar(
            select(func.count())
            .select_from(LedgerPersonalRow)
            .where(col(LedgerPersonalRow.entry_id) == made[0].id)
        )
    assert left == 0


def test_what_waits_is_shared_out_in_turns() -> None:
    waiting = [
        Behind(cell="a", have=2, seq=3),
        Behind(cell="b", have=0, seq=7),
        Behind(cell="c", have=5, seq=6),
    ]
    turns = [[(one.cell, one.have, one.seq) for one in turn] for turn in shares(waiting, 3)]
    assert turns == [[("a", 2, 3), ("b", 0, 2)], [("b", 2, 5)], [("b", 5, 7), ("c", 5, 6)]]
    assert list(shares([], 3)) == []


async def test_more_than_one_batch_comes_in_whole(units: Units, log: LogService) -> None:
    await write(units, *[CELLS[number % 3] for number in range(2_300)])
    assert await log.sequence() == 2_300
    await check_whole(units, log, 2_300)
    async with units.read() as uow:
        sizes = await uow.session.scalars(text("SELECT size FROM log_checkpoint ORDER BY size"))
    assert list(sizes) == [1_000, 2_000, 2_300]


async def test_a_head_without_its_entries_keeps_nobody_waiting(
    units: Units, log: LogService, owner_url: str
) -> None:
    """Somebody erased the newest entries: the sequencer ends, the chain shows them missing."""
    await write(units, *CELLS, *CELLS)
    await as_owner(owner_url, "DELETE FROM ledger_entry WHERE seq = 2")
    async with asyncio.timeout(20):
        assert await log.sequence() == 3
        assert await log.sequence() == 0
    assert not any(chain.valid for chain in await LedgerService(units).verify())
