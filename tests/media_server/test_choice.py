from __future__ import annotations

import pytest
from livekit.protocol import models, rtc

from media_server.choice import rank_for_size, wanted_rank
from media_server.feed import HIGHEST, OFF

VIDEO = models.TrackInfo(type=models.TrackType.VIDEO, width=1280, height=720)


def with_heights(width: int, *heights: int) -> models.TrackInfo:
    layers = [models.VideoLayer(width=1, height=each) for each in heights]
    return models.TrackInfo(type=models.TrackType.VIDEO, width=width, height=max(heights), layers=layers)


@pytest.mark.parametrize(
    ("width", "height", "rank"), [(120, 120, 0), (300, 200, 0), (200, 250, 1), (700, 480, 2), (500, 1000, 2)]
)
def test_sizes_of_a_landscape_video(width: int, height: int, rank: int) -> None:
    assert rank_for_size(width, height, VIDEO) == rank


@pytest.mark.parametrize(("width", "height", "rank"), [(200, 400, 0), (400, 400, 1), (600, 900, 2)])
def test_sizes_of_a_portrait_video(width: int, height: int, rank: int) -> None:
    portrait = models.TrackInfo(type=models.TrackType.VIDEO, width=540, height=960)
    assert rank_for_size(width, height, portrait) == rank


def test_layers_the_publisher_named_count() -> None:
    info = with_heights(1280, 720, 180, 360)
    assert [rank_for_size(1, height, info) for height in (90, 200, 202, 400, 402, 1080)] == [0, 0, 1, 1, 2, 2]
    assert rank_for_size(1, 500, with_heights(1280, 360, 720)) == 1
    assert rank_for_size(1, 50, with_heights(1280, 720)) == 0
    assert rank_for_size(1, 50, with_heights(1280, 720, 720, 720)) == 2, "all the same: the last"
    assert rank_for_size(9, 9, models.TrackInfo(type=models.TrackType.VIDEO)) == HIGHEST


def test_wishes() -> None:
    settings = rtc.UpdateTrackSettings
    assert wanted_rank(None, VIDEO, adaptive=False) == HIGHEST
    assert wanted_rank(None, VIDEO, adaptive=True) == 0
    assert wanted_rank(settings(disabled=True, quality="HIGH"), VIDEO, adaptive=True) == OFF
    assert wanted_rank(settings(quality="OFF"), VIDEO, adaptive=True) == OFF
    assert wanted_rank(settings(quality="MEDIUM"), VIDEO, adaptive=True) == 1
    assert wanted_rank(settings(width=160, height=90, quality="HIGH"), VIDEO, adaptive=True) == 0
    audio = models.TrackInfo(type=models.TrackType.AUDIO)
    assert wanted_rank(settings(quality="LOW"), audio, adaptive=True) == HIGHEST
    assert wanted_rank(settings(disabled=True), audio, adaptive=True) == OFF
