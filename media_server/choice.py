"""Which layer of a track a subscriber wants, by its track settings. Pure; as in LiveKit 1.13."""

from __future__ import annotations

from collections.abc import Sequence

from livekit.protocol import models, rtc

from media_server.feed import HIGHEST, OFF

TOLERANCE = 0.9  # a layer that has nine tenths of the wanted height is large enough
USUAL_HEIGHTS = (180, 360)  # of the lower layers, where the publisher named none


def wanted_rank(settings: rtc.UpdateTrackSettings | None, info: models.TrackInfo, *, adaptive: bool) -> int:
    """The best layer wanted: 0..2, or `OFF`. Audio has one layer only.

    A client that adapts its streams (`adaptive`) starts low and asks for more as soon as it shows the picture.
    """
    if settings is not None and (settings.disabled or settings.quality == models.VideoQuality.OFF):
        return OFF
    if info.type == models.TrackType.AUDIO:
        return HIGHEST
    if settings is None:
        return models.VideoQuality.LOW if adaptive else HIGHEST
    if settings.width or settings.height:
        return rank_for_size(settings.width, settings.height, info)
    return min(settings.quality, HIGHEST)


def rank_for_size(width: int, height: int, info: models.TrackInfo) -> int:
    """The lowest layer that is large enough for so many pixels."""
    given = sorted(each.height for each in info.layers if each.height)
    portrait = info.width < info.height
    own = info.width if portrait else info.height
    if given:
        return _first_enough(given, height)
    return _first_enough((*USUAL_HEIGHTS, own), width if portrait else height) if own else HIGHEST


def _first_enough(heights: Sequence[int], wanted: int) -> int:
    enough = int(wanted * TOLERANCE)
    for rank, height in enumerate(heights[:-1]):
        if height >= enough and height != heights[rank + 1]:
            return min(rank, HIGHEST)
    return min(len(heights) - 1, HIGHEST)
