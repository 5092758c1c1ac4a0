"""Pure words and powers of organisations and members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from meetings.kernel.ids import Id


class Category(StrEnum):
    """What a member is on a day (domain.md 2.1)."""

    OFFICIAL = "official"
    PROBATIONARY = "probationary"
    TEMPORARY_ARRIVED = "temporary_arrived"
    TEMPORARY_AWAY = "temporary_away"
    EXEMPT = "exempt"
    SUSPENDED = "suspended"


class Role(StrEnum):
    """A mandate held over time. Chair and recorder are roles of a sitting, not mandates."""

    SECRETARY = "secretary"
    DEPUTY = "deputy"
    COMMITTEE_MEMBER = "committee_member"
    OVERSEER = "overseer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Leaving(StrEnum):
    """Why somebody is a member of a cell no longer."""

    DIED = "died"
    TRANSFERRED = "transferred"
    TEMPORARY_OVER = "temporary_over"
    EXPELLED = "expelled"
    STRUCK_OFF = "struck_off"
    RESIGNED = "resigned"


class OrgKind(StrEnum):
    """Kinds of organisation after 1/7/2025, with the older ones kept for old papers (domain.md 5)."""

    CENTRAL = "central"
    PROVINCE = "province"
    AGENCY_BLOC = "agency_bloc"
    COMMUNE = "commune"
    BASE = "base"
    SUB_BASE = "sub_base"
    CELL = "cell"
    GROUP = "group"


class CellType(StrEnum):
    """Kinds of cell whose sittings differ in content (42-HD/BTCTW 28/10/2025; domain.md 1.6)."""

    RESIDENTIAL = "residential"
    AGENCY = "agency"
    PUBLIC_SERVICE = "public_service"
    ENTERPRISE = "enterprise"
    STUDENTS = "students"
    ARMED_FORCES = "armed_forces"


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Days from `since` up to and including `until` (None: still)."""

    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the day lies inside."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One person's place in one cell, as of a day. `id` is the membership's; a person may have two."""

    id: Id
    person: Id
    cell: Id
    full_name: str
    category: Category
    # Whether the underlying standing in the party is official: an exempt, away or suspended
    # member keeps it; a probationary or temporarily arrived one has no vote in this cell.
    official: bool
    smartphone: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Mandate:
    """A power held in an organisation for a time."""

    role: Role
    org: Id
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who asks, with the mandates and memberships of today and the organisations each mandate reaches."""

    person: Id
    session: Id
    mandates: tuple[Mandate, ...] = ()
    members: tuple[tuple[Id, Id], ...] = ()  # (cell, membership)

    def roles_in(self, orgs: Iterable[Id]) -> frozenset[Role]:
        """The roles held in any of these organisations."""
        wanted = set(orgs)
        return frozenset(mandate.role for mandate in self.mandates if mandate.org in wanted)

    def member_in(self, cell: Id) -> Id | None:
        """The asker's membership in that cell, if any."""
        return dict(self.members).get(cell)
