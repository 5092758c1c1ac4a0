"""What becomes of work given, from sitting to sitting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.agenda.rules import Item, ItemState
from meetings.agenda.tasks import (
    BadDue,
    DueNeeded,
    Followed,
    NoteNeeded,
    Outcome,
    Report,
    Task,
    TaskEnded,
    TaskOfThisSitting,
    check_due,
    follow,
    may_report,
    with_review,
)

NOW = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)
DAY = date(2026, 12, 24)


def task(name: str = "t", *, due: date = date(2026, 12, 1)) -> Task:
    return Task(id=name, cell="c", meeting="november", member="an", title="Việc", due=due, by="p", at=NOW)


def told(
    outcome: Outcome, meeting: str = "december", number: int = 1, *, due: date | None = None, note: str = ""
) -> Report:
    return Report(
        id=f"r{number}",
        task="t",
        meeting=meeting,
        sequence=number,
        outcome=outcome,
        by="p",
        at=NOW,
        due=due,
        note=note,
    )


def after(*reports: Report) -> Followed:
    return Followed(task=task(), reports=reports)


def test_work_is_open_until_it_is_done_or_dropped() -> None:
    assert after().open
    assert after(told(Outcome.LATE)).open
    longer = after(told(Outcome.EXTENDED, due=date(2027, 1, 5)))
    assert (longer.open, longer.due) == (True, date(2027, 1, 5))
    assert not after(told(Outcome.DONE)).open
    assert not after(told(Outcome.DROPPED, note="Không cần nữa")).open


def test_work_is_overdue_after_its_last_day_as_extended() -> None:
    assert not after().overdue(date(2026, 12, 1))
    assert after().overdue(date(2026, 12, 2))
    longer = after(told(Outcome.EXTENDED, due=date(2027, 1, 5)))
    assert not longer.overdue(date(2027, 1, 5))
    assert not after(told(Outcome.DONE)).overdue(date(2030, 1, 1))


def test_the_last_word_of_a_sitting_holds() -> None:
    corrected = after(told(Outcome.DONE), told(Outcome.LATE, number=2))
    found = corrected.found_at("december")
    assert found is not None
    assert (found.outcome, corrected.open) == (Outcome.LATE, True)
    assert corrected.before("december").reports == ()
    later = after(*corrected.reports, told(Outcome.DONE, "january", 3))
    assert later.before("january") == corrected
    assert later.found_at("february") is None


def test_what_a_sitting_may_say_of_work() -> None:
    fits = (told(Outcome.DONE), told(Outcome.EXTENDED, due=DAY), told(Outcome.DROPPED, note="Trùng việc"))
    for report in fits:
        may_report(after(), report, DAY)
    may_report(after(told(Outcome.DONE)), told(Outcome.LATE, number=2), DAY)
    refused = (
        (after(), told(Outcome.DONE, "november"), TaskOfThisSitting),
        (after(told(Outcome.DONE)), told(Outcome.LATE, "january", 2), TaskEnded),
        (after(), told(Outcome.EXTENDED), DueNeeded),
        (after(), told(Outcome.DONE, due=DAY), DueNeeded),
        (after(), told(Outcome.EXTENDED, due=DAY - timedelta(days=1)), BadDue),
        (after(), told(Outcome.DROPPED), NoteNeeded),
    )
    for followed, report, why in refused:
        with pytest.raises(why):
            may_report(followed, report, DAY)


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2026, 11, 24)])
def test_a_last_day_lies_ahead_but_not_absurdly(day: date) -> None:
    check_due(day, day)
    check_due(day + timedelta(days=5 * 365), day)
    for due in (day - timedelta(days=1), day + timedelta(days=7 * 366), date.min, date.max):
        with pytest.raises(BadDue):
            check_due(due, day)


def test_what_falls_due_first_comes_first() -> None:
    early, late = task("a", due=date(2026, 12, 1)), task("b", due=date(2026, 12, 9))
    report = Report(
        id="r", task="a", meeting="x", sequence=1, outcome=Outcome.EXTENDED, by="p", at=NOW, due=DAY
    )
    assert [one.task.id for one in follow([late, early], [])] == ["a", "b"]
    assert [one.task.id for one in follow([late, early], [report])] == ["b", "a"]


def items(*states: ItemState) -> list[Item]:
    begun = {ItemState.LIVE: NOW, ItemState.DONE: NOW}
    return [
        Item(
            id=str(n),
            meeting="m",
            position=n,
            title="",
            planned_minutes=5,
            state=one,
            started_at=begun.get(one),
        )
        for n, one in enumerate(states, 1)
    ]


LOOKS_BACK = Item(id="back", meeting="m", position=1, title="", planned_minutes=5, review=True)
P, L, D = ItemState.PLANNED, ItemState.LIVE, ItemState.DONE


@pytest.mark.parametrize(
    ("states", "place"), [((), 0), ((P,), 1), ((P, P, P), 1), ((D, L, P), 2), ((D, P, P), 1), ((D, P, D), 3)]
)
def test_looking_back_comes_after_the_opening_and_behind_what_has_begun(
    states: tuple[ItemState, ...], place: int
) -> None:
    found = with_review(items(*states), LOOKS_BACK)
    assert found.index(LOOKS_BACK) == place
    assert [one for one in found if one is not LOOKS_BACK] == items(*states)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Outcome), st.integers(0, 4)), max_size=8), st.randoms())
def test_reports_are_read_in_their_order_however_they_come(
    said: list[tuple[Outcome, int]], chance: Random
) -> None:
    reports = [
        told(outcome, f"m{meeting}", number, due=DAY if outcome is Outcome.EXTENDED else None)
        for number, (outcome, meeting) in enumerate(said, 1)
    ]
    mixed = [*reports]
    chance.shuffle(mixed)
    [found] = follow([task()], mixed)
    assert found.reports == tuple(reports)
    assert found.open == (not reports or not reports[-1].outcome.ends)
