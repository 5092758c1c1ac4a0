from __future__ import annotations

import re

from tests.conformance.document import COMMAND, FILE, Result, rendered
from tests.conformance.points import DIFFERENCES, POINTS, UNRELIABLE

VERSIONS = {"embedded": "x", "livekit-server": "y", "Python": "z"}


def _result(target: str, mode: str, outcome: str, *notes: str) -> Result:
    return Result(point=3, target=target, client="Python", mode=mode, outcome=outcome, notes=notes)


def test_a_point_holds_only_if_all_its_tests_pass() -> None:
    results = [
        _result("embedded", "single", "passed"),
        _result("embedded", "dual", "failed"),
        _result("livekit-server", "single", "passed", "odd"),
        _result("livekit-server", "dual", "skipped"),
    ]
    text = rendered(results, VERSIONS)
    assert "| 3 | A tone passes with its frequency and level | no (dual) | yes |" in text
    assert "- livekit-server, point 3: odd" in text
    assert "| 4 | A picture passes with its size and colour | – | – |" in text


def test_the_document_kept_is_that_of_these_tests_and_has_no_gap() -> None:
    text = FILE.read_text("utf-8")
    assert COMMAND in text
    rows = {
        int(number): cells
        for number, cells in re.findall(r"^\| (\d+) \| .*? \| (.*) \|$", text, re.MULTILINE)
    }
    assert rows.keys() == POINTS.keys()
    failing = {number for number, cells in rows.items() if "no (" in cells}
    assert failing <= {number for number, *_ in UNRELIABLE}
    assert not any("no (" in "".join(cells.split(" | ")[:3]) for cells in rows.values()), (
        "the embedded server's"
    )
    assert all(feature in text for feature in POINTS.values())
    assert all(title in text for title, _ in DIFFERENCES)
