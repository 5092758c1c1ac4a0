"""Pure: who is called to a sitting, who is left out and why (rules.md 2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from meetings.committees.members import is_convoked
from meetings.committees.rules import Member
from meetings.kernel.errors import NotFound
from meetings.kernel.ids import Id
from meetings.notices.rules import Channel, may_convoke, may_leave_out


class NotOnRoster(NotFound):
    """The member is not on the cell's roster on the day of the sitting."""

    code = "not-on-roster"
    message = "Đồng chí này không có trong danh sách chi bộ vào ngày họp."


@dataclass(frozen=True, kw_only=True, slots=True)
class Convocation:
    """That a member was called (`how`) or left out (`left_out_reason`): one of the two. `by` is a person.

    `edition` counts the tellings of one member, from 1; the highest is what stands.
    """

    meeting: Id
    member: Id
    how: Channel | None
    at: datetime
    by: Id
    left_out_reason: str | None = None
    edition: int = 1


def convoke(
    roster: Iterable[Member],
    left_out: Mapping[Id, str],
    *,
    meeting: Id,
    how: Channel,
    by: Id,
    at: datetime,
) -> tuple[Convocation, ...]:
    """The whole roster called, suspended members apart, but for those left out with a reason.

    Raises ReasonToLeaveOut, NotOnRoster.
    """
    people = {member.id: member for member in roster}
    for member_id, reason in left_out.items():
        if member_id not in people:
            raise NotOnRoster
        may_leave_out(people[member_id].category, reason)
    return tuple(
        Convocation(
            meeting=meeting,
            member=member.id,
            how=None if member.id in left_out else how,
            left_out_reason=left_out.get(member.id),
            at=at,
            by=by,
        )
        for member in people.values()
        if is_convoked(member.category)
    )


def tell(
    member: Member,
    before: Iterable[Convocation],
    *,
    meeting: Id,
    how: Channel | None,
    reason: str | None,
    by: Id,
    at: datetime,
) -> Convocation:
    """One member told in another way, or left out (no `how`). Raises NotConvoked, ReasonToLeaveOut."""
    may_convoke(member.category)
    if how is None:
        may_leave_out(member.category, reason or "")
    editions = [one.edition for one in before if one.member == member.id]
    return Convocation(
        meeting=meeting,
        member=member.id,
        how=how,
        left_out_reason=None if how else reason,
        at=at,
        by=by,
        edition=max(editions, default=0) + 1,
    )


def standing(tellings: Iterable[Convocation]) -> list[Convocation]:
    """What stands for each member: the last telling."""
    last: dict[Id, Convocation] = {}
    for one in tellings:
        if one.member not in last or one.edition > last[one.member].edition:
            last[one.member] = one
    return list(last.values())


def told_by_voice(tellings: Iterable[Convocation], since: datetime | None = None) -> frozenset[Id]:
    """Those who were rung up or told in person at some time; `since`: after the sitting was moved."""
    spoken = {Channel.PHONE_CALL, Channel.BY_WORD}
    return frozenset(one.member for one in told_since(tellings, since) if one.how in spoken)


def told_since(tellings: Iterable[Convocation], since: datetime | None) -> list[Convocation]:
    """What was told after the sitting was moved; everything where it was not."""
    return [one for one in tellings if since is None or one.at >= since]


def tell_again(
    called: Iterable[Convocation], *, moved_at: datetime, how: Channel, by: Id, at: datetime
) -> list[Convocation]:
    """Everyone called who was not told since the sitting was moved, told of the new time."""
    return [
        replace(one, how=how, at=at, by=by, edition=one.edition + 1)
        for one in called
        if one.how is not None and one.at < moved_at
    ]
