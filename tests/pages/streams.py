"""Somebody who follows a meeting's stream as a browser does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse

from demo.client import Person

WITHIN_S = 15.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event; `number` empty for what has none."""

    name: str
    number: str
    data: Any


class Stream:
    """An open stream."""

    def __init__(self, answer: ClientResponse) -> None:
        self.answer = answer

    async def next(self) -> Event:
        """The next event, heartbeats too. Raises EOFError at its end."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(WITHIN_S):
            while line := await self.answer.content.readline():
                text = line.decode().rstrip("\r\n")
                if not text and "event" in fields:
                    data = json.loads(fields["data"]) if fields.get("data") else None
                    return Event(name=fields["event"], number=fields.get("id", ""), data=data)
                name, _, value = text.partition(": ")
                fields[name] = value
        raise EOFError

    async def until(self, name: str) -> Event:
        """The next event of that name."""
        while (event := await self.next()).name != name:
            pass
        return event


@asynccontextmanager
async def following(
    person: Person, base: str, meeting: str, *, last: str = "", header: str = ""
) -> AsyncIterator[Stream]:
    """Follow a meeting after that number."""
    url = f"{base}/m/{meeting}/live" + (f"?last={last}" if last else "")
    headers = {"Last-Event-ID": header} if header else {}
    async with person._http.get(url, headers=headers) as answer:
        yield Stream(answer)
