"""One sitting as people hold it: thirty in the room, eight with cameras, ten who speak in turn."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from livekit import rtc

from bench.media.servers import EMBEDDED, KEY, SECRET, running
from tests.conformance.browsers import Page, opened, program
from tests.conformance.packages import NoPackage, livekit_client
from tests.media_server.people import Client, People, token

ROOM = "Chi bộ thôn Đoài"
PEOPLE, CAMERAS, PAGES = 28, 8, 2
SPEAKERS = 10
FRESH = 3  # pictures that come while somebody looks
TROUBLE = {"reconnecting", "disconnected", "participant_disconnected"}


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A server in a process of its own."""

    url: str
    key: str = KEY
    secret: str = SECRET


@pytest.fixture
async def sitting() -> AsyncIterator[tuple[People, list[Client], list[Page]]]:
    """Everybody is in: `PEOPLE` by the Python SDK, of whom the first have cameras, and `PAGES` in Chromium."""
    if program("Chromium") is None:
        pytest.skip("no Chromium on this machine")
    try:
        livekit_client()
    except NoPackage as reason:
        pytest.skip(str(reason))
    async with AsyncExitStack() as stack:
        server = _Keyed(stack.enter_context(running(EMBEDDED)).url)
        people = await stack.enter_async_context(People(server))
        clients = [await _enter(people, number) for number in range(PEOPLE)]
        for client in clients[:CAMERAS]:
            await people.show(client, 640, 360, simulcast=True)
        pages = []
        for number in range(PAGES):
            page = await stack.enter_async_context(opened("Chromium"))
            identity = f"trang-{number}"
            await page.do("connect", server.url.replace("http", "ws", 1), token(server, ROOM, identity), True)
            pages.append(page)
        yield people, clients, pages


async def _enter(people: People, number: int) -> Client:
    """Somebody on a weak phone: voices only."""
    client = await people.join(ROOM, f"người-{number}", auto_subscribe=False)
    client.room.on("track_published", lambda publication, _: _take_voice(publication))
    return client


def _take_voice(publication: rtc.RemoteTrackPublication) -> None:
    if publication.kind == rtc.TrackKind.KIND_AUDIO:
        publication.set_subscribed(True)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("turn_s", [60.0])
async def test_ten_minutes_of_thirty_with_eight_cameras(
    sitting: tuple[People, list[Client], list[Page]], turn_s: float
) -> None:
    people, clients, pages = sitting
    for number, speaker in enumerate(clients[-SPEAKERS:]):
        begun = time.monotonic()
        hertz, name = 300.0 + 40 * number, speaker.room.local_participant.identity
        microphone = await people.speak(speaker, hertz)
        others = [client for client in clients if client is not speaker]
        await _all_hear(others, pages, name, hertz)
        await _all_see(pages)
        await asyncio.sleep(max(0.0, turn_s - (time.monotonic() - begun)))
        for client in others:
            client.samples[name].clear()
        await _all_hear(others, pages, name, hertz)  # to the end of the turn, not only at its beginning
        await _all_see(pages)
        await people.end(speaker, microphone)
    for client in clients:
        assert [event for event, _ in client.events if event in TROUBLE] == []
    for page in pages:
        assert [kind for kind, _ in await page.do("events") if kind in {"reconnecting", "disconnected"}] == []
        assert len(await page.do("people")) == PEOPLE + PAGES - 1


async def _all_hear(clients: Sequence[Client], pages: Sequence[Page], name: str, hertz: float) -> None:
    deaf, until = list(clients), time.monotonic() + 60.0
    while deaf := [client for client in deaf if not client.heard(name, hertz)]:
        assert time.monotonic() < until, f"{len(deaf)} of {len(clients)} do not hear {name}"
        await asyncio.sleep(0.5)
    for page in pages:
        async with asyncio.timeout(60.0):
            while not await page.hears(name, hertz):  # noqa: ASYNC110 - only asking tells
                await asyncio.sleep(0.2)


async def _all_see(pages: Sequence[Page]) -> None:
    """Each page shows every camera, with pictures that were not there before."""
    for page in pages:
        for number in range(CAMERAS):
            async with asyncio.timeout(60.0):
                before = await _pictures(page, number)
                while await _pictures(page, number) < before + FRESH:  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.2)


async def _pictures(page: Page, number: int) -> int:
    """How many pictures of a camera the page has shown."""
    look = await page.do("look", f"người-{number}")
    return int(look["frames"]) if look else 0
