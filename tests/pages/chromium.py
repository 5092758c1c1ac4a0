"""Real Chromium, driven over its own DevTools protocol: a phone of 360 × 740 with false microphone and camera."""

from __future__ import annotations

import asyncio
import base64
import io
import itertools
import json
import math
import struct
import wave
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

import aiohttp
import pytest

from tests.conformance.browsers import CHROMIUM, program

START_S, ANSWER_S, WITHIN_S = 40.0, 30.0, 25.0
FLAGS = (
    *(
        flag for flag in CHROMIUM if not flag.startswith("--autoplay-policy")
    ),  # a first sound needs a tap, as on phones
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--remote-debugging-port=0"),
)
PHONE = {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}


class ScriptFailed(Exception):
    """A page's expression threw."""


class Tab:
    """One tab. `see` evaluates, `tap` presses as a finger does."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self.problems: list[str] = []
        self._ears = asyncio.create_task(self._listen())

    async def do(self, method: str, **params: Any) -> Any:
        """One command of the protocol."""
        number = next(self._numbers)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        return await asyncio.wait_for(answer, ANSWER_S)

    async def see(self, expression: str) -> Any:
        """The value of an expression in the page. Raises ScriptFailed."""
        said = await self.do("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in said:
            raise ScriptFailed(json.dumps(said["exceptionDetails"])[:600])
        return said["result"].get("value")

    async def until(self, expression: str, *, within: float = WITHIN_S) -> Any:
        """Ask until it is true."""
        async with asyncio.timeout(within):
            while True:
                try:
                    if found := await self.see(expression):
                        return found
                except ScriptFailed:  # the page is changing
                    pass
                await asyncio.sleep(0.1)

    async def open(self, url: str) -> None:
        """Go there and wait until it is read."""
        await self.do("Page.navigate", url=url)
        await self.until(f"document.readyState === 'complete' && location.href.startsWith({url!r})")

    async def tap(self, selector: str) -> None:
        """Press the middle of an element: a trusted event, unlike `click()`."""
        place = await self.until(
            f"(() => {{ const e = document.querySelector({selector!r});"
            " if (!e?.offsetParent || !e.checkVisibility({visibilityProperty: true})) return null;"
            " e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.do(
                "Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1
            )

    async def size(self, width: int, height: int, *, scale: float = 1, phone: bool = True) -> None:
        """Another screen."""
        facts = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": phone}
        await self.do("Emulation.setDeviceMetricsOverride", **facts)

    async def become(self, base: str, cookies: Mapping[str, str]) -> None:
        """Somebody else's browser."""
        await self.do("Network.clearBrowserCookies")
        for name, value in cookies.items():
            await self.do("Network.setCookie", url=base, name=name, value=value)

    async def picture(self, file: Path) -> None:
        """A screenshot."""
        shot = await self.do("Page.captureScreenshot", format="png")
        await asyncio.to_thread(file.write_bytes, base64.b64decode(shot["data"]))

    async def _listen(self) -> None:
        async for message in self._socket:
            said = message.json()
            if (future := self._waiting.pop(said.get("id", 0), None)) and not future.done():
                if "error" in said:
                    future.set_exception(ScriptFailed(str(said["error"])))
                else:
                    future.set_result(said["result"])
            elif _is_problem(said):
                self.problems.append(json.dumps(said["params"])[:600])


@asynccontextmanager
async def phone(
    base: str,
    cookies: Mapping[str, str],
    *,
    scripts: bool = True,
    keeps: Path | None = None,
    flags: tuple[str, ...] = (),
) -> AsyncIterator[Tab]:
    """A browser of somebody who signed in before. Skips the test where there is no Chromium.

    `keeps`: a folder for what the browser keeps; it is then killed at the end, as by a battery that dies.
    `flags`: further ones of the command line.
    """
    found = program("Chromium")
    if found is None:
        pytest.skip("no Chromium on this machine")
    with TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        profile = keeps or Path(scratch)
        voice = Path(scratch) / "voice.wav"
        voice.write_bytes(babble())
        port_file = profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        command = [
            found,
            *FLAGS,
            *flags,
            f"--use-file-for-fake-audio-capture={voice}",
            f"--user-data-dir={profile}",
        ]
        process = await asyncio.create_subprocess_exec(
            *command, "about:blank", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            async with aiohttp.ClientSession() as http:
                port = await _port(port_file)
                async with http.ws_connect(await _target(http, port), max_msg_size=1 << 26) as socket:
                    tab = Tab(socket)
                    await _prepare(tab, base, cookies, scripts=scripts)
                    yield tab
                    tab._ears.cancel()
        finally:
            (process.kill if keeps else process.terminate)()
            await process.wait()


def babble(seconds: int = 4, rate: int = 16_000) -> bytes:
    """A voice that nobody speaks with: syllables of gliding harmonics. A browser's noise filter mutes plain tones."""
    samples = bytearray()
    phase = 0.0
    for number in range(seconds * rate):
        moment = number / rate
        pitch = 150 + 40 * math.sin(2 * math.pi * 1.5 * moment)
        phase += 2 * math.pi * pitch / rate
        syllable = max(0.0, math.sin(2 * math.pi * 4 * moment)) ** 0.5
        tone = sum(math.sin(phase * harmonic) / harmonic for harmonic in range(1, 12))
        samples += struct.pack("<h", int(14_000 * syllable * tone / 2))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(bytes(samples))
    return file.getvalue()


def _is_problem(said: dict[str, Any]) -> bool:
    """A script that failed, or something that the page's policy stopped."""
    stopped = said.get("method") == "Log.entryAdded" and "Content Security" in json.dumps(said)
    return stopped or said.get("method") == "Runtime.exceptionThrown"


async def _port(file: Path) -> str:
    return await asyncio.to_thread(_written, file)


def _written(file: Path) -> str:
    """The first line, once the browser has written it. Raises TimeoutError."""
    patience = monotonic() + START_S
    while monotonic() < patience:
        if file.is_file() and "\n" in (text := file.read_text()):
            return text.split("\n")[0]
        sleep(0.1)
    raise TimeoutError(file.name)


async def _target(http: aiohttp.ClientSession, port: str) -> str:
    async with http.get(f"http://127.0.0.1:{port}/json/list") as answer:
        return next(str(one["webSocketDebuggerUrl"]) for one in await answer.json() if one["type"] == "page")


async def _prepare(tab: Tab, base: str, cookies: Mapping[str, str], *, scripts: bool) -> None:
    for domain in ("Page", "Runtime", "Log", "Network"):
        await tab.do(f"{domain}.enable")
    for name, value in cookies.items():
        await tab.do("Network.setCookie", url=base, name=name, value=value)
    await tab.do("Emulation.setDeviceMetricsOverride", **PHONE)
    if not scripts:
        await tab.do("Emulation.setScriptExecutionDisabled", value=True)
