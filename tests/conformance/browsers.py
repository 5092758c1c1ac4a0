"""Browsers that run livekit-client and obey over a WebSocket: no driver but the page itself."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import WSMsgType, web

from tests.conformance.packages import livekit_client
from tests.media_server.people import PATIENCE_S

PAGE = Path(__file__).with_name("page")
START_S = 40.0
ANSWER_S = 40.0
FIREFOX = "Firefox"  # gathers no candidate on loopback
PROGRAMS: Mapping[str, Sequence[str]] = {
    "Chromium": ("chromium", "chromium-browser", "google-chrome"),
    FIREFOX: ("firefox-esr", "firefox"),
}
CHROMIUM = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"),
    *("--autoplay-policy=no-user-gesture-required", "--disable-background-networking", "--mute-audio"),
    *("--disable-background-timer-throttling", "--disable-component-update", "--disable-sync"),
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)
PREFERENCES = """
user_pref("media.peerconnection.ice.loopback", true);
user_pref("media.peerconnection.ice.obfuscate_host_addresses", false);
user_pref("media.peerconnection.ice.default_address_only", false);
user_pref("media.peerconnection.ice.no_host", false);
user_pref("media.peerconnection.ice.link_local", true);
user_pref("media.navigator.streams.fake", true);
user_pref("media.navigator.audio.fake_frequency", 660);
user_pref("media.navigator.permission.disabled", true);
user_pref("media.autoplay.default", 0);
user_pref("media.autoplay.blocking_policy", 0);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("media.gmp-manager.url", "");
"""


class Told(Exception):
    """What the page said went wrong."""


def program(name: str) -> str | None:
    """The browser's command, if this machine has it."""
    return next((found for each in PROGRAMS[name] if (found := shutil.which(each))), None)


@dataclass
class Page:
    """One page with one client of one room."""

    socket: web.WebSocketResponse | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: Any = field(default_factory=itertools.count)
    _waiting: dict[int, asyncio.Future[Any]] = field(default_factory=dict)

    async def do(self, act: str, *args: Any) -> Any:
        """Let the page act; its answer. Raises `Told`."""
        assert self.socket is not None
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self.socket.send_json({"id": number, "act": act, "args": args})
        try:
            return await asyncio.wait_for(answer, ANSWER_S)
        finally:
            del self._waiting[number]

    async def seen(self, event: str) -> list[Any]:
        """What came with each event of this kind."""
        return [what for kind, what in await self.do("events") if kind == event]

    async def hears(self, identity: str, hertz: float) -> bool:
        """Whether this participant is heard at this frequency; only whether it is loud, where the page tells none."""
        loudest = await self.do("loudest", identity)
        if not loudest or loudest["decibel"] <= -50:
            return False
        return loudest["hertz"] is None or bool(abs(loudest["hertz"] - hertz) < 6)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """The page's end of the control connection."""
        self.socket = web.WebSocketResponse(max_msg_size=1 << 24)
        await self.socket.prepare(request)
        self.ready.set()
        async for message in self.socket:
            if message.type is WSMsgType.TEXT:
                self._answered(message.json())
        return self.socket

    def _answered(self, answer: Any) -> None:
        future = self._waiting.get(answer["id"])
        if future is None or future.done():
            return
        if "error" in answer:
            future.set_exception(Told(answer["error"]))
        else:
            future.set_result(answer["value"])


Join = Callable[..., Awaitable[None]]  # connects a page to the room of its test


async def eventually(condition: Callable[[], Awaitable[Any]]) -> None:
    """Wait until the page says so."""
    async with asyncio.timeout(PATIENCE_S):
        while not await condition():  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(0.1)


async def says(page: Page, wanted: Any, act: str, *args: Any) -> None:
    """Wait until this is what the page answers."""

    async def is_so() -> bool:
        return bool(await page.do(act, *args) == wanted)

    await eventually(is_so)


async def counts(page: Page, event: str, count: int) -> None:
    """Wait until the page has seen this event so often."""

    async def is_so() -> bool:
        return len(await page.seen(event)) == count

    await eventually(is_so)


@asynccontextmanager
async def opened(name: str, *flags: str) -> AsyncIterator[Page]:
    """A browser with the page open, started with these flags. It must be there (`program`)."""
    page = Page()
    async with _served(page) as url:
        with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
            process = await asyncio.create_subprocess_exec(
                *_command(name, profile, url, flags),
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                async with asyncio.timeout(START_S):
                    await page.ready.wait()
                yield page
            finally:
                process.terminate()
                await process.wait()


def _command(name: str, profile: str, url: str, flags: Sequence[str]) -> Sequence[str]:
    found = program(name)
    assert found is not None
    if name == "Chromium":
        return [found, *CHROMIUM, *flags, f"--user-data-dir={profile}", url]
    (Path(profile) / "user.js").write_text(PREFERENCES)
    return [found, "--headless", "--no-remote", "--profile", profile, *flags, url]


@asynccontextmanager
async def _served(page: Page) -> AsyncIterator[str]:
    bundle = await asyncio.to_thread(livekit_client)
    app = web.Application()
    files = {"/": PAGE / "index.html", "/page.js": PAGE / "page.js", "/livekit-client.umd.js": bundle}
    for path, file in files.items():
        app.router.add_get(path, _giving(file))
    app.router.add_get("/control", page.serve)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        if page.socket is not None:
            await page.socket.close()
        await runner.cleanup()


def _giving(file: Path) -> Any:
    async def give(_: web.Request) -> web.FileResponse:
        return web.FileResponse(file)

    return give
