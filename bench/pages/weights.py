"""What a browser takes over the line at its first visit: compressed bytes of the page and of all it names."""

from __future__ import annotations

import re
from collections.abc import Mapping

import aiohttp

NAMED = re.compile(rb'<(?:script|link(?! rel="apple)|img)\b[^>]*?\b(?:src|href)="(/[^"]+)"[^>]*>')


async def weigh(base: str, cookie: str, path: str) -> Mapping[str, int]:
    """Bytes of the page alone, and of everything at a first visit with an empty cache."""
    headers = {"Accept-Encoding": "br, gzip", "Cookie": f"chibo={cookie}"}
    async with aiohttp.ClientSession(auto_decompress=False) as raw, aiohttp.ClientSession() as plain:
        page = len(await _body(raw, base + path, headers))
        named = {each.decode() for each in NAMED.findall(await _body(plain, base + path, headers))}
        others = [len(await _body(raw, base + each, headers)) for each in sorted(named)]
    return {"page": page, "first_visit": page + sum(others), "files": 1 + len(others)}


async def _body(http: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> bytes:
    async with http.get(url, headers=headers, allow_redirects=False) as answer:
        if answer.status != 200:
            raise SystemExit(f"a page answered {answer.status}")
        return await answer.read()
