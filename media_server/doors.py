"""Where media comes in, and how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """Where media comes in. `tcp_port` 0: the number of the UDP port. `announced`: addresses outside a NAT."""

    addresses: Sequence[str]
    port: int = 0
    udp: bool = True
    tcp: bool = True
    tcp_port: int = 0
    announced: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What one peer may send in a second, and what a slow TCP reader may leave unread (bytes)."""

    packets: int = 1500
    bytes: int = 1_500_000
    data_bytes: int = 256_000
    tcp_backlog: int = 256 * 1024
    tcp_connections: int = 4096
    tcp_waiting: int = 256
    tcp_waiting_per_address: int = 64
    handshakes: int = 64
