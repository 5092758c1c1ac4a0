"""The load generator joins, hears and times: a bench that broke would measure nothing."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import aiohttp
from livekit import api

from bench.media.client import Client
from bench.media.leg import Stream
from bench.media.speaker import VIDEO_TICK_S, Speaker, pace
from media_server.testing import RunningServer, running_server
from media_server.transport import new_certificate
from tests.media_server.people import until


def _token(server: RunningServer, identity: str) -> str:
    made = api.AccessToken(server.key, server.secret).with_identity(identity)
    return made.with_grants(api.VideoGrants(room_join=True, room="tải")).to_jwt()


async def test_a_load_client_hears_and_sees_the_speaker_and_times_the_way() -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(running_server(auto_create=True))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        certificate = new_certificate()
        speaker, listener = Client(http, certificate), Client(http, certificate, timed=True)
        for each in (speaker, listener):
            stack.push_async_callback(each.close)
            await asyncio.wait_for(each.join(server.url, _token(server, f"p{id(each)}")), 20)
        await asyncio.wait_for(speaker.publish({"audio": 100, "video": 200}), 20)
        voice = Speaker(speaker.publisher, 100, 200)
        talking = asyncio.create_task(pace([voice.speak], 0.02, 20))
        showing = asyncio.create_task(pace([voice.show], VIDEO_TICK_S, 20))
        leg = listener.subscriber
        await until(lambda: len(leg.streams) == 2 and len(leg.delays) > 100)
        talking.cancel()
        showing.cancel()
        await asyncio.sleep(0.2)
        streams = leg.streams.values()
        assert all(each.count == each.expected > 10 for each in streams)
        assert 0 < min(leg.delays) < 5
        assert listener.joined > listener.began


def test_lost_and_late_packets_are_counted_over_the_wrap() -> None:
    stream = Stream()
    for sequence in (65533, 65534, 1, 0, 3):
        stream.note(sequence)
    assert (stream.count, stream.expected) == (5, 7)
