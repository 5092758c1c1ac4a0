"""Templates: lengths, order, and words that a supplement may not hold."""

from __future__ import annotations

import pytest

from meetings.agenda.rules import REGULAR_MINUTES, WITH_THEMATIC_MINUTES, check_minutes
from meetings.agenda.templates import template
from meetings.committees.rules import CellType
from meetings.convening.rules import Kind


@pytest.mark.parametrize("cell", CellType)
def test_a_regular_sitting_is_planned_for_90_minutes_and_120_with_a_thematic_part(cell: CellType) -> None:
    assert sum(line.minutes for line in template(cell, Kind.REGULAR)) == REGULAR_MINUTES
    both = template(cell, Kind.REGULAR_WITH_THEMATIC)
    assert sum(line.minutes for line in both) == WITH_THEMATIC_MINUTES
    assert [line.title for line in both if line in template(cell, Kind.REGULAR)] == [
        line.title for line in template(cell, Kind.REGULAR)
    ]


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_lines_that_fit_an_agenda(kind: Kind) -> None:
    lines = template(CellType.RESIDENTIAL, kind)
    assert len(lines) >= 3
    for line in lines:
        check_minutes(line.minutes)
        assert len(line.title) <= 200


def test_cells_differ_in_content() -> None:
    titles = {template(cell, Kind.REGULAR)[2].title for cell in CellType}
    assert len(titles) == len(CellType)


def test_a_supplement_never_speaks_of_passing_anything() -> None:
    assert all("thông qua" not in line.title for line in template(CellType.RESIDENTIAL, Kind.ONLINE_SESSION))


def test_the_regular_order_ends_with_conclusion_and_minutes() -> None:
    titles = [line.title for line in template(CellType.AGENCY, Kind.REGULAR)]
    assert titles[0].startswith("Tuyên bố lý do")
    assert "biểu quyết thông qua nghị quyết" in titles[-2]
    assert "thông qua biên bản" in titles[-1]
