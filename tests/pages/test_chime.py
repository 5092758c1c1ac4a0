"""The notes to listen for."""

from __future__ import annotations

import io
import wave

from meetings.pages.chime import RATE, chime


def test_three_notes_that_every_browser_plays_and_a_weak_line_carries() -> None:
    with wave.open(io.BytesIO(chime())) as sound:
        frames = sound.readframes(sound.getnframes())
        assert (sound.getframerate(), sound.getnchannels()) == (RATE, 1)
    assert 1.5 < len(frames) / RATE < 2
    assert len(chime()) < 15_000
    assert max(frames) - min(frames) > 150
    assert abs(frames[0] - 128) < 5, "begins without a click"
