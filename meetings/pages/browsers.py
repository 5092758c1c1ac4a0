"""Which browser asks, and how it opens an address in the phone's own browser (ui.md 9)."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

# Browsers inside another application; whether they give a page the microphone is up to that application.
_INSIDE = ("Zalo", "FBAN", "FBAV", "FB_IAB", "Instagram", "MicroMessenger", "Line/")
_IOS = re.compile(r"(?:iPhone|iPad).*? OS (\d+)_(\d+)")
_SAFARI_SCHEME = (17, 5)  # the first iOS whose WebViews pass x-safari-https on


def is_inside_app(agent: str) -> bool:
    """Whether the page stands in an application such as Zalo."""
    return any(mark in agent for mark in _INSIDE)


def is_apple(agent: str) -> bool:
    """Whether the phone's own browser is Safari."""
    return _IOS.search(agent) is not None


def outside(agent: str, link: str) -> str:
    """The address that opens the link in the phone's own browser; empty where none is known."""
    parts = urlsplit(link)
    rest = f"{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    if "Android" in agent:
        back = quote(link, safe="")
        return f"intent://{rest}#Intent;scheme={parts.scheme};S.browser_fallback_url={back};end"
    found = _IOS.search(agent)
    if found and parts.scheme == "https" and (int(found[1]), int(found[2])) >= _SAFARI_SCHEME:
        return f"x-safari-https://{rest}"
    return ""
