"""Vietnamese is the source language; English comes from a gettext catalogue.

After a new or changed text: `python -m tests.http.catalogue` puts what is missing into chibo.po, empty, and
drops what nobody says any more; `tests/http/test_language.py` fails until every entry has its English.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

LOCALES = Path(__file__).parent.parent / "locale"
LANGUAGE_COOKIE = "lang"
_SPOKEN = frozenset({"vi", "en"})
_USUAL: web.RequestKey[str] = web.RequestKey("usual language", str)
LANGUAGE_QUERY = "lang"  # every address takes it
_REMEMBERED = 400 * 24 * 3600  # seconds


@cache
def catalogue(language: str) -> Translations:
    """The catalogue of a language; empty for Vietnamese. Read once."""
    source = LOCALES / language / "LC_MESSAGES" / "chibo.po"
    if not source.exists():
        return Translations()
    compiled = io.BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled)


def language_of(request: web.Request) -> str:
    """What the person chose: `?lang=`, then the cookie; without a choice the installation's language."""
    chosen = request.query.get(LANGUAGE_QUERY) or request.cookies.get(LANGUAGE_COOKIE)
    return chosen if chosen in _SPOKEN else request.get(_USUAL, "vi")


def speaking(language: str) -> Middleware:
    """Middleware, outermost: the language of whoever chose none."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[_USUAL] = language
        return await handler(request)

    return middleware


def translator(request: web.Request) -> Callable[[str], str]:
    """Translates a Vietnamese source text for this request."""
    return catalogue(language_of(request)).ugettext


def source(text: str) -> str:
    """The same text, marked for the catalogue where it stands far from its translation."""
    return text


def remember_language(request: web.Request, response: web.StreamResponse) -> None:
    """Keep what `?lang=` chose for the next pages of this browser."""
    if LANGUAGE_QUERY in request.query:
        response.set_cookie(
            LANGUAGE_COOKIE, language_of(request), max_age=_REMEMBERED, samesite="Lax", httponly=True
        )
