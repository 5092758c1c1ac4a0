"""Behind a proxy of ours: the client's address and scheme are those that the proxy tells."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

Network = IPv4Network | IPv6Network


def behind_proxies(networks: Sequence[str]) -> Middleware:
    """Middleware that believes X-Forwarded-For and X-Forwarded-Proto from these networks, and nobody else."""
    trusted = [ip_network(network) for network in networks]

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not trusted or not _is_trusted(request.remote or "", trusted):
            return await handler(request)
        scheme = request.headers.get("X-Forwarded-Proto", request.scheme)
        told = request.clone(
            remote=client_of(request.headers.getall("X-Forwarded-For", []), trusted) or request.remote or "",
            scheme=scheme if scheme in {"http", "https"} else request.scheme,
        )
        return await handler(told)

    return middleware


def client_of(forwarded: Sequence[str], trusted: Sequence[Network]) -> str | None:
    """The nearest address that is no proxy of ours: whatever stands before it, the client may have made up."""
    hops = [hop.strip() for line in forwarded for hop in line.split(",")]
    for hop in reversed(hops):
        if not _is_trusted(hop, trusted):
            return hop if _is_address(hop) else None
    return None


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_trusted(text: str, trusted: Sequence[Network]) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in trusted)
