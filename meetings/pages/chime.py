"""Three gentle notes to listen for: made here, so that nothing recorded by anybody is shipped."""

from __future__ import annotations

import io
import math
import wave

RATE = 8000  # samples a second, 8 bit: 14 kB in all
_NOTES = (523.25, 659.25, 783.99)  # Hz: C, E, G
_SECONDS = 0.55
_LOUD = 90  # of 127


def chime() -> bytes:
    """A WAV file, always the same."""
    samples = bytearray()
    for note in _NOTES:
        total = int(RATE * _SECONDS)
        for number in range(total):
            soft = math.sin(math.pi * number / total) ** 0.5
            samples.append(128 + round(_LOUD * soft * math.sin(2 * math.pi * note * number / RATE)))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(1)
        out.setframerate(RATE)
        out.writeframes(bytes(samples))
    return file.getvalue()
