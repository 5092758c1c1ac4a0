from __future__ import annotations

from media_server.speakers import Speakers


def _talk(speakers: Speakers, sid: str, packets: int, level: int) -> None:
    for _ in range(packets):
        speakers.observe(sid, level)


def test_who_talks_long_and_loud_enough_is_a_speaker() -> None:
    speakers = Speakers()
    _talk(speakers, "PA_loud", 20, 3)
    _talk(speakers, "PA_soft", 20, 20)
    _talk(speakers, "PA_short", 5, 3)
    _talk(speakers, "PA_quiet", 25, 60)
    changes = speakers.changes()
    assert [each.sid for each in changes] == ["PA_loud", "PA_soft"]
    assert changes[0].level > changes[1].level > 0


def test_only_changes_are_told() -> None:
    speakers = Speakers()
    _talk(speakers, "PA_1", 20, 10)
    assert len(speakers.changes()) == 1
    _talk(speakers, "PA_1", 20, 10)
    assert speakers.changes() == []
    assert [each.sid for each in speakers.speaking()] == ["PA_1"]
    ended = speakers.changes()
    assert [(each.sid, each.active, each.level) for each in ended] == [("PA_1", False, 0.0)]


def test_who_is_gone_is_forgotten() -> None:
    speakers = Speakers()
    _talk(speakers, "PA_1", 20, 10)
    speakers.changes()
    speakers.forget("PA_1")
    assert speakers.changes() == []
