"""What belongs on the first page."""

from __future__ import annotations

from meetings.kernel.months import Month, Quarter
from meetings.pages.home import NextStep, quarters_until
from meetings.sitting.rules import Step
from tests.pages.test_words import sitting


def test_the_running_quarter_and_the_one_before() -> None:
    assert quarters_until(Month(2026, 11)) == (Quarter(2026, 4), Quarter(2026, 3))
    assert quarters_until(Month(2027, 2)) == (Quarter(2027, 1), Quarter(2026, 4))


def test_steps_are_numbered_from_one_to_five() -> None:
    assert [NextStep(sitting=sitting(), step=step).number for step in Step] == [1, 2, 3, 4, 5]
