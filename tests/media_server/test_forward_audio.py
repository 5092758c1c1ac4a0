from __future__ import annotations

from media_server.forward import Shape
from media_server.publication import Publication
from media_server.testing import RunningServer
from tests.media_server.people import People, in_both_modes, until


@in_both_modes
async def test_a_tone_published_by_one_is_heard_by_the_others(people: People) -> None:
    an, binh, chi = [await people.join("hop", each) for each in ("an", "binh", "chi")]
    await people.speak(an, 440.0)
    await people.speak(binh, 660.0)
    await until(lambda: binh.heard("an", 440.0) and chi.heard("an", 440.0))
    await until(lambda: an.heard("binh", 660.0) and chi.heard("binh", 660.0))


def _published(server: RunningServer) -> list[Publication]:
    return server.server.hall.rooms["hop"].all_publications()


@in_both_modes
async def test_red_passes_to_those_who_take_it_and_others_get_the_newest_audio(
    people: People, server: RunningServer
) -> None:
    an, binh, chi = [await people.join("hop", each) for each in ("an", "binh", "chi")]
    await people.speak(an, 440.0)
    await until(lambda: binh.heard("an", 440.0) and chi.heard("an", 440.0))
    publication = _published(server)[0]
    assert publication.info.mime_type == "audio/red" and publication.track.red_type == 63
    subscription = server.server.hall.rooms["hop"].participants["chi"].downlink.subscriptions[publication.sid]
    assert subscription.agreed is not None and subscription.agreed.red_type == 63
    subscription.feed.reshape(Shape(subscription.agreed.payload_type, subscription.agreed.level_id))
    chi.samples["an"].clear()
    await until(lambda: chi.heard("an", 440.0))


async def test_a_publisher_may_do_without_red(people: People, server: RunningServer) -> None:
    an, binh = [await people.join("hop", each) for each in ("an", "binh")]
    await people.speak(an, 440.0, red=False)
    await until(lambda: binh.heard("an", 440.0))
    assert [each.info.mime_type for each in _published(server)] == ["audio/opus"]
