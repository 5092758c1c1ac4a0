"""Renders a page with what all of them share: words, what a sitting is, the demonstration's clock."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from meetings.http.templates import render
from meetings.kernel.clock import Clock, ShiftedClock
from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.kernel.text import date_text, time_text
from meetings.pages.assets import Scripts
from meetings.pages.sayings import TIMER, in_script
from meetings.pages.schedule import planned_end
from meetings.pages.words import Words, asks_hybrid, is_practice, is_supplement


class Pen:
    """`clock` is the domain's; one that does not run with real time is shown on every page. `scripts`: as they were
    built; without them every form works all the same."""

    def __init__(self, clock: Clock, scripts: Scripts | None = None) -> None:
        self._clock, self._scripts = clock, scripts

    def page(
        self, request: web.Request, template: str, context: Mapping[str, object], *, status: int = 200
    ) -> web.Response:
        """The page."""
        words = Words(request)
        shared = {
            "words": words,
            "scripts": self._scripts,
            "sayings_json": in_script(words, TIMER),
            "planned_end": planned_end,
            "now": self._clock.now(),
            "demo": self._demo(),
            "is_supplement": is_supplement,
            "date_text": date_text,
            "is_practice": is_practice,
            "asks_hybrid": asks_hybrid,
            "problem": "",
        }
        return render(request, template, {**shared, **context}, status=status)

    def signed_out(self, request: web.Request, *, status: int = 200) -> web.Response:
        """One calm sentence how to sign in."""
        return self.page(request, "pages/signed_out.html", {}, status=status)

    def _demo(self) -> str:
        if not isinstance(self._clock, ShiftedClock):
            return ""
        now, zone = self._clock.now(), zone_of(DEFAULT_ZONE)
        return f"{time_text(now, zone)} {date_text(now.astimezone(zone).date())}"
