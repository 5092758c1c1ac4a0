"""The month and the quarter as seen from above: stories 3 and 10, and the sums that always hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.committees.policies import PolicyKey, default_of, set_by_text
from meetings.convening import obligations as ob
from meetings.convening import rules, states
from meetings.convening.obligations import Decision, MonthState, ThemeState
from meetings.convening.rules import Kind, Meeting, MeetingPlan, Mode, Practice, Standing
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import Month, Quarter

START = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
NOVEMBER = Month(2026, 11)
DUE = ob.deadline(ob.last_day(NOVEMBER), 10)
AFTER = DUE + timedelta(days=1)
BEFORE = datetime(2026, 12, 2, tzinfo=UTC)


def held(
    kind: Kind = Kind.REGULAR, mode: Mode = Mode.IN_PERSON, present: int = 14, cell: Id | None = None
) -> Meeting:
    plan = MeetingPlan(
        cell=cell or new_id(), kind=kind, mode=mode, title="Mẫu", place="Hội trường", starts_at=START
    )
    made = states.opened(states.convened(rules.draft(plan, sitting=new_id())), START)
    closing = states.decide_closing(made, hall_present=present, hall_required=11)
    ended = states.closed(made, closing, at=START + timedelta(minutes=95))
    assert isinstance(ended, Meeting)
    return ended


def decision(*, lifts_month: bool = True) -> Decision:
    return Decision(
        id=new_id(),
        cell=new_id(),
        month=NOVEMBER,
        number="Công văn số 45-CV/ĐU",
        issued_on=date(2026, 11, 20),
        issuer="Đảng ủy xã Thí Dụ",
        reason="Bão số 9",
        lifts_month=lifts_month,
    )


def state(*meetings: Meeting, decisions: tuple[Decision, ...] = (), now: datetime = AFTER) -> MonthState:
    return ob.month_state(meetings, NOVEMBER, decisions=decisions, due=DUE, now=now)


def test_the_deadline_is_the_end_of_a_local_day() -> None:
    assert datetime(2026, 12, 10, 17, 0, tzinfo=UTC) == DUE
    assert ob.last_day(Month(2028, 2)) == date(2028, 2, 29)


def test_a_hybrid_with_fourteen_in_the_hall_holds_the_month() -> None:
    assert state(held(mode=Mode.HYBRID)) is MonthState.HELD


def test_silence_from_before_the_cell_was_here_says_nothing() -> None:
    assert ob.month_state((), NOVEMBER, due=DUE, now=AFTER, known=False) is MonthState.NO_DATA_YET
    assert ob.month_state((held(),), NOVEMBER, due=DUE, now=AFTER, known=False) is MonthState.HELD


def test_before_the_deadline_silence_is_no_data_and_after_it_not_held() -> None:
    assert state(now=BEFORE) is MonthState.NO_DATA_YET
    assert state(now=DUE - timedelta(seconds=1)) is MonthState.NO_DATA_YET
    assert state(now=DUE) is MonthState.NOT_HELD


def test_nothing_but_a_regular_meeting_holds_the_month() -> None:
    others = [
        held(Kind.THEMATIC),
        held(Kind.EXTRAORDINARY),
        held(Kind.COMMITTEE),
        held(Kind.CONGRESS),
        held(Kind.CEREMONY),
        held(Kind.ONLINE_SESSION, Mode.ONLINE),
        held(Kind.THEMATIC, Mode.ONLINE),
    ]
    assert state(*others) is MonthState.NOT_HELD
    assert ob.fulfilling(others, NOVEMBER) is None


@pytest.mark.parametrize(
    "forgery",
    [
        {"standing": Standing.SUPPLEMENT},
        {"standing": Standing.ADDITIONAL},
        {"mode": Mode.ONLINE, "standing": Standing.SUPPLEMENT},
        {"kind": Kind.THEMATIC, "standing": Standing.ADDITIONAL},
        {"kind": Kind.EXTRAORDINARY},
        {"mode": Mode.ONLINE},
        {"state": rules.State.OPEN},
        {"state": rules.State.CANCELLED},
        {"hall_present": 10},
        {"hall_required": 0, "hall_present": 0},
        {"fulfils": False},
        {"month": Month(2026, 10)},
    ],
)
def test_a_record_that_only_claims_to_fulfil_does_not(forgery: dict[str, object]) -> None:
    forged = replace(held(), **forgery)  # type: ignore[arg-type]  # the fields of each case are its own
    assert ob.fulfilling([forged], NOVEMBER) is None
    assert state(forged) is not MonthState.HELD


def test_nine_in_the_hall_is_a_column_of_its_own() -> None:
    short = held(present=9)
    assert state(short) is MonthState.HELD_BELOW_MINIMUM
    text = ob.below_minimum_text(short, set_by="Mức này do Đảng ủy xã Thí Dụ quy định.", running=True)
    assert text == (
        "Đã họp trực tiếp ngày 24/11/2026, nhưng số đảng viên chính thức tại hội trường (9) thấp hơn mức "
        "tối thiểu (11). Buổi họp được lưu đầy đủ; tháng 11 chưa được tính là hoàn thành sinh hoạt thường "
        "kỳ. Mức này do Đảng ủy xã Thí Dụ quy định. Đồng chí có thể triệu tập lại trong tháng."
    )
    default = set_by_text(default_of(PolicyKey.HALL_MINIMUM, START.date()))
    later = ob.below_minimum_text(short, set_by=default, running=False)
    assert later.endswith("sinh hoạt thường kỳ. Mức này là mặc định của phần mềm.")


def test_held_again_in_the_month_it_counts() -> None:
    assert state(held(present=9), held(present=12)) is MonthState.HELD


def test_a_superiors_decision_stands_beside_and_counts_nothing() -> None:
    assert state(decisions=(decision(),)) is MonthState.BY_SUPERIOR_DECISION
    assert state(held(), decisions=(decision(),)) is MonthState.HELD
    assert state(held(present=9), decisions=(decision(),)) is MonthState.HELD_BELOW_MINIMUM
    assert state(decisions=(decision(lifts_month=False),)) is MonthState.NOT_HELD
    assert state(decisions=(replace(decision(), month=Month(2026, 10)),)) is MonthState.NOT_HELD
    assert ob.decision_text(decision()) == (
        "Tháng 11/2026: không tổ chức sinh hoạt thường kỳ, theo Công văn số 45-CV/ĐU ngày 20/11/2026 của "
        "Đảng ủy xã Thí Dụ. Không tính là đã họp."
    )


def test_two_in_one_month_never_fill_another() -> None:
    twice = [held(), held()]
    assert ob.month_state(twice, Month(2026, 12), due=DUE, now=AFTER) is MonthState.NOT_HELD
    assert ob.fulfilling(twice, NOVEMBER) == min(twice, key=lambda one: one.id)


def test_the_quarters_thematic_sitting() -> None:
    quarter = Quarter(2026, 4)

    def theme(*meetings: Meeting, now: datetime = AFTER) -> ThemeState:
        return ob.theme_state(meetings, quarter, due=DUE, now=now)

    assert theme(held(Kind.THEMATIC)) is ThemeState.HELD
    assert theme(held(Kind.REGULAR_WITH_THEMATIC, Mode.HYBRID)) is ThemeState.HELD
    assert theme(held(Kind.THEMATIC, present=4)) is ThemeState.HELD_BELOW_MINIMUM
    assert theme(held(), held(Kind.THEMATIC, Mode.ONLINE)) is ThemeState.NOT_HELD
    assert theme(now=BEFORE) is ThemeState.NO_DATA_YET
    assert ob.theme_state([held(Kind.THEMATIC)], Quarter(2026, 3), due=DUE, now=AFTER) is ThemeState.NOT_HELD


def test_a_practice_has_nothing_to_be_asked_about() -> None:
    plan = MeetingPlan(
        cell=new_id(), kind=Kind.PRACTICE, mode=Mode.HYBRID, title="Tập", place="Nhà", starts_at=START
    )
    practice = rules.draft(plan, sitting=new_id())
    assert isinstance(practice, Practice)
    with pytest.raises(AttributeError):
        ob.counts_for_month(practice)  # type: ignore[arg-type]  # the type checker refuses it first


def test_eighteen_cells_sum_to_eighteen() -> None:
    cells = [
        *(state(held()) for _ in range(9)),
        *(state(held(present=9)) for _ in range(2)),
        *(state(decisions=(decision(),)) for _ in range(1)),
        *(state(now=BEFORE) for _ in range(3)),
        *(state(held(Kind.THEMATIC)) for _ in range(3)),
    ]
    counted = ob.tally(cells)
    assert list(counted) == list(MonthState)
    assert sum(counted.values()) == 18
    assert counted[MonthState.HELD] == 9
    assert {ob.month_word(one) for one in MonthState} >= {"đã họp", "không họp", "chưa có số liệu"}


def has_standing(kind: Kind, mode: Mode) -> bool:
    try:
        return rules.standing_of(kind, mode) is not Standing.NONE
    except rules.NotThisStanding:
        return False


SHAPES = [(kind, mode) for kind in Kind for mode in Mode if has_standing(kind, mode)]
MONTHS = [Month(2026, 10), NOVEMBER, Month(2026, 12)]
sittings = st.builds(
    lambda shape, present, month: replace(held(shape[0], shape[1], present), month=month),
    st.sampled_from(SHAPES),
    st.integers(0, 28),
    st.sampled_from(MONTHS),
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    cells=st.lists(st.tuples(st.lists(sittings, max_size=4), st.booleans()), max_size=8),
    late=st.booleans(),
)
def test_whatever_was_held_the_five_states_sum_to_the_cells(
    cells: list[tuple[list[Meeting], bool]], late: bool
) -> None:
    found = [
        state(*meetings, decisions=(decision(),) if decided else (), now=AFTER if late else BEFORE)
        for meetings, decided in cells
    ]
    assert sum(ob.tally(found).values()) == len(cells)
    for (meetings, _), one in zip(cells, found, strict=True):
        regular = any(
            m.standing is Standing.MANDATORY and m.month == NOVEMBER and m.hall_present >= 11
            for m in meetings
        )
        assert (one is MonthState.HELD) == regular
