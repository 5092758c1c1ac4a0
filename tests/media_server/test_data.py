from __future__ import annotations

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st
from livekit import rtc as sdk
from livekit.protocol import models

from media_server.data import Sender, from_server, relay
from media_server.testing import Outage, RunningServer
from tests.media_server.people import Client, People, in_both_modes, until
from tests.media_server.proxy import proxied

SENDER = Sender(sid="PA_true", identity="thật")


def test_the_sender_cannot_be_forged() -> None:
    forged = models.DataPacket(
        participant_identity="bí thư",
        participant_sid="PA_other",
        user=models.UserPacket(participant_identity="bí thư", participant_sid="PA_other", payload=b"x"),
    )
    relayed = relay(forged.SerializeToString(), SENDER, lossy=False)
    assert relayed is not None
    packet = models.DataPacket.FromString(relayed.payload)
    assert (packet.participant_identity, packet.participant_sid) == ("thật", "PA_true")
    assert (packet.user.participant_identity, packet.user.participant_sid) == ("thật", "PA_true")


def test_a_hidden_sender_stays_nameless() -> None:
    packet = models.DataPacket(user=models.UserPacket(payload=b"x"))
    relayed = relay(packet.SerializeToString(), Sender(sid="PA_h", identity="ẩn", hidden=True), lossy=True)
    assert relayed is not None
    assert models.DataPacket.FromString(relayed.payload).participant_identity == ""


def test_destinations_decide_who_gets_it() -> None:
    packet = models.DataPacket(destination_identities=["bình"], user=models.UserPacket(payload=b"x"))
    relayed = relay(packet.SerializeToString(), SENDER, lossy=False)
    assert relayed is not None
    assert relayed.is_for("bình", "PA_1")
    assert not relayed.is_for("chi", "PA_2")


def test_a_packet_of_the_server_has_no_sender() -> None:
    made = from_server(b"hi", "topic", lossy=False, identities=["an"], sids=[], nonce=b"")
    packet = models.DataPacket.FromString(made.payload)
    assert (packet.participant_identity, packet.user.topic, packet.user.payload) == ("", "topic", b"hi")


def test_no_topic_is_not_an_empty_one() -> None:
    for topic in (None, "", "họp"):
        made = from_server(b"hi", topic, lossy=True, identities=[], sids=[], nonce=b"")
        user = models.DataPacket.FromString(made.payload).user
        assert (user.HasField("topic"), user.topic) == (topic is not None, topic or "")


def test_speaker_updates_of_clients_are_not_relayed() -> None:
    packet = models.DataPacket(speaker=models.ActiveSpeakerUpdate())
    assert relay(packet.SerializeToString(), SENDER, lossy=False) is None


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_no_bytes_harm_the_relay(message: bytes, lossy: bool) -> None:
    relayed = relay(message, SENDER, lossy=lossy)
    if relayed is not None:
        assert models.DataPacket.FromString(relayed.payload).participant_sid == "PA_true"


@in_both_modes
async def test_data_reaches_everyone_or_only_those_named(people: People) -> None:
    an, binh, chi = [await people.join("họp", each) for each in ("an", "bình", "chi")]
    me = an.room.local_participant
    await me.publish_data("cho tất cả", reliable=True, topic="chung")
    await me.publish_data("riêng bình", reliable=True, destination_identities=["bình"])
    await me.publish_data("cuối", reliable=True)
    await until(lambda: len(binh.seen("data_received")) == 3 and len(chi.seen("data_received")) == 2)
    first = binh.seen("data_received")[0]
    assert (first.data.decode(), first.participant.identity, first.topic) == ("cho tất cả", "an", "chung")
    assert [each.data.decode() for each in chi.seen("data_received")] == ["cho tất cả", "cuối"]
    assert an.seen("data_received") == []


async def test_lossy_data_arrives_on_a_quiet_network(people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    async with asyncio.timeout(15):
        while len(binh.seen("data_received")) < 5:  # what is sent before the channel opens is lost, as agreed
            await an.room.local_participant.publish_data("gợi ý", reliable=False)
            await asyncio.sleep(0.05)
    assert {each.data.decode() for each in binh.seen("data_received")} == {"gợi ý"}


async def test_text_streams_pass_through(people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]
    texts: list[str] = []
    told: list[str] = []

    def reading(reader: object, identity: str) -> None:
        async def read() -> None:
            texts.append(await reader.read_all())  # type: ignore[attr-defined] # the SDK's reader is untyped

        told.append(identity)
        binh.run(read())

    binh.room.register_text_stream_handler("trao đổi", reading)
    long_text = "Nghị quyết của chi bộ. " * 3000
    await an.room.local_participant.send_text(long_text, topic="trao đổi")
    await until(lambda: texts == [long_text])
    assert told == ["an"]


async def test_without_the_grant_data_goes_nowhere(people: People) -> None:
    an = await people.join("họp", "an", can_publish_data=False)
    binh = await people.join("họp", "bình")
    await an.room.local_participant.publish_data("không được", reliable=True)
    await binh.room.local_participant.publish_data("được", reliable=True)
    await until(lambda: len(an.seen("data_received")) == 1)
    assert binh.seen("data_received") == []


@in_both_modes
async def test_no_reliable_message_is_lost_or_doubled_by_an_outage(
    people: People, server: RunningServer
) -> None:
    async with proxied(server.url) as proxy:
        an, binh = await people.join("họp", "an", url=proxy.url), await people.join("họp", "bình")
        sent = [f"tin {each}" for each in range(60)]
        outage = Outage(server.server.hall.rooms["họp"].participants["an"])
        for number, text in enumerate(sent):
            if number == 20:
                outage.begin()
                proxy.cut()
            elif number == 40:
                outage.end()
            for client in (an, binh):
                await client.room.local_participant.publish_data(text, reliable=True)
            await asyncio.sleep(0.05)
        await until(lambda: all(_texts(each)[-1:] == sent[-1:] for each in (an, binh)))
        await people.close()
        assert _texts(binh) == sent and _texts(an) == sent
        assert an.seen("reconnected")


def _texts(client: Client) -> list[str]:
    return [each.data.decode() for each in client.seen("data_received")]


async def test_procedures_are_called_across_the_room(people: People) -> None:
    an, binh = [await people.join("họp", each) for each in ("an", "bình")]

    async def count(call: sdk.RpcInvocationData) -> str:
        return f"{call.caller_identity} gọi: {call.payload}"

    binh.room.local_participant.register_rpc_method("đếm", count)
    answer = await an.room.local_participant.perform_rpc(
        destination_identity="bình", method="đếm", payload="phiếu"
    )
    assert answer == "an gọi: phiếu"
