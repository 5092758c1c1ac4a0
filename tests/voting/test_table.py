"""docs/VOTING.md is what the rules say today, and leaves no kind and no doubt out."""

from __future__ import annotations

from pathlib import Path

from meetings.voting.rules import DecisionKind
from meetings.voting.table import page

PAGE = Path(__file__).parents[2] / "docs" / "VOTING.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: python -m meetings.cli.voting_table > docs/VOTING.md"


def test_every_kind_has_a_row_with_threshold_form_and_dated_source() -> None:
    rows = {
        line.split("`")[1]: line for line in page().splitlines() if line.startswith("| ") and "(`" in line
    }
    assert set(rows) == {kind.value for kind in DecisionKind}
    assert all(row.count(" of ") >= 1 and row.count("|") == 8 for row in rows.values())
    assert "at least 2/3 | statutory | secret paper ballot | no" in rows["expulsion"]
    assert "more than 1/2 | less excused | secret paper ballot | no" in rows["secretary_election"]
    assert "opinions only" in rows["consultation"]
    assert "`removal_share`" in rows["removal"]
    assert "208-QĐ/TW of 26/07/2026 (unsure)" in rows["resolution"]
