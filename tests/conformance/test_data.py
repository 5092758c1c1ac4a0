from __future__ import annotations

import asyncio
from typing import Any

import pytest
from livekit import rtc

from tests.media_server.people import Client, People, until


def _texts(client: Client) -> list[str]:
    return [each.data.decode() for each in client.seen("data_received")]


@pytest.mark.point(8)
async def test_reliable_data_arrives_whole_in_order_and_at_those_it_is_for(people: People, room: str) -> None:
    an, binh, chi = [await people.join(room, name) for name in ("an", "bình", "chi")]
    me = an.room.local_participant
    for number in range(50):
        await me.publish_data(f"tin {number}", reliable=True, topic="t")
    await me.publish_data("riêng bình", reliable=True, destination_identities=["bình"])
    await until(lambda: len(_texts(binh)) == 51 and len(_texts(chi)) == 50)
    assert _texts(binh) == [*(f"tin {number}" for number in range(50)), "riêng bình"]
    assert _texts(chi) == [f"tin {number}" for number in range(50)]
    assert {each.participant.identity for each in binh.seen("data_received")} == {"an"}
    assert _texts(an) == []


@pytest.mark.point(8)
async def test_lossy_data_arrives(people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")

    async def insist() -> None:
        while True:
            await an.room.local_participant.publish_data("tay giơ", reliable=False)
            await asyncio.sleep(0.05)

    an.run(insist())
    await until(lambda: _texts(binh))
    assert binh.seen("data_received")[0].kind == rtc.DataPacketKind.KIND_LOSSY


@pytest.mark.point(9)
async def test_a_long_text_and_a_file_arrive_as_streams(people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    got: dict[str, Any] = {}
    binh.room.register_text_stream_handler(
        "nghị quyết", lambda reader, who: binh.run(_text(reader, who, got))
    )
    binh.room.register_byte_stream_handler("tệp", lambda reader, who: binh.run(_bytes(reader, who, got)))
    text = "Nghị quyết tháng 11 của chi bộ. " * 2000
    content = bytes(range(256)) * 400
    await an.room.local_participant.send_text(text, topic="nghị quyết")
    writer = await an.room.local_participant.stream_bytes(
        "biên bản.pdf", topic="tệp", total_size=len(content)
    )
    await writer.write(content)
    await writer.aclose()
    await until(lambda: {"text", "bytes"} <= got.keys())
    assert got == {"text": ("an", text), "bytes": ("an", content)}


async def _text(reader: rtc.TextStreamReader, who: str, got: dict[str, Any]) -> None:
    got["text"] = (who, await reader.read_all())


async def _bytes(reader: rtc.ByteStreamReader, who: str, got: dict[str, Any]) -> None:
    got["bytes"] = (who, b"".join([chunk async for chunk in reader]))


@pytest.mark.point(9)
async def test_a_call_is_answered_by_the_one_called(people: People, room: str) -> None:
    an, binh = await people.join(room, "an"), await people.join(room, "bình")
    await people.join(room, "chi")

    async def answer(call: rtc.RpcInvocationData) -> str:
        return f"{call.caller_identity} hỏi: {call.payload}"

    binh.room.local_participant.register_rpc_method("biểu quyết", answer)
    await until(lambda: len(an.room.remote_participants) == 2)
    ask = an.room.local_participant.perform_rpc
    told = await ask(destination_identity="bình", method="biểu quyết", payload="tán thành?")
    assert told == "an hỏi: tán thành?"
    with pytest.raises(rtc.RpcError) as refused:
        await ask(destination_identity="chi", method="biểu quyết", payload="")
    assert refused.value.code == rtc.RpcError.ErrorCode.UNSUPPORTED_METHOD
