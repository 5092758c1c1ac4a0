"""Why a sitting is not the month's meeting, in order of what weighs most."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meetings.convening import rules, states
from meetings.convening.fulfilment import (
    AdditionalNeverFulfils,
    BelowMinimum,
    NeverFulfils,
    NotClosedYet,
    OtherCellNeverFulfils,
    OtherMonthNeverFulfils,
    PracticeNeverFulfils,
    SupplementNeverFulfils,
    may_fulfil,
)
from meetings.convening.rules import AnySitting, Kind, Meeting, MeetingPlan, Mode
from meetings.kernel.months import Month

START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
NOVEMBER = Month(2026, 11)


def held(kind: Kind = Kind.REGULAR, mode: Mode = Mode.IN_PERSON, present: int = 14) -> AnySitting:
    plan = MeetingPlan(cell="S", kind=kind, mode=mode, title="Mẫu", place="Hội trường", starts_at=START)
    made = states.opened(states.convened(rules.draft(plan, sitting="1")), START)
    closing = states.decide_closing(made, hall_present=present, hall_required=11)
    return states.closed(made, closing, at=START + timedelta(minutes=95))


@pytest.mark.parametrize("kind", [Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC])
@pytest.mark.parametrize("mode", [Mode.IN_PERSON, Mode.HYBRID])
def test_the_closed_regular_meeting_in_a_hall_may(kind: Kind, mode: Mode) -> None:
    may_fulfil(held(kind, mode), "S", NOVEMBER)
    may_fulfil(held(kind, mode, present=11), "S", NOVEMBER)


@pytest.mark.parametrize(
    ("sitting", "refusal"),
    [
        (held(Kind.PRACTICE), PracticeNeverFulfils),
        (held(Kind.ONLINE_SESSION, Mode.ONLINE), SupplementNeverFulfils),
        (held(Kind.COMMITTEE, Mode.ONLINE), SupplementNeverFulfils),
        (held(Kind.THEMATIC), AdditionalNeverFulfils),
        (held(Kind.CONGRESS), AdditionalNeverFulfils),
        (held(present=10), BelowMinimum),
    ],
)
def test_nothing_else_may(sitting: AnySitting, refusal: type[NeverFulfils]) -> None:
    with pytest.raises(refusal):
        may_fulfil(sitting, "S", NOVEMBER)


def test_neither_of_another_place_nor_unfinished_nor_forged() -> None:
    meeting = held()
    assert isinstance(meeting, Meeting)
    with pytest.raises(OtherCellNeverFulfils):
        may_fulfil(meeting, "T", NOVEMBER)
    with pytest.raises(OtherMonthNeverFulfils):
        may_fulfil(meeting, "S", Month(2026, 12))
    with pytest.raises(NotClosedYet):
        may_fulfil(replace(meeting, state=rules.State.OPEN), "S", NOVEMBER)
    with pytest.raises(BelowMinimum):
        may_fulfil(replace(meeting, hall_present=1), "S", NOVEMBER)  # whatever its flag says


def test_every_refusal_has_its_own_code_and_speaks() -> None:
    kinds = [kind for kind in NeverFulfils.__subclasses__() if kind.__module__ == NeverFulfils.__module__]
    assert len({kind.code for kind in kinds}) == len(kinds) == 7
    spoken = SupplementNeverFulfils(month=NOVEMBER.spoken())
    assert "không được tính là buổi sinh hoạt thường kỳ tháng 11/2026" in str(spoken)
