"""docs/CONFORMANCE.md: what the newest run showed, feature by feature, server by server, SDK by SDK."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.conformance.points import DIFFERENCES, POINTS

FILE = Path(__file__).resolve().parents[2] / "docs" / "CONFORMANCE.md"
COMMAND = "python -m tests.conformance"
CLIENTS = ("Python", "Chromium", "Firefox")
NONE = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One test's outcome. `mode` is empty where the test asks for none."""

    point: int
    target: str
    client: str
    mode: str
    outcome: str
    notes: tuple[str, ...] = ()


def rendered(results: Sequence[Result], versions: Mapping[str, str]) -> str:
    """The whole document."""
    targets = [each for each in versions if any(one.target == each for one in results)]
    columns = [(target, client) for target in targets for client in CLIENTS if _any(results, target, client)]
    lines = [
        "# Conformance of the media server",
        "",
        (
            f"Made by `{COMMAND}`; do not edit. The same tests run against every server: the embedded one always, "
            "`livekit-server` when it is on the path, another one when `LIVEKIT_URL`, `LIVEKIT_API_KEY` and "
            "`LIVEKIT_API_SECRET` are set. They compare sets and eventual states, not timing."
        ),
        "",
        (
            '"yes" means that all tests of the point pass in both connection modes, single (`/rtc/v1`) and dual '
            f'(`/rtc`); "{NONE}" that none of the point\'s tests uses this client, or that the client is not on the '
            "machine of the run."
        ),
        "",
        *(f"- {name}: {version}" for name, version in versions.items()),
        "",
        "| | feature | " + " | ".join(f"{target}, {client}" for target, client in columns) + " |",
        "|---|---|" + "---|" * len(columns),
    ]
    for number, feature in POINTS.items():
        cells = [_cell(_of(results, number, *column)) for column in columns]
        lines.append(f"| {number} | {feature} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, *_explained(), *_noted(results), ""])


def outcomes(results: Iterable[Result]) -> Mapping[str, int]:
    """How many tests passed, failed, were skipped."""
    counts: dict[str, int] = {}
    for each in results:
        counts[each.outcome] = counts.get(each.outcome, 0) + 1
    return counts


def _any(results: Iterable[Result], target: str, client: str) -> bool:
    return any(
        each.outcome != "skipped" for each in results if (each.target, each.client) == (target, client)
    )


def _of(results: Iterable[Result], point: int, target: str, client: str) -> list[Result]:
    wanted = (point, target, client)
    return [each for each in results if (each.point, each.target, each.client) == wanted]


def _cell(results: Sequence[Result]) -> str:
    ran = [each for each in results if each.outcome != "skipped"]
    if not ran:
        return NONE
    failed = sorted({each.mode or "any mode" for each in ran if each.outcome != "passed"})
    return f"no ({', '.join(failed)})" if failed else "yes"


def _explained() -> list[str]:
    return ["", "## Differences", "", *(f"- **{title}.** {text}" for title, text in DIFFERENCES)]


def _noted(results: Iterable[Result]) -> list[str]:
    notes = sorted(
        {f"- {each.target}, point {each.point}: {note}" for each in results for note in each.notes}
    )
    return ["", "## Seen in this run", "", *notes] if notes else []
