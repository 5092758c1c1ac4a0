from __future__ import annotations

import json
from typing import Any

import pytest

from media_server.config import ConfigRefused, MediaConfig, is_loopback, parse_config
from media_server.testing import KEY, SECRET

GOOD = {"keys": {KEY: SECRET}}


def test_a_full_line_is_read() -> None:
    config = parse_config(
        json.dumps(
            GOOD
            | {
                "host": "127.0.0.1",
                "port": 7880,
                "rtc_addresses": ["127.0.0.1", "127.0.0.2"],
                "rtc_port": 7882,
                "webhook_urls": ["http://127.0.0.1:1/x"],
                "webhook_key": KEY,
                "auto_create": True,
                "limits": {"participants_per_room": 12, "resume_window_s": 5},
            }
        )
    )
    assert config.media_addresses() == ("127.0.0.1", "127.0.0.2")
    assert config.limits.participants_per_room == 12
    assert SECRET not in repr(config)


def test_without_addresses_media_is_where_the_host_is() -> None:
    assert parse_config(json.dumps(GOOD | {"rtc_addresses": None})).media_addresses() == ("127.0.0.1",)
    assert MediaConfig(keys={KEY: SECRET}, host="192.0.2.7").media_addresses() == ("192.0.2.7",)
    assert MediaConfig(keys={KEY: SECRET}, host="0.0.0.0").media_addresses()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": 1}, "colour"),
        ({"limits": {"x": 1}}, "limits.x"),
        ({"limits": {"rooms": 0}}, "limits.rooms"),
        ({"limits": {"rooms": "many"}}, "limits.rooms"),
        ({"limits": [1]}, "limits"),
        ({"port": 70000}, "port"),
        ({"port": "80"}, "port"),
        ({"rtc_port": True}, "rtc_port"),
        ({"host": 5}, "host"),
        ({"host": "example.invalid"}, "host"),
        ({"auto_create": "yes"}, "auto_create"),
        ({"rtc_addresses": "127.0.0.1"}, "rtc_addresses"),
        ({"rtc_announced": ["nat.example"]}, "rtc_announced"),
        ({"rtc_announced": ["203.0.113.7"], "keys": {"mine": "short"}}, "32 bytes"),
        ({"rtc_transports": ["tls"]}, "rtc_transports"),
        ({"rtc_transports": []}, "rtc_transports"),
        ({"rtc_tcp_port": -1}, "rtc_tcp_port"),
        ({"processes": 0}, "processes"),
        ({"processes": True}, "processes"),
        ({"processes": 1000}, "processes"),
        ({"drain_s": -1}, "drain_s"),
        ({"drain_s": "long"}, "drain_s"),
        ({"webhook_file": 5}, "webhook_file"),
        ({"webhook_urls": [5]}, "webhook_urls"),
        ({"webhook_urls": [""]}, "webhook_urls"),
        ({"webhook_urls": ["http://x"]}, "webhook_key"),
        ({"keys": []}, "keys"),
        ({"keys": {"a": 5}}, "keys"),
        ({"keys": {"devkey": "secret"}, "host": "0.0.0.0"}, "default keys"),
        ({"keys": {"devkey": "secret"}, "rtc_addresses": ["192.0.2.7"]}, "default keys"),
        ({"keys": {"mine": "short"}, "host": "192.0.2.7"}, "32 bytes"),
    ],
)
def test_impossible_settings_are_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigRefused, match=named):
        parse_config(json.dumps(GOOD | change))


def test_interfaces_without_an_address_are_refused_when_asked_for() -> None:
    config = MediaConfig(keys={KEY: SECRET}, rtc_interfaces=("no such interface",))
    with pytest.raises(ConfigRefused, match="rtc_interfaces"):
        config.media_addresses()


@pytest.mark.parametrize("line", ["", "[]", "{}", "{"])
def test_what_is_no_configuration_is_refused(line: str) -> None:
    with pytest.raises(ConfigRefused):
        parse_config(line)


def test_default_keys_serve_loopback() -> None:
    assert MediaConfig(keys={"devkey": "secret"}).keys == {"devkey": "secret"}
    assert is_loopback("::1") and is_loopback("localhost") and not is_loopback("192.0.2.1")
