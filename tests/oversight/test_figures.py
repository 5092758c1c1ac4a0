"""Figures of one sitting: counted purely, kept and read back the same."""

from __future__ import annotations

import json

from meetings.convening.afterwards import Restatement as Restated
from meetings.convening.rules import Kind, Meeting, Mode, Standing, State
from meetings.kernel.ids import derived_id
from meetings.kernel.months import Month
from meetings.oversight.figures import SittingFigures, figures_of, from_json, restated, to_json
from tests.cell_s import (
    CLOSED,
    ELDER,
    MEETING,
    OPENED,
    PHONES,
    ROSTER,
    UNEXCUSED,
    attendance_of,
    november,
)

SITTING = Meeting(
    id=MEETING, cell=derived_id("cell-s"), month=Month(2026, 11), kind=Kind.REGULAR, mode=Mode.HYBRID,
    state=State.CLOSED, title="Sinh hoạt chi bộ", place="Nhà văn hóa thôn", starts_at=OPENED,
    planned_minutes=90, minimum_minutes=90, opened_at=OPENED, closed_at=CLOSED,
    standing=Standing.MANDATORY,
)  # fmt: skip


def count(*, left_out: tuple[str, ...] = ()) -> SittingFigures:
    return figures_of(SITTING, roster=ROSTER, attendance=attendance_of(november()), left_out=left_out)


def test_story_2_as_figures() -> None:
    figures = count()
    assert figures.rate.text() == "15/22 = 68,18 %"
    assert ELDER not in figures.rate.counted
    assert not figures.rate.present & set(PHONES)
    assert (figures.joined, figures.left_out, figures.disagreements) == (4, 0, 0)


def test_only_the_entitled_can_be_left_out() -> None:
    suspended = next(one.id for one in ROSTER if one.category.value == "suspended")
    assert count(left_out=(UNEXCUSED[0], suspended)).left_out == 1


def test_figures_come_back_as_they_were_kept() -> None:
    figures = count(left_out=(UNEXCUSED[0],))
    assert from_json(json.loads(json.dumps(to_json(figures)))) == figures


def test_a_cells_own_restatement_is_read_the_same() -> None:
    said = Restated(
        id=derived_id("x"), meeting=MEETING, what="giờ kết thúc", before="21:05", after="21:00",
        reason="ghi nhầm", at=CLOSED, by=derived_id("secretary"),
    )  # fmt: skip
    found = restated(said)
    assert (found.what, found.before, found.after, found.at) == ("giờ kết thúc", "21:05", "21:00", CLOSED)
