"""Who was present, who was entitled, at any second; and the minimum in the hall."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from meetings.attendance.rules import MemberAttendance
from meetings.committees.rules import Category, Member
from meetings.kernel.ids import Id
from meetings.kernel.text import date_text

# Điều lệ Đảng (19/01/2011), Điều 24 khoản 1: a cell has at least three official members (domain.md 1.1).
FEWEST = 3


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


@dataclass(frozen=True, kw_only=True, slots=True)
class HallMinimum:
    """How many of the base must be in the hall for a mandatory sitting to count.

    More than `numerator`/`denominator` of the base, never below `fewest`. A project policy (rules.md 1.4):
    `set_by` is the committee that set it and `source` its document; both empty for the software's default.
    """

    effective_from: date
    numerator: int = 1
    denominator: int = 2
    fewest: int = FEWEST
    set_by: str = ""
    source: str = ""

    def text(self) -> str:
        """Who set it, as shown beside the number (rules.md 6.7)."""
        if not self.set_by:
            return "Mức này là mặc định của phần mềm."
        return f"Mức này do {self.set_by} quy định."


DEFAULT_MINIMUM = HallMinimum(effective_from=date.min)


def minimum_on(day: date, policies: Iterable[HallMinimum]) -> HallMinimum:
    """The latest policy not after the day; the default where there is none."""
    valid = [policy for policy in policies if policy.effective_from <= day]
    return max(valid, key=lambda policy: policy.effective_from, default=DEFAULT_MINIMUM)


def hall_required(base_size: int, official_strength: int, policy: HallMinimum = DEFAULT_MINIMUM) -> int:
    """The number to reach: at least 1, never below `fewest` or the official strength if that is smaller."""
    share = base_size * policy.numerator // policy.denominator + 1
    return max(share, min(policy.fewest, official_strength), 1)


def below_minimum_text(
    *, held_on: date, present: int, required: int, policy: HallMinimum, month_still_runs: bool
) -> str:
    """The exact notice of rules.md 6.7."""
    text = (
        f"Đã họp trực tiếp ngày {date_text(held_on)}, nhưng số đảng viên chính thức tại hội trường "
        f"({present}) thấp hơn mức tối thiểu ({required}). Buổi họp được lưu đầy đủ; tháng "
        f"{held_on.month} chưa được tính là hoàn thành sinh hoạt thường kỳ. {policy.text()}"
    )
    return text + " Đồng chí có thể triệu tập lại trong tháng." if month_still_runs else text
