from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.browsers import Join, Page, eventually
from tests.conformance.pictures import looked_at
from tests.conformance.targets import Target
from tests.media_server.people import People, token, until
from tests.media_server.proxy import proxied

PATHS = {"single": "/rtc/v1", "dual": "/rtc"}


@pytest.mark.point(2)
async def test_connects_by_the_path_of_its_mode(
    page: Page, join: Join, target: Target, people: People, mode: str, room: str
) -> None:
    async with proxied(target.url) as proxy:
        an = await people.join(room, "an")
        await join(proxy.url)
        await until(lambda: "web" in an.room.remote_participants)
        assert await page.do("people") == ["an"]
        assert proxy.paths == [PATHS[mode]]
        await page.do("leave")
        await until(lambda: "web" not in an.room.remote_participants)


@pytest.mark.point(3)
async def test_a_tone_is_heard_both_ways(page: Page, join: Join, people: People, room: str) -> None:
    an = await people.join(room, "an")
    await people.speak(an, 440.0)
    await join()
    await page.do("speak", 660)
    await until(lambda: an.heard("web", 660.0))
    await eventually(lambda: page.hears("an", 440.0))


@pytest.mark.point(4)
async def test_a_picture_is_seen_both_ways(page: Page, join: Join, people: People, room: str) -> None:
    an = await people.join(room, "an")
    pictures = looked_at(an)
    await people.show(an, 640, 360)
    await join()
    await page.do("show", 640, 360, False)
    await until(lambda: "web" in pictures and _is_shown(pictures["web"].size, pictures["web"].colour))

    async def seen() -> bool:
        look = await page.do("look", "an")
        return bool(look) and _is_shown(tuple(look["size"]), tuple(look["colour"]))

    await eventually(seen)


def _is_shown(size: tuple[int, ...], colour: tuple[int, ...]) -> bool:
    return size == (640, 360) and abs(colour[0] - 200) < 40 and abs(colour[1] - 30) < 40


@pytest.mark.point(5)
async def test_a_layer_is_chosen(page: Page, join: Join, people: People, room: str) -> None:
    an = await people.join(room, "an")
    await people.show(an, 1280, 720, simulcast=True)
    await join()

    async def width() -> int:
        look = await page.do("look", "an")
        return int(look["size"][0]) if look else 0

    async def is_wide() -> bool:
        return await width() == 1280

    async def is_narrow() -> bool:
        return 0 < await width() <= 320

    await eventually(is_wide)
    await page.do("quality", "an", 0)
    await eventually(is_narrow)
    await page.do("quality", "an", 2)
    await eventually(is_wide)


@pytest.mark.point(5)
async def test_its_layers_reach_others(page: Page, join: Join, people: People, room: str) -> None:
    an = await people.join(room, "an")
    pictures = looked_at(an)
    await join()
    await page.do("show", 1280, 720, True)
    await until(lambda: "web" in pictures and pictures["web"].size[0] >= 640)


@pytest.mark.point(6)
async def test_its_muting_is_seen(page: Page, join: Join, people: People, room: str) -> None:
    an = await people.join(room, "an")
    await join()
    await page.do("speak", 660)
    await until(lambda: an.heard("web", 660.0))
    await page.do("mute", True)
    await until(lambda: an.seen("track_muted"))
    await page.do("mute", False)
    await until(lambda: an.seen("track_unmuted"))


@pytest.mark.point(8)
async def test_data_goes_both_ways(page: Page, join: Join, people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    await join()
    await page.do("send", "chung", True, [])
    await page.do("send", "riêng", True, ["an"])
    await until(lambda: len(an.seen("data_received")) == 2 and binh.seen("data_received"))
    assert [each.data.decode() for each in an.seen("data_received")] == ["chung", "riêng"]
    assert [each.data.decode() for each in binh.seen("data_received")] == ["chung"]
    await an.room.local_participant.publish_data("kính chào", reliable=True, topic="t")
    await eventually(lambda: page.seen("data"))
    assert await page.seen("data") == [["kính chào", "an", "t"]]


@pytest.mark.point(8)
async def test_a_sender_cannot_take_another_name(page: Page, join: Join, people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    await join()
    await until(lambda: all("web" in each.room.remote_participants for each in (an, binh)))
    await page.do("forge", "tôi là bình", "bình")
    await until(lambda: an.seen("data_received") and binh.seen("data_received"))
    assert {
        each.participant.identity for each in (*an.seen("data_received"), *binh.seen("data_received"))
    } == {"web"}


@pytest.mark.point(9)
async def test_streams_and_calls_go_both_ways(page: Page, join: Join, people: People, room: str) -> None:
    an = await people.join(room, "an")
    got: list[str] = []
    an.room.register_text_stream_handler("text", lambda reader, _: an.run(_keep(reader, got)))
    an.room.local_participant.register_rpc_method("hỏi", _answer)
    await join()
    text = "Nghị quyết tháng 11. " * 2000
    await page.do("sendText", text)
    await until(lambda: got == [text])
    await an.room.local_participant.send_text(text, topic="text")
    writer = await an.room.local_participant.stream_bytes("a.bin", topic="bytes", total_size=50_000)
    await writer.write(bytes(50_000))
    await writer.aclose()
    await eventually(lambda: page.seen("bytes"))
    assert await page.seen("bytes") == [[50_000, "an"]]
    assert await page.seen("text") == [[text, "an"]]
    assert await page.do("ask", "an", "hỏi", "khỏe không?") == "web: khỏe không?"
    ask = an.room.local_participant.perform_rpc
    assert await ask(destination_identity="web", method="ask", payload="có đó không?") == "an: có đó không?"


async def _keep(reader: Any, got: list[str]) -> None:
    got.append(await reader.read_all())


async def _answer(call: Any) -> str:
    return f"{call.caller_identity}: {call.payload}"


@pytest.mark.point(17)
async def test_a_cut_signal_connection_is_resumed(
    page: Page, join: Join, target: Target, people: People, room: str
) -> None:
    async with proxied(target.url) as proxy:
        an = await people.join(room, "an")
        await people.speak(an, 440.0)
        await join(proxy.url)
        await page.do("speak", 660)
        await until(lambda: an.heard("web", 660.0))
        sid = await page.do("sid")
        proxy.cut()
        await eventually(lambda: page.seen("reconnected"))
        assert await page.do("sid") == sid
        an.samples["web"].clear()
        await until(lambda: an.heard("web", 660.0))
        await eventually(lambda: page.hears("an", 440.0))
        assert an.seen("participant_disconnected") == []
        await page.do("leave")


@pytest.mark.point(25)
async def test_without_the_newer_path_the_older_one_serves(page: Page, target: Target, room: str) -> None:
    async with People(target) as people, proxied(target.url, absent="/rtc/v1") as proxy:
        an = await people.join(room, "an")
        await people.speak(an)
        await page.do("connect", proxy.url.replace("http", "ws", 1), token(target, room, "web"), True)
        await eventually(lambda: page.hears("an", 440.0))
        assert set(proxy.paths) == {"/rtc"}
        await page.do("leave")
