"""The vote base, name by name (domain.md 2.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from meetings.attendance.rules import Absence, AbsenceState
from meetings.committees.rules import Category, Member
from meetings.kernel.ids import Id
from meetings.voting.refusals import NotExcused, NotTakingPart
from meetings.voting.rules import Base, BaseKind, Excluded, Included, Move


def base_of(
    roster: Iterable[Member],
    *,
    convoked: Collection[Id],
    present: Collection[Id],
    by_phone: Collection[Id] = (),
    taking_part: Collection[Id] = (),
    kind: BaseKind = BaseKind.STATUTORY,
    excused: Collection[Id] = (),
) -> Base:
    """Official members convoked, less those sent elsewhere and those exempt who are absent.

    294-QĐ/TW (26/05/2025), 9.3.2: official members absent for work stay in. `present`: in the hall when the
    vote opens (in a supplement: connected). `by_phone` of a hybrid sitting are absent here. `taking_part`:
    exempt members present whom the secretary confirmed; whether they may vote after 208-QĐ/TW (26/07/2026)
    is unsure, so leaving it empty switches it off. `excused`: official members absent all through whose reason
    was accepted; they leave a base LESS_EXCUSED, as in elections (190-QĐ/TW, 10/10/2024, Điều 30).
    """
    included: list[tuple[Id, Included]] = []
    excluded: list[tuple[Id, Excluded]] = []
    for member in roster:
        out = (
            _no_vote(member, convoked)
            or _not_there(member, present, taking_part)
            or _taken_off(member, kind, present, excused)
        )
        if out is not None:
            excluded.append((member.id, out))
        else:
            included.append((member.id, _why(member, present, by_phone)))
    return Base(included=tuple(included), excluded=tuple(excluded))


def check_taking_part(base: Base, taking_part: Collection[Id]) -> None:
    """Raises NotTakingPart where somebody was confirmed who is not an exempt member present."""
    if not frozenset(base.having(Included.EXEMPT_TAKING_PART)).issuperset(taking_part):
        raise NotTakingPart


def check_excused(base: Base, excused: Collection[Id]) -> None:
    """Raises NotExcused where somebody was named who is not an official member absent, or the base keeps all."""
    if not frozenset(base.having(Excluded.EXCUSED_ALL_THROUGH)).issuperset(excused):
        raise NotExcused


def moved(before: Base, after: Base) -> tuple[Move, ...]:
    """Who came, went or changed in standing between two moments, in the order of the roster."""
    then: dict[Id, Included | Excluded] = {**dict(before.included), **dict(before.excluded)}
    now: dict[Id, Included | Excluded] = {**dict(after.included), **dict(after.excluded)}
    return tuple(
        Move(member=who, before=then.get(who), after=now.get(who))
        for who in dict.fromkeys((*then, *now))
        if then.get(who) != now.get(who)
    )


def can_raise(base: Base, moves: Iterable[Move]) -> frozenset[Id]:
    """Members of the base who were in the hall when it was fixed, and those who came since."""
    absent = {Included.ABSENT, Included.ABSENT_BY_PHONE}
    came = {one.member for one in moves if one.before in absent and one.after is Included.PRESENT}
    return base.present | came


def may_be_excused(member: Member, absence: Absence | None) -> bool:
    """Whether a base LESS_EXCUSED can leave them out: an official member, absent, whose reason was accepted."""
    official = member.category is Category.OFFICIAL and member.official
    return official and absence is not None and absence.state is AbsenceState.EXCUSED


def _taken_off(
    member: Member, kind: BaseKind, present: Collection[Id], excused: Collection[Id]
) -> Excluded | None:
    if kind is BaseKind.STATUTORY or member.id in present:
        return None
    if kind is BaseKind.PRESENT:
        return Excluded.NOT_PRESENT
    return Excluded.EXCUSED_ALL_THROUGH if member.id in excused else None


def _no_vote(member: Member, convoked: Collection[Id]) -> Excluded | None:
    if member.category is Category.SUSPENDED:
        return Excluded.SUSPENDED
    if member.category is Category.TEMPORARY_ARRIVED:
        return Excluded.TEMPORARY_ARRIVED
    if member.category is Category.PROBATIONARY or not member.official:
        return Excluded.PROBATIONARY
    return None if member.id in convoked else Excluded.NOT_CONVOKED


def _not_there(member: Member, present: Collection[Id], taking_part: Collection[Id]) -> Excluded | None:
    here = member.id in present
    if member.category is Category.TEMPORARY_AWAY and not here:
        return Excluded.AWAY_ABSENT
    if member.category is Category.EXEMPT and not here:
        return Excluded.EXEMPT_ABSENT
    if member.category is Category.EXEMPT and member.id not in taking_part:
        return Excluded.EXEMPT_NOT_TAKING_PART
    return None


def _why(member: Member, present: Collection[Id], by_phone: Collection[Id]) -> Included:
    if member.category is Category.TEMPORARY_AWAY:
        return Included.AWAY_PRESENT
    if member.category is Category.EXEMPT:
        return Included.EXEMPT_TAKING_PART
    if member.id in present:
        return Included.PRESENT
    return Included.ABSENT_BY_PHONE if member.id in by_phone else Included.ABSENT
