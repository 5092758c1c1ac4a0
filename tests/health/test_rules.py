"""When something is well, when somebody should do something, and that the sentence says what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from meetings.health import rules
from meetings.ledger.rules import LogState
from meetings.notices.rules import Waiting

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def _log(*, waiting: int = 0, since: timedelta | None = None, seen: timedelta | None = None) -> LogState:
    return LogState(
        waiting=waiting,
        since=None if since is None else NOW - since,
        signed_at=NOW - timedelta(hours=1),
        seen_at=None if seen is None else NOW - seen,
    )


@pytest.mark.parametrize(("age", "ok"), [(0 * DAY, True), (7 * DAY, True), (8 * DAY, False), (None, False)])
def test_a_backup_is_made_every_week(age: timedelta | None, ok: bool) -> None:
    found = rules.backup_finding(None if age is None else NOW - age, NOW)
    assert found.ok is ok
    assert ("chibo backup" in found.vi, "chibo backup" in found.en) == (not ok, not ok)


def test_times_are_those_of_viet_nam() -> None:
    assert "19:30 24/11/2026" in rules.backup_finding(NOW, NOW).vi


def test_the_log_may_wait_a_moment_only() -> None:
    assert rules.log_finding(_log(waiting=3, since=timedelta(seconds=20)), NOW).ok
    late = rules.log_finding(_log(waiting=3, since=timedelta(minutes=3)), NOW)
    assert (late.ok, "3 mục" in late.vi) == (False, True)


def test_a_witness_is_asked_for_only_where_there_is_one() -> None:
    assert rules.witness_finding(_log(), 0, NOW).ok
    assert not rules.witness_finding(_log(), 1, NOW).ok
    assert not rules.witness_finding(_log(seen=8 * DAY), 1, NOW).ok
    assert rules.witness_finding(_log(seen=2 * DAY), 1, NOW).ok


def test_a_witness_who_saw_everything_is_not_late() -> None:
    quiet = LogState(waiting=0, since=None, signed_at=NOW - 30 * DAY, seen_at=NOW - 29 * DAY)
    assert rules.witness_finding(quiet, 1, NOW).ok


def test_notices_that_nobody_sends_do_not_wait() -> None:
    queue = Waiting(sends=False, count=40, since=NOW - DAY, given_up=0)
    assert rules.notices_finding(queue, NOW).ok
    assert not rules.notices_finding(Waiting(sends=True, count=40, since=NOW - DAY, given_up=0), NOW).ok
    assert not rules.notices_finding(Waiting(sends=True, count=0, since=None, given_up=1), NOW).ok
    assert rules.notices_finding(Waiting(sends=True, count=0, since=None, given_up=0), NOW).ok


def test_a_slow_database_is_said_to_be_slow() -> None:
    assert rules.database_finding("SQLite", 0.001).ok
    assert "1200 ms" in rules.database_finding("SQLite", 1.2).vi
    assert not rules.database_finding("SQLite", 1.2).ok


def test_what_needs_somebody_comes_first() -> None:
    well, amiss = rules.SOUND, rules.NO_DATABASE
    assert rules.worst_first([well, amiss, well]) == [amiss, well, well]
