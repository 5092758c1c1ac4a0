"""What must fit between sections."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from meetings.settings import BadSetting, Settings, load


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().http.port = 1  # type: ignore[misc]  # what the type forbids is tried on purpose


@pytest.mark.parametrize(
    ("env", "reachable"),
    [
        ({}, False),
        ({"CHIBO_HTTP__HOST": "localhost"}, False),
        ({"CHIBO_HTTP__HOST": "::1"}, False),
        ({"CHIBO_HTTP__HOST": "127.0.0.2"}, False),
        ({"CHIBO_HTTP__HOST": "0.0.0.0", "CHIBO_TLS__CERT_FILE": "c", "CHIBO_TLS__KEY_FILE": "k"}, True),
        ({"CHIBO_HTTP__BEHIND_PROXY": "true", "CHIBO_HTTP__TRUSTED_PROXIES": "127.0.0.1"}, True),
        ({"CHIBO_MEDIA__HOST": "192.0.2.1"}, True),
        ({"CHIBO_LIVEKIT__URL": "ws://127.0.0.1:7880", "CHIBO_MEDIA__HOST": "192.0.2.1"}, False),
        ({"CHIBO_LIVEKIT__URL": "wss://live.example"}, True),
    ],
)
def test_who_can_reach_the_service(env: dict[str, str], reachable: bool) -> None:
    assert load(None, env).reachable_from_outside is reachable


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "meeting.example", "127.0.0.1.example"])
def test_plain_http_is_for_this_machine_only(host: str) -> None:
    with pytest.raises(BadSetting) as refused:
        load(None, {"CHIBO_HTTP__HOST": host})
    assert refused.value.facts["key"] == "http.host"
    proxied = {"CHIBO_HTTP__BEHIND_PROXY": "true", "CHIBO_HTTP__TRUSTED_PROXIES": "127.0.0.1"}
    assert load(None, {"CHIBO_HTTP__HOST": host, **proxied}).http.host == host


def test_a_demonstration_clock_has_its_start_in_utc() -> None:
    env = {
        "CHIBO_CLOCK__MODE": "demo",
        "CHIBO_CLOCK__START": "2026-11-24T19:00:00+07:00",
        "CHIBO_CLOCK__RATE": "60",
    }
    clock = load(None, env).clock
    assert clock.start_utc() == datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert clock.rate == 60
    with pytest.raises(ValueError, match="no start"):
        Settings().clock.start_utc()


def test_postgresql_may_be_reached_through_a_socket() -> None:
    url = "postgresql+asyncpg://chibo_app@/chibo?host=/run/postgresql"
    assert load(None, {"CHIBO_DATABASE__URL": url}).database.url == url
