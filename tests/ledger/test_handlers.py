"""The log over HTTP, as a witness on a laptop meets it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from meetings.cli.main import main
from meetings.db.unit import Units
from meetings.http.problems import problems
from meetings.kernel.ids import derived_id
from meetings.ledger.handlers import LogHandlers
from meetings.ledger.log import LogService
from meetings.ledger.merkle import check_consistency
from meetings.ledger.offline import check_inclusion, cosigners, open_checkpoint
from meetings.ledger.rules import Act, Entry
from meetings.ledger.service import record
from meetings.ledger.signers import log_signer, witness_signer
from meetings.settings.secrets import make_secret_file, read_secret_file
from tests.ledger.tampering import as_owner

SIGNER = log_signer("an invented secret of a log, long enough")
NAME = "dang-uy.example"


async def write(units: Units, count: int) -> list[Entry]:
    async with units.begin() as uow:
        act = Act(cell=derived_id("cell"), name="test.act", actor=None)
        return await record(uow, *[act] * count)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A witness's folder with its secret made."""
    make_secret_file(tmp_path / "witness" / "secret")
    return tmp_path / "witness"


@pytest.fixture
def log(units: Units, state: Path) -> LogService:
    witness = witness_signer(read_secret_file("witness", state / "secret"), NAME)
    return LogService(units, SIGNER, [witness.key])


@pytest.fixture
async def address(log: LogService) -> AsyncIterator[str]:
    app = web.Application(middlewares=[problems])
    app.add_routes([one.route() for one in LogHandlers(log).endpoints()])
    server = TestServer(app)
    await server.start_server()
    yield str(server.make_url("/"))
    await server.close()


@pytest.fixture
def visit(
    address: str, state: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., asyncio.Future[tuple[int, str]]]:
    """`chibo witness` at that address."""

    async def run(*words: str) -> tuple[int, str]:
        command = ["witness", address, "--state", str(state), *words]
        status = await asyncio.to_thread(main, command)
        said = capsys.readouterr()
        return status, said.out + said.err

    return lambda *words: asyncio.ensure_future(run(*words))


Visit = Callable[..., asyncio.Future[tuple[int, str]]]
FIRST = ("--name", NAME, "--log", str(SIGNER.key))


async def test_a_witness_follows_a_served_log(
    units: Units, log: LogService, visit: Visit, owner_url: str, tmp_path: Path
) -> None:
    assert "Không đọc được sổ ghi" in (await visit(*FIRST))[1]  # nothing is in it yet
    await write(units, 5)
    await log.sequence()
    assert (await visit())[0] == 0
    assert len(cosigners(await log.checkpoint(), log.witnesses)) == 1
    await write(units, 3)
    await log.sequence()
    other = tmp_path / "other.note"
    other.write_text(SIGNER.sign_checkpoint(4, bytes(32)), "utf-8")
    status, said = await visit("--compare", str(other))  # another witness was shown another log
    assert (status, "ĐÃ BỊ VIẾT LẠI" in said) == (1, True)
    status, said = await visit()
    assert (status, "lần trước 5 mục" in said) == (0, True)
    cut = ("log_leaf WHERE position > 2", "log_node", "log_checkpoint", "log_cosignature", "log_tip")
    await as_owner(owner_url, *(f"DELETE FROM {what}" for what in cut))
    await as_owner(owner_url, "DELETE FROM log_leaf", "DELETE FROM ledger_entry WHERE seq > 6")
    await log.sequence()  # the operator builds a clean tree with the real key
    status, said = await visit()
    assert (status, "NGẮN HƠN" in said) == (1, True)


async def test_an_unknown_witness_is_told_so(units: Units, log: LogService, visit: Visit) -> None:
    await write(units, 5)
    await log.sequence()
    status, said = await visit("--name", "ai-do.example", "--log", str(SIGNER.key))
    assert (status, "log.witnesses" in said) == (2, True)
    assert cosigners(await log.checkpoint(), log.witnesses) == {}


async def test_proofs_over_http(units: Units, log: LogService, address: str) -> None:
    made = await write(units, 7)
    await log.sequence()
    told = open_checkpoint(await log.checkpoint(), SIGNER.key)
    async with aiohttp.ClientSession(f"{address}api/v1/") as session:
        async with session.get("log/inclusion", params={"leaf": made[4].hash, "size": "7"}) as answer:
            found = await answer.json()
        proof = [bytes.fromhex(one) for one in found["proof"]]
        check_inclusion(bytes.fromhex(made[4].hash), found["position"], 7, proof, told.root)
        async with session.get("log/consistency", params={"old": "7", "new": "7"}) as answer:
            check_consistency(7, told.root, 7, told.root, (await answer.json())["proof"])
        for path, status in (
            ("log/inclusion?leaf=00&size=7", 422),
            (f"log/inclusion?leaf={'00' * 32}&size=7", 404),
            ("log/consistency?old=3&new=8", 422),
            ("log/consistency?old=-1&new=8", 422),
        ):
            async with session.get(path) as answer:
                assert answer.status == status, path
