"""A person with a browser: signs in by the personal link, then speaks the JSON API as any client would."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import aiohttp


class Unexpected(Exception):
    """The service answered otherwise than the demonstration expects."""


class Refusal(Exception):
    """A typed refusal: `code` is stable, `title` is for people."""

    def __init__(self, status: int, code: str, title: str) -> None:
        super().__init__(f"{status} {code}: {title}")
        self.status, self.code, self.title = status, code, title


class Person:
    """One browser of one person. Every write carries an Idempotency-Key and is repeated if the line breaks."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.name = ""

    async def close(self) -> None:
        """Close the browser."""
        await self._http.close()

    async def enter(self, link: str) -> None:
        """Open the personal link, see one's name, say "Đúng, là tôi"."""
        url = self._base + link if link.startswith("/") else link
        async with self._http.get(url) as page:
            html = await page.text()
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', html))
        async with self._http.post(url, data=fields, allow_redirects=False) as answer:
            if answer.status != 303:
                raise Unexpected(f"signing in gave {answer.status}")
        self.name = (await self.get("/me"))["full_name"]

    def cookies(self) -> dict[str, str]:
        """What this browser shows the service, for other clients that act as the same person."""
        return {cookie.key: cookie.value for cookie in self._http.cookie_jar}

    async def get(self, path: str) -> Any:
        """A JSON answer. Raises Refusal."""
        return json.loads(await self.raw("GET", path))

    async def post(self, path: str, **body: Any) -> Any:
        """A write under a key of its own. Raises Refusal."""
        return await self._write("POST", path, body)

    async def put(self, path: str, **body: Any) -> Any:
        """The same, as PUT. Raises Refusal."""
        return await self._write("PUT", path, body)

    async def _write(self, method: str, path: str, body: dict[str, Any]) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        return json.loads(await self.raw(method, path, body, headers))

    async def raw(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> bytes:
        """The answer's bytes. Raises Refusal."""
        status, _, content = await self.ask(method, path, None if body is None else json.dumps(body), headers)
        if status >= 400:
            problem = json.loads(content)
            raise Refusal(status, problem["code"], problem["title"])
        return content

    async def ask(
        self, method: str, path: str, body: str | bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        """Status, content type and bytes, whatever they are. `body` goes out as it is, called JSON."""
        url, kind = f"{self._base}/api/v1{path}", {"Content-Type": "application/json"}
        sent = {**(kind if body is not None else {}), **(headers or {})}
        async with self._http.request(method, url, data=body, headers=sent) as answer:
            return answer.status, answer.content_type, await answer.read()
