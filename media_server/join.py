"""What a client asks for when it connects: query form (dual), wrapped request (single)."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError
from livekit.protocol import models, rtc

SDKS = frozenset(models.ClientInfo.SDK.values())
LARGEST_REQUEST = 1 << 20  # bytes after inflating; a gzip bomb stops here


class BadJoin(ValueError):
    """The request cannot be understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinParams:
    """How to join. `sid` is the participant to resume, if `reconnect`; `requests` come with the join.

    In `single` mode one peer connection carries both directions.
    """

    single: bool = False
    auto_subscribe: bool = True
    adaptive_stream: bool = False
    reconnect: bool = False
    sid: str = ""
    sdk: str = ""
    browser: str = ""
    client_protocol: int = 0
    metadata: str = field(default="", repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    requests: tuple[rtc.SignalRequest, ...] = field(default=(), repr=False)

    @property
    def names_tracks(self) -> bool:
        """Whether the client gives a received track the name it has in SDP (Firefox makes up its own)."""
        return "firefox" not in self.browser.lower()

    @property
    def remembers_streams(self) -> bool:
        """Whether the client never announces a stream twice in one section: SDKs built on the Rust one."""
        return self.sdk != "js"


def from_query(query: Mapping[str, str]) -> JoinParams:
    """Read the query of `/rtc`. Raises `BadJoin` on attributes that are no JSON object of text."""
    return JoinParams(
        auto_subscribe=_flag(query.get("auto_subscribe", "1")),
        adaptive_stream=_flag(query.get("adaptive_stream", "")),
        reconnect=_flag(query.get("reconnect", "")),
        sid=query.get("sid", ""),
        sdk=query.get("sdk", ""),
        browser=query.get("browser", ""),
        client_protocol=_count(query.get("client_protocol", "")),
        attributes=_attributes(query.get("attributes", "")),
    )


def from_join_request(request: rtc.JoinRequest) -> JoinParams:
    """What a join request of `/rtc/v1` says."""
    client, settings = request.client_info, request.connection_settings
    return JoinParams(
        single=True,
        auto_subscribe=settings.auto_subscribe,
        adaptive_stream=settings.adaptive_stream,
        reconnect=request.reconnect,
        sid=request.participant_sid,
        sdk=models.ClientInfo.SDK.Name(client.sdk).lower() if client.sdk in SDKS else "",
        browser=client.browser,
        client_protocol=client.client_protocol,
        metadata=request.metadata,
        attributes=dict(request.participant_attributes),
        requests=tuple(_enclosed(request)),
    )


def _enclosed(request: rtc.JoinRequest) -> Iterable[rtc.SignalRequest]:
    """Requests that came with the join, in the order in which they must be done."""
    if request.HasField("sync_state"):
        yield rtc.SignalRequest(sync_state=request.sync_state)
    for each in request.add_track_requests:
        yield rtc.SignalRequest(add_track=each)
    if request.publisher_offer.sdp:
        yield rtc.SignalRequest(offer=request.publisher_offer)


def from_wrapped(encoded: str) -> rtc.JoinRequest:
    """Read `join_request` of `/rtc/v1`: base64url of a protobuf, its body maybe gzip. Raises `BadJoin`."""
    if not encoded:
        raise BadJoin("join_request is required")
    try:
        wrapped = rtc.WrappedJoinRequest.FromString(_unbase64(encoded))
        body = wrapped.join_request
        if wrapped.compression == rtc.WrappedJoinRequest.GZIP:
            body = inflate(body, LARGEST_REQUEST)
        if len(body) > LARGEST_REQUEST:
            raise BadJoin("join request too large")
        return rtc.JoinRequest.FromString(body)
    except DecodeError as problem:
        raise BadJoin("join request malformed") from problem


def inflate(body: bytes, most: int) -> bytes:
    """Gunzip at most this many bytes. Raises `BadJoin` if there would be more, or if it is no gzip."""
    stream = zlib.decompressobj(wbits=31)
    try:
        plain = stream.decompress(body, most + 1)
    except zlib.error as problem:
        raise BadJoin("join request malformed") from problem
    if len(plain) > most or not stream.eof:
        raise BadJoin("join request too large or cut off")
    return plain


def _flag(text: str) -> bool:
    return text in ("1", "true", "True", "TRUE", "t")


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _attributes(encoded: str) -> Mapping[str, str]:
    if not encoded:
        return {}
    try:
        given = json.loads(_unbase64(encoded))
    except ValueError as problem:
        raise BadJoin("attributes malformed") from problem
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        raise BadJoin("attributes malformed")
    return given


def _unbase64(encoded: str) -> bytes:
    if len(encoded) > LARGEST_REQUEST:
        raise BadJoin("too large")
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as problem:
        raise BadJoin("not base64") from problem
