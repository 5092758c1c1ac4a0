"""Who was present, who was entitled, at any second."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from meetings.attendance.rules import MemberAttendance
from meetings.committees.rules import Category, Member
from meetings.kernel.ids import Id


@dataclass(frozen=True, kw_only=True, slots=True)
class Present:
    """Two lists that are never added: the hall alone counts for a mandatory sitting."""

    hall: frozenset[Id]
    online: frozenset[Id]


def present_at(attendance: Mapping[Id, MemberAttendance], moment: datetime) -> Present:
    """Who was in the hall and who was connected at that second."""
    people = attendance.values()
    return Present(
        hall=frozenset(one.member for one in people if one.hall and one.hall.covers(moment)),
        online=frozenset(one.member for one in people if any(spell.covers(moment) for spell in one.online)),
    )


def in_hall(attendance: Mapping[Id, MemberAttendance]) -> frozenset[Id]:
    """Everybody whom the confirmed roll puts in the hall at some time of the sitting."""
    return frozenset(one.member for one in attendance.values() if one.hall_confirmed)


def has_vote(member: Member, *, taking_part: Collection[Id]) -> bool:
    """Whether the member may vote when in the hall (domain.md 2.1).

    Official members have a vote, also when temporarily sent elsewhere; exempt ones only if the secretary
    confirmed that they take part (`taking_part`); suspended, probationary and arrived ones never.
    """
    if not member.official or member.category in {
        Category.SUSPENDED,
        Category.PROBATIONARY,
        Category.TEMPORARY_ARRIVED,
    }:
        return False
    return member.category is not Category.EXEMPT or member.id in taking_part


def entitled_at(
    attendance: Mapping[Id, MemberAttendance],
    roster: Iterable[Member],
    moment: datetime,
    *,
    convoked: Collection[Id],
    taking_part: Collection[Id] = (),
) -> frozenset[Id]:
    """Who, at that second, was in the hall and had a vote."""
    here = present_at(attendance, moment).hall
    return frozenset(
        member.id
        for member in roster
        if member.id in here and member.id in convoked and has_vote(member, taking_part=taking_part)
    )


def hall_present(attendance: Mapping[Id, MemberAttendance], base: Collection[Id]) -> int:
    """How many members of the vote base the confirmed roll puts in the hall."""
    return len(in_hall(attendance) & frozenset(base))


def official_strength(roster: Iterable[Member]) -> int:
    """How many official members the cell has who are not suspended."""
    return sum(member.official and member.category is not Category.SUSPENDED for member in roster)
