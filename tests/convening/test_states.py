"""The life of a sitting: every act from every state, and what closing decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from meetings.convening import obligations, paper, rules, states
from meetings.convening.rules import AnySitting, Kind, Meeting, MeetingPlan, Mode, Practice, Sitting, State
from meetings.kernel.errors import Refused
from meetings.kernel.ids import new_id
from meetings.kernel.months import Month

START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
PATHS: dict[State, tuple[str, ...]] = {
    State.DRAFT: (),
    State.CONVENED: ("convene",),
    State.OPEN: ("convene", "open"),
    State.CLOSED: ("convene", "open", "close"),
    State.MINUTED: ("convene", "open", "close", "minute"),
    State.SIGNED: ("convene", "open", "close", "minute", "sign"),
    State.CANCELLED: ("cancel",),
}
REFUSALS: dict[str, dict[State, type[Refused]]] = {
    "convene": {state: states.AlreadyConvened for state in State if state is not State.DRAFT},
    "open": {
        State.DRAFT: states.NotConvened,
        State.OPEN: states.AlreadyOpen,
        State.CLOSED: states.AlreadyClosed,
        State.MINUTED: states.AlreadyClosed,
        State.SIGNED: states.AlreadyClosed,
    },
    "close": {
        State.DRAFT: states.NotOpen,
        State.CONVENED: states.NotOpen,
        State.CLOSED: states.AlreadyClosed,
        State.MINUTED: states.AlreadyClosed,
        State.SIGNED: states.AlreadyClosed,
    },
    "minute": {
        State.DRAFT: states.NotClosed,
        State.CONVENED: states.NotClosed,
        State.OPEN: states.NotClosed,
        State.MINUTED: states.NotInThisState,
        State.SIGNED: states.NotInThisState,
    },
    "sign": {
        State.DRAFT: states.NotMinuted,
        State.CONVENED: states.NotMinuted,
        State.OPEN: states.NotMinuted,
        State.CLOSED: states.NotMinuted,
        State.SIGNED: states.NotInThisState,
    },
    "cancel": dict.fromkeys((State.OPEN, State.CLOSED, State.MINUTED, State.SIGNED), states.TooLateToCancel),
    "move": dict.fromkeys((State.OPEN, State.CLOSED, State.MINUTED, State.SIGNED), states.TooLateToMove),
}
for _refusals in REFUSALS.values():
    _refusals[State.CANCELLED] = states.WasCancelled


def close(sitting: AnySitting, present: int = 14, required: int = 11) -> AnySitting:
    closing = states.decide_closing(sitting, hall_present=present, hall_required=required)
    return states.closed(sitting, closing, at=START + timedelta(minutes=95))


ACTS: dict[str, Callable[[AnySitting], AnySitting]] = {
    "convene": states.convened,
    "open": lambda one: states.opened(one, START),
    "close": close,
    "minute": states.minuted,
    "sign": states.signed,
    "cancel": lambda one: states.cancelled(one, "Bão"),
    "move": lambda one: states.moved(one, starts_at=START + timedelta(days=1), place="Trường học"),
}


def sitting(kind: Kind = Kind.REGULAR, mode: Mode = Mode.IN_PERSON, state: State = State.DRAFT) -> AnySitting:
    plan = MeetingPlan(cell=new_id(), kind=kind, mode=mode, title="Mẫu", place="Hội trường", starts_at=START)
    made = rules.draft(plan, sitting=new_id())
    for act in PATHS[state]:
        made = ACTS[act](made)
    return made


@pytest.mark.parametrize("kind", [Kind.REGULAR, Kind.PRACTICE])
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_in_every_state(act: str, state: State, kind: Kind) -> None:
    start = sitting(kind, state=state)
    if (refusal := REFUSALS[act].get(state)) is not None:
        with pytest.raises(refusal):
            ACTS[act](start)
        return
    after = ACTS[act](start)
    assert after.id == start.id
    assert type(after) is type(start)
    assert list(State).index(after.state) >= list(State).index(start.state)


def test_cancelling_needs_a_reason() -> None:
    with pytest.raises(states.ReasonNeeded):
        states.cancelled(sitting(), "  ")
    assert states.cancelled(sitting(state=State.CONVENED), " Bão ").cancelled_reason == "Bão"


def test_moving_takes_the_planned_month_along() -> None:
    moved = states.moved(sitting(), starts_at=START + timedelta(days=20), place="Trường học")
    assert (moved.month, moved.place, moved.state) == (Month(2026, 12), "Trường học", State.DRAFT)


def test_a_sitting_from_half_past_eleven_on_the_last_evening_belongs_to_november() -> None:
    evening = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)  # 23:30 in the cell's zone
    started = states.opened(sitting(state=State.CONVENED), evening)
    closing = states.decide_closing(started, hall_present=14, hall_required=11)
    ended = states.closed(started, closing, at=evening + timedelta(minutes=90))  # 01:00 on 1/12
    assert ended.month == Month(2026, 11)
    assert isinstance(ended, Meeting)
    assert ended.fulfils


def test_opening_settles_the_month_whatever_was_planned() -> None:
    next_month = states.opened(sitting(state=State.CONVENED), START + timedelta(days=8))
    assert next_month.month == Month(2026, 12)


def decided(kind: Kind, mode: Mode, present: int, required: int) -> tuple[bool, bool, bool]:
    closing = states.decide_closing(
        sitting(kind, mode, State.OPEN), hall_present=present, hall_required=required
    )
    return closing.fulfils, closing.fulfils_theme, closing.below_minimum


@pytest.mark.parametrize(
    ("kind", "mode", "present", "expected"),
    [
        (Kind.REGULAR, Mode.IN_PERSON, 11, (True, False, False)),
        (Kind.REGULAR, Mode.HYBRID, 14, (True, False, False)),
        (Kind.REGULAR, Mode.HYBRID, 10, (False, False, True)),
        (Kind.REGULAR_WITH_THEMATIC, Mode.IN_PERSON, 11, (True, True, False)),
        (Kind.REGULAR_WITH_THEMATIC, Mode.IN_PERSON, 9, (False, False, True)),
        (Kind.THEMATIC, Mode.IN_PERSON, 20, (False, True, False)),
        (Kind.THEMATIC, Mode.ONLINE, 20, (False, False, False)),
        (Kind.EXTRAORDINARY, Mode.IN_PERSON, 28, (False, False, False)),
        (Kind.COMMITTEE, Mode.IN_PERSON, 28, (False, False, False)),
        (Kind.ONLINE_SESSION, Mode.ONLINE, 28, (False, False, False)),
        (Kind.PRACTICE, Mode.IN_PERSON, 28, (False, False, False)),
    ],
)
def test_what_closing_decides(
    kind: Kind, mode: Mode, present: int, expected: tuple[bool, bool, bool]
) -> None:
    assert decided(kind, mode, present, 11) == expected


@pytest.mark.parametrize(("present", "required"), [(-1, 3), (0, 0), (5, -2)])
def test_impossible_counts_are_refused(present: int, required: int) -> None:
    with pytest.raises(states.BadCount):
        states.decide_closing(sitting(state=State.OPEN), hall_present=present, hall_required=required)


def test_a_closed_practice_keeps_no_counts() -> None:
    ended = close(sitting(Kind.PRACTICE, state=State.OPEN))
    assert isinstance(ended, Practice)
    assert not hasattr(ended, "hall_present")


def test_the_clock_of_the_machine_is_kept_beside_the_stated_times() -> None:
    started: Sitting = sitting(state=State.OPEN)
    assert isinstance(started, Meeting)
    closing = states.decide_closing(started, hall_present=14, hall_required=11)
    seen = START + timedelta(hours=12)
    ended = states.closed(started, closing, at=START + timedelta(minutes=95), device_at=seen)
    assert (ended.closed_at, ended.device_closed_at) == (START + timedelta(minutes=95), seen)
    assert ended.device_opened_at == START


def test_the_least_duration_is_the_committees_figure_or_the_rule() -> None:
    assert states.least_minutes(Kind.REGULAR) == 90
    assert states.least_minutes(Kind.REGULAR_WITH_THEMATIC) == 120
    assert states.least_minutes(Kind.REGULAR, set_by_committee=60) == 60


@pytest.mark.parametrize(
    ("base", "strength", "wanted", "required"),
    [
        (20, 24, None, 11),  # cell S
        (19, 24, None, 10),
        (3, 3, None, 3),  # more than half is 2, never below 3
        (2, 2, None, 2),
        (0, 0, None, 1),
        (20, 24, 14, 14),  # a committee's own figure
        (20, 24, 1, 3),
    ],
)
def test_how_many_the_hall_needs(base: int, strength: int, wanted: int | None, required: int) -> None:
    assert states.hall_required(base=base, official_strength=strength, wanted=wanted) == required


SHAPES = [(kind, mode) for kind in Kind for mode in Mode]
MOMENTS = st.integers(0, 100 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


class AnyOrder(RuleBasedStateMachine):
    """Any acts in any order on any sittings: only a regular meeting in a hall ever holds a month."""

    ids = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.sittings: dict[str, AnySitting] = {}
        self.frozen: dict[str, Month] = {}
        self.fulfilled: dict[str, bool] = {}

    @rule(target=ids, shape=st.sampled_from(SHAPES), starts_at=MOMENTS)
    def plan(self, shape: tuple[Kind, Mode], starts_at: datetime) -> str:
        plan = MeetingPlan(
            cell="cell", kind=shape[0], mode=shape[1], title="Mẫu", place="Nhà", starts_at=starts_at
        )
        return self._take(new_id(), lambda sitting: rules.draft(plan, sitting=sitting))

    @rule(target=ids, shape=st.sampled_from(SHAPES), opened=MOMENTS, minutes=st.integers(-5, 600))
    def enter_from_paper(self, shape: tuple[Kind, Mode], opened: datetime, minutes: int) -> str:
        kind, mode = shape
        plan = MeetingPlan(cell="cell", kind=kind, mode=mode, title="Mẫu", place="Nhà", starts_at=opened)
        ended, now = opened + timedelta(minutes=minutes), START + timedelta(days=60)
        enter = partial(paper.entered_late, plan, opened_at=opened, closed_at=ended, now=now)
        return self._take(new_id(), lambda sitting: enter(sitting=sitting))

    @rule(sitting=ids, act=st.sampled_from(["convene", "minute", "sign", "cancel"]))
    def act(self, sitting: str, act: str) -> None:
        self._change(sitting, ACTS[act])

    @rule(sitting=ids, at=MOMENTS)
    def open(self, sitting: str, at: datetime) -> None:
        self._change(sitting, lambda one: states.opened(one, at))

    @rule(sitting=ids, to=MOMENTS)
    def move(self, sitting: str, to: datetime) -> None:
        self._change(sitting, lambda one: states.moved(one, starts_at=to, place="Nhà"))

    @rule(sitting=ids, at=MOMENTS, present=st.integers(1, 5), lacking=st.integers(-1, 1))
    def hold(self, sitting: str, at: datetime, present: int, lacking: int) -> None:
        """The usual way, so that many sittings reach their end."""
        self._change(sitting, states.convened)
        self._change(sitting, lambda one: states.opened(one, at))
        self._change(sitting, lambda one: close(one, present, present + lacking))

    @rule(sitting=ids, present=st.integers(-1, 30), required=st.integers(-1, 15))
    def close(self, sitting: str, present: int, required: int) -> None:
        self._change(sitting, lambda one: close(one, present, required))

    def _take(self, sitting: str, make: Callable[[str], AnySitting]) -> str:
        try:
            self.sittings[sitting] = make(sitting)
        except Refused:
            return sitting
        return sitting

    def _change(self, sitting: str, act: Callable[[AnySitting], AnySitting]) -> None:
        before = self.sittings.get(sitting)
        if before is None:
            return
        try:
            after = act(before)
        except Refused:
            return
        assert list(State).index(after.state) >= list(State).index(before.state)
        self.sittings[sitting] = after

    def _meetings(self) -> list[Meeting]:
        return [one for one in self.sittings.values() if isinstance(one, Meeting)]

    @invariant()
    def only_a_regular_meeting_in_a_hall_fulfils(self) -> None:
        for one in self._meetings():
            if one.fulfils:
                assert one.kind in {Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC}
                assert one.mode in {Mode.IN_PERSON, Mode.HYBRID}
                assert one.state in {State.CLOSED, State.MINUTED, State.SIGNED}
                assert one.hall_present >= one.hall_required >= 1
                assert one.standing is rules.Standing.MANDATORY
            assert (one.mode is Mode.ONLINE) == (one.standing is rules.Standing.SUPPLEMENT)

    @invariant()
    def month_and_verdict_never_change_once_settled(self) -> None:
        for one in self._meetings():
            if one.opened_at is not None:
                assert self.frozen.setdefault(one.id, one.month) == one.month
                assert one.month == Month.of(one.opened_at)
            if one.closed_at is not None:
                assert self.fulfilled.setdefault(one.id, one.fulfils) == one.fulfils

    @invariant()
    def every_month_has_one_state_and_it_is_the_right_one(self) -> None:
        for month in {one.month for one in self._meetings()}:
            due = obligations.deadline(obligations.last_day(month), 10)
            state = obligations.month_state(self._meetings(), month, due=due, now=due)
            held = any(one.fulfils and one.month == month for one in self._meetings())
            assert (state is obligations.MonthState.HELD) == held


AnyOrder.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, derandomize=True
)
TestAnyOrder = AnyOrder.TestCase
