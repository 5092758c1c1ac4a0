"""What asks for a look, and what makes a record the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from meetings.offline.rules import Sending, body_hash, clock_strays, difference, not_looked_at
from tests.offline.test_order import AT, KEPT, minute, task


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
    assert body_hash(replace(KEPT, tasks=(task(1),))) != body_hash(replace(KEPT, tasks=(task(2),)))
