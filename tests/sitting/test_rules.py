"""What a sitting needs before it can close, and the secretary's next step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetings.convening.rules import State
from meetings.sitting import rules
from meetings.sitting.rules import EndFacts, Step

READY = EndFacts(roll_confirmed=True, undecided=0, open_votes=0, chair="a", recorder="b")


def test_with_everything_there_it_may_close() -> None:
    assert rules.missing(READY) == ()
    rules.may_end(READY)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"roll_confirmed": False}, rules.RollNotConfirmed),
        ({"undecided": 2}, rules.NamesUndecided),
        ({"chair": None}, rules.NoChair),
        ({"recorder": None}, rules.NoRecorder),
        ({"open_votes": 1}, rules.VoteOpen),
    ],
)
def test_each_missing_thing_keeps_it_open(change: dict[str, object], refusal: type[rules.NotReady]) -> None:
    with pytest.raises(refusal):
        rules.may_end(replace(READY, **change))  # type: ignore[arg-type]  # each case its own field


def test_all_that_is_missing_is_said_at_once() -> None:
    nothing = EndFacts(roll_confirmed=False, undecided=3, open_votes=1)
    found = rules.missing(nothing)
    assert [type(one) for one in found] == [
        rules.RollNotConfirmed,
        rules.NamesUndecided,
        rules.NoChair,
        rules.NoRecorder,
        rules.VoteOpen,
    ]
    assert str(found[1]) == "Còn 3 đồng chí chưa rõ lý do vắng."


def test_chair_and_recorder_are_two_of_those_present() -> None:
    parts = rules.name_parts(chair="a", recorder="b", present={"a", "b", "c"})
    assert (parts.chair, parts.recorder) == ("a", "b")
    with pytest.raises(rules.SamePerson):
        rules.name_parts(chair="a", recorder="a", present={"a"})
    for present in ({"a"}, {"b"}, set()):
        with pytest.raises(rules.NotPresent):
            rules.name_parts(chair="a", recorder="b", present=present)


def test_the_fee_line() -> None:
    assert rules.fee_line(paid=21, of=25) == rules.FeeLine(paid=21, of=25)
    assert rules.fee_line(paid=0, of=0).of == 0
    for paid, of in ((26, 25), (-1, 25), (0, -1)):
        with pytest.raises(rules.BadFeeLine):
            rules.fee_line(paid=paid, of=of)


@pytest.mark.parametrize(
    ("state", "confirmed", "step"),
    [
        (State.DRAFT, False, Step.CALL),
        (State.CONVENED, False, Step.ROLL),
        (State.OPEN, False, Step.ROLL),
        (State.OPEN, True, Step.MEET),
        (State.CLOSED, True, Step.READ),
        (State.MINUTED, True, Step.SIGN),
        (State.SIGNED, True, None),
        (State.CANCELLED, False, None),
    ],
)
def test_only_the_next_of_five_steps_shows(state: State, confirmed: bool, step: Step | None) -> None:
    assert rules.next_step(state, roll_confirmed=confirmed) is step
