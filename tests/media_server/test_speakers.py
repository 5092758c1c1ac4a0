from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.speakers import INTERVAL_S, LOUD_DBOV, STALE_S, Loudness, Speakers, linear

PACKETS = 20  # of 20 ms in one interval


class Room:
    """Speakers with clocks that go on."""

    def __init__(self) -> None:
        self.speakers = Speakers()
        self.now = 10.0
        self.timestamp = (1 << 32) - 30_000

    def talk(self, seconds: float, **levels: int) -> None:
        """Everybody named sends packets of its level."""
        for _ in range(round(seconds * 50)):
            self.now += 0.02
            self.timestamp = (self.timestamp + 960) % (1 << 32)
            for sid, level in levels.items():
                self.speakers.observe(sid, "TR_" + sid, level, self.timestamp, self.now)

    def told(self) -> dict[str, float]:
        """Sid and level of each change."""
        return {each.sid: each.level for each in self.speakers.changes(self.now)}


def test_who_talks_loud_enough_is_a_speaker() -> None:
    room = Room()
    room.talk(2.0, loud=3, soft=20, edge=LOUD_DBOV - 1, quiet=LOUD_DBOV + 1)
    told = room.told()
    assert list(told) == ["loud", "soft", "edge"]
    assert told["loud"] > told["soft"] > 0
    assert told["edge"] == 1 / 8


def test_who_talks_for_a_part_of_the_time_only_needs_two_fifths_of_it() -> None:
    for loud, active in ((PACKETS * 2 // 5, True), (PACKETS * 2 // 5 - 1, False)):
        loudness = Loudness()
        for number in range(PACKETS + 1):
            loudness.observe(3 if 0 < number <= loud else 90, number * 960, 1.0)
        assert (loudness.level(1.0) > 0) == active


def test_only_changes_are_told() -> None:
    room = Room()
    room.talk(2.0, an=10)
    assert list(room.told()) == ["an"]
    room.talk(INTERVAL_S, an=10)
    assert room.told() == {}
    assert [each.sid for each in room.speakers.speaking()] == ["an"]
    room.talk(INTERVAL_S + 0.02, an=90)
    assert room.told() == {"an": 0.0}
    assert room.speakers.speaking() == []


def test_who_sends_nothing_any_more_is_silent() -> None:
    room = Room()
    room.talk(1.0, an=10)
    assert room.told()
    room.now += STALE_S
    assert room.told() == {"an": 0.0}


def test_the_louder_track_of_a_participant_counts() -> None:
    room = Room()
    for _ in range(60):
        room.now += 0.02
        timestamp = int(room.now * 48000)
        room.speakers.observe("an", "TR_mic", 90, timestamp, room.now)
        room.speakers.observe("an", "TR_screen", 6, timestamp, room.now)
    assert list(room.told()) == ["an"]
    room.speakers.forget_track("an", "TR_screen")
    assert room.told() == {"an": 0.0}


def test_who_is_gone_is_forgotten() -> None:
    room = Room()
    room.talk(1.0, an=10)
    assert room.told()
    room.speakers.forget("an")
    assert room.told() == {}


def test_levels_are_smoothed_over_two_intervals() -> None:
    room = Room()
    room.talk(INTERVAL_S + 0.02, an=0)
    first = room.told()["an"]
    room.talk(2.0, an=0)
    assert math.isclose(first, math.ceil(8 * 2 / 3) / 8)
    assert room.told() == {"an": 1.0}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 127), st.integers(0, (1 << 32) - 1)), max_size=60))
def test_no_levels_harm(packets: list[tuple[int, int]]) -> None:
    loudness = Loudness()
    for at, (level, timestamp) in enumerate(packets):
        loudness.observe(level, timestamp, at / 50)
        assert 0 <= loudness.level(at / 50) <= linear(0)
