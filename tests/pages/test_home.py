"""What belongs on the first page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetings.attendance.rules import Absence, AbsenceState
from meetings.convening.rules import Kind, Mode, State
from meetings.kernel.months import Month, Quarter
from meetings.pages.home import Coming, Door, NextStep, quarters_until
from meetings.sitting.rules import Step
from tests.pages.test_words import sitting


def test_the_running_quarter_and_the_one_before() -> None:
    assert quarters_until(Month(2026, 11)) == (Quarter(2026, 4), Quarter(2026, 3))
    assert quarters_until(Month(2027, 2)) == (Quarter(2027, 1), Quarter(2026, 4))


def test_steps_are_numbered_from_one_to_five() -> None:
    assert [NextStep(sitting=sitting(), step=step).number for step in Step] == [1, 2, 3, 4, 5]


ASKED = Absence(member="", state=AbsenceState.UNDECIDED, reason=None, asked=True)


@pytest.mark.parametrize(
    ("mode", "state", "absence", "will_come", "door"),
    [
        (Mode.ONLINE, State.OPEN, None, False, Door.ENTER),
        (Mode.ONLINE, State.CONVENED, None, False, Door.LOOK),
        (Mode.HYBRID, State.OPEN, ASKED, False, Door.ENTER),
        (Mode.HYBRID, State.OPEN, None, True, Door.FOLLOW),
        (Mode.HYBRID, State.CONVENED, None, False, Door.ANSWER),
        (Mode.HYBRID, State.CONVENED, ASKED, False, Door.LOOK),
        (Mode.IN_PERSON, State.OPEN, None, False, Door.FOLLOW),
        (Mode.IN_PERSON, State.CONVENED, None, False, Door.ANSWER),
        (Mode.IN_PERSON, State.CONVENED, None, True, Door.LOOK),
    ],
)
def test_one_thing_to_do(
    mode: Mode, state: State, absence: Absence | None, will_come: bool, door: Door
) -> None:
    kind = Kind.ONLINE_SESSION if mode is Mode.ONLINE else Kind.REGULAR
    one = replace(sitting(kind=kind, mode=mode), state=state)
    assert Coming(sitting=one, called=True, absence=absence, will_come=will_come).door is door
