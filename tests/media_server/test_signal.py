from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest
from livekit.protocol import models, rtc

from media_server.config import Limits
from media_server.testing import RunningServer, running_server
from tests.media_server.hooks import receiving
from tests.media_server.people import People, in_both_modes, introduce, token, until
from tests.media_server.proxy import proxied


async def test_a_second_device_takes_the_place_of_the_first(people: People) -> None:
    first = await people.join("họp", "an")
    await people.join("họp", "an")
    await until(lambda: first.seen("disconnected"))
    assert first.seen("disconnected")[0] == models.DisconnectReason.DUPLICATE_IDENTITY


@in_both_modes
async def test_a_cut_signal_connection_is_resumed_without_anybody_noticing(
    people: People, server: RunningServer
) -> None:
    async with proxied(server.url) as proxy:
        an = await people.join("họp", "an", url=proxy.url)
        binh = await people.join("họp", "bình")
        await people.speak(an, 440.0)
        await people.speak(binh, 660.0)
        await until(lambda: binh.heard("an", 440.0) and an.heard("bình", 660.0))
        sid = an.room.local_participant.sid
        proxy.cut()
        await until(lambda: an.seen("reconnected"))
        assert an.room.local_participant.sid == sid
        an.samples["bình"].clear()
        binh.samples["an"].clear()
        await until(lambda: binh.heard("an", 440.0) and an.heard("bình", 660.0))
        assert binh.seen("participant_disconnected") == []
        await an.room.local_participant.publish_data("còn đây", reliable=True)
        await until(lambda: binh.seen("data_received"))
        await people.close()


async def test_who_comes_too_late_to_resume_starts_afresh() -> None:
    async with (
        running_server(auto_create=True, limits=Limits(resume_window_s=0.1)) as server,
        proxied(server.url) as proxy,
        People(server) as people,
    ):
        an = await people.join("họp", "an", url=proxy.url)
        former = server.server.hall.rooms["họp"].participants["an"]
        server.server.hall.rooms["họp"].leave(former, models.DisconnectReason.CONNECTION_TIMEOUT)
        former.link = None
        proxy.cut()
        await until(lambda: an.seen("reconnected"))
        assert server.server.hall.rooms["họp"].participants["an"].sid != former.sid


async def test_an_unknown_sid_is_told_of_the_mismatch(server: RunningServer, people: People) -> None:
    await people.join("họp", "bình")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"{server.url}/rtc",
            params={"access_token": token(server, "họp", "an"), "reconnect": "1", "sid": "PA_none"},
        ) as socket,
    ):
        leave = rtc.SignalResponse.FromString((await socket.receive()).data).leave
        assert leave.reason == models.DisconnectReason.STATE_MISMATCH
        assert leave.action == rtc.LeaveRequest.RECONNECT


async def test_a_killed_client_is_gone_after_the_resume_window() -> None:
    limits = Limits(resume_window_s=4.0)
    async with (
        receiving() as hooks,
        running_server(auto_create=True, webhook_urls=[hooks.url], limits=limits) as server,
        People(server) as people,
    ):
        binh = await people.join("họp", "bình")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(__file__).with_name("lone_client.py")),
            server.url,
            token(server, "họp", "an"),
        )
        await until(lambda: "participant_joined" in hooks.names("an"))
        process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        await process.wait()
        await until(lambda: binh.seen("participant_disconnected"), 10.0)
        await until(lambda: hooks.names("an")[-1] == "participant_left")


async def test_without_the_grant_nothing_is_published(people: People) -> None:
    an = await people.join("họp", "an", can_publish=False)
    binh = await people.join("họp", "bình", can_publish_sources=["camera"])
    told = await asyncio.gather(people.speak(an), people.speak(binh), return_exceptions=True)
    assert [type(each).__name__ for each in told] == ["PublishTrackError", "PublishTrackError"]


async def test_without_the_grant_nothing_is_received(people: People, server: RunningServer) -> None:
    an = await people.join("họp", "an")
    mute_guest = await people.join("họp", "khách", can_subscribe=False)
    binh = await people.join("họp", "bình")
    await people.speak(an)
    await until(lambda: binh.heard("an", 440.0))
    assert mute_guest.seen("track_subscribed") == []
    assert server.server.hall.rooms["họp"].participants["khách"].downlink.subscriptions == {}


async def test_a_hidden_participant_hears_but_is_not_seen(people: People) -> None:
    an = await people.join("họp", "an")
    observer = await people.join("họp", "giám sát", hidden=True, can_publish=False)
    await people.speak(an)
    await until(lambda: observer.heard("an", 440.0))
    assert "giám sát" not in an.room.remote_participants
    assert an.seen("participant_connected") == []


async def test_a_full_room_refuses_one_more() -> None:
    async with (
        running_server(auto_create=True, limits=Limits(participants_per_room=2)) as server,
        People(server) as people,
    ):
        await people.join("họp", "an")
        await people.join("họp", "bình")
        with pytest.raises(Exception, match="max participants"):
            await people.join("họp", "chi")


@pytest.mark.parametrize(("room", "key", "status"), [("không có", "testkey", 404), ("họp", "other", 401)])
async def test_joins_that_are_refused(room: str, key: str, status: int) -> None:
    async with running_server() as server:
        shown = RunningServer(url=server.url, key=key, secret=server.secret, server=server.server)
        params = {"access_token": token(shown, room, "an")}
        async with aiohttp.ClientSession() as session:
            for path in ("/rtc/validate", "/rtc"):
                async with session.get(server.url + path, params=params) as response:
                    assert response.status == status
                    assert response.headers["Access-Control-Allow-Origin"] == "*"


async def test_names_metadata_and_attributes_are_vietnamese_and_change(people: People) -> None:
    an = await people.join("Chi bộ thôn Đoài", "Nguyễn Thị Ánh", can_update_own_metadata=True)
    binh = await people.join("Chi bộ thôn Đoài", "bình")
    await introduce(an, "Đ/c Ánh", "thư ký", {"tổ": "2"})
    other = binh.room.remote_participants["Nguyễn Thị Ánh"]
    await until(lambda: (other.name, other.metadata, other.attributes) == ("Đ/c Ánh", "thư ký", {"tổ": "2"}))


async def test_twelve_come_and_go_and_leave_nothing_behind(server: RunningServer) -> None:
    before = len(asyncio.all_tasks())
    await _come_and_go(server, 12)
    await _come_and_go(server, 3)
    await until(lambda: len(asyncio.all_tasks()) <= before + 2)


async def _come_and_go(server: RunningServer, count: int) -> None:
    async with People(server) as people:
        clients = await asyncio.gather(*(people.join("họp", f"đ/c {each}") for each in range(count)))
        await until(lambda: all(len(each.room.remote_participants) == count - 1 for each in clients))
    await until(lambda: not server.server.hall.rooms["họp"].participants)
    await until(lambda: server.server.mux.sessions() == 0)
