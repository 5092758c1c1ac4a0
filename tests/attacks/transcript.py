"""The transcript of an attack run: for each attack what was expected and what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.attacks.points import Attack

FILE = Path(__file__).resolve().parents[2] / "docs" / "SECURITY.md"
COMMAND = "python -m tests.attacks"
BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"
HEAD = ("| Nr | Attack | Expected | Seen | Tests |", "|---|---|---|---|---|")
_SEEN = "seen: "


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """One test: `node` as pytest names it, what it printed of the verdicts."""

    node: str
    outcome: str
    seen: tuple[str, ...] = ()

    @property
    def function(self) -> str:
        """Without its parameters."""
        return self.node.partition("[")[0]


class Recorder:
    """A plugin of pytest that keeps every outcome."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test was set up, ran or was torn down."""
        if report.when != "call" and report.outcome == "passed":
            return
        lines = report.capstdout.splitlines()
        seen = tuple(line.removeprefix(_SEEN) for line in lines if line.startswith(_SEEN))
        self.outcomes[report.nodeid] = Outcome(node=report.nodeid, outcome=report.outcome, seen=seen)


def row(attack: Attack, outcomes: Iterable[Outcome]) -> str:
    """One line of the table."""
    own = [one for one in outcomes if one.function in attack.nodes]
    tests = ", ".join(f"`{node.partition('::')[2]}`" for node in attack.nodes)
    return f"| {attack.number} | {attack.what} | {attack.expected} | {_told(attack, own)} | {tests} |"


def _told(attack: Attack, own: Sequence[Outcome]) -> str:
    if {one.function for one in own} != set(attack.nodes) or any(one.outcome == "failed" for one in own):
        return "**NOT AS EXPECTED**"
    ran = [one for one in own if one.outcome == "passed"]
    verdicts = list(dict.fromkeys(line for one in ran for line in one.seen))
    runs = f"{len(ran)} run{'s' if len(ran) != 1 else ''}{_databases(ran)}"
    return f"{'; '.join(verdicts) or 'as expected'} ({runs})"


def _databases(ran: Iterable[Outcome]) -> str:
    names = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
    found = [name for key, name in names.items() if any(key in one.node.partition("[")[2] for one in ran)]
    return f", {' and '.join(found)}" if found else ""


def table(rows: Iterable[str]) -> str:
    """All rows under their head."""
    return "\n".join([*HEAD, *rows])


def replaced(document: str, made: str) -> str:
    """The document with this table between its marks."""
    before, _, rest = document.partition(BEGIN)
    return f"{before}{BEGIN}\n{made}\n{END}{rest.partition(END)[2]}"


def rows_of(document: str) -> Mapping[tuple[str, str], str]:
    """The rows that stand in the document, by number and attack."""
    inside = document.partition(BEGIN)[2].partition(END)[0].strip().splitlines()
    return {(line.split(" | ")[0].strip("| "), line.split(" | ")[1]): line for line in inside[2:]}
