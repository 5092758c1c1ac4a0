"""What the process is told on its first line of standard input."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ifaddr

DEFAULT_KEYS = {"devkey": "secret"}
SHORTEST_SECRET = 32  # bytes; RFC 7518 (May 2015) section 3.2 asks this of HS256


class ConfigRefused(ValueError):
    """A setting is unknown or impossible. The message names the setting, never a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of what one client or one room may ask of the process. Sizes in bytes, times in seconds."""

    rooms: int = 1000
    participants_per_room: int = 300
    tracks_per_participant: int = 8
    signal_message: int = 1 << 20
    signal_queue: int = 2000
    data_message: int = 64 * 1024
    data_backlog: int = 4 << 20
    metadata: int = 64 * 1024
    attributes: int = 64 * 1024
    name: int = 256
    webhook_queue: int = 10_000
    empty_timeout_s: int = 300
    departure_timeout_s: int = 20
    signal_silence_s: float = 20.0
    resume_window_s: float = 15.0
    connect_timeout_s: float = 30.0
    publish_bitrate: int = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaConfig:
    """One media server. `keys` maps API key to secret; addresses are numeric."""

    keys: Mapping[str, str] = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 0
    rtc_addresses: tuple[str, ...] | None = None
    rtc_port: int = 0
    webhook_urls: tuple[str, ...] = ()
    webhook_key: str = ""
    auto_create: bool = False
    remote_unmute: bool = False
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        _check_keys(self.keys)
        _check_ports(self)
        if not all(each.startswith(("http://", "https://")) for each in self.webhook_urls):
            raise ConfigRefused("webhook_urls: not an http address")
        if self.webhook_urls and self.webhook_key not in self.keys:
            raise ConfigRefused("webhook_key: must be one of keys when webhook_urls is set")
        addresses = (self.host, *(self.rtc_addresses or ()))
        if not all(is_loopback(each) for each in addresses):
            _check_strong(self.keys)

    def media_addresses(self) -> tuple[str, ...]:
        """The numeric addresses on which media is received, one UDP socket each."""
        if self.rtc_addresses:
            return self.rtc_addresses
        if is_loopback(self.host):
            return ("127.0.0.1",)
        if ipaddress.ip_address(self.host).is_unspecified:
            return tuple(_own_addresses()) or ("127.0.0.1",)
        return (self.host,)


def parse_config(line: str) -> MediaConfig:
    """Read one JSON object; raise `ConfigRefused` naming the first unknown or impossible key."""
    try:
        given = json.loads(line)
    except ValueError as problem:
        raise ConfigRefused("configuration: not one line of JSON") from problem
    if not isinstance(given, dict):
        raise ConfigRefused("configuration: not a JSON object")
    limits = _build_limits(given.pop("limits", None) or {})
    _refuse_unknown(given, MediaConfig, "")
    if "keys" not in given:
        raise ConfigRefused("keys: missing")
    for name in ("rtc_addresses", "webhook_urls"):
        if isinstance(given.get(name), list):
            given[name] = tuple(given[name])
    _check_types(given)
    return MediaConfig(limits=limits, **given)


def is_loopback(host: str) -> bool:
    """Whether a numeric address (or `localhost`) is reachable from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError as problem:
        raise ConfigRefused("host, rtc_addresses: numeric addresses only") from problem


def has_network_interface() -> bool:
    """Whether any non-loopback interface is up. Without one, clients gather no candidate at all."""
    return any(_is_up(adapter.name) for adapter, _ in _foreign_addresses())


def _own_addresses() -> Iterable[str]:
    return (address for _, address in _foreign_addresses() if "." in address)


def _foreign_addresses() -> Iterable[tuple[Any, str]]:
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            address = ip.ip if isinstance(ip.ip, str) else ip.ip[0]
            if not ipaddress.ip_address(address).is_loopback:
                yield adapter, address


def _is_up(name: str) -> bool:
    flags = Path("/sys/class/net") / name / "flags"
    try:
        return bool(int(flags.read_text(), 16) & 1)
    except (OSError, ValueError):
        return True  # only Linux tells; elsewhere an interface with an address counts as up


def _build_limits(given: Any) -> Limits:
    if not isinstance(given, dict):
        raise ConfigRefused("limits: not an object")
    _refuse_unknown(given, Limits, "limits.")
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise ConfigRefused(f"limits.{name}: not a positive number")
    return Limits(**given)


def _refuse_unknown(given: Mapping[str, Any], kind: type, prefix: str) -> None:
    known = {each.name for each in dataclasses.fields(kind)}
    for name in given:
        if name not in known:
            raise ConfigRefused(f"{prefix}{name}: unknown setting")


def _check_types(given: Mapping[str, Any]) -> None:
    for name, kind in (("host", str), ("webhook_key", str), ("auto_create", bool), ("remote_unmute", bool)):
        if name in given and not isinstance(given[name], kind):
            raise ConfigRefused(f"{name}: wrong type")
    for name in ("rtc_addresses", "webhook_urls"):
        value = given.get(name)
        if value is not None and not (isinstance(value, tuple) and all(isinstance(v, str) for v in value)):
            raise ConfigRefused(f"{name}: not a list of text")


def _check_keys(keys: Any) -> None:
    if not isinstance(keys, Mapping) or not keys:
        raise ConfigRefused("keys: at least one API key with its secret is needed")
    if not all(isinstance(k, str) and isinstance(v, str) and k and v for k, v in keys.items()):
        raise ConfigRefused("keys: API keys and secrets are non-empty text")


def _check_ports(config: MediaConfig) -> None:
    ports: tuple[tuple[str, Any], ...] = (("port", config.port), ("rtc_port", config.rtc_port))
    for name, port in ports:
        if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
            raise ConfigRefused(f"{name}: not a port number")


def _check_strong(keys: Mapping[str, str]) -> None:
    for key, secret in keys.items():
        if DEFAULT_KEYS.get(key) == secret:
            raise ConfigRefused("keys: default keys serve loopback addresses only")
        if len(secret.encode()) < SHORTEST_SECRET:
            raise ConfigRefused("keys: a secret for a non-loopback address needs 32 bytes")
