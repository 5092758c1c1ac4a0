from __future__ import annotations

import base64
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livekit.protocol import rtc

from media_server.join import LARGEST_REQUEST, BadJoin, from_query, from_wrapped, inflate


def _encoded(body: bytes, *, packed: bool = False) -> str:
    kind = rtc.WrappedJoinRequest.GZIP if packed else rtc.WrappedJoinRequest.NONE
    wrapped = rtc.WrappedJoinRequest(compression=kind, join_request=gzip.compress(body) if packed else body)
    return base64.urlsafe_b64encode(wrapped.SerializeToString()).decode().rstrip("=")


def test_the_query_is_read() -> None:
    attributes = base64.urlsafe_b64encode(json.dumps({"tổ": "2"}).encode()).decode()
    params = from_query(
        {
            "auto_subscribe": "0",
            "reconnect": "1",
            "sid": "PA_1",
            "sdk": "js",
            "browser": "Firefox",
            "attributes": attributes,
        }
    )
    assert (params.auto_subscribe, params.reconnect, params.sid) == (False, True, "PA_1")
    assert not params.names_tracks and not params.remembers_streams
    assert params.attributes == {"tổ": "2"}


def test_an_empty_query_has_sane_defaults() -> None:
    params = from_query({})
    assert params.auto_subscribe and params.names_tracks and params.remembers_streams and not params.reconnect


@pytest.mark.parametrize("attributes", ["!", "W10", "eyJhIjogMX0", "ÿ"])
def test_bad_attributes_are_refused(attributes: str) -> None:
    with pytest.raises(BadJoin):
        from_query({"attributes": attributes})


@pytest.mark.parametrize("packed", [False, True])
def test_a_wrapped_request_is_read(packed: bool) -> None:
    request = rtc.JoinRequest(metadata="thư ký", participant_sid="PA_1")
    assert from_wrapped(_encoded(request.SerializeToString(), packed=packed)) == request


def test_a_gzip_bomb_stops_at_the_limit() -> None:
    with pytest.raises(BadJoin, match="too large"):
        from_wrapped(_encoded(b"\0" * (LARGEST_REQUEST * 20), packed=True))


def test_a_cut_gzip_is_refused() -> None:
    with pytest.raises(BadJoin):
        inflate(gzip.compress(b"hello" * 100)[:-10], 10_000)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_harms_the_reader(encoded: str) -> None:
    try:
        request = from_wrapped(encoded)
    except BadJoin:
        return
    assert isinstance(request, rtc.JoinRequest)
