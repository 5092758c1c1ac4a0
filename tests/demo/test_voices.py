"""What was heard before a cut proves nothing after it."""

from __future__ import annotations

import numpy as np

from demo.voices import RATE, WINDOW, Voice

SPEAKER, HZ = "anh-mau", 470.0


def _tone(samples: int, hz: float = HZ) -> np.ndarray:
    return 8000 * np.sin(2 * np.pi * hz * np.arange(samples) / RATE)


async def test_a_tone_is_heard_until_it_is_forgotten() -> None:
    phone = Voice(400.0)
    phone.take(SPEAKER, _tone(WINDOW))
    assert phone.hears(SPEAKER, HZ)
    phone.forget()
    assert not phone.hears(SPEAKER, HZ)
    phone.take(SPEAKER, _tone(WINDOW // 2))
    assert not phone.hears(SPEAKER, HZ)  # a scrap is not yet a tone
    phone.take(SPEAKER, _tone(WINDOW // 2))
    assert phone.hears(SPEAKER, HZ)


async def test_another_tone_and_silence_are_not_the_speaker() -> None:
    phone = Voice(400.0)
    phone.take(SPEAKER, _tone(WINDOW, HZ + 70))
    assert not phone.hears(SPEAKER, HZ)
    phone.take(SPEAKER, np.zeros(2 * WINDOW))
    assert not phone.hears(SPEAKER, HZ)
    assert not phone.hears("nobody", HZ)
