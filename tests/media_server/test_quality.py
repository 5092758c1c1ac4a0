from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livekit import rtc as sdk
from livekit.protocol import rtc

from media_server.quality import Board, Losses, Quality, judge
from media_server.testing import Lossy, RunningServer
from tests.media_server.people import People, until


class Person:
    """Someone of a fixed quality who remembers what it was told."""

    def __init__(self, sid: str, quality: int | None, *watched: str) -> None:
        self.sid = sid
        self.is_at = quality
        self.watched = set(watched)
        self.told: list[dict[str, int]] = []

    def quality(self, now: float) -> int | None:
        del now
        return self.is_at

    def watches(self) -> set[str]:
        return self.watched

    def send(self, response: rtc.SignalResponse) -> None:
        updates = response.connection_quality.updates
        self.told.append({each.participant_sid: each.quality for each in updates})


@pytest.mark.parametrize(
    ("loss", "silent", "quality"),
    [
        (0.0, 1.0, Quality.EXCELLENT),
        (0.05, 1.0, Quality.GOOD),
        (0.2, 1.0, Quality.POOR),
        (0.0, 9.0, Quality.LOST),
    ],
)
def test_quality_falls_with_loss_and_silence(loss: float, silent: float, quality: int) -> None:
    assert judge(loss, silent) == quality


def test_the_worse_direction_counts_and_only_since_the_last_time() -> None:
    losses = Losses()
    losses.note_received(0.1)
    losses.note_received(None)
    assert losses.sum_up(100, 4) == pytest.approx(0.1)
    assert losses.sum_up(200, 24) == pytest.approx(0.2)
    assert losses.sum_up(210, 30) == 0.0, "too few packets to tell"
    assert losses.sum_up(50, 0) == 0.0, "a track ended, its packets count no more"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(-50, 10_000)), max_size=10))
def test_a_share_is_always_a_share(totals: list[tuple[int, int]]) -> None:
    losses = Losses()
    assert all(0.0 <= losses.sum_up(*each) <= 1.0 for each in totals)


def test_only_news_is_told_and_only_to_those_it_concerns() -> None:
    board = Board()
    an, binh, hidden = (
        Person("an", Quality.EXCELLENT),
        Person("bình", Quality.POOR, "an"),
        Person("ẩn", None, "an"),
    )
    for _ in range(2):
        board.update([an, binh, hidden], 0.0)
    an.is_at = Quality.GOOD
    board.update([an, binh, hidden], 0.0)
    assert an.told == [{"an": Quality.EXCELLENT}, {"an": Quality.GOOD}]
    assert binh.told == [{"an": Quality.EXCELLENT, "bình": Quality.POOR}, {"an": Quality.GOOD}]
    assert hidden.told == [{"an": Quality.EXCELLENT}, {"an": Quality.GOOD}]


def test_who_left_is_not_remembered() -> None:
    board, an = Board(), Person("an", Quality.EXCELLENT, "x")
    for number in range(20):
        an.watched = {f"khách {number}"}
        board.update([an, Person(f"khách {number}", Quality.POOR)], 0.0)
    assert board._told["an"].keys() == {"an", "khách 19"}


async def test_a_lossy_connection_is_told_to_its_owner_and_not_held_against_others(
    people: People, server: RunningServer
) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    Lossy(server.server.hall.rooms["họp"].participants["bình"], every=4)
    await people.speak(an)
    poor = ("bình", sdk.ConnectionQuality.QUALITY_POOR)
    await until(lambda: poor in _qualities(binh.seen("connection_quality_changed")))
    assert (
        sdk.ConnectionQuality.QUALITY_POOR
        not in dict(_qualities(an.seen("connection_quality_changed"))).values()
    )


def _qualities(events: list[tuple[sdk.Participant, int]]) -> list[tuple[str, int]]:
    return [(participant.identity, quality) for participant, quality in events]
