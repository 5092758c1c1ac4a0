"""How soon a slow phone on a thin line can do what it came for: Chromium with a slowed processor and line.

The line is slowed for pages and signals; sound itself goes over loopback and is not.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping

from tests.pages.chromium import Tab, phone

SLOWER = 6  # times
BYTES_S = 400_000 / 8
LINES = {"400 kbps, 400 ms": 400.0, "400 kbps, 2000 ms": 2000.0}  # latency in ms
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
# The ballot is a plain form: it works as soon as the page is read.
VOTES = (
    "document.querySelector('form[data-enhance=ballot] button')"
    " && performance.getEntriesByType('navigation')[0].domInteractive"
)
HEARS = "document.body.classList.contains('hearing') && performance.now()"


async def wait(base: str, cookie: str, meeting: str, rounds: int) -> Mapping[str, Mapping[str, int]]:
    """Milliseconds since the tap on a link, medians, for each line."""
    found = {}
    for name, latency in LINES.items():
        turns = [await _turn(base, cookie, f"{base}/m/{meeting}/room", latency) for _ in range(rounds)]
        found[name] = {what: round(statistics.median(turn[what] for turn in turns)) for what in turns[0]}
    return found


async def _turn(base: str, cookie: str, url: str, latency: float) -> Mapping[str, float]:
    async with phone(base, {"chibo": cookie}) as tab:
        first = await _visit(tab, url, latency)
        again = await _visit(tab, url, latency)
    return {**first, "audio_again": again["audio"]}


async def _visit(tab: Tab, url: str, latency: float) -> Mapping[str, float]:
    await tab.do("Network.enable")
    await tab.do(
        "Network.emulateNetworkConditions",
        offline=False,
        latency=latency,
        downloadThroughput=BYTES_S,
        uploadThroughput=BYTES_S,
    )
    await tab.do("Emulation.setCPUThrottlingRate", rate=SLOWER)
    await tab.do("Page.navigate", url=url)
    await tab.tap("#listen")
    audio = await tab.until(HEARS)
    return {"paint": await tab.until(PAINTED), "vote": await tab.until(VOTES), "audio": audio}
