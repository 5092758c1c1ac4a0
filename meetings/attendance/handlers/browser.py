"""Which browser checks in: a long-lived cookie, so that a second name on one phone is noticed (ui.md 8)."""

from __future__ import annotations

import os

from aiohttp import web

from meetings.committees.sign_in import SESSION_LIFE, TOKEN_BYTES, token_hash, token_text
from meetings.http.identity import cookie_name


class BrowserMark:
    """`public_url`: where people reach the service; empty: the very host they ask."""

    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def secret(self, request: web.Request) -> str:
        """What this browser kept, or a new secret for it."""
        return request.cookies.get(self._name(request)) or token_text(os.urandom(TOKEN_BYTES))

    def lay(self, request: web.Request, response: web.Response, secret: str) -> web.Response:
        """Let the browser keep it."""
        response.set_cookie(
            self._name(request),
            secret,
            path="/",
            max_age=int(SESSION_LIFE.total_seconds()),
            httponly=True,
            secure=self._secure(request),
            samesite="Lax",
        )
        return response

    def _secure(self, request: web.Request) -> bool:
        return self._public_url.startswith("https://") if self._public_url else request.secure

    def _name(self, request: web.Request) -> str:
        return f"{cookie_name(secure=self._secure(request))}-browser"


def browser_of(secret: str) -> str:
    """What is kept of it."""
    return token_hash(secret)
