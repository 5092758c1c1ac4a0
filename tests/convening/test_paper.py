"""Times: stated, forgotten, kept by a device, taken from paper."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from meetings.convening import paper, rules, states
from meetings.convening.rules import Kind, Meeting, MeetingPlan, Mode, State
from meetings.kernel.ids import new_id
from meetings.kernel.months import Month

START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)  # 19:30 local
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def plan(kind: Kind = Kind.REGULAR, mode: Mode = Mode.IN_PERSON) -> MeetingPlan:
    return MeetingPlan(cell=new_id(), kind=kind, mode=mode, title="Mẫu", place="Hội trường", starts_at=START)


def open_sitting(at: datetime = START) -> Meeting:
    made = rules.draft(plan(), sitting=new_id())
    assert isinstance(made, Meeting)
    return states.opened(states.convened(made), at)


def test_an_open_sitting_asks_after_three_hours_and_stays_open() -> None:
    sitting = open_sitting()
    assert not paper.asks_to_close(sitting, START + 3 * HOUR - MINUTE)
    assert paper.asks_to_close(sitting, START + 3 * HOUR)
    assert sitting.state is State.OPEN
    assert not paper.asks_to_close(
        states.cancelled(rules.draft(plan(), sitting=new_id()), "Bão"), START + 9 * HOUR
    )


def test_forgotten_until_morning_the_secretary_states_the_evening() -> None:
    sitting = open_sitting()
    morning = START + timedelta(hours=11, minutes=30)  # 07:00
    stated = START + timedelta(minutes=95)  # 21:05
    paper.check_stated(sitting, opened_at=START, closed_at=stated, now=morning)
    closing = states.decide_closing(sitting, hall_present=14, hall_required=11)
    ended = states.closed(sitting, closing, at=stated, device_at=morning)
    assert (ended.closed_at, ended.device_closed_at) == (stated, morning)
    assert paper.minutes_held(START, stated) == 95


@pytest.mark.parametrize(
    ("opened", "closed", "refusal"),
    [
        (START, START, paper.BadTimes),
        (START + HOUR, START, paper.BadTimes),
        (START, START + 25 * HOUR, paper.BadTimes),
        (START, START + 13 * HOUR, paper.InFuture),
        (START - 13 * HOUR, START, paper.TooFarFromDevice),
    ],
)
def test_stated_times_have_bounds(opened: datetime, closed: datetime, refusal: type[paper.BadTimes]) -> None:
    with pytest.raises(refusal):
        paper.check_stated(open_sitting(), opened_at=opened, closed_at=closed, now=START + 12 * HOUR)


def test_a_stated_opening_cannot_move_the_sitting_to_another_month() -> None:
    after_midnight = datetime(2026, 11, 30, 17, 5, tzinfo=UTC)  # 00:05 on 1/12 local
    sitting = open_sitting(after_midnight)
    with pytest.raises(paper.OtherMonth):
        paper.check_stated(
            sitting,
            opened_at=after_midnight - timedelta(minutes=30),
            closed_at=after_midnight + HOUR,
            now=after_midnight + 2 * HOUR,
        )


def test_times_can_be_stated_only_of_an_open_sitting() -> None:
    with pytest.raises(states.NotOpen):
        made = rules.draft(plan(), sitting=new_id())
        paper.check_stated(made, opened_at=START, closed_at=START + HOUR, now=START + 2 * HOUR)


def test_a_hall_without_signal_keeps_its_november_although_it_arrives_in_december() -> None:
    sitting = states.convened(rules.draft(plan(), sitting=new_id()))
    received = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
    opened, closed = START + 5 * MINUTE, START + 95 * MINUTE
    paper.check_device(
        sitting, convened_at=START - 3 * 24 * HOUR, opened_at=opened, closed_at=closed, now=received
    )
    assert states.opened(sitting, opened).month == Month(2026, 11)


@pytest.mark.parametrize(
    ("convened_at", "opened", "closed"),
    [
        (None, START, START + HOUR),  # never convened on the server
        (START + MINUTE, START, START + HOUR),  # convened afterwards
        (START - HOUR, START - 12 * HOUR - MINUTE, START),
        (START - HOUR, START, START + 12 * HOUR + MINUTE),
    ],
)
def test_other_device_times_go_the_way_of_paper(
    convened_at: datetime | None, opened: datetime, closed: datetime
) -> None:
    with pytest.raises(paper.EnterOnPaper):
        paper.check_device(
            open_sitting(), convened_at=convened_at, opened_at=opened, closed_at=closed, now=START + 48 * HOUR
        )


def test_a_device_clock_ahead_of_the_server_is_refused() -> None:
    with pytest.raises(paper.InFuture):
        paper.check_device(
            open_sitting(),
            convened_at=START - HOUR,
            opened_at=START,
            closed_at=START + 2 * HOUR,
            now=START + HOUR,
        )


def test_entered_four_days_later_it_fulfils_its_own_month_and_stays_marked() -> None:
    entered = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    opened = datetime(2026, 11, 27, 12, 30, tzinfo=UTC)
    made = paper.entered_late(
        plan(), sitting=new_id(), opened_at=opened, closed_at=opened + 95 * MINUTE, now=entered
    )
    closing = states.decide_closing(made, hall_present=14, hall_required=11)
    ended = states.closed(made, closing, at=opened + 95 * MINUTE, device_at=entered)
    assert isinstance(ended, Meeting)
    assert (ended.month, ended.entered_late_on, ended.fulfils) == (Month(2026, 11), date(2026, 12, 1), True)
    assert states.signed(states.minuted(ended)).entered_late_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [(Kind.REGULAR, Mode.HYBRID), (Kind.ONLINE_SESSION, Mode.ONLINE), (Kind.PRACTICE, Mode.IN_PERSON)],
)
def test_nothing_with_a_device_or_a_practice_comes_from_paper(kind: Kind, mode: Mode) -> None:
    with pytest.raises(paper.NotOnPaper):
        paper.entered_late(
            plan(kind, mode), sitting=new_id(), opened_at=START, closed_at=START + HOUR, now=START + 99 * HOUR
        )


def test_paper_times_cannot_lie_ahead() -> None:
    with pytest.raises(paper.InFuture):
        paper.entered_late(plan(), sitting=new_id(), opened_at=START, closed_at=START + HOUR, now=START)


def test_a_short_sitting_gets_one_neutral_line() -> None:
    assert paper.short_line(90, 90) is None
    assert paper.short_line(62, 90) == "Thời lượng buổi họp: 62 phút (mức quy định: 90 phút)."
