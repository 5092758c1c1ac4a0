"""The roll as its page shows it: one line a member, with what is known of them, from where and since when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from meetings.attendance import service as attendance
from meetings.attendance.hall import Hall, in_sequence, read_hall
from meetings.attendance.leave import Coming
from meetings.attendance.rules import Absence, AbsenceState, Source
from meetings.attendance.service import SittingRecord
from meetings.committees.rules import Category, Member
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.http.language import source
from meetings.kernel.ids import Id

_SOURCES = {
    Source.ROLL_CALL: source("Điểm danh lúc {time}"),
    Source.CORRECTION: source("Sửa điểm danh lúc {time}"),
    Source.HALL_QR: source("Quét mã lúc {time}"),
    Source.KIOSK: source("Quét mã lúc {time}"),
}
SAYS_COMING = source("Đã hẹn sẽ đến")
SAID_BEFORE = source("Đã hẹn sẽ đến vào giờ cũ, trước khi đổi giờ họp")
ASKED_LEAVE = source("Đã xin vắng")
ASKED_BEFORE = source("Đã xin vắng vào giờ cũ, trước khi đổi giờ họp")
BY_PHONE = source("Đang dự qua điện thoại (bổ trợ), không tính có mặt")


@dataclass(frozen=True, kw_only=True, slots=True)
class RollLine:
    """One member. `present` None: not marked yet. `said`: a source text about `at`, or empty. In the member's own
    words: `note` with the leave that was asked, `plea` for another look at the decision (None: none was asked for)."""

    member: Member
    called: bool
    present: bool | None
    said: str
    at: datetime | None
    late: bool
    left_early: bool
    absence: Absence | None
    note: str = ""
    plea: str | None = None

    @property
    def undecided(self) -> bool:
        """Absent, and nobody has decided about the reason."""
        return self.absence is not None and self.absence.state is AbsenceState.UNDECIDED

    @property
    def decided(self) -> bool:
        """Absent, with a decision that can still be changed."""
        states = (AbsenceState.EXCUSED, AbsenceState.UNEXCUSED)
        return self.absence is not None and self.absence.state in states


@dataclass(frozen=True, kw_only=True, slots=True)
class RollLook:
    """The whole roll. `confirmed_at`: when the secretary last confirmed it; `counted`: members counted in the hall
    where that was another number than were marked then, else None."""

    lines: tuple[RollLine, ...]
    confirmed_at: datetime | None
    rate: str
    counted: int | None = None

    @property
    def differs(self) -> bool:
        """Whether marks and count disagree still: said to the secretary, who alone can tell which is right. Who came
        after the count makes no difference."""
        return self.confirmed_at is not None and self.counted not in {None, self.in_hall}

    @property
    def in_hall(self) -> int:
        """How many are marked present."""
        return sum(one.present is True for one in self.lines)

    @property
    def absent(self) -> tuple[RollLine, ...]:
        """Whom the confirmed roll does not find, where a reason is asked for."""
        return tuple(one for one in self.lines if one.undecided or one.decided)

    @property
    def undecided(self) -> int:
        """How many reasons are still to be decided."""
        return sum(one.undecided for one in self.lines)


async def look_at_roll(uow: UnitOfWork, sitting: AnySitting) -> RollLook:
    """Everybody of the roster but the suspended."""
    record = await attendance.record_of(uow, sitting)
    hall = read_hall(await attendance.evidence_of(uow, sitting.id), uow.now)
    coming = await attendance.coming(uow, sitting)
    heads, marked = await attendance.head_count(uow, sitting.id) or (None, None)
    people = [one for one in record.roster if one.category is not Category.SUSPENDED]
    leave = await attendance.leave_of(uow, sitting)
    notes = {one.member: one.note for one in leave.requests}
    pleas = {one.member: one.note for one in leave.contests}
    return RollLook(
        lines=tuple(
            replace(_line(one, record, hall, coming), note=notes.get(one.id, ""), plea=pleas.get(one.id))
            for one in people
        ),
        confirmed_at=hall.confirmed_at,
        rate=rate.text() if (rate := record.rate()) else "",
        counted=heads if heads != marked else None,
    )


def _line(member: Member, record: SittingRecord, hall: Hall, coming: Coming) -> RollLine:
    there = record.attendance[member.id]
    verdict = hall.verdict(member.id)
    said, at = _said(member, hall)
    absence = record.absences.get(member.id)
    return RollLine(
        member=member,
        called=member.id in record.convoked,
        present=verdict.present,
        said=said or (BY_PHONE if there.online else _answered(member.id, absence, coming)),
        at=at,
        late=there.late and there.hall_confirmed,
        left_early=there.left_early and there.hall_confirmed,
        absence=absence if record.roll_confirmed else None,
    )


def _answered(member: Id, absence: Absence | None, coming: Coming) -> str:
    """To the call; empty where nothing was answered."""
    if absence is not None and absence.asked:
        return ASKED_LEAVE
    if member in coming.now:
        return SAYS_COMING
    if absence is not None and absence.asked_before is not None:
        return ASKED_BEFORE
    return SAID_BEFORE if member in coming.before else ""


def _said(member: Member, hall: Hall) -> tuple[str, datetime | None]:
    marks = in_sequence(hall.marks.get(member.id, ()))
    scans = sorted(hall.scans.get(member.id, ()), key=lambda one: one.at)
    last = marks[-1] if marks else scans[0] if scans else None
    if last is None:
        return "", None
    return _SOURCES[last.source], last.at
