"""Pure words of meetings: kind, mode, standing, state. Separate facts (rules.md 1)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id
from meetings.kernel.months import DEFAULT_ZONE, Month


class Kind(StrEnum):
    """What sort of sitting it is."""

    REGULAR = "regular"
    THEMATIC = "thematic"
    REGULAR_WITH_THEMATIC = "regular_with_thematic"
    EXTRAORDINARY = "extraordinary"
    COMMITTEE = "committee"
    CONGRESS = "congress"
    CEREMONY = "ceremony"
    ONLINE_SESSION = "online_session"
    PRACTICE = "practice"


class Mode(StrEnum):
    """How people gather."""

    IN_PERSON = "in_person"
    HYBRID = "hybrid"
    ONLINE = "online"


class Standing(StrEnum):
    """What a sitting counts for. A practice sitting has none: stored as `none`, absent by type elsewhere."""

    MANDATORY = "mandatory"
    ADDITIONAL = "additional"
    SUPPLEMENT = "supplement"
    NONE = "none"


class State(StrEnum):
    """States only go forward; `cancelled` is an end."""

    DRAFT = "draft"
    CONVENED = "convened"
    OPEN = "open"
    CLOSED = "closed"
    MINUTED = "minuted"
    SIGNED = "signed"
    CANCELLED = "cancelled"


ENDED = frozenset({State.CLOSED, State.MINUTED, State.SIGNED})


class NotThisStanding(Invalid):
    """Kind and mode do not go together (rules.md 1.1)."""

    code = "kind-mode-mismatch"
    message = "Loại buổi và hình thức họp không đi cùng nhau."


class OnlineIsSupplement(NotThisStanding):
    """A regular meeting asked for online."""

    code = "online-is-supplement"
    message = (
        "Sinh hoạt thường kỳ phải họp trực tiếp tại hội trường. Buổi họp trực tuyến chỉ là buổi bổ trợ, "
        "không thay thế sinh hoạt thường kỳ."
    )


class InPersonOnly(NotThisStanding):
    """A kind that is held in a hall only."""

    code = "in-person-only"
    message = "Loại buổi này chỉ tổ chức trực tiếp tại hội trường."


class OnlineOnly(NotThisStanding):
    """An online session asked for with a hall."""

    code = "online-only"
    message = "Buổi trực tuyến bổ trợ không họp tại hội trường."


class SupplementsNothing(Invalid):
    """Only a supplement may name the sitting it supplements."""

    code = "supplements-not-allowed"
    message = "Chỉ buổi bổ trợ trực tuyến mới ghi bổ trợ cho buổi nào."


class BadPlan(Invalid):
    """Planned minutes out of range."""

    code = "bad-plan"
    message = "Thời lượng dự kiến phải từ {least} đến {most} phút."


_MANDATORY = frozenset({Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC})
# May also be talked over on the phone, as a supplement; a congress or a ceremony may not (domain.md 3.2).
_ALSO_ONLINE = frozenset({Kind.THEMATIC, Kind.EXTRAORDINARY, Kind.COMMITTEE, Kind.ONLINE_SESSION})

# 42-HD/BTCTW of 28/10/2025: 90 minutes; 120 where both parts are held in one sitting (domain.md 1.2).
LEAST_MINUTES = 90
LEAST_MINUTES_COMBINED = 120
_PLANNED_LEAST, _PLANNED_MOST = 5, 24 * 60
# The place of every online session: nothing that tells of one may send anybody to a hall.
ON_PHONES = "Trực tuyến, trên điện thoại"


def standing_of(kind: Kind, mode: Mode) -> Standing:
    """What a sitting of this kind and mode counts for (rules.md 1.1). Raises a NotThisStanding."""
    if kind is Kind.PRACTICE:
        return Standing.NONE
    if mode is Mode.ONLINE:
        return _online(kind)
    if kind is Kind.ONLINE_SESSION:
        raise OnlineOnly
    if kind in _MANDATORY:
        return Standing.MANDATORY
    if mode is Mode.HYBRID:
        raise InPersonOnly
    return Standing.ADDITIONAL


def _online(kind: Kind) -> Standing:
    if kind in _MANDATORY:
        raise OnlineIsSupplement
    if kind not in _ALSO_ONLINE:
        raise InPersonOnly
    return Standing.SUPPLEMENT


def can_be_mandatory(kind: Kind, mode: Mode) -> bool:
    """Whether kind and mode are those of the month's regular meeting, whatever a record claims."""
    return kind in _MANDATORY and mode is not Mode.ONLINE


def serves_theme(kind: Kind, mode: Mode) -> bool:
    """Whether it can be the quarter's thematic sitting: in a hall, with a thematic part (rules.md 1.2)."""
    return kind in {Kind.THEMATIC, Kind.REGULAR_WITH_THEMATIC} and mode is not Mode.ONLINE


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingPlan:
    """What a secretary asks for when calling a sitting. `starts_at` aware UTC, minutes whole."""

    cell: Id
    kind: Kind
    mode: Mode
    title: str
    place: str
    starts_at: datetime
    planned_minutes: int = LEAST_MINUTES
    minimum_minutes: int = LEAST_MINUTES
    zone: str = DEFAULT_ZONE
    supplements: Id | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitting:
    """What every sitting has, practice or real. Times aware UTC.

    `month` is the month of the planned start until the sitting opens, then for ever the month of its
    opening, both in the cell's zone. `device_*` is what the device or server saw, `*_at` what counts.
    `moved_at`: when a sitting that people had been told of got another time or place; `moved_from`: the start of which
    they had been told.
    """

    id: Id
    cell: Id
    month: Month
    kind: Kind
    mode: Mode
    state: State = State.DRAFT
    title: str
    place: str
    starts_at: datetime
    planned_minutes: int
    minimum_minutes: int
    zone: str = DEFAULT_ZONE
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    device_opened_at: datetime | None = None
    device_closed_at: datetime | None = None
    cancelled_reason: str | None = None
    moved_at: datetime | None = None
    moved_from: datetime | None = None

    def __post_init__(self) -> None:
        """An online session has no hall, whatever was asked for or stored once."""
        if self.mode is Mode.ONLINE:
            object.__setattr__(self, "place", ON_PHONES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting(Sitting):
    """A real sitting with a standing. `fulfils`, `fulfils_theme` and the hall counts are set once, at close.

    `hall_present` counts members of the vote base confirmed in the hall, nobody else.
    """

    standing: Standing
    supplements: Id | None = None
    hall_present: int = 0
    hall_required: int = 0
    fulfils: bool = False
    fulfils_theme: bool = False
    entered_late_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Practice(Sitting):
    """A "buổi tập": every step, no standing. It is another type, so that nothing that counts can take it."""


AnySitting: TypeAlias = Meeting | Practice


def draft(plan: MeetingPlan, *, sitting: Id) -> AnySitting:
    """A new sitting in draft under that id. Raises NotThisStanding, SupplementsNothing, BadPlan."""
    standing = standing_of(plan.kind, plan.mode)
    if plan.supplements is not None and standing is not Standing.SUPPLEMENT:
        raise SupplementsNothing
    if not _PLANNED_LEAST <= plan.planned_minutes <= _PLANNED_MOST:
        raise BadPlan(least=_PLANNED_LEAST, most=_PLANNED_MOST)
    common = Sitting(
        id=sitting,
        cell=plan.cell,
        month=Month.of(plan.starts_at, plan.zone),
        kind=plan.kind,
        mode=plan.mode,
        title=plan.title,
        place=plan.place,
        starts_at=plan.starts_at,
        planned_minutes=plan.planned_minutes,
        minimum_minutes=plan.minimum_minutes,
        zone=plan.zone,
    )
    facts = {field.name: getattr(common, field.name) for field in fields(common)}
    if standing is Standing.NONE:
        return Practice(**facts)
    return Meeting(**facts, standing=standing, supplements=plan.supplements)


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """What closing decides, once. `below_minimum`: held, but with too few of the vote base in the hall."""

    hall_present: int
    hall_required: int
    fulfils: bool
    fulfils_theme: bool
    below_minimum: bool
