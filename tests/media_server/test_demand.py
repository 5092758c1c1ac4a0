from __future__ import annotations

from livekit.protocol import models

from media_server.demand import LESS_AFTER_S, NOBODY_AFTER_S, Demand, quality_update
from media_server.feed import OFF


def test_more_is_asked_for_at_once_and_less_after_a_while() -> None:
    demand = Demand(0.0)
    assert demand.due(0.0) is None
    demand.want("an", 0)
    assert demand.due(0.1) == 0
    demand.want("bình", 2)
    assert demand.due(0.2) == 2
    assert demand.due(0.3) is None
    demand.want("bình", 1)
    assert demand.due(1.0) is None
    assert demand.due(1.0 + LESS_AFTER_S) == 1


def test_who_changes_its_mind_in_time_is_not_told() -> None:
    demand = Demand(0.0)
    demand.want("an", 2)
    demand.due(0.0)
    demand.want("an", 0)
    assert demand.due(1.0) is None
    demand.want("an", 2)
    assert demand.due(2.0) is None
    demand.want("an", 0)
    assert demand.due(3.0) is None
    assert demand.due(2.0 + LESS_AFTER_S) is None, "the time began anew"


def test_nobody_is_nothing_but_a_new_track_is_given_some_time() -> None:
    demand = Demand(50.0)
    assert demand.due(50.0 + NOBODY_AFTER_S - 0.1) is None
    assert demand.due(50.0 + NOBODY_AFTER_S) == OFF
    demand.want("an", 1)
    assert demand.due(61.0) == 1
    demand.want("an", OFF)
    assert (demand.due(62.0), demand.due(62.0 + LESS_AFTER_S)) == (None, OFF)


def test_a_publisher_that_comes_back_is_told_again() -> None:
    demand = Demand(0.0)
    demand.want("an", 1)
    assert demand.due(0.0) == 1
    demand.tell_again()
    assert demand.due(0.1) == 1


def test_the_message_names_every_quality() -> None:
    message = quality_update("TR_1", "vp8", models.VideoQuality.MEDIUM)
    told = {each.quality: each.enabled for each in message.subscribed_codecs[0].qualities}
    assert told == {0: True, 1: True, 2: False}
    assert message.subscribed_codecs[0].codec == "vp8" and message.track_sid == "TR_1"
    assert list(message.subscribed_qualities) == list(message.subscribed_codecs[0].qualities)
    assert not any(each.enabled for each in quality_update("TR_1", "vp8", OFF).subscribed_qualities)
