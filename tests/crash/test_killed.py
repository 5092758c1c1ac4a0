"""kill -9 between every two steps of drafting, rendering, approving, signing and sequencing: nothing half-done is
seen afterwards, and doing it again finishes it."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, literal, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from meetings.db.copying import tables
from meetings.kernel.ids import Id
from meetings.ledger.log import LogService
from meetings.ledger.offline import check_inclusion, open_checkpoint
from meetings.ledger.service import LedgerService
from meetings.ledger.signers import log_signer
from meetings.minutes.service import MinutesService
from meetings.oversight.reconcile import reconcile
from tests.attendance.world import MEMBER
from tests.crash.killing import LOG_SECRET
from tests.sitting.holding import Cell

ROOT = Path(__file__).resolve().parents[2]
ACTS = (
    "draft",
    "render",
    "approve",
    "sign recorder",
    "keep recorder",
    "sign chair",
    "keep chair",
    "sequence",
)
READING = frozenset(
    {
        "render",
        "try list",
        "sign list",
        *(f"{verb} {part}" for verb in ("sign", "prepare", "fill") for part in ("recorder", "chair")),
    }
)  # they write nothing into the database
LEAST_STEPS = {"draft": 3, "render": 2, "approve": 5, "keep recorder": 4, "keep chair": 4, "sequence": 3}
COUNTED = (
    "meeting",
    "minutes",
    "minutes_text",
    "minutes_signature",
    "issued_paper",
    "paper_signature",
    "ink_signature",
    "ledger_head",
    "log_tip",
    "log_checkpoint",
)


@dataclass
class Doomed:
    """The process that tries acts, and what it is to try them on."""

    process: asyncio.subprocess.Process
    meeting: Id
    reads: bool = False

    async def attempt(self, act: str, at: int) -> str:
        """Killed before that step (0: never); what became of it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = json.dumps({"act": act, "at": at, "meeting": self.meeting, "reads": self.reads})
        self.process.stdin.write(f"{order}\n".encode())
        return (await self.process.stdout.readline()).decode().strip()


@pytest.fixture
async def doomed(cell: Cell, app_url: str, tmp_path: Path) -> AsyncIterator[Doomed]:
    meeting = (await cell.november()).sitting.id
    now = cell.world.clock.now().isoformat()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.crash.killing", app_url, now, str(tmp_path)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    yield Doomed(process=process, meeting=meeting)
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()


async def everything(engine: AsyncEngine) -> dict[str, object]:
    """How many rows each table has, and every row of those that say how far a paper and the log are."""
    async with engine.connect() as connection:
        there = await connection.run_sync(tables)
        counts = union_all(*(select(literal(one.name), func.count()).select_from(one) for one in there))
        seen: dict[str, object] = {row[0]: row[1] for row in await connection.execute(counts)}
        for table in there:
            if table.name in COUNTED:
                rows = (await connection.execute(table.select())).all()
                seen[table.name] = sorted(repr(tuple(row)) for row in rows)
        return seen


@pytest.fixture
async def engine(app_url: str) -> AsyncIterator[AsyncEngine]:
    made = create_async_engine(app_url)
    yield made
    await made.dispose()


@pytest.mark.timeout(600)
async def test_killed_between_any_two_steps(
    doomed: Doomed, cell: Cell, minutes: MinutesService, engine: AsyncEngine
) -> None:
    """Before each statement that writes, each commit, each piece of work on a PDF and after it."""
    await _from_draft_to_log(doomed, cell, minutes, engine)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_killed_before_any_statement(
    doomed: Doomed, cell: Cell, minutes: MinutesService, engine: AsyncEngine
) -> None:
    """Also before each that only reads."""
    doomed.reads = True
    await _from_draft_to_log(doomed, cell, minutes, engine)


async def _from_draft_to_log(
    doomed: Doomed, cell: Cell, minutes: MinutesService, engine: AsyncEngine
) -> None:
    steps = {act: await until_done(doomed, act, engine) for act in ACTS}
    assert all(steps[act] >= least for act, least in LEAST_STEPS.items()), steps
    await all_is_well(doomed, cell, minutes)
    after = await everything(engine)
    for act in ("draft", "approve", "keep recorder", "keep chair"):
        assert await doomed.attempt(act, 0) == "refused", act
    assert await doomed.attempt("sequence", 0) == "done"
    assert await everything(engine) == after


async def until_done(doomed: Doomed, act: str, engine: AsyncEngine) -> int:
    """Killed before the first step, the second, … until none is left. How many there were."""
    before, steps = await everything(engine), 0
    while (outcome := await doomed.attempt(act, steps + 1)) == "killed":
        steps += 1
        if act not in READING and (seen := await everything(engine)) != before:
            assert (act, seen["log_tip"]) == ("sequence", [f"(1, {seen['ledger_entry']})"])
            return steps  # it had committed everything and was about to look once more
    assert outcome == "done", (act, steps, outcome)
    if act in READING:
        assert await everything(engine) == before
    return steps


async def all_is_well(doomed: Doomed, cell: Cell, minutes: MinutesService) -> None:
    """Signed by both, accepted, one chain without a gap, every entry in the one log, rows and entries agree."""
    pdf = await minutes.pdf(cell.world.asks(MEMBER), doomed.meeting)
    assert (await minutes.verify(pdf)).accepted
    units = cell.world.units
    log = LogService(units, log_signer(LOG_SECRET))
    told = open_checkpoint(await log.checkpoint(), log.key)
    chains = await LedgerService(units).verify()
    assert all(chain.valid for chain in chains)
    for chain in chains:
        proven = await log.inclusion(chain.head, told.size)
        check_inclusion(bytes.fromhex(chain.head), proven.position, told.size, proven.proof, told.root)
    async with units.read() as uow:
        entries = (await uow.session.execute(text("SELECT count(*) FROM ledger_entry"))).scalar_one()
        assert told.size == entries
    assert await reconcile(units) == []
