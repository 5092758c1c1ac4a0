"""What the process is told on its first line of standard input."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from media_server.doors import Caps, Doors
from media_server.interfaces import own_addresses

DEFAULT_KEYS = {"devkey": "secret"}
MOST_PROCESSES = 64
TRANSPORTS = ("udp", "tcp")
LISTS = ("rtc_addresses", "rtc_interfaces", "rtc_announced", "rtc_transports", "webhook_urls")
KINDS: Mapping[str, tuple[type, ...]] = {
    "host": (str,),
    "webhook_key": (str,),
    "webhook_file": (str,),
    "auto_create": (bool,),
    "remote_unmute": (bool,),
    "processes": (int,),
    "drain_s": (int, float),
}
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
    webhook_queue: int = 20_000
    empty_timeout_s: int = 300
    departure_timeout_s: int = 20
    signal_silence_s: float = 20.0
    resume_window_s: float = 15.0
    connect_timeout_s: float = 30.0
    publish_bitrate: int = 3_000_000
    peer_packets: int = 1500  # a second: a screen in full and a camera in three layers are some 900
    peer_bytes: int = 1_500_000  # a second
    peer_data_bytes: int = 256_000  # a second of data messages: each goes to everybody in the room
    tcp_backlog: int = 256 * 1024
    tcp_connections: int = 4096
    connections: int = 5000  # signalling, in all and of one address: a whole hall may share one
    connections_of_address: int = 1000
    joins_per_s: float = 100.0
    joins_at_once: int = 1000
    joins_per_s_of_address: float = 20.0
    joins_at_once_of_address: int = 400
    refusals_per_s_of_address: float = 5.0
    refusals_at_once_of_address: int = 50
    handshakes: int = 64  # DTLS handshakes under way

    def caps(self) -> Caps:
        """What the media sockets bear of one peer."""
        return Caps(
            packets=self.peer_packets,
            bytes=self.peer_bytes,
            data_bytes=self.peer_data_bytes,
            tcp_backlog=self.tcp_backlog,
            tcp_connections=self.tcp_connections,
            handshakes=self.handshakes,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaConfig:
    """One media server. `keys` maps API key to secret; addresses are numeric.

    Media comes in on `rtc_addresses`, or on the addresses of `rtc_interfaces`, or where `host` is. `rtc_tcp_port` 0:
    the number of the UDP port. `rtc_announced`: addresses outside a NAT that leads here. `webhook_file` keeps events
    that were not yet delivered; empty: memory does. `drain_s`: over this time rooms end after SIGTERM. `processes`:
    rooms are spread over so many, each with UDP and TCP ports of its own, counted up from `rtc_port`.
    """

    keys: Mapping[str, str] = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 0
    rtc_addresses: tuple[str, ...] | None = None
    rtc_interfaces: tuple[str, ...] = ()
    rtc_announced: tuple[str, ...] = ()
    rtc_transports: tuple[str, ...] = TRANSPORTS
    rtc_port: int = 0
    rtc_tcp_port: int = 0
    webhook_urls: tuple[str, ...] = ()
    webhook_key: str = ""
    webhook_file: str = ""
    drain_s: float = 2.0
    processes: int = 1
    auto_create: bool = False
    remote_unmute: bool = False
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        _check_keys(self.keys)
        _check_ports(self)
        if self.drain_s < 0:
            raise ConfigRefused("drain_s: not a time in seconds")
        if not 1 <= self.processes <= MOST_PROCESSES:
            raise ConfigRefused(f"processes: 1 to {MOST_PROCESSES}")
        if self.processes > 1 and sys.platform == "win32":
            raise ConfigRefused("processes: more than one needs another system than Windows")
        if not all(each.startswith(("http://", "https://")) for each in self.webhook_urls):
            raise ConfigRefused("webhook_urls: not an http address")
        if self.webhook_urls and self.webhook_key not in self.keys:
            raise ConfigRefused("webhook_key: must be one of keys when webhook_urls is set")
        if not self.rtc_transports or not set(self.rtc_transports) <= set(TRANSPORTS):
            raise ConfigRefused("rtc_transports: udp, tcp or both")
        addresses = (self.host, *(self.rtc_addresses or ()), *self.rtc_announced)
        if self.rtc_interfaces or not all(is_loopback(each) for each in addresses):
            _check_strong(self.keys)

    def media_addresses(self) -> tuple[str, ...]:
        """The numeric addresses on which media is received, one socket per protocol each."""
        if self.rtc_addresses:
            return self.rtc_addresses
        if self.rtc_interfaces:
            found = tuple(own_addresses(self.rtc_interfaces))
            if not found:
                raise ConfigRefused("rtc_interfaces: none of them has an address")
            return found
        if is_loopback(self.host):
            return ("127.0.0.1",)
        if ipaddress.ip_address(self.host).is_unspecified:
            return tuple(own_addresses()) or ("127.0.0.1",)
        return (self.host,)

    def doors(self) -> Doors:
        """Where media comes in."""
        return Doors(
            addresses=self.media_addresses(),
            port=self.rtc_port,
            udp="udp" in self.rtc_transports,
            tcp="tcp" in self.rtc_transports,
            tcp_port=self.rtc_tcp_port,
            announced=self.rtc_announced,
        )


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
    for name in LISTS:
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
        raise ConfigRefused("host, rtc_addresses, rtc_announced: numeric addresses only") from problem


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
    for name, kind in KINDS.items():
        if name in given and type(given[name]) not in kind:
            raise ConfigRefused(f"{name}: wrong type")
    for name in LISTS:
        value = given.get(name)
        if value is not None and not (isinstance(value, tuple) and all(isinstance(v, str) for v in value)):
            raise ConfigRefused(f"{name}: not a list of text")


def _check_keys(keys: Any) -> None:
    if not isinstance(keys, Mapping) or not keys:
        raise ConfigRefused("keys: at least one API key with its secret is needed")
    if not all(isinstance(k, str) and isinstance(v, str) and k and v for k, v in keys.items()):
        raise ConfigRefused("keys: API keys and secrets are non-empty text")


def _check_ports(config: MediaConfig) -> None:
    for name in ("port", "rtc_port", "rtc_tcp_port"):
        port: Any = getattr(config, name)
        if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
            raise ConfigRefused(f"{name}: not a port number")


def _check_strong(keys: Mapping[str, str]) -> None:
    for key, secret in keys.items():
        if DEFAULT_KEYS.get(key) == secret:
            raise ConfigRefused("keys: default keys serve loopback addresses only")
        if len(secret.encode()) < SHORTEST_SECRET:
            raise ConfigRefused("keys: a secret for a non-loopback address needs 32 bytes")
