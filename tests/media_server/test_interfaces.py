from __future__ import annotations

import ipaddress

import pytest

from media_server.interfaces import is_local, own_addresses


def test_own_addresses_are_no_loopback_and_need_no_scope() -> None:
    for each in map(ipaddress.ip_address, own_addresses()):
        assert not each.is_loopback
        assert each.version == 4 or not each.is_link_local


@pytest.mark.parametrize("name", ["lo", "lo0"])
def test_a_named_interface_has_only_its_own_addresses(name: str) -> None:
    assert all(ipaddress.ip_address(each).is_loopback for each in own_addresses([name]))


def test_an_unknown_interface_has_none() -> None:
    assert own_addresses(["no such interface"]) == []


def test_a_proxy_on_this_machine_asks_for_somebody_else() -> None:
    assert is_local("127.0.0.1", {})
    assert is_local("::1", {"Host": "x"})
    assert not is_local("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"})
    assert not is_local("192.0.2.1", {})
    assert not is_local("", {})
