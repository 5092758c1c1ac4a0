"""What real Chromium finds on a page: axe-core's rules, and our own for targets, width and the one red thing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.packages import WEB, NoPackage, packaged
from tests.pages.chromium import Tab

AXE = Path("node_modules/axe-core/axe.min.js")
RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
    ],
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
NORMAL, LARGE = "", "225%"  # of the browser's 16 px; the pages' own base is 112.5 %
# Anything to press or to fill in that is less than 48 px high. What its label makes large enough is as large as that.
SMALL = """
[...document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden]), audio[controls]')]
  .filter((one) => one.checkVisibility() && !one.closest('.skip, .paste, .sheet, .minutes'))
  .filter((one) => {
    const label = one.closest('label');
    const box = (label || one).getBoundingClientRect();
    return box.height > 1 && box.height < 47.5;
  }).map((one) => one.outerHTML.slice(0, 160))
"""
RED = "[...document.querySelectorAll('.btn-p')].filter((one) => one.checkVisibility()).length"
WIDE = """
(() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  return [...document.querySelectorAll('main *, header *, footer *')]
    .filter((one) => one.getBoundingClientRect().right > most + 0.5)
    .map((one) => one.outerHTML.slice(0, 160)).slice(0, 5).concat('page wider than the screen');
})()
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """How a page is looked at."""

    width: int
    height: int
    language: str
    letters: str

    def __str__(self) -> str:
        return f"{self.width} px, {self.language}{', 200 %' if self.letters else ''}"


SMALLEST = Screen(width=320, height=640, language="vi", letters=LARGE)
SCREENS = tuple(
    Screen(width=width, height=height, language=language, letters=letters)
    for width, height in ((360, 740), (1280, 800))
    for language in ("vi", "en")
    for letters in (NORMAL, LARGE)
)


def axe() -> str:
    """The checker's source. Skips the test where it cannot be had."""
    try:
        return packaged("axe-core", WEB / "axe", AXE).read_text("utf-8")
    except NoPackage as reason:
        pytest.skip(str(reason))


async def show(tab: Tab, url: str, screen: Screen) -> None:
    """The page, as somebody with that screen, language and size of letters sees it."""
    await tab.size(screen.width, screen.height, phone=screen.width < 800)
    joint = "&" if "?" in url else "?"
    await tab.open(f"{url}{joint}lang={screen.language}")
    await tab.see(f"document.documentElement.style.fontSize = {screen.letters!r}")


async def violations(tab: Tab, source: str) -> list[str]:
    """What axe-core finds, each with the first places."""
    await tab.see(f"{source}; undefined")
    found: dict[str, Any] = await tab.see(f"axe.run(document, {json.dumps(RULES)})")
    return [
        f"{one['id']}: {'; '.join(place['html'][:140] for place in one['nodes'][:3])}"
        for one in found["violations"]
    ]


async def small_targets(tab: Tab) -> list[str]:
    """Whatever is harder to hit than 48 px."""
    found: list[str] = await tab.see(SMALL)
    return found


async def too_wide(tab: Tab) -> list[str]:
    """What makes the page scroll sideways."""
    found: list[str] = await tab.see(WIDE)
    return found


async def red_things(tab: Tab) -> int:
    """How many red actions there are."""
    return int(await tab.see(RED))
