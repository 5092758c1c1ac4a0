"""Pure powers: the one family of functions that decides who may do what to whom, on a day.

Superiors audit; they never write into a cell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from meetings.committees.rules import Actor, OrgKind, Role
from meetings.kernel.errors import Forbidden
from meetings.kernel.ids import Id


class Act(StrEnum):
    """What can be asked for."""

    CONVENE = "convene"
    OPEN = "open"
    CLOSE = "close"
    ROLL = "roll"
    AGENDA = "agenda"
    VOTE = "vote_control"
    MINUTES = "minutes"
    ENTER_LATE = "enter_late"
    VIEW_CELL = "view_cell"
    AUDIT = "audit"
    ADMINISTER = "administer"
    SET_POLICY = "set_policy"
    DECIDE_MONTH = "decide_month"
    INVITE = "invite"
    IMPORT = "import"


class Part(StrEnum):
    """A part in one sitting, named there from those present (rules.md 2.2)."""

    CHAIR = "chair"
    RECORDER = "recorder"


class NoPower(Forbidden):
    """No mandate, membership or part of today gives this power. `act` is the code of what was asked."""

    code = "no-power"
    message = "Đồng chí không có quyền làm việc này ở đây."


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where something is asked for: the organisation, its kind, and those above it, nearest first.

    `parts` holds the memberships that are chair and recorder of the sitting in question, if there is one.
    """

    org: Id
    kind: OrgKind = OrgKind.CELL
    above: tuple[Id, ...] = ()
    parts: tuple[tuple[Part, Id], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Power:
    """Who holds a power: by a mandate in the very organisation, by one in an organisation above, as any
    member of the cell, or by a part in the sitting. `cells` and `committees`: on which kind it exists."""

    own: frozenset[Role] = frozenset()
    above: frozenset[Role] = frozenset()
    members: bool = False
    parts: frozenset[Part] = frozenset()
    cells: bool = True
    committees: bool = False


_LEADERS = frozenset({Role.SECRETARY, Role.DEPUTY})
_COMMITTEE = _LEADERS | {Role.COMMITTEE_MEMBER}
_WATCHERS = _COMMITTEE | {Role.AUDITOR}
_ADMIN = frozenset({Role.ADMINISTRATOR})
_CHAIR = frozenset({Part.CHAIR})
_RECORDER = frozenset({Part.RECORDER})

POWERS: Mapping[Act, Power] = {
    Act.CONVENE: Power(own=_LEADERS),
    Act.OPEN: Power(own=_LEADERS, parts=_CHAIR),
    Act.CLOSE: Power(own=_LEADERS, parts=_CHAIR),
    Act.ROLL: Power(own=_LEADERS, parts=_CHAIR | _RECORDER),
    Act.AGENDA: Power(own=_LEADERS, parts=_CHAIR | _RECORDER),
    Act.VOTE: Power(own=_LEADERS, parts=_CHAIR),
    Act.MINUTES: Power(own=_LEADERS, parts=_CHAIR | _RECORDER),
    Act.ENTER_LATE: Power(own=_LEADERS),
    Act.VIEW_CELL: Power(
        own=_COMMITTEE | {Role.OVERSEER, Role.AUDITOR}, above=frozenset({Role.AUDITOR}), members=True
    ),
    Act.AUDIT: Power(own=_WATCHERS | {Role.OVERSEER}, above=_WATCHERS, committees=True),
    Act.ADMINISTER: Power(own=_ADMIN, above=_ADMIN, committees=True),
    Act.SET_POLICY: Power(own=_LEADERS, cells=False, committees=True),
    Act.DECIDE_MONTH: Power(above=_COMMITTEE),
    Act.INVITE: Power(own=_LEADERS | _ADMIN, above=_ADMIN, committees=True),
    Act.IMPORT: Power(own=_LEADERS | _ADMIN, above=_ADMIN),
}


def can(actor: Actor, act: Act, place: Place, today: date) -> bool:
    """Whether the asker holds the power today."""
    power = POWERS[act]
    if not (power.cells if place.kind is OrgKind.CELL else power.committees):
        return False
    return (
        bool(_roles(actor, (place.org,), today) & power.own)
        or bool(_roles(actor, place.above, today) & power.above)
        or _as_member(actor, power, place)
    )


def may(actor: Actor, act: Act, place: Place, today: date) -> None:
    """Raises NoPower unless the asker holds the power today."""
    if not can(actor, act, place, today):
        raise NoPower(act=act.value)


def _roles(actor: Actor, orgs: tuple[Id, ...], today: date) -> frozenset[Role]:
    wanted = set(orgs)
    return frozenset(held.role for held in actor.mandates if held.org in wanted and held.span.covers(today))


def _as_member(actor: Actor, power: Power, place: Place) -> bool:
    membership = actor.member_in(place.org)
    if membership is None:
        return False
    return power.members or any(part in power.parts and who == membership for part, who in place.parts)
