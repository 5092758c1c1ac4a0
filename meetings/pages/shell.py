"""What works without a network: the service worker, the manifest, and pages that say nothing about anybody."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import orjson
from aiohttp import web
from markupsafe import Markup

from meetings.http.language import LOCALES, source, translator
from meetings.http.styles import STYLES
from meetings.pages.assets import ADDRESS, Assets
from meetings.pages.hall_words import HALL
from meetings.pages.icon import RED, png, svg
from meetings.pages.pen import Pen
from meetings.pages.words import Words

NAME, SHORT = source("Sinh hoạt chi bộ"), source("Chi bộ")
_ICONS = (192, 512)
_HOUSE = Path(__file__).parents[1]
_MADE_OF = (
    _HOUSE / "pages" / "templates",
    _HOUSE / "http" / "templates",
    _HOUSE / "http" / "static",
    LOCALES,
)
_STYLES = ("app", "desk")
_PAGES = tuple(
    f"{page}{language}" for page in ("/hall", "/offline") for language in ("", "?lang=vi", "?lang=en")
)


class ShellPages:
    """`/sw.js`, `/manifest.webmanifest`, icons, `/hall` and `/offline`: the same for everybody."""

    def __init__(self, pen: Pen, assets: Assets) -> None:
        self._pen, self._assets = pen, assets

    def routes(self) -> list[web.RouteDef]:
        """All open to anybody."""
        return [
            web.get("/sw.js", self.worker),
            web.get("/manifest.webmanifest", self.manifest),
            web.get("/icon.svg", self.drawing),
            web.get(r"/icon-{side:192|512}.png", self.picture),
            web.get("/hall", self.hall),
            web.get("/offline", self.offline),
        ]

    async def worker(self, request: web.Request) -> web.StreamResponse:
        """GET /sw.js: what the build made, with what this installation's shell is. Another build, other bytes."""
        code = self._assets.text("sw")
        if code is None:
            raise web.HTTPNotFound
        styles = [request.config_dict[STYLES].address(name) for name in _STYLES]
        told = {"build": _build(code, *self._scripts()), "shell": [*_PAGES, *styles, *self._scripts()]}
        return web.Response(
            text=f"self.chibo={json.dumps(told)};\n{code}",
            content_type="text/javascript",
            charset="utf-8",
            headers={"Cache-Control": "no-cache"},
        )

    def _scripts(self) -> list[str]:
        return [f"{ADDRESS}/{name}" for name in self._assets.shell]

    async def manifest(self, request: web.Request) -> web.StreamResponse:
        """GET /manifest.webmanifest."""
        say = translator(request)
        icons = [
            {
                "src": f"/icon-{side}.png",
                "sizes": f"{side}x{side}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for side in _ICONS
        ]
        told = {
            "id": "/",
            "name": say(NAME),
            "short_name": say(SHORT),
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f7f3ec",
            "theme_color": "#{:02x}{:02x}{:02x}".format(*RED),
            "icons": [{"src": "/icon.svg", "sizes": "any", "type": "image/svg+xml"}, *icons],
        }
        return web.Response(text=json.dumps(told), content_type="application/manifest+json")

    async def drawing(self, _request: web.Request) -> web.StreamResponse:
        """GET /icon.svg."""
        return web.Response(text=svg(), content_type="image/svg+xml", headers=_KEPT)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """GET /icon-192.png, /icon-512.png."""
        return web.Response(
            body=_drawn(int(request.match_info["side"])), content_type="image/png", headers=_KEPT
        )

    async def hall(self, request: web.Request) -> web.StreamResponse:
        """GET /hall: the secretary's meeting without a network; what it shows lies on the device alone."""
        say = Words(request).say
        sayings = {name: say(text) for name, text in HALL.items()}
        context = {
            "script": self._assets.address("hall"),
            "sayings": Markup(orjson.dumps(sayings).decode().replace("<", "\\u003c")),  # noqa: S704  escaped just here
            "here": "/hall",
        }
        return self._pen.page(request, "pages/hall.html", context)

    async def offline(self, request: web.Request) -> web.StreamResponse:
        """GET /offline: shown where there is no network and nothing kept."""
        return self._pen.page(request, "pages/offline.html", {"here": "/offline"})


_KEPT = {"Cache-Control": "public, max-age=86400"}


@lru_cache(maxsize=len(_ICONS))
def _drawn(side: int) -> bytes:
    return png(side)


@lru_cache(maxsize=1)
def _build(code: str, *scripts: str) -> str:
    total = hashlib.sha256("\n".join((code, *scripts)).encode())
    for folder in _MADE_OF:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                total.update(file.read_bytes())
    return total.hexdigest()[:16]
