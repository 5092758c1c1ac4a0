"""The contracts of pyproject.toml hold, and each of them bites when somebody breaks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT

COPIED = ("meetings", "scheduler", "media_server", "demo")
LINT = "from importlinter.cli import lint_imports_command as go; go()"

# (contract, file that sins, its sin)
SINS = [
    ("storeys", "meetings/kernel/text.py", "import meetings.db"),
    ("storeys", "meetings/agenda/rules.py", "import meetings.sitting"),
    ("storeys", "meetings/attic/__init__.py", ""),
    ("floors", "meetings/agenda/rules.py", "import meetings.agenda.ports"),
    ("floors", "meetings/agenda/store.py", "import meetings.agenda.service"),
    ("pure", "meetings/voting/rules.py", "import sqlmodel"),
    ("pure", "meetings/voting/tally.py", '"""Pure counting."""\nimport asyncio'),
    ("pure", "meetings/voting/rules.py", "import meetings.agenda.service"),
    ("pure-direct", "meetings/voting/rules.py", "import meetings.kernel.clock"),
    ("pure-direct", "meetings/voting/rules.py", "import os"),
    ("stores", "meetings/voting/service.py", "import meetings.agenda.store"),
    ("stores", "meetings/oversight/service.py", "import meetings.agenda.store"),
    ("stores", "meetings/app.py", "import meetings.agenda.roll_store"),
    ("handlers", "meetings/agenda/handlers.py", "import meetings.agenda.store"),
    ("handlers", "meetings/agenda/handlers.py", "import sqlalchemy"),
    ("services", "meetings/agenda/service.py", "import aiohttp"),
    ("kernel", "meetings/kernel/text.py", "import pydantic"),
    ("livekit", "meetings/rooms/service.py", "import livekit.api"),
    ("livekit", "meetings/app.py", "import livekit"),
    ("aiortc", "demo/listener.py", "import aiortc"),
    ("apscheduler", "meetings/app.py", "import apscheduler.schedulers.asyncio"),
    ("paper", "meetings/oversight/service.py", "import reportlab"),
    ("media-server", "media_server/auth.py", "import meetings.kernel.ids"),
    ("scheduler", "scheduler/clockwork.py", "import meetings.convening"),
    ("beside", "meetings/sitting/service.py", "import scheduler"),
]
# What looks like a sin and is none.
VIRTUES = [
    ("stores", "meetings/oversight/store.py", "import meetings.agenda.store"),
    ("pure", "meetings/voting/tally.py", '"""Counting."""\nimport asyncio'),
    ("livekit", "meetings/rooms/gateway.py", "import livekit.api"),
    ("livekit", "demo/phone.py", "import livekit.rtc"),
    ("paper", "meetings/minutes/pdf.py", "import reportlab"),
    ("scheduler", "scheduler/clockwork.py", "import meetings.kernel.clock"),
    ("beside", "meetings/app.py", "import scheduler"),
]


def lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [part for contract in contracts for part in ("--contract", contract)]
    command = [sys.executable, "-c", LINT, "--no-cache", "--no-logo", *chosen]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, timeout=60)


def test_the_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house without its furniture: every module is there and imports only what a test writes into it."""
    folder = tmp_path_factory.mktemp("house")
    for name in COPIED:
        for file in (ROOT / name).rglob("*.py"):
            bare = folder / file.relative_to(ROOT)
            bare.parent.mkdir(parents=True, exist_ok=True)
            bare.touch()
    for floor in ("handlers", "service", "store", "ports", "rules", "roll_store"):
        (folder / "meetings" / "agenda" / f"{floor}.py").touch()
    (folder / "tests" / "house").mkdir(parents=True)
    for contract_type in ("private_stores.py", "pure_files.py"):
        shutil.copy(ROOT / "tests" / "house" / contract_type, folder / "tests" / "house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def commit(copy: Path, name: str, line: str, contract: str) -> subprocess.CompletedProcess[str]:
    """What the contract says while the file holds that line."""
    file = copy / name
    was_there, home_was_there = file.exists(), file.parent.exists()
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"{line}\n")
    try:
        return lint(copy, contract)
    finally:
        file.write_text("") if was_there else file.unlink()
        if not home_was_there:
            shutil.rmtree(file.parent)


@pytest.mark.parametrize(("contract", "name", "line"), SINS)
def test_a_contract_bites(copy: Path, contract: str, name: str, line: str) -> None:
    done = commit(copy, name, line, contract)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 broken" in done.stdout
    assert line.rpartition("import ")[2].split(".")[0] in done.stdout


@pytest.mark.parametrize(("contract", "name", "line"), VIRTUES)
def test_a_contract_lets_pass_what_is_meant(copy: Path, contract: str, name: str, line: str) -> None:
    done = commit(copy, name, line, contract)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_contract_was_shown_to_bite() -> None:
    written = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    names = {line.split('"')[1] for line in written.splitlines() if line.startswith("id = ")}
    assert names == {contract for contract, _, _ in SINS}
