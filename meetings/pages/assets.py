"""The built scripts as pages refer to them: by hashed names that browsers may keep for ever."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from meetings.http.styles import FOR_EVER

FOLDER = Path(__file__).with_name("static")
ADDRESS = "/scripts"
NAMES = ("core", "room", "sound", "desk", "trouble", "signing")
_NOT_IN_SHELL = frozenset({"sound", "room", "sw"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Scripts:
    """Addresses by name; none at all where the build was skipped."""

    core: str
    room: str
    sound: str
    desk: str
    trouble: str
    signing: str


class Assets:
    """What the manifest of the build names, and nothing else in the folder."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._names = _manifest(folder)

    @property
    def scripts(self) -> Scripts | None:
        """None: built without scripts; forms work all the same, the room has no sound."""
        if not self._names.keys() >= set(NAMES):
            return None
        return Scripts(**{name: f"{ADDRESS}/{self._names[name]}" for name in NAMES})

    def address(self, name: str) -> str:
        """Where that script is; empty where it was not built."""
        return f"{ADDRESS}/{self._names[name]}" if name in self._names else ""

    def text(self, name: str) -> str | None:
        """The code of a script that is given with something before it."""
        return (self._folder / self._names[name]).read_text("utf-8") if name in self._names else None

    @property
    def shell(self) -> list[str]:
        """The files that pages without a network are made of: all but the sound and what only rooms need."""
        return sorted(file for name, file in self._names.items() if name not in _NOT_IN_SHELL)

    def routes(self) -> list[web.RouteDef]:
        """GET /scripts/{name}: open to anybody, as it says nothing about anybody."""
        return [web.get(f"{ADDRESS}/{{name}}", self.give)]

    async def give(self, request: web.Request) -> web.StreamResponse:
        """One file; aiohttp gives the .br or .gz beside it to whoever takes that."""
        name = request.match_info["name"]
        if name not in self._names.values():
            raise web.HTTPNotFound
        headers = {"Cache-Control": FOR_EVER, "Content-Type": "text/javascript; charset=utf-8"}
        return web.FileResponse(self._folder / name, headers=headers)


def _manifest(folder: Path) -> Mapping[str, str]:
    try:
        found = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(file) for name, file in found.items()}


def nonce() -> str:
    """For the one style element of a page."""
    return secrets.token_urlsafe(12)


def policy(style_nonce: str, media_address: str) -> str:
    """The Content-Security-Policy of a page with sound: it may also talk to that media server, and to none else."""
    allowed = " ".join(("'self'", *_both(media_address)))
    return (
        f"default-src 'self'; img-src 'self' data:; style-src 'self' 'nonce-{style_nonce}'; script-src 'self';"
        f" connect-src {allowed}; media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )


def _both(address: str) -> tuple[str, ...]:
    """livekit-client speaks over a WebSocket, and asks over HTTP why one was refused."""
    parts = urlsplit(address)
    if not parts.hostname:
        return ()
    secure = parts.scheme in {"https", "wss"}
    return tuple(f"{scheme}://{parts.netloc}" for scheme in (("wss", "https") if secure else ("ws", "http")))
