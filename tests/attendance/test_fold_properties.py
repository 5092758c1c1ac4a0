"""Delivery cannot change attendance: order, repetition, loss followed by a poll, delay (architecture 3)."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.attendance.fold import fold
from meetings.attendance.presence import present_at
from meetings.attendance.rules import (
    Disagreement,
    Evidence,
    EvidenceKind,
    Interval,
    MemberAttendance,
    Source,
)
from meetings.attendance.spans import union, within
from meetings.committees.rules import Category
from meetings.convening.rules import Mode
from meetings.rooms.rules import Ban, Seat
from tests.cell_s import (
    CLOSED,
    MEETING,
    OPENED,
    ROSTER,
    SECRETARY,
    at,
    confirmed,
    corrected,
    evidence,
    ids,
    joined,
    left,
    marked,
    scanned,
)

PEOPLE = (*ids(Category.OFFICIAL, 0, 3), *ids(Category.PROBATIONARY, 0, 1), *ids(Category.SUSPENDED))
MINUTES = 95
STEP = 5  # the true world changes at whole steps only
bounded = settings(max_examples=100, deadline=None, derandomize=True)


@dataclass(frozen=True)
class Stay:
    """One true connection, in minutes after the opening; `end` None: until the closing."""

    who: str
    sid: str
    start: int
    end: int | None


@st.composite
def stays(draw: st.DrawFn) -> list[Stay]:
    """Up to eight connections, some of the same person at once."""
    found = []
    for place in range(draw(st.integers(0, 8))):
        start = draw(st.integers(-1, MINUTES // STEP - 2))
        length = draw(st.none() | st.integers(1, 20))
        end = None if length is None else STEP * (start + length)
        found.append(Stay(draw(st.sampled_from(PEOPLE)), f"PA_{place}", STEP * start, end))
    return found


@st.composite
def hall_facts(draw: st.DrawFn) -> list[Evidence]:
    """Scans, marks and confirmations, as chance has it."""
    facts: list[Evidence] = []
    kinds = [EvidenceKind.PRESENT, EvidenceKind.ABSENT, EvidenceKind.LATE, EvidenceKind.LEFT_EARLY]
    for sequence in range(1, draw(st.integers(0, 8)) + 1):
        who, minute = draw(st.sampled_from(PEOPLE)), draw(st.integers(0, MINUTES))
        make = draw(st.sampled_from([marked, corrected]))
        facts.append(make(draw(st.sampled_from(kinds)), who, minute, sequence))
    for _ in range(draw(st.integers(0, 4))):
        facts.append(scanned(draw(st.sampled_from(PEOPLE)), draw(st.integers(-10, MINUTES))))
    return facts + [confirmed(minute, 50) for minute in draw(st.lists(st.integers(0, MINUTES), max_size=2))]


def webhooks(world: Iterable[Stay]) -> list[Evidence]:
    """What the media server tells, each with its own joined_at."""
    facts = []
    for stay in world:
        facts.append(replace(joined(stay.who, stay.start, stay.sid), since=at(stay.start)))
        if stay.end is not None:
            facts.append(replace(left(stay.who, stay.end, stay.sid), since=at(stay.start)))
    return facts


def poll(world: Iterable[Stay], minute: float) -> Evidence:
    """The complete list of that moment."""
    here = [one for one in world if one.start <= minute and (one.end is None or minute < one.end)]
    seats = tuple(Seat(sid=one.sid, member=one.who, since=at(one.start)) for one in here)
    return replace(evidence(EvidenceKind.LISTED, minute, Source.POLL), seats=seats)


def beats(world: Iterable[Stay]) -> list[Evidence]:
    """One row of heartbeats for each connection, until a minute before its end."""
    rows = []
    for stay in world:
        row = evidence(EvidenceKind.SEEN, stay.start, Source.HEARTBEAT, who=stay.who, sid=stay.sid)
        rows.append(replace(row, until=at((MINUTES if stay.end is None else stay.end) - 1)))
    return rows


def attendance(facts: Iterable[Evidence], bans: tuple[Ban, ...] = ()) -> dict[str, MemberAttendance]:
    """The fold a while after the closing. Which rows a finding rests on depends on what was received."""
    found = fold(
        facts,
        opened_at=OPENED,
        closed_at=CLOSED,
        roster=ROSTER,
        now=CLOSED + timedelta(minutes=30),
        mode=Mode.HYBRID,
        bans=bans,
    )
    return {who: replace(one, disagreements=_without_rows(one)) for who, one in found.items()}


def _without_rows(found: MemberAttendance) -> tuple[Disagreement, ...]:
    return tuple(replace(one, evidence=()) for one in found.disagreements)


def truth(world: Iterable[Stay], who: str) -> tuple[Interval, ...]:
    """The intervals as they were."""
    if who in ids(Category.SUSPENDED):
        return ()
    own = [one for one in world if one.who == who]
    return within(
        union(Interval(at(one.start), None if one.end is None else at(one.end)) for one in own),
        OPENED,
        CLOSED,
    )


def jumbled(facts: list[Evidence], chance: random.Random) -> list[Evidence]:
    """Any order, some twice, each received up to 60 s late."""
    repeated = facts + [one for one in facts if chance.random() < 0.5]
    chance.shuffle(repeated)
    return [replace(one, received_at=one.at + timedelta(seconds=chance.uniform(0, 60))) for one in repeated]


@bounded
@given(stays())
def test_full_evidence_gives_the_true_intervals(world: list[Stay]) -> None:
    facts = (
        webhooks(world) + [poll(world, minute + 0.5) for minute in range(-STEP, MINUTES, STEP)] + beats(world)
    )
    found = attendance(facts)
    assert {who: found[who].online for who in PEOPLE} == {who: truth(world, who) for who in PEOPLE}


@bounded
@given(
    stays(), hall_facts(), st.lists(st.integers(0, MINUTES), max_size=3), st.randoms(use_true_random=False)
)
def test_order_repetition_and_delay_change_nothing(
    world: list[Stay], hall: list[Evidence], polls: list[int], chance: random.Random
) -> None:
    facts = webhooks(world) + beats(world) + hall + [poll(world, minute + 0.5) for minute in polls]
    assert attendance(jumbled(facts, chance)) == attendance(facts)


@bounded
@given(stays(), hall_facts(), st.randoms(use_true_random=False))
def test_any_loss_followed_by_a_poll_gives_the_same_attendance(
    world: list[Stay], hall: list[Evidence], chance: random.Random
) -> None:
    """Polls at the minute, where the world changes: whatever webhooks are lost, nothing differs."""
    polls = [poll(world, minute) for minute in range(-STEP, 4 * MINUTES // 3, STEP)]
    kept = [one for one in webhooks(world) if chance.random() < 0.5]
    assert attendance(jumbled(kept + polls + hall, chance)) == attendance(webhooks(world) + polls + hall)


@bounded
@given(stays(), st.integers(1, 59), st.randoms(use_true_random=False))
def test_a_loss_is_wrong_only_until_the_next_poll(
    world: list[Stay], seconds: int, chance: random.Random
) -> None:
    """Polls between the changes: a lost join is told by the poll itself, a lost leaving ends at the poll."""
    polls = [poll(world, minute + seconds / 60) for minute in range(-STEP, MINUTES, STEP)]
    kept = [one for one in webhooks(world) if chance.random() < 0.5]
    lossy, full = attendance(kept + polls), attendance(webhooks(world) + polls)
    assert {who: lossy[who].channel for who in PEOPLE} == {who: full[who].channel for who in PEOPLE}
    for polled in polls:
        assert present_at(lossy, polled.at) == present_at(full, polled.at)


@bounded
@given(stays(), st.integers(0, MINUTES), st.randoms(use_true_random=False))
def test_a_webhook_that_comes_after_the_poll_restores_the_exact_time(
    world: list[Stay], minute: int, chance: random.Random
) -> None:
    facts = webhooks(world)
    assert attendance([poll(world, minute + 0.5), *jumbled(facts, chance)]) == attendance(facts)


@bounded
@given(stays(), hall_facts())
def test_online_evidence_never_makes_presence_in_the_hall(world: list[Stay], hall: list[Evidence]) -> None:
    without = attendance(hall)
    found = attendance(hall + webhooks(world) + beats(world))
    assert {who: found[who].hall for who in found} == {who: without[who].hall for who in without}
    assert not any(one.hall_confirmed for one in attendance(webhooks(world)).values())


@bounded
@given(stays(), hall_facts(), st.integers(0, MINUTES))
def test_who_is_banned_or_suspended_is_not_online(
    world: list[Stay], hall: list[Evidence], minute: int
) -> None:
    ban = Ban(meeting=MEETING, member=PEOPLE[0], at=at(minute), by=SECRETARY, reason="ồn")
    found = attendance(webhooks(world) + beats(world) + hall, (ban,))
    for moment in range(minute, MINUTES, 3):
        assert PEOPLE[0] not in present_at(found, at(moment)).online
    assert found[PEOPLE[-1]].channel.value == "none"


@bounded
@given(stays(), hall_facts(), st.integers(0, MINUTES - 1))
def test_the_past_is_not_changed_by_what_follows(
    world: list[Stay], hall: list[Evidence], minute: int
) -> None:
    """Asked as of a minute, evidence of later minutes makes no difference."""
    facts = webhooks(world) + hall
    known = [one for one in facts if one.at <= at(minute)]
    asked = {"opened_at": OPENED, "closed_at": None, "roster": ROSTER, "mode": Mode.HYBRID}
    assert fold(facts, now=at(minute), **asked) == fold(known, now=at(minute), **asked)  # type: ignore[arg-type]  # one dict of keywords
