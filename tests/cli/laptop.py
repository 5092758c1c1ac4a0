"""Somebody at a command line: an installation with the signed minutes of November, its log, its export."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from meetings.cli.main import main
from meetings.committees.powers import Part
from meetings.kernel.ids import Id
from meetings.minutes.service import MinutesService
from tests.attendance.world import MEMBER, SECRETARY
from tests.minutes.office import PASSPHRASE
from tests.sitting.holding import RECORDER, Cell

Config = Callable[..., Path]


@dataclass
class Laptop:
    """Somebody at a command line, with the files of the November minutes: signed by one and by both."""

    folder: Path
    config: Path
    capsys: pytest.CaptureFixture[str]
    sitting: Id

    async def chibo(self, *words: object) -> tuple[int, str]:
        """(exit status, everything said) of a command line."""
        self.capsys.readouterr()
        status = await asyncio.to_thread(main, [str(word) for word in words])
        said = self.capsys.readouterr()
        return status, said.out + said.err

    async def log(self, *words: object) -> tuple[int, str]:
        """`chibo log` on the installation."""
        return await self.chibo("log", "--config", self.config, *words)

    async def witnessed(self) -> tuple[str, str]:
        """The witness's first visit: its key, and what it said."""
        key = (await self.log("key"))[1].strip()
        words = ("witness", self.folder / "export", "--state", self.folder / "witness")
        status, said = await self.chibo(*words, "--name", "dang-uy.example", "--log", key)
        assert status == 0, said
        return said.partition("witness key: ")[2].split()[0], said

    def trust(self, witness: str) -> None:
        """The operator names the witness in the settings."""
        said = self.config.read_text("utf-8")
        self.config.write_text(f"{said}\nlog:\n  witnesses: ['{witness}']\n", "utf-8")


@pytest.fixture
async def laptop(
    cell: Cell,
    minutes: MinutesService,
    installation: Config,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> Laptop:
    sitting = (await cell.november()).sitting
    made = Laptop(folder=tmp_path, config=installation(), capsys=capsys, sitting=sitting.id)
    assert (await made.log("sequence"))[0] == 0
    await minutes.approve(cell.world.asks(SECRETARY), sitting.id)
    for who, part, name in ((RECORDER, Part.RECORDER, "half.pdf"), (SECRETARY, Part.CHAIR, "signed.pdf")):
        await minutes.sign(cell.world.asks(who), sitting.id, part, PASSPHRASE)
        (tmp_path / name).write_bytes(await minutes.pdf(cell.world.asks(MEMBER), sitting.id))
    trusted = await minutes.keys.trusted()
    (tmp_path / "root.pem").write_bytes(trusted.root)
    (tmp_path / "list.crl").write_bytes(trusted.crl or b"")
    assert (await made.log("sequence"))[0] == 0
    assert (await made.log("export", tmp_path / "export"))[0] == 0
    return made
