"""Bounds on what comes in, cheap enough to be asked for every datagram. Times are monotonic seconds."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from functools import lru_cache

SITE = 64  # last bits of an IPv6 address that whoever has one can choose (RFC 4291, February 2006, 2.5.1)


class Bucket:
    """A token bucket: `burst` at once, `rate` a second in the long run."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = 0.0

    def take(self, now: float, cost: float = 1) -> bool:
        """Take one token, or as many as it costs, if they are there."""
        if not self.has(now, cost):
            return False
        self._tokens -= cost
        return True

    def has(self, now: float, cost: float = 1) -> bool:
        """Whether one more is within bounds."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        return self._tokens >= cost


@lru_cache(maxsize=4096)
def household(host: str) -> str:
    """Under which name an address is counted: IPv4 by itself, IPv6 by the network it can choose addresses from."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address) or address.is_loopback:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Address(int(address) >> SITE << SITE))


class Meter:
    """Packets and bytes of one peer in the current second."""

    __slots__ = ("_bytes", "_most_bytes", "_most_packets", "_packets", "_since")

    def __init__(self, most_packets: int, most_bytes: int) -> None:
        self._most_packets = most_packets
        self._most_bytes = most_bytes
        self._packets = 0
        self._bytes = 0
        self._since = 0.0

    def admits(self, size: int, now: float) -> bool:
        """Whether one more packet of this size is within bounds."""
        if now - self._since >= 1.0:
            self._since, self._packets, self._bytes = now, 0, 0
        self._packets += 1
        self._bytes += size
        return self._packets <= self._most_packets and self._bytes <= self._most_bytes


class Callers:
    """A bucket per address; of too many addresses those longest unheard are forgotten."""

    def __init__(self, rate: float, burst: float, most: int = 4096) -> None:
        self._rate = rate
        self._burst = burst
        self._most = most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def has(self, address: str, now: float) -> bool:
        """Whether this address may once more, without counting it."""
        bucket = self._buckets.get(address)
        return bucket is None or bucket.has(now)

    def take(self, address: str, now: float) -> bool:
        """Count this address once more, if it may."""
        bucket = self._buckets.get(address)
        if bucket is None:
            bucket = self._buckets[address] = Bucket(self._rate, self._burst)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(address)
        return bucket.take(now)
