"""Cell S of the design's stories: 28 invented members and its November hybrid, as evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from meetings.attendance.fold import fold
from meetings.attendance.leave import LeaveRecord
from meetings.attendance.rules import (
    Decision,
    Evidence,
    EvidenceKind,
    LeaveDecision,
    MemberAttendance,
    Reason,
    Source,
)
from meetings.committees.rules import Category, Member
from meetings.convening.rules import Mode
from meetings.kernel.ids import derived_id

MEETING = derived_id("cell-s", "november")
SECRETARY = derived_id("cell-s", "secretary")
OPENED = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
CLOSED = OPENED + timedelta(minutes=95)

_SIZES = (
    (Category.OFFICIAL, 19, True),
    (Category.PROBATIONARY, 2, False),
    (Category.TEMPORARY_ARRIVED, 1, False),
    (Category.TEMPORARY_AWAY, 2, True),
    (Category.EXEMPT, 3, True),
    (Category.SUSPENDED, 1, True),
)


def member(category: Category, number: int = 1, *, official: bool | None = None) -> Member:
    """One invented member; official unless the category says otherwise."""
    unofficial = {Category.PROBATIONARY, Category.TEMPORARY_ARRIVED}
    return Member(
        id=derived_id(category.value, str(number)),
        person=derived_id("person", category.value, str(number)),
        cell=derived_id("cell-s"),
        full_name=f"Thử Nghiệm {category.value} {number}",
        category=category,
        official=category not in unofficial if official is None else official,
    )


ROSTER = tuple(member(category, number + 1) for category, size, _ in _SIZES for number in range(size))
CONVOKED = frozenset(one.id for one in ROSTER if one.category is not Category.SUSPENDED)


def ids(category: Category, start: int = 0, stop: int | None = None) -> tuple[str, ...]:
    """Members of that category, by their place in the roster."""
    return tuple(one.id for one in ROSTER if one.category is category)[start:stop]


ELDER = ids(Category.EXEMPT)[0]
HALL = (
    *ids(Category.OFFICIAL, 0, 13),
    ids(Category.PROBATIONARY)[0],
    *ids(Category.TEMPORARY_ARRIVED),
    ELDER,
)
PHONES = (*ids(Category.OFFICIAL, 13, 16), ids(Category.PROBATIONARY)[1])
EXCUSED = ids(Category.OFFICIAL, 16, 18)
UNEXCUSED = ids(Category.OFFICIAL, 18, 19)


def at(minutes: float) -> datetime:
    """Minutes after the opening."""
    return OPENED + timedelta(minutes=minutes)


def evidence(
    kind: EvidenceKind,
    minutes: float,
    source: Source,
    *,
    who: str | None = None,
    sid: str | None = None,
    sequence: int = 0,
) -> Evidence:
    """One fact, received when it happened."""
    moment = at(minutes)
    by_hand = source in {Source.ROLL_CALL, Source.CORRECTION}
    return Evidence(
        id=derived_id(kind, source, str(minutes), str(who), str(sid), str(sequence)),
        meeting=MEETING,
        source=source,
        kind=kind,
        at=moment,
        received_at=moment,
        member=who,
        participant_sid=sid,
        sequence=sequence,
        by=SECRETARY if by_hand else None,
        reason="ghi nhầm" if source is Source.CORRECTION else None,
    )


def joined(who: str, minutes: float, sid: str) -> Evidence:
    """A webhook."""
    return evidence(EvidenceKind.JOINED, minutes, Source.WEBHOOK, who=who, sid=sid)


def left(who: str, minutes: float, sid: str) -> Evidence:
    """A webhook."""
    return evidence(EvidenceKind.LEFT, minutes, Source.WEBHOOK, who=who, sid=sid)


def scanned(who: str, minutes: float) -> Evidence:
    """A code scanned in the hall."""
    return evidence(EvidenceKind.SCANNED, minutes, Source.HALL_QR, who=who)


def marked(kind: EvidenceKind, who: str, minutes: float, sequence: int) -> Evidence:
    """A mark of the roll."""
    return evidence(kind, minutes, Source.ROLL_CALL, who=who, sequence=sequence)


def corrected(kind: EvidenceKind, who: str, minutes: float, sequence: int) -> Evidence:
    """A mark made again afterwards."""
    return evidence(kind, minutes, Source.CORRECTION, who=who, sequence=sequence)


def confirmed(minutes: float, sequence: int) -> Evidence:
    """The whole roll confirmed."""
    return evidence(EvidenceKind.CONFIRMED, minutes, Source.ROLL_CALL, sequence=sequence)


def november() -> list[Evidence]:
    """Half of the hall scans, half is marked by hand; four connect by phone."""
    facts = [scanned(who, -5) for who in HALL[:8]]
    facts += [marked(EvidenceKind.PRESENT, who, 1, place + 1) for place, who in enumerate(HALL[8:])]
    facts.append(confirmed(5, 100))
    for place, who in enumerate(PHONES):
        facts += [joined(who, 1 + place, f"PA_{place}"), left(who, 94, f"PA_{place}")]
    return facts


def attendance_of(facts: Iterable[Evidence]) -> dict[str, MemberAttendance]:
    """The fold of the closed hybrid."""
    return fold(facts, opened_at=OPENED, closed_at=CLOSED, roster=ROSTER, now=CLOSED, mode=Mode.HYBRID)


def decision(who: str, chosen: Decision, sequence: int = 1, reason: Reason | None = None) -> LeaveDecision:
    """The secretary decides about an absence."""
    return LeaveDecision(
        id=derived_id(who, chosen, str(sequence)),
        meeting=MEETING,
        member=who,
        decision=chosen,
        reason=reason,
        by=SECRETARY,
        at=at(sequence),
        starts_at=at(0),
        sequence=sequence,
    )


def leave() -> LeaveRecord:
    """Everyone absent is decided, phones included: they are absent from the hall."""
    excused = [decision(who, Decision.EXCUSED, reason=Reason.ILL) for who in EXCUSED]
    phones = [decision(who, Decision.EXCUSED, reason=Reason.WORKING_AWAY) for who in PHONES]
    return LeaveRecord(
        decisions=[*excused, *phones, *(decision(who, Decision.UNEXCUSED) for who in UNEXCUSED)]
    )
