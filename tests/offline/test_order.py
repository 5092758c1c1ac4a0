"""What can have followed what in a kept sitting, and in which order it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from meetings.agenda.tasks import Outcome
from meetings.attendance.rules import EvidenceKind
from meetings.kernel.ids import derived_id
from meetings.offline.order import Step, check_order, first_marks, later_marks, steps
from meetings.offline.rules import (
    BadOrder,
    Kept,
    KeptBefore,
    KeptDraft,
    KeptGuest,
    KeptItem,
    KeptMark,
    KeptReport,
    KeptTask,
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


def guest(number: float) -> KeptGuest:
    return KeptGuest(full_name="Khách", comes_from="Xã", overseer=False, at=minute(number))


def draft(number: float) -> KeptDraft:
    return KeptDraft(id=A, item=derived_id("one"), text="Giao", after=0, at=minute(number))


def task(number: float) -> KeptTask:
    return KeptTask(title="Quét sân", member=A, due=date(2026, 11, 30), at=minute(number))


def report(number: float) -> KeptReport:
    return KeptReport(task=B, outcome=Outcome.LATE, after=0, at=minute(number))


BEFORE = KeptBefore(id=A, taken_up=True, decided_at=minute(30))


def test_the_last_word_before_the_confirmation_is_the_roll() -> None:
    assert [(one.member, one.kind) for one in first_marks(KEPT)] == [
        (A, EvidenceKind.PRESENT),
        (B, EvidenceKind.ABSENT),
    ]
    assert [one.kind for one in later_marks(KEPT)] == [EvidenceKind.LATE]


def test_it_is_told_in_the_order_in_which_it_happened() -> None:
    assert [step for _, step, _ in steps(KEPT)] == [
        *(Step.ROLL, Step.OPEN, Step.LEAVE, Step.START),
        *(Step.MARK, Step.PARTS, Step.STOP, Step.START, Step.STOP, Step.CLOSE),
    ]
    on_time = replace(KEPT, recorder=A)
    assert [step for _, step, _ in steps(on_time)][2:5] == [Step.LEAVE, Step.PARTS, Step.START]


def test_work_of_one_moment_comes_after_its_item_began() -> None:
    told = [step for _, step, _ in steps(replace(KEPT, tasks=(task(20),), reports=(report(20),)))]
    assert told[6:10] == [Step.STOP, Step.START, Step.REPORT, Step.GIVE]


def test_a_mark_with_a_reason_is_a_correction_and_stands_beside_the_roll() -> None:
    wrong = mark(B, EvidenceKind.ABSENT, -1)
    kept = replace(KEPT, marks=(wrong, replace(wrong, kind=EvidenceKind.PRESENT, reason="Bấm nhầm")))
    assert [one.reason for one in first_marks(kept)] == [""]
    assert [(at, step) for at, step, _ in steps(kept)][3:5] == [(AT, Step.MARK), (AT, Step.PARTS)]


def test_what_followed_is_accepted() -> None:
    check_order(KEPT)
    check_order(replace(KEPT, confirmed_at=minute(0.5), items=()))
    check_order(replace(KEPT, guests=(guest(-20), guest(30)), drafts=(draft(20),), before=(BEFORE,)))
    check_order(replace(KEPT, tasks=(task(0), task(90)), reports=(report(20),)))
    check_order(replace(KEPT, before=(KeptBefore(id=A, withdrawn_at=minute(30)),)))


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
        replace(KEPT, guests=(guest(91),)),
        replace(KEPT, guests=(guest(-13 * 60),)),
        replace(KEPT, drafts=(draft(-0.5),)),
        replace(KEPT, drafts=(draft(91),)),
        replace(KEPT, tasks=(task(-0.5),)),
        replace(KEPT, reports=(report(91),)),
        replace(KEPT, reports=(report(20), report(21))),
        replace(KEPT, tasks=(task(91),)),
        replace(KEPT, before=(BEFORE, BEFORE)),
        replace(KEPT, before=(replace(BEFORE, taken_up=None),)),
        replace(KEPT, before=(replace(BEFORE, withdrawn_at=minute(31)),)),
        replace(KEPT, before=(KeptBefore(id=A, withdrawn_at=minute(91)),)),
        replace(KEPT, before=(replace(BEFORE, decided_at=minute(91)),)),
        replace(KEPT, before=(replace(BEFORE, decided_at=minute(-0.5)),)),
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
