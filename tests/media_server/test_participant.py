from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from livekit import api
from livekit.protocol import models, rtc

from media_server.participant import ANNOUNCED_S, Participant
from media_server.testing import RunningServer
from tests.media_server.offers import OFFER
from tests.media_server.raw import Raw, signalling

MICROPHONE = rtc.AddTrackRequest(cid="cid-mic", type=models.AUDIO, source=models.MICROPHONE)
Refusal = rtc.RequestResponse


def _an(server: RunningServer) -> Participant:
    return server.server.hall.rooms["họp"].participants["an"]


async def _announce(raw: Raw, cid: str = "cid-mic") -> str:
    await raw.say(add_track=rtc.AddTrackRequest(cid=cid, type=models.AUDIO, source=models.MICROPHONE))
    sid: str = (await raw.hear("track_published")).track.sid
    return sid


async def _offered(raw: Raw) -> str:
    await raw.say(offer=rtc.SessionDescription(type="offer", sdp=OFFER))
    answer: str = (await raw.hear("answer")).sdp
    return answer


async def test_an_announced_track_ends_with_the_permission(server: RunningServer) -> None:
    async with (
        signalling(server, "họp", "an") as an,
        api.LiveKitAPI(server.url, server.key, server.secret) as lk,
    ):
        sid = await _announce(an)
        silent = models.ParticipantPermission(can_subscribe=True, can_publish_data=True)
        change = api.UpdateParticipantRequest(room="họp", identity="an", permission=silent)
        await lk.room.update_participant(change)
        assert (await an.hear("track_unpublished")).track_sid == sid
        assert "a=recvonly" not in await _offered(an)
        assert server.server.hall.rooms["họp"].all_publications() == []
        assert _an(server).pending == {}


@pytest.fixture(params=["may not publish", "only cameras", "hidden"])
def taken(request: pytest.FixtureRequest) -> Iterator[dict[str, object]]:
    """What changes between a track's announcement and its offer."""
    changes: dict[str, dict[str, object]] = {
        "may not publish": {"can_publish": False},
        "only cameras": {"sources": frozenset({models.CAMERA})},
        "hidden": {"hidden": True},
    }
    yield changes[request.param]


async def test_what_an_offer_starts_is_allowed_when_it_comes(
    server: RunningServer, taken: dict[str, object]
) -> None:
    async with signalling(server, "họp", "an") as an:
        await _announce(an)
        me = _an(server)
        me.permission = replace(me.permission, **taken)  # type: ignore[arg-type]  # fields by their names
        assert "a=recvonly" not in await _offered(an)
        assert me.publications == {}


async def test_publications_that_failed_use_up_no_track(server: RunningServer) -> None:
    async with signalling(server, "họp", "an") as an:
        most = server.server.config.limits.tracks_per_participant
        for number in range(most):
            await _announce(an, f"failed {number}")
        await an.say(add_track=MICROPHONE)
        assert (await an.hear("request_response")).reason == Refusal.LIMIT_EXCEEDED
        for number in range(most - 1):
            _an(server).pending[f"failed {number}"].announced_at -= ANNOUNCED_S
        await _announce(an)
        assert sorted(_an(server).pending) == ["cid-mic", f"failed {most - 1}"]
        assert "a=recvonly" in await _offered(an)
