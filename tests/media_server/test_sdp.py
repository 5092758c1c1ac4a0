from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_server.sdp import AUDIO_LEVEL, MID, RID, BadSdp, Reader, parse
from tests.media_server.offers import OFFER


def test_an_offer_is_read() -> None:
    offer = parse(OFFER)
    data, audio, video = offer.sections
    assert (offer.ufrag, offer.setup, offer.fingerprints) == ("cliu", "actpass", {"sha-256": "11:22"})
    assert offer.has_data() and data.mid == "0"
    assert (audio.track, audio.ssrcs, audio.extensions[AUDIO_LEVEL]) == ("cid-mic", [77], 3)
    opus, vp8 = audio.codec(), video.codec()
    assert opus is not None and (opus.payload_type, opus.fmtp) == (111, "minptime=10;useinbandfec=1")
    assert vp8 is not None and vp8.payload_type == 96
    assert (video.rids, video.extensions[RID], video.extensions[MID]) == (["q", "f"], 10, 4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=0",
        "m=audio",
        "m=text 9 RTP/AVP 0",
        "m=audio 99999999999 RTP/AVP 0",
        "m=audio 9 RTP/AVP 300",
        "m=audio ٣ RTP/AVP 0",
        "m=audio 9 RTP/AVP 0\na=mid:",
        "m=audio 9 RTP/AVP 0\na=mid:" + "x" * 33,
        "m=audio 9 RTP/AVP 0\na=mid:thôn",
        "m=audio 9 RTP/AVP 0\na=ssrc:9999999999 cname:x",
        "m=audio 9 RTP/AVP 0\n" * 1000,
        "m=audio 9 RTP/AVP 0\na=mid:1\n" * 2,
        "x" * 1_100_000,
        "m=audio 9 RTP/AVP 0" + " 0" * 128,
        "m=audio 9 RTP/AVP 0\n" + "".join(f"a=ssrc:{each} cname:x\n" for each in range(33)),
        "m=video 9 RTP/AVP 0\n" + "".join(f"a=rid:r{each} send\n" for each in range(9)),
        "m=video 9 RTP/AVP 0\n" + "".join(f"a=extmap:1 urn:{each}\n" for each in range(65)),
        "m=audio 9 RTP/AVP 0\n" + "".join(f"a=fingerprint:sha-{each} 00\n" for each in range(9)),
        "".join(f"a=fingerprint:sha-{each} 00\n" for each in range(9)) + "m=audio 9 RTP/AVP 0",
    ],
)
def test_bad_descriptions_are_refused(text: str) -> None:
    with pytest.raises(BadSdp):
        parse(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(OFFER.splitlines()) | st.text(max_size=40), max_size=40))
def test_what_was_read_before_reads_the_same_again(lines: list[str]) -> None:
    text, reader = "\n".join(lines), Reader()
    try:
        first = reader.read(text)
    except BadSdp:
        return
    assert reader.read(text) == first == parse(text)


def test_only_what_changed_is_read_again() -> None:
    reader = Reader()
    before = reader.read(OFFER)
    after = reader.read(OFFER.replace("cid-mic", "cid-other"))
    assert [a is b for a, b in zip(before.sections, after.sections, strict=True)] == [True, False, True]
    assert after.sections[1].track == "cid-other" and after.ufrag == "cliu"


def test_red_is_known_only_around_the_common_opus() -> None:
    red = parse(OFFER).sections[1].red()
    assert red is not None and red.payload_type == 63
    assert parse(OFFER.replace("111/111", "9/9")).sections[1].red() is None
    assert parse(OFFER.replace("111", "109")).sections[1].red() is None
