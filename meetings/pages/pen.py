"""Renders a page with what all of them share: words, what a sitting is, the demonstration's clock."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from aiohttp import web

from meetings.http.identity import ASKER
from meetings.http.templates import render
from meetings.kernel.clock import Clock, ShiftedClock
from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.kernel.text import date_text, time_text
from meetings.pages.assets import Scripts
from meetings.pages.sayings import TIMER, in_script
from meetings.pages.schedule import planned_end
from meetings.pages.words import Words, asks_hybrid, is_practice, is_supplement

# For the service worker: whose page it is (a tag, not the person), and whether it may be kept on the device.
WHO, KEEP = "Chibo-Who", "Chibo-Keep"


def whose(request: web.Request) -> str:
    """The same for all pages of one person, and empty for nobody's."""
    if ASKER not in request:
        return ""
    return hashlib.sha256(f"chibo page of {request[ASKER].person}".encode()).hexdigest()[:16]


class Pen:
    """`clock` is the domain's; one that does not run with real time is shown on every page. `scripts`: as they were
    built; without them every form works all the same. `outside`: what people call the identity service, if any."""

    def __init__(self, clock: Clock, scripts: Scripts | None = None, outside: str = "") -> None:
        self._clock, self._scripts, self._outside = clock, scripts, outside

    def page(
        self,
        request: web.Request,
        template: str,
        context: Mapping[str, object],
        *,
        status: int = 200,
        keep: bool = False,
    ) -> web.Response:
        """The page; `keep`: the browser of this person may show it again without a network."""
        words = Words(request)
        shared = {
            "me": request[ASKER].person if ASKER in request else "",
            "words": words,
            "scripts": self._scripts,
            "core": self._scripts.core if self._scripts else "",
            "sayings_json": in_script(words, TIMER),
            "planned_end": planned_end,
            "now": self._clock.now(),
            "demo": self._demo(),
            "is_supplement": is_supplement,
            "date_text": date_text,
            "is_practice": is_practice,
            "asks_hybrid": asks_hybrid,
            "problem": "",
            "outside": self._outside,
            "refused": context.get("here", "") if request.method == "POST" and status >= 400 else "",
            "kept": self._moment() if keep else "",
        }
        page = render(request, template, {**shared, **context}, status=status)
        page.headers[WHO] = whose(request)
        if keep:
            page.headers[KEEP] = "1"
        return page

    def signed_out(self, request: web.Request, *, status: int = 200) -> web.Response:
        """One calm sentence how to sign in."""
        return self.page(request, "pages/signed_out.html", {}, status=status)

    def _demo(self) -> str:
        return self._moment() if isinstance(self._clock, ShiftedClock) else ""

    def _moment(self) -> str:
        """19:30 24/11/2026."""
        now, zone = self._clock.now(), zone_of(DEFAULT_ZONE)
        return f"{time_text(now, zone)} {date_text(now.astimezone(zone).date())}"
