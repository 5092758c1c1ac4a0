from __future__ import annotations

import datetime
import time
from dataclasses import replace
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livekit import api
from livekit.protocol import models

from media_server.auth import (
    Grants,
    NotAllowed,
    Permission,
    check_admin,
    check_create,
    check_join,
    check_list,
    read_token,
    refresh_token,
    sign_webhook,
)
from media_server.testing import KEY, SECRET

KEYS = {KEY: SECRET, "other": SECRET[::-1]}


def _made(ttl_s: float = 60.0, **grants: Any) -> str:
    token = api.AccessToken(KEY, SECRET).with_identity("Nguyễn Ánh").with_name("Ánh")
    return token.with_ttl(datetime.timedelta(seconds=ttl_s)).with_grants(api.VideoGrants(**grants)).to_jwt()


def test_a_ticket_of_the_library_is_read() -> None:
    grants = read_token(
        _made(room_join=True, room="họp", can_publish_sources=["microphone"], hidden=True), KEYS
    )
    assert (grants.key, grants.identity, grants.name, grants.room) == (KEY, "Nguyễn Ánh", "Ánh", "họp")
    assert grants.permission.may_publish(models.TrackSource.MICROPHONE)
    assert not grants.permission.may_publish(models.TrackSource.CAMERA)
    assert grants.permission.hidden
    assert abs(grants.issued_at - time.time()) < 5


def test_unknown_sources_allow_nothing() -> None:
    grants = read_token(_made(room_join=True, room="r", can_publish_sources=["hologram"]), KEYS)
    assert not grants.permission.can_publish


@pytest.mark.parametrize(
    "change",
    [
        {"exp": 1},
        {"exp": None},
        {"nbf": 4_000_000_000},
        {"iss": "nobody"},
        {"iss": "other"},
        {"iss": None},
        {"video": "all"},
        {"attributes": [1]},
    ],
)
def test_bad_tokens_are_refused(change: dict[str, Any]) -> None:
    claims = {"iss": KEY, "sub": "an", "exp": int(time.time()) + 60, "video": {}} | change
    token = jwt.encode({k: v for k, v in claims.items() if v is not None}, SECRET, algorithm="HS256")
    with pytest.raises(NotAllowed):
        read_token(token, KEYS)


def test_an_unsigned_token_is_refused() -> None:
    token = jwt.encode({"iss": KEY, "exp": int(time.time()) + 60}, "", algorithm="none")
    with pytest.raises(NotAllowed):
        read_token(token, KEYS)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_text_passes_for_a_token(text: str) -> None:
    with pytest.raises(NotAllowed):
        read_token(text, KEYS)


def test_a_refreshed_token_says_the_same_and_is_issued_now() -> None:
    grants = read_token(_made(room_join=True, room="họp", can_publish_sources=["camera"]), KEYS)
    now = time.time() + 5
    again = read_token(refresh_token(grants, KEYS, now), KEYS)
    assert again.issued_at == int(now)
    assert replace(again, issued_at=0, expires_at=0) == replace(grants, issued_at=0, expires_at=0)


def test_a_webhook_signature_satisfies_the_library() -> None:
    body = '{"event": "room_started", "room": {"name": "họp"}}'
    receiver = api.WebhookReceiver(api.TokenVerifier(KEY, SECRET))
    token = sign_webhook(body.encode(), KEY, SECRET, time.time())
    assert receiver.receive(body, token).room.name == "họp"
    with pytest.raises(Exception, match="hash"):
        receiver.receive(body.replace("họp", "khác"), token)


def test_each_grant_opens_its_own_door_only() -> None:
    nothing = Grants(key=KEY, identity="an", room="họp")
    for check in (check_join, check_create, check_list):
        with pytest.raises(NotAllowed):
            check(nothing)
    check_join(replace(nothing, room_join=True))
    check_create(replace(nothing, room_create=True))
    check_list(replace(nothing, room_list=True))
    check_admin(replace(nothing, room_admin=True), "họp")
    with pytest.raises(NotAllowed):
        check_admin(replace(nothing, room_admin=True), "khác")
    with pytest.raises(NotAllowed):
        check_join(replace(nothing, room_join=True, identity=""))


def test_permissions_survive_the_protocol() -> None:
    permission = Permission(can_publish=False, sources=frozenset({2}), hidden=True, can_update_metadata=True)
    assert Permission.from_proto(permission.to_proto()) == permission


@pytest.mark.parametrize(
    ("given", "known", "publishes"), [([2, 99], [2], True), ([99], [], False), ([0], [], False)]
)
def test_unknown_sources_are_left_out_and_never_mean_any(
    given: list[int], known: list[int], publishes: bool
) -> None:
    told = models.ParticipantPermission(can_publish=True)
    told.can_publish_sources.extend(given)  # type: ignore[arg-type] # numbers of a later protocol
    permission = Permission.from_proto(told)
    assert (sorted(permission.sources), permission.can_publish) == (known, publishes)
    permission.to_proto()
