"""Somebody who reads the plain pages with a browser without JavaScript."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from aiohttp import ClientSession

from demo.cast import Member
from demo.client import Person
from tests.journeys.sittings import PLACE
from tests.serving import Serving

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
_VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9àáãèéìíòóõùúýÀÁÃÈÉÌÍÒÓÕÙÚÝ]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What came back. `text` is what a reader sees, tags left out."""

    status: int
    url: str
    html: str
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """Seen text, spaces folded."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())

    def forms(self) -> dict[str, dict[str, str]]:
        """The hidden fields of each form, by its address."""
        found = re.findall(r'<form method="post" action="([^"]+)">(.*?)</form>', self.html, re.DOTALL)
        return {action: dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', body))
                for action, body in found}  # fmt: skip

    def links(self) -> list[str]:
        """Where its links lead."""
        return re.findall(r'<a [^>]*href="([^"]+)"', self.html)

    def untranslated(self) -> str:
        """Vietnamese words outside elements that say they are Vietnamese; a place keeps its name anywhere."""
        own = re.sub(r"<(\w+)[^>]* lang=\"vi\"[^>]*>.*?</\1>", " ", self.html, flags=re.DOTALL)
        own = own.replace(PLACE, "")
        seen = re.sub(r"<title>.*?</title>|<[^>]+>", " ", own, flags=re.DOTALL)
        return " ".join(word for word in unescape(seen).split() if _VIETNAMESE.search(word))


class Reader:
    """One browser; signed in, when it is a person's."""

    def __init__(self, house: Serving, person: Person) -> None:
        self._base = house.base
        self._http: ClientSession = person._http

    async def open(self, path: str) -> Page:
        """Go to an address."""
        return await self._asked("GET", path)

    async def send(self, path: str, **fields: str) -> Page:
        """Press a button of a form and follow to where it leads."""
        return await self._asked("POST", path, fields)

    async def press(self, page: Page, action: str, **fields: str) -> Page:
        """Fill in the form with that address and send it."""
        return await self.send(action, **{**page.forms()[action], **fields})

    async def _asked(self, method: str, path: str, data: dict[str, str] | None = None) -> Page:
        url = self._base + path
        async with self._http.request(method, url, data=data, headers=BROWSER) as answer:
            html = await answer.text(errors="replace")  # a file is no text
            return Page(status=answer.status, url=answer.url.path, html=html, headers=dict(answer.headers))


async def reader(house: Serving, member: Member | None = None) -> Reader:
    """The member's browser; the secretary's without one."""
    return Reader(house, await house.person(member) if member else await house.secretary())
