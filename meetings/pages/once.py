"""A plain form sent twice is done once: its hidden key and what was filled in are claimed in the act's unit."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from aiohttp import web
from aiohttp.web_request import FileField

from meetings.db.unit import Units
from meetings.http.idempotency import first_time, sent_before
from meetings.kernel.ids import parse_id
from meetings.pages.forms import asker_of

KEY = "key"
T = TypeVar("T")


class Once:
    """The same form with the same words again does nothing; other words under the same key are another act."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def do(self, request: web.Request, act: Callable[[], Awaitable[object]]) -> bool:
        """Run the act inside one unit of work; False where it was done before. Raises what the act raises."""
        person, said = asker_of(request).person, await _said(request)
        async with self._units.begin() as uow:
            if not await first_time(uow, person, said):
                return False
            await act()
            return True

    async def do_ahead(
        self,
        request: web.Request,
        prepare: Callable[[], Awaitable[T]],
        keep: Callable[[T], Awaitable[object]],
    ) -> bool:
        """The same for an act with a slow part, which is done before any unit of work is opened."""
        person, said = asker_of(request).person, await _said(request)
        async with self._units.read() as uow:
            if await sent_before(uow, person, said):
                return False
        made = await prepare()
        return await self.do(request, lambda: keep(made))


async def _said(request: web.Request) -> str:
    """Salted by the key: a form may hold a passphrase. Raises BadId."""
    form = await request.post()
    digest = hashlib.sha256(f"{parse_id(_text(form.get(KEY)))} {request.path}\n".encode())
    for name, value in form.items():
        digest.update(f"{name}\n".encode())
        digest.update(_bytes(value))
    return digest.hexdigest()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _bytes(value: object) -> bytes:
    if isinstance(value, FileField):
        held = value.file.read()
        value.file.seek(0)
        return hashlib.sha256(held).digest()
    return hashlib.sha256(_text(value).encode(errors="surrogatepass")).digest()
