"""Style sheets by their content: browsers keep them for ever, and get them packed."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

STATIC = "/static"
FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TAG = 10  # characters of the hash in a name


@dataclass(frozen=True, kw_only=True, slots=True)
class _Style:
    address: str
    tag: str
    plain: bytes
    packed: bytes


class Styles:
    """Read once at start."""

    def __init__(self, folder: Path) -> None:
        self._known = {file.stem: _read(file) for file in sorted(folder.glob("*.css"))}

    def address(self, name: str) -> str:
        """Where pages find that sheet. Raises KeyError: a template's own mistake."""
        return self._known[name].address

    def routes(self) -> list[web.RouteDef]:
        """GET /static/{name}.css and /static/{name}-{tag}.css: open to anybody."""
        return [web.get(STATIC + r"/{name:[a-z]+}{tag:(-[0-9a-f]+)?}.css", self.give)]

    async def give(self, request: web.Request) -> web.StreamResponse:
        """A page kept from before an update asks for an old tag: it gets the sheet of today, not to be kept."""
        style = self._known.get(request.match_info["name"])
        if style is None:
            raise web.HTTPNotFound
        told = web.Response(content_type="text/css", charset="utf-8")
        told.etag = style.tag
        told.headers["Vary"] = "Accept-Encoding"
        current = request.match_info["tag"] == f"-{style.tag}"
        told.headers["Cache-Control"] = FOR_EVER if current else _ASK_AGAIN
        if any(tag.value == style.tag for tag in request.if_none_match or ()):
            told.set_status(304)
        elif "gzip" in request.headers.get("Accept-Encoding", ""):
            told.body = style.packed
            told.headers["Content-Encoding"] = "gzip"
        else:
            told.body = style.plain
        return told


STYLES = web.AppKey("styles", Styles)


def _read(file: Path) -> _Style:
    plain = file.read_bytes()
    tag = hashlib.sha256(plain).hexdigest()[:_TAG]
    address = f"{STATIC}/{file.stem}-{tag}.css"
    return _Style(address=address, tag=tag, plain=plain, packed=gzip.compress(plain, mtime=0))
