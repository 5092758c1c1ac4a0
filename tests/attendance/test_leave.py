"""Leave asked, decided and contested."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetings.attendance.leave import (
    Coming,
    LeaveRecord,
    absence_of,
    absences,
    coming_of,
    may_close,
    may_contest,
    member_text,
    secretary_text,
    undecided,
)
from meetings.attendance.rules import (
    Absence,
    AbsenceState,
    AbsencesUndecided,
    Contest,
    Decision,
    LeaveRequest,
    NothingToContest,
    Reason,
)
from meetings.committees.rules import Category, Member
from meetings.convening.rules import Mode
from meetings.kernel.ids import derived_id
from tests.cell_s import (
    CONVOKED,
    EXCUSED,
    MEETING,
    PHONES,
    ROSTER,
    UNEXCUSED,
    at,
    attendance_of,
    decision,
    leave,
    member,
    november,
)

ANN = member(Category.OFFICIAL)


def request(reason: Reason, minute: int) -> LeaveRequest:
    return LeaveRequest(
        id=derived_id("request", str(minute)),
        meeting=MEETING,
        member=ANN.id,
        reason=reason,
        note="",
        by=ANN.person,
        at=at(minute),
        starts_at=at(0),
    )


def contest(against: int) -> Contest:
    return Contest(
        id=derived_id("contest"), meeting=MEETING, member=ANN.id, against=against, note="", at=at(200)
    )


def test_every_absent_name_is_undecided_until_the_secretary_decides() -> None:
    found = absences(ROSTER, attendance_of(november()), LeaveRecord(), mode=Mode.HYBRID, convoked=CONVOKED)
    assert set(undecided(found)) == {*PHONES, *EXCUSED, *UNEXCUSED}
    with pytest.raises(AbsencesUndecided) as refused:
        may_close(found)
    assert refused.value.facts == {"count": 7}


def test_with_every_name_decided_the_sitting_may_close() -> None:
    found = absences(ROSTER, attendance_of(november()), leave(), mode=Mode.HYBRID, convoked=CONVOKED)
    may_close(found)
    assert undecided(found) == ()


def test_asking_leave_is_not_having_leave() -> None:
    absence = absence_of(ANN, LeaveRecord(requests=[request(Reason.ILL, 1)]), convoked=CONVOKED)
    assert (absence.state, absence.asked, absence.reason) == (AbsenceState.UNDECIDED, True, Reason.ILL)
    assert member_text(absence) == "Đã gửi. Chờ bí thư xác nhận."
    assert secretary_text(absence) == "Chưa rõ lý do (cần chọn trước khi kết thúc)"


def test_the_last_decision_holds_in_any_order() -> None:
    first, last = decision(ANN.id, Decision.UNEXCUSED, 1), decision(ANN.id, Decision.EXCUSED, 2)
    for order in ([first, last], [last, first]):
        absence = absence_of(
            ANN, LeaveRecord(requests=[request(Reason.ILL, 1)], decisions=order), convoked=CONVOKED
        )
        assert absence.state is AbsenceState.EXCUSED
        assert member_text(absence) == "Vắng có lý do: ốm đau. Bí thư đã xác nhận."
        assert secretary_text(absence) == "Vắng có lý do: ốm đau"


def test_without_reason_can_be_contested_until_decided_again() -> None:
    first = decision(ANN.id, Decision.UNEXCUSED, 1)
    absence = absence_of(ANN, LeaveRecord(decisions=[first], contests=[contest(1)]), convoked=CONVOKED)
    assert absence.contested
    assert absence.state is AbsenceState.UNEXCUSED
    assert member_text(absence) == (
        "Vắng không có lý do. Nếu ghi chưa đúng, đồng chí gọi bí thư hoặc bấm Đề nghị xem lại."
    )
    assert secretary_text(absence) == "Vắng không có lý do"
    again = LeaveRecord(
        decisions=[first, decision(ANN.id, Decision.EXCUSED, 2, Reason.FAMILY)], contests=[contest(1)]
    )
    assert not absence_of(ANN, again, convoked=CONVOKED).contested


def test_only_a_decision_can_be_contested() -> None:
    made = decision(ANN.id, Decision.UNEXCUSED)
    assert may_contest([made], ANN.id) == made
    with pytest.raises(NothingToContest):
        may_contest([], ANN.id)


@pytest.mark.parametrize(
    "who",
    [member(Category.EXEMPT), member(Category.TEMPORARY_AWAY), member(Category.SUSPENDED)],
    ids=lambda who: who.category,
)
def test_some_owe_no_reason(who: Member) -> None:
    absence = absence_of(who, LeaveRecord(), convoked={who.id})
    assert absence.state is AbsenceState.NOT_REQUIRED
    assert member_text(absence) == ""
    assert secretary_text(absence) == "Không phải nêu lý do"


def test_who_was_not_called_owes_no_reason() -> None:
    assert absence_of(ANN, LeaveRecord(), convoked=()).state is AbsenceState.NOT_REQUIRED


def test_undecided_and_not_asked_says_nothing_to_the_member() -> None:
    assert member_text(absence_of(ANN, LeaveRecord(), convoked=CONVOKED)) == ""


def test_who_will_come_says_so_for_one_start() -> None:
    first, second, third = ("a", "b", "c")
    said = [(first, at(0)), (second, at(0)), (third, at(0)), (second, at(60)), (first, at(30))]
    requests = [replace(request(Reason.ILL, 1), member=third)]
    moved = coming_of(said, requests, at(60))
    assert moved == Coming(now=frozenset({second}), before={first: at(30)})
    changed = coming_of([*said, (third, at(60))], requests, at(60))
    assert changed.now == {second, third}, "leave for another start stands in nobody's way"
    assert coming_of(said, requests, at(0)) == Coming(now=frozenset({first, second}), before={})
    assert coming_of([], [], at(0)) == Coming(now=frozenset(), before={})


def test_leave_is_about_one_start() -> None:
    asked, decided = request(Reason.ILL, 1), decision(ANN.id, Decision.EXCUSED)
    record = LeaveRecord(requests=[asked], decisions=[decided], contests=[contest(1)])
    held = absence_of(ANN, record.about(at(0)), convoked=CONVOKED)
    assert (held.state, held.asked, held.contested) == (AbsenceState.EXCUSED, True, True)
    moved = absence_of(ANN, record.about(at(60)), convoked=CONVOKED)
    assert moved == Absence(member=ANN.id, state=AbsenceState.UNDECIDED, asked_before=at(0))
    again = replace(asked, reason=Reason.FAMILY, starts_at=at(60))
    twice = absence_of(ANN, LeaveRecord(requests=[asked, again]).about(at(60)), convoked=CONVOKED)
    assert (twice.asked, twice.asked_before, twice.reason) == (True, None, Reason.FAMILY)
    assert record.about(at(60)).about(at(0)).decisions == []
