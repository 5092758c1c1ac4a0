"""The log as files: complete, checked without the application, and refused wherever somebody touched it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from meetings.db.unit import Units
from meetings.kernel.ids import derived_id
from meetings.ledger import offline
from meetings.ledger.log import LogService, NoCheckpoint
from meetings.ledger.merkle import check_consistency
from meetings.ledger.offline import (
    Export,
    Unsound,
    check_export,
    open_checkpoint,
    read_key,
    tile_path,
)
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.ledger.signers import log_signer, witness_signer
from meetings.ledger.witness import FolderSource
from tests.ledger.tampering import as_owner

CELLS = [derived_id(f"cell {number}") for number in range(2)]
SIGNER = log_signer("an invented secret of a log, long enough")
WITNESS = witness_signer("an invented secret of a witness", "dang-uy.example")
FILE = b"%PDF-invented minutes"


@pytest.fixture
def log(units: Units) -> LogService:
    return LogService(units, SIGNER, [WITNESS.key])


async def write(units: Units, count: int, pdf: str | None = None) -> None:
    acts = [
        Act(
            cell=CELLS[number % 2],
            name="test.act",
            actor=None,
            public={"n": number} | ({"pdf": pdf} if pdf else {}),
            personal={"choice": "riêng"},
        )
        for number in range(count)
    ]
    async with units.begin() as uow:
        await record(uow, *acts)


@pytest.fixture
async def exported(units: Units, log: LogService, tmp_path: Path) -> Path:
    """600 entries in three steps: full tiles and partial ones."""
    for count in (3, 300, 297):
        await write(units, count)
        await log.sequence()
    await log.export(tmp_path / "export")
    return tmp_path / "export"


def files_of(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def test_paths_are_those_of_the_standard() -> None:
    assert tile_path("0", 1234067, 256) == "tile/0/x001/x234/067"
    assert tile_path("entries", 0, 7) == "tile/entries/000.p/7"


async def test_an_export_is_whole(exported: Path, log: LogService, tmp_path: Path) -> None:
    told = check_export(Export(exported), SIGNER.key)
    assert told.size == 600
    assert told == open_checkpoint(await log.checkpoint(), SIGNER.key)
    names = files_of(exported)
    assert names >= {"checkpoint", "tile/0/000", "tile/0/002.p/88", "tile/1/000.p/2", "tile/entries/001"}
    source = FolderSource(Export(exported))
    for old in (1, 3, 255, 256, 257, 303, 512, 599, 600):
        assert list(await source.proof(old, 600)) == await log.consistency(old, 600)


async def test_it_begins_with_what_was_saved_before(
    units: Units, log: LogService, exported: Path, tmp_path: Path
) -> None:
    old = open_checkpoint(await log.checkpoint(), SIGNER.key)
    await write(units, 5)
    await log.sequence()
    await log.export(exported)
    assert check_export(Export(exported), SIGNER.key, old).size == 605
    forged = offline.Checkpoint(origin=old.origin, size=old.size, root=bytes(32))
    with pytest.raises(Unsound, match="rewritten"):
        check_export(Export(exported), SIGNER.key, forged)
    with pytest.raises(Unsound, match="shorter"):
        longer = offline.Checkpoint(origin=old.origin, size=606, root=bytes(32))
        check_export(Export(exported), SIGNER.key, longer)
    source = FolderSource(Export(exported))
    told = open_checkpoint(await source.note(), SIGNER.key)
    check_consistency(600, old.root, 605, told.root, await source.proof(600, 605))


def _flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


def _swap(file: Path) -> None:
    """The first two entries change places; they are of equal length but for their numbers."""
    data = file.read_bytes()
    first = 2 + int.from_bytes(data[:2], "big")
    second = first + 2 + int.from_bytes(data[first : first + 2], "big")
    file.write_bytes(data[first:second] + data[:first] + data[second:])


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def _recompute(folder: Path) -> None:
    """A clean tree over changed entries, signed with some other key under the log's name."""
    other = log_signer("an invented secret of another log")
    folder.joinpath("checkpoint").write_text(
        other.sign_checkpoint(600, bytes(32)).replace(other.key.name, SIGNER.key.name), "utf-8"
    )


SPOILT: dict[str, Callable[[Path], None]] = {
    "entry edited": lambda folder: _flip(folder / "tile/entries/001", 40),
    "entries swapped": lambda folder: _swap(folder / "tile/entries/000"),
    "entries cut": lambda folder: _cut(folder / "tile/entries/002.p/88"),
    "entries lost": lambda folder: (folder / "tile/entries/000").unlink(),
    "hash edited": lambda folder: _flip(folder / "tile/0/000", 99),
    "hashes cut": lambda folder: _cut(folder / "tile/0/001"),
    "higher hash edited": lambda folder: _flip(folder / "tile/1/000.p/2", 40),
    "tile lost": lambda folder: (folder / "tile/1/000.p/2").unlink(),
    "checkpoint edited": lambda folder: _flip(folder / "checkpoint", 30),
    "checkpoint of another": _recompute,
    "checkpoint lost": lambda folder: (folder / "checkpoint").unlink(),
}


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
async def test_every_touched_file_is_found(exported: Path, tmp_path: Path) -> None:
    """Attack 20 on the files."""
    for name, spoil in SPOILT.items():
        copy = tmp_path / name
        shutil.copytree(exported, copy)
        spoil(copy)
        with pytest.raises(Unsound):
            check_export(Export(copy), SIGNER.key)


ROWS = {
    "edited": "UPDATE ledger_entry SET leaf = replace(leaf, 'test', 'past') WHERE seq = 1",
    "removed": "DELETE FROM ledger_entry WHERE seq = 2",
}


@pytest.mark.parametrize("attack", ROWS)
async def test_what_was_changed_in_the_database_shows_in_the_files(
    units: Units, log: LogService, owner_url: str, tmp_path: Path, attack: str
) -> None:
    """Attack 20: triggers dropped, rows changed, after they were sequenced."""
    await write(units, 9)
    await log.sequence()
    await as_owner(owner_url, ROWS[attack])
    await log.export(tmp_path / "export")
    with pytest.raises(Unsound):
        check_export(Export(tmp_path / "export"), SIGNER.key)


async def test_erased_values_are_not_in_the_files(
    units: Units, log: LogService, owner_url: str, tmp_path: Path
) -> None:
    """Attack 24: neither before erasure, nor after; and the files verify all the same."""
    await write(units, 4)
    await log.sequence()
    await as_owner(owner_url, "DELETE FROM ledger_personal")
    await log.export(tmp_path / "export")
    assert check_export(Export(tmp_path / "export"), SIGNER.key).size == 4
    everything = b"".join(file.read_bytes() for file in (tmp_path / "export").rglob("*") if file.is_file())
    assert "riêng".encode() not in everything


async def test_only_up_to_what_was_witnessed(units: Units, log: LogService, tmp_path: Path) -> None:
    await write(units, 4)
    await log.sequence()
    with pytest.raises(NoCheckpoint):
        await log.export(tmp_path / "export", witnessed=True)
    told = open_checkpoint(await log.checkpoint(), SIGNER.key)
    await log.add_cosignature(4, WITNESS.cosign(told, 1_795_000_000))
    await write(units, 4)
    await log.sequence()
    assert await log.export(tmp_path / "export", witnessed=True) == 4
    assert await log.export(tmp_path / "all") == 8


async def test_one_file_verifies_without_the_application(
    units: Units, log: LogService, tmp_path: Path
) -> None:
    """offline.py alone in an empty folder, isolated from this one."""
    pdf, alone = tmp_path / "bien-ban.pdf", tmp_path / "alone"
    pdf.write_bytes(FILE)
    await write(units, 3, pdf=hashlib.sha256(FILE).hexdigest())
    await log.sequence()
    told = open_checkpoint(await log.checkpoint(), SIGNER.key)
    await log.add_cosignature(3, WITNESS.cosign(told, 1_795_000_000))
    await log.export(tmp_path / "export")
    alone.mkdir()
    shutil.copy(offline.__file__, alone / "check.py")

    def check(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "check.py", *words, "--log", str(SIGNER.key)]
        done = subprocess.run(
            command, cwd=alone, capture_output=True, text=True, check=False, encoding="utf-8"
        )
        return done.returncode, done.stdout

    export, key = str(tmp_path / "export"), str(WITNESS.key)
    status, said = check(export, "--witness", key, "--file", str(pdf), "--since", f"{export}/checkpoint")
    assert (status, said.startswith("ĐẠT / PASSED: 3")) == (0, True)
    stranger = str(witness_signer("another secret", "ai-do.example").key)
    assert check(export, "--witness", stranger)[0] == 1
    assert check(export, "--file", f"{export}/checkpoint")[0] == 1
    _flip(tmp_path / "export" / "tile/entries/000.p/3", 50)
    status, said = check(export)
    assert (status, said.startswith("KHÔNG ĐẠT / FAILED")) == (1, True)
    assert read_key(key, offline.COSIGNATURE) == WITNESS.key
