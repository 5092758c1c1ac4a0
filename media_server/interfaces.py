"""The machine's own addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import ifaddr

FORWARDED = ("Forwarded", "X-Forwarded-For")
MOST_ADDRESSES = 16  # a socket each; a machine of many containers may have hundreds


def own_addresses(names: Collection[str] = ()) -> list[str]:
    """Addresses of these interfaces (empty: of all but loopback), IPv4 first.

    Link-local IPv6 is left out: a candidate cannot name the interface it belongs to.
    """
    found = set()
    for adapter, address in _addresses():
        chosen = {adapter.nice_name, adapter.name} & set(names) if names else not _is_loopback(address)
        if chosen and not (":" in address and ipaddress.ip_address(address).is_link_local):
            found.add(address)
    return sorted(found, key=lambda each: (":" in each, each))[:MOST_ADDRESSES]


def has_network_interface() -> bool:
    """Whether any non-loopback interface is up. Without one, clients gather no candidate at all."""
    return any(_is_up(adapter.name) for adapter, address in _addresses() if not _is_loopback(address))


def is_local(host: str, headers: Mapping[str, str]) -> bool:
    """Whether this machine itself asks, and not a proxy on it for somebody else."""
    return bool(host) and _is_loopback(host) and not any(each in headers for each in FORWARDED)


def _addresses() -> Iterable[tuple[Any, str]]:
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            yield adapter, ip.ip if isinstance(ip.ip, str) else ip.ip[0]


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def _is_up(name: str) -> bool:
    flags = Path("/sys/class/net") / name / "flags"
    try:
        return bool(int(flags.read_text(), 16) & 1)
    except (OSError, ValueError):
        return True  # only Linux tells; elsewhere an interface with an address counts as up
