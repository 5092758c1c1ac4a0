"""Absence is undecided until the secretary decides; asking leave is not having leave (rules.md 2.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from meetings.attendance.rules import (
    Absence,
    AbsenceState,
    AbsencesUndecided,
    Contest,
    Decision,
    LeaveDecision,
    LeaveRequest,
    MemberAttendance,
    NothingToContest,
)
from meetings.committees.rules import Category, Member
from meetings.convening.rules import Mode
from meetings.kernel.ids import Id

# Whose absence needs a reason; exempt, temporarily away and suspended members owe none (domain.md 2.1).
_OWE_REASON = frozenset({Category.OFFICIAL, Category.PROBATIONARY, Category.TEMPORARY_ARRIVED})


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveRecord:
    """All that was asked, decided and contested about one meeting. `before`: who asked leave for another start only,
    with the last such start."""

    requests: Sequence[LeaveRequest] = field(default=())
    decisions: Sequence[LeaveDecision] = field(default=())
    contests: Sequence[Contest] = field(default=())
    before: Mapping[Id, datetime] = field(default_factory=dict)

    def about(self, starts_at: datetime) -> LeaveRecord:
        """What is about that start. After a move everybody is asked again, since who could not come then may come now;
        what was asked and decided before holds again should the sitting return to its time."""
        requests = [one for one in self.requests if one.starts_at == starts_at]
        asked = {one.member for one in requests}
        earlier = [one for one in self.requests if one.member not in asked]
        return LeaveRecord(
            requests=requests,
            decisions=[one for one in self.decisions if one.starts_at == starts_at],
            contests=self.contests,
            before={one.member: one.starts_at for one in earlier},
        )


def took_part(attendance: MemberAttendance, mode: Mode) -> bool:
    """Present for the sitting itself: in the hall, or connected where the sitting is an online session."""
    return bool(attendance.online) if mode is Mode.ONLINE else attendance.hall_confirmed


def absences(
    roster: Iterable[Member],
    attendance: Mapping[Id, MemberAttendance],
    leave: LeaveRecord,
    *,
    mode: Mode,
    convoked: Collection[Id],
) -> dict[Id, Absence]:
    """Every absent member. In a hybrid sitting who is on the phone is absent too (rules.md 1.3)."""
    return {
        member.id: absence_of(member, leave, mode=mode, convoked=convoked)
        for member in roster
        if not took_part(attendance[member.id], mode)
    }


def absence_of(
    member: Member, leave: LeaveRecord, *, mode: Mode = Mode.IN_PERSON, convoked: Collection[Id]
) -> Absence:
    """Where the absence of one member stands. An online session is owed by nobody: no reason is asked for."""
    last = last_decision(leave.decisions, member.id)
    asked = [request for request in leave.requests if request.member == member.id]
    latest = max(asked, key=lambda request: (request.at, request.id), default=None)
    named = last.reason if last else None
    return Absence(
        member=member.id,
        state=AbsenceState.NOT_REQUIRED if mode is Mode.ONLINE else _state(member, last, convoked),
        reason=named or (latest.reason if latest else None),
        asked=bool(asked),
        contested=_contested(leave.contests, last),
        asked_before=leave.before.get(member.id),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Coming:
    """What was answered to the call, which proves nothing. `now`: who said that they will come; `before`: who said so
    only for another start, with the last such start. Who asked leave for that start is in neither."""

    now: frozenset[Id]
    before: Mapping[Id, datetime]


def coming_of(
    said: Iterable[tuple[Id, datetime]], requests: Iterable[LeaveRequest], starts_at: datetime
) -> Coming:
    """`said`: (member, the start it was said for) in the order of saying. An answer is about one start: after a move
    it is asked for again, and holds again should the sitting return to its time."""
    away = {(one.member, one.starts_at) for one in requests}
    told = [one for one in said if one not in away]
    now = frozenset(member for member, start in told if start == starts_at)
    return Coming(now=now, before={member: start for member, start in told if member not in now})


def last_decision(decisions: Iterable[LeaveDecision], member: Id) -> LeaveDecision | None:
    """The one that holds."""
    own = (decision for decision in decisions if decision.member == member)
    return max(own, key=lambda decision: (decision.sequence, decision.id), default=None)


def _state(member: Member, last: LeaveDecision | None, convoked: Collection[Id]) -> AbsenceState:
    if member.category not in _OWE_REASON or member.id not in convoked:
        return AbsenceState.NOT_REQUIRED
    if last is None:
        return AbsenceState.UNDECIDED
    return AbsenceState.EXCUSED if last.decision is Decision.EXCUSED else AbsenceState.UNEXCUSED


def _contested(contests: Iterable[Contest], last: LeaveDecision | None) -> bool:
    return last is not None and any(
        contest.member == last.member and contest.against == last.sequence for contest in contests
    )


def may_contest(decisions: Iterable[LeaveDecision], member: Id) -> LeaveDecision:
    """The decision to look at again. Raises NothingToContest."""
    if (last := last_decision(decisions, member)) is None:
        raise NothingToContest
    return last


def undecided(found: Mapping[Id, Absence]) -> tuple[Id, ...]:
    """The names that keep the sitting from closing, in the order of the roster."""
    return tuple(one.member for one in found.values() if one.state is AbsenceState.UNDECIDED)


def may_close(found: Mapping[Id, Absence]) -> None:
    """Raises AbsencesUndecided."""
    if names := undecided(found):
        raise AbsencesUndecided(count=len(names))


def member_text(absence: Absence) -> str:
    """What the member reads (rules.md 6.6)."""
    if absence.state is AbsenceState.EXCUSED:
        reason = f": {absence.reason.text}" if absence.reason else ""
        return f"Vắng có lý do{reason}. Bí thư đã xác nhận."
    if absence.state is AbsenceState.UNEXCUSED:
        return "Vắng không có lý do. Nếu ghi chưa đúng, đồng chí gọi bí thư hoặc bấm Đề nghị xem lại."
    if absence.state is AbsenceState.UNDECIDED and absence.asked:
        return "Đã gửi. Chờ bí thư xác nhận."
    return ""


def secretary_text(absence: Absence) -> str:
    """What the secretary reads beside the name (rules.md 6.6)."""
    if absence.state is AbsenceState.UNDECIDED:
        return "Chưa rõ lý do (cần chọn trước khi kết thúc)"
    if absence.state is AbsenceState.NOT_REQUIRED:
        return "Không phải nêu lý do"
    word = "có lý do" if absence.state is AbsenceState.EXCUSED else "không có lý do"
    return f"Vắng {word}: {absence.reason.text}" if absence.reason else f"Vắng {word}"
