"""docs/SECURITY.md holds the transcript of the attacks as they run today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.points import ATTACKS, FILES
from tests.attacks.transcript import COMMAND, FILE, HEAD, Outcome, row, rows_of

ROOT = Path(__file__).resolve().parents[2]
ALL = set(range(1, 27))
QUICK = ("21", "25", "26")  # those in memory; each test runs by itself in ./test anyway


def test_every_attack_of_the_list_has_its_tests() -> None:
    assert {attack.number for attack in ATTACKS} == ALL
    written = {
        f"{path}::{name}"
        for path in FILES.values()
        for name in re.findall(r"def (test_\w+)", (ROOT / path).read_text("utf-8"))
    }
    assert [node for attack in ATTACKS for node in attack.nodes if node not in written] == []


def test_every_attack_stands_in_the_document_as_expected() -> None:
    known = rows_of(FILE.read_text("utf-8"))
    assert list(known) == [(str(one.number), one.what) for one in ATTACKS], f"run: {COMMAND}"
    for attack in ATTACKS:
        line = known[str(attack.number), attack.what]
        assert f"| {attack.expected} |" in line
        assert re.search(r"\(\d+ runs?[^)]*\) \|", line), line
        assert "NOT AS EXPECTED" not in line


def _run_again(*numbers: str) -> None:
    command = [sys.executable, "-m", "tests.attacks", "--print", *numbers]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout
    seen = done.stdout.partition(HEAD[1])[2].strip().splitlines()
    known = rows_of(FILE.read_text("utf-8"))
    wanted = [known[str(one.number), one.what] for one in ATTACKS if str(one.number) in numbers]
    assert seen == wanted, f"run: {COMMAND}"


def test_the_document_says_what_a_run_shows() -> None:
    _run_again(*QUICK)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_document_says_what_every_attack_shows() -> None:
    _run_again(*map(str, sorted(ALL)))


def test_what_failed_or_did_not_run_is_never_as_expected() -> None:
    attack = next(one for one in ATTACKS if len(one.nodes) == 2)
    first, second = attack.nodes
    whole = [Outcome(node=f"{first}[sqlite]", outcome="passed"), Outcome(node=second, outcome="passed")]
    assert "as expected (2 runs, SQLite)" in row(attack, whole)
    assert "NOT AS EXPECTED" in row(attack, whole[:1])
    assert "NOT AS EXPECTED" in row(attack, [whole[0], Outcome(node=second, outcome="failed")])
