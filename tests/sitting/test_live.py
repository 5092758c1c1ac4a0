"""Followers of a sitting: bounded, each event once, whatever comes first."""

from __future__ import annotations

from meetings.kernel.ids import new_id
from meetings.ledger.rules import Happened
from meetings.sitting.happenings import Happening, last_of_each, vote_of
from meetings.sitting.live import MOST_WAITING, Follower


def happening(number: int, kind: str = "agenda") -> Happening:
    return Happening(number=number, kind=kind, facts={})


def act(number: int, name: str, subject: str | None = None, **public: str) -> Happened:
    return Happened(number=number, act=name, subject=subject, public=public)


async def test_what_was_told_is_not_told_again() -> None:
    follower = Follower(new_id())
    follower.tell([happening(3), happening(4)])
    follower.tell([happening(4), happening(6)])
    taken = [await follower.take(1) for _ in range(3)]
    assert [one.number for one in taken if one] == [3, 4, 6]
    assert await follower.take(0.01) is None
    assert not follower.dropped


async def test_who_takes_nothing_is_dropped_and_holds_nothing() -> None:
    follower = Follower(new_id())
    follower.tell([happening(number) for number in range(1, MOST_WAITING + 2)])
    assert follower.dropped
    assert await follower.take(1) is None


def test_of_many_answers_to_a_vote_only_the_newest_counts() -> None:
    acts = [
        act(1, "voting.open", "v1"),
        act(2, "voting.ballot", "b1", vote="v1"),
        act(3, "voting.ballot", "b2", vote="v2"),
        act(4, "voting.ballot", "b3", vote="v1"),
        act(5, "attendance.ask_leave", "m1"),
        act(6, "voting.late", "b4", vote="v1"),
    ]
    told = [(one.number, vote_of(one)) for one in last_of_each(acts)]
    assert told == [(1, "v1"), (3, "v2"), (4, "v1")]
