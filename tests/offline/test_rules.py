"""The order in which a kept sitting is told, and what asks for a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meetings.attendance.rules import EvidenceKind
from meetings.kernel.ids import derived_id
from meetings.offline.rules import (
    BadOrder,
    Kept,
    KeptItem,
    KeptMark,
    Sending,
    Step,
    body_hash,
    check_order,
    clock_strays,
    difference,
    first_marks,
    later_marks,
    not_looked_at,
    steps,
)

AT = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
A, B = derived_id("a"), derived_id("b")


def minute(number: float) -> datetime:
    return AT + timedelta(minutes=number)


def mark(member: str, kind: EvidenceKind, number: float) -> KeptMark:
    return KeptMark(member=member, kind=kind, at=minute(number))


def item(name: str, since: float | None, until: float | None) -> KeptItem:
    return KeptItem(
        id=derived_id(name),
        title=name,
        planned_minutes=10,
        started_at=None if since is None else minute(since),
        ended_at=None if until is None else minute(until),
    )


KEPT = Kept(
    id=derived_id("record"),
    opened_at=AT,
    confirmed_at=minute(-1),
    closed_at=minute(90),
    marks=(
        mark(A, EvidenceKind.ABSENT, -5),
        mark(A, EvidenceKind.PRESENT, -4),
        mark(B, EvidenceKind.ABSENT, -3),
        mark(B, EvidenceKind.LATE, 10),
    ),
    head_count=1,
    chair=A,
    recorder=B,
    items=(item("one", 1, 20), item("two", 20, None), item("three", None, None)),
)


def test_the_last_word_before_the_confirmation_is_the_roll() -> None:
    assert [(one.member, one.kind) for one in first_marks(KEPT)] == [
        (A, EvidenceKind.PRESENT),
        (B, EvidenceKind.ABSENT),
    ]
    assert [one.kind for one in later_marks(KEPT)] == [EvidenceKind.LATE]


def test_it_is_told_in_the_order_in_which_it_happened() -> None:
    assert [step for _, step, _ in steps(KEPT)] == [
        *(Step.ROLL, Step.OPEN, Step.LEAVE, Step.PARTS),
        *(Step.START, Step.MARK, Step.STOP, Step.START, Step.STOP, Step.CLOSE),
    ]


def test_what_followed_is_accepted() -> None:
    check_order(KEPT)
    check_order(replace(KEPT, confirmed_at=minute(0.5), items=()))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(KEPT, closed_at=minute(-1)),
        replace(KEPT, closed_at=AT),
        replace(KEPT, read_at=minute(91)),
        replace(KEPT, read_at=minute(-1)),
        replace(KEPT, confirmed_at=minute(90)),
        replace(KEPT, confirmed_at=minute(-13 * 60)),
        replace(KEPT, marks=(mark(A, EvidenceKind.PRESENT, 91),)),
        replace(KEPT, items=(item("before", -1, 5),)),
        replace(KEPT, items=(item("after", 80, 91),)),
        replace(KEPT, items=(item("backwards", 10, 5),)),
        replace(KEPT, items=(item("nothing", 10, 10),)),
        replace(KEPT, items=(item("never", None, 5),)),
    ],
)
def test_what_cannot_have_followed_is_refused(wrong: Kept) -> None:
    with pytest.raises(BadOrder):
        check_order(wrong)


def test_a_clock_may_stray_a_little() -> None:
    assert clock_strays(minute(10), AT) is None
    assert clock_strays(minute(11), AT) == timedelta(minutes=11)
    assert clock_strays(minute(-1440), AT) == timedelta(days=-1)


def test_a_difference_is_looked_at_by_what_it_says() -> None:
    one, other = difference("Việc {number}", number=1), difference("Việc {number}", number=2)
    assert one.key != other.key
    assert one.key == difference("Việc {number}", number=1).key
    seen = Sending(based_on=0, sent_at=AT, accepted=frozenset({one.key}))
    assert not_looked_at([one], seen) == ()
    assert not_looked_at([one, other], seen) == (one, other)


def test_the_hash_is_of_what_was_kept() -> None:
    assert body_hash(KEPT) == body_hash(replace(KEPT))
    assert body_hash(KEPT) != body_hash(replace(KEPT, words="Khác"))
    assert body_hash(KEPT) != body_hash(replace(KEPT, items=KEPT.items[:2]))
