"""Two builds of the scripts and one address: the server is replaced while phones have pages of the older one open."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from demo.client import Person
from meetings.kernel.clock import FixedClock
from meetings.pages.bundler import MANIFEST
from tests.media_server.proxy import Proxy, proxied
from tests.pages.chromium import Tab, phone
from tests.pages.scripts import built
from tests.postgres import Urls
from tests.serving import Serving, serving

WORKER = """
(async () => {
  const shells = (await caches.keys()).filter((name) => name.startsWith('shell-'));
  const worker = (await navigator.serviceWorker.ready).active;
  const text = await (await fetch(worker.scriptURL, {cache: 'reload'})).text();
  return JSON.stringify({shells, state: worker.state, served: text.split('"build": "')[1].split('"')[0]});
})()
"""


def renamed(scripts: Path, folder: Path) -> Path:
    """The same scripts as another build names them: every file, and every mention of it, has another hash."""
    names = {str(file): str(file) for file in json.loads((scripts / MANIFEST).read_text("utf-8")).values()}
    for file in names:
        stem, _, tail = file.removesuffix(".js").partition("-")
        names[file] = f"{stem}-{tail[::-1].replace('-', '_')}Z.js"
    folder.mkdir()
    for old, new in names.items():
        shutil.copy(scripts / old, folder / new)
    shutil.copy(scripts / MANIFEST, folder)
    for copy in folder.iterdir():
        text = copy.read_text("utf-8")
        for old, new in names.items():
            text = text.replace(old, new)
        copy.write_text(text, "utf-8")
    return folder


class Replaced:
    """A server behind one address; `deploy` ends it and starts one of another build over the same data."""

    def __init__(self, urls: Urls, folder: Path, clock: FixedClock) -> None:
        self._urls, self._folder, self._clock = urls, folder, clock
        self._stack = AsyncExitStack()
        self.house: Serving
        self.line: Proxy
        self.builds = (built(), renamed(built(), folder / "other-build"))

    async def start(self) -> None:
        """The older build."""
        await self._serve(0)
        self.line = await self._stack.enter_async_context(proxied(self.house.base))

    async def deploy(self) -> None:
        """The newer build takes the place of the older one."""
        await self._running.aclose()
        await self._serve(1)
        self.line.to(self.house.base)
        self.line.cut()

    async def end(self) -> None:
        """Everything."""
        await self._stack.aclose()
        await self._running.aclose()

    async def _serve(self, number: int) -> None:
        data = self._folder / f"data-{number}"
        data.mkdir()
        self._running = AsyncExitStack()
        server = serving(self._urls, data, self._clock, scripts=self.builds[number])
        self.house = await self._running.enter_async_context(server)

    def lose_the_line(self) -> None:
        """As behind the last hill."""
        self.line.silent = True
        self.line.cut()

    def find_the_line(self) -> None:
        """On top of it."""
        self.line.silent = False
        self.line.cut()

    def file(self, number: int, name: str) -> str:
        """What that build calls a script."""
        return str(json.loads((self.builds[number] / MANIFEST).read_text("utf-8"))[name])

    @asynccontextmanager
    async def phone(self, person: Person, *, keeps: Path | None = None) -> AsyncIterator[Tab]:
        """Somebody's, which has been on the first page before, so that a worker stands behind it."""
        async with phone(self.line.url, person.cookies(), keeps=keeps) as tab:
            yield tab
            assert not tab.problems, tab.problems

    async def settle(self, tab: Tab) -> None:
        """Go to the first page, until a worker serves it."""
        await tab.open(f"{self.line.url}/")
        await tab.until("navigator.serviceWorker.controller !== null")
