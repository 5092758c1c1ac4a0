from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.descriptions import Reply, build_answer, build_offer
from media_server.sdp import BadSdp, Downtrack, Local, Slot, parse
from tests.media_server.offers import FIREFOX_RECEIVES, FIREFOX_SENDS, OFFER

LOCAL = Local(
    ufrag="srvu",
    pwd="srvp",
    fingerprint="AA:BB",
    candidates=["1 1 udp 2130706430 127.0.0.1 5000 typ host"],
    largest_message=65536,
)
TRACK = Downtrack(stream="PA_1|TR_1", track="TR_1", ssrc=99, cname="PA_1")


def test_the_answer_receives_only_what_was_accepted() -> None:
    answer = build_answer(parse(OFFER), LOCAL, Reply(received={"2"}), 5)
    sections = answer.split("m=")
    assert "a=group:BUNDLE 0 1 2" in sections[0] and "a=ice-lite" in sections[0]
    assert "a=setup:passive" in sections[1]
    assert "a=inactive" in sections[2] and "a=fmtp:111 minptime=10;useinbandfec=1" in sections[2]
    assert "a=extmap:3 " in sections[2] and "example.invalid" not in answer
    assert "a=recvonly" in sections[3] and "a=simulcast:recv q;f" in sections[3]
    assert "video 9 UDP/TLS/RTP/SAVPF 96\r" in sections[3] and "a=rtcp-fb:96 nack pli" in sections[3]


def test_the_servers_offer_reads_back() -> None:
    text = build_offer([Slot(mid="1", kind="audio", track=TRACK), Slot(mid="2", kind="video")], LOCAL, 5, 2)
    offer = parse(text)
    assert [each.mid for each in offer.sections] == ["0", "1", "2"]
    assert (offer.sections[1].stream, offer.sections[1].track, offer.sections[1].ssrcs) == (
        "PA_1|TR_1",
        "TR_1",
        [99],
    )
    assert [each.direction for each in offer.sections[1:]] == ["sendonly", "inactive"]
    assert offer.fingerprints == {"sha-256": "AA:BB"} and offer.setup == "actpass"


def test_a_track_goes_into_a_section_the_client_receives_in() -> None:
    offer = parse(OFFER.replace("a=sendonly\r\na=msid:- cid-mic", "a=recvonly"))
    section = build_answer(offer, LOCAL, Reply(tracks={"1": TRACK}), 5).split("m=")[2]
    assert (
        "a=sendonly" in section and "a=msid:PA_1|TR_1 TR_1" in section and "a=ssrc:99 cname:PA_1" in section
    )
    assert section.startswith("audio 9 UDP/TLS/RTP/SAVPF 111 63\r"), "with RED, if it comes"


def test_red_stands_first_where_the_client_shall_send_it() -> None:
    section = build_answer(parse(OFFER), LOCAL, Reply(received={"1"}, as_red={"1"}), 5).split("m=")[2]
    assert section.startswith("audio 9 UDP/TLS/RTP/SAVPF 63 111\r") and "a=fmtp:63 111/111" in section
    assert "63" not in build_answer(parse(OFFER), LOCAL, Reply(received={"1"}), 5).split("m=")[2]


def test_candidates_stand_once_and_refused_sections_are_not_bundled() -> None:
    offer = parse(OFFER.replace("m=audio 9", "m=audio 0"))
    answer = build_answer(offer, LOCAL, Reply(received={"2"}), 5)
    assert answer.count("a=candidate:") == 1
    assert "a=group:BUNDLE 0 2" in answer and "m=audio 0 " in answer
    assert all("c=IN IP4 0.0.0.0" in each for each in answer.split("\r\nm=")[1:]), "Firefox reads no other"


def test_firefox_receives_in_sections_that_stand_only_in_the_bundle() -> None:
    offer = parse(FIREFOX_RECEIVES)
    answer = build_answer(offer, LOCAL, Reply(tracks={"1": TRACK, "4": TRACK}), 5)
    head, *sections = answer.split("\r\nm=")
    assert "a=group:BUNDLE 0 1 3 4 6" in head
    assert [each.split()[:2] for each in sections[1:4]] == [["audio", "9"], ["video", "9"], ["video", "9"]]
    assert "a=sendonly" in sections[1] and "a=msid:PA_1|TR_1 TR_1" in sections[1]
    assert sections[1].startswith("audio 9 UDP/TLS/RTP/SAVPF 109\r") and "a=fmtp:109 maxplay" in sections[1]
    assert sections[3].startswith("video 9 UDP/TLS/RTP/SAVPF 120\r") and "a=sendonly" in sections[3]
    assert "a=inactive" in sections[0] and "a=inactive" in sections[2]


def test_firefox_sends_layers() -> None:
    offer = parse(FIREFOX_SENDS)
    assert (offer.sections[1].stream, offer.sections[1].track[:9]) == ("-", "{a1ab0c30")
    section = build_answer(offer, LOCAL, Reply(received={"1"}), 5).split("\r\nm=")[2]
    assert "a=recvonly" in section and "a=simulcast:recv q;h;f" in section
    assert "a=extmap:3 " in section and "a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id" in section


LINES = st.sampled_from([*OFFER.splitlines(), "a=ssrc:", "a=rid:", "a=extmap:", "a=fmtp:x", "m=video 0 A B"])


@settings(max_examples=100, deadline=None)
@given(st.lists(LINES | st.text(max_size=40), max_size=40))
def test_whatever_can_be_read_can_be_answered(lines: list[str]) -> None:
    try:
        offer = parse("\n".join(lines))
    except BadSdp:
        return
    mids = {each.mid for each in offer.sections}
    tracks = dict.fromkeys(mids, TRACK)
    answer = build_answer(offer, LOCAL, Reply(received=mids, as_red=mids, tracks=tracks), 1)
    assert answer.count("\r\nm=") == len(offer.sections)
