from __future__ import annotations

from tests.media_server.people import People, until


async def test_a_tone_published_by_one_is_heard_by_the_others(people: People) -> None:
    an, binh, chi = [await people.join("hop", each) for each in ("an", "binh", "chi")]
    await people.speak(an, 440.0)
    await people.speak(binh, 660.0)
    await until(lambda: binh.heard("an", 440.0) and chi.heard("an", 440.0))
    await until(lambda: an.heard("binh", 660.0) and chi.heard("binh", 660.0))
