"""Numbers of a sitting: per category and channel, and the rate as two sets of names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from meetings.attendance.leave import took_part
from meetings.attendance.rules import Absence, AbsenceState, Channel, MemberAttendance
from meetings.committees.rules import Category, Member
from meetings.convening.rules import Mode
from meetings.kernel.ids import Id
from meetings.kernel.text import percent_text

CELLS = ("hall", "online", "both", "excused", "unexcused", "undecided")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """Attendance as a/b: `part` of `whole`, by name, in the order of the roster."""

    part: tuple[Id, ...]
    whole: tuple[Id, ...]

    def text(self) -> str:
        """15/22 = 68,18 %."""
        a, b = len(self.part), len(self.whole)
        return f"{a}/{b} = {percent_text(a, b)}"


def counts(
    roster: Iterable[Member],
    attendance: Mapping[Id, MemberAttendance],
    absences: Mapping[Id, Absence],
) -> dict[Category, dict[str, int]]:
    """{category: {hall, online, both, excused, unexcused, undecided}}; every category has all six.

    Each member stands in one cell at most: who is on the phone stands under online and not again under the
    decision about the absence; whose absence needs no reason stands in none.
    """
    table = {category: dict.fromkeys(CELLS, 0) for category in Category}
    for member in roster:
        cell = _cell(attendance[member.id], absences.get(member.id))
        if cell is not None:
            table[member.category][cell] += 1
    return table


def _cell(attendance: MemberAttendance, absence: Absence | None) -> str | None:
    if attendance.channel is not Channel.NONE:
        return attendance.channel.value
    if absence is None or absence.state is AbsenceState.NOT_REQUIRED:
        return None
    return absence.state.value


def rate(roster: Iterable[Member], attendance: Mapping[Id, MemberAttendance], *, mode: Mode) -> Rate:
    """Who took part, of whom it was expected (domain.md 2.1, 6.1; rules.md 7 story 2).

    Exempt and suspended members are in neither set; temporarily away ones in both if they came, else in
    neither. In a hybrid sitting phones count in `whole` only. Convocation does not matter, so that leaving
    somebody out cannot better the rate.
    """
    members = list(roster)
    came = {member.id for member in members if took_part(attendance[member.id], mode)}
    whole = tuple(member.id for member in members if _expected(member, member.id in came))
    return Rate(part=tuple(member for member in whole if member in came), whole=whole)


def _expected(member: Member, came: bool) -> bool:
    if member.category is Category.TEMPORARY_AWAY:
        return came
    return member.category not in {Category.EXEMPT, Category.SUSPENDED}
