"""The browser that asks: its cookies, its address, what it calls itself."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from meetings.committees.sign_in import SESSION_LIFE
from meetings.http.identity import COOKIE, COOKIE_PLAIN, cookie_name

# The secret laid into the browser that opened a link; long enough to go and find one's year of birth.
LINK_COOKIE_LIFE = timedelta(days=1)

_BROWSERS = (("Zalo", "Zalo"), ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"))
_ENGINES = (("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    *(("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android")),
    *(("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")),
)


class Browsers:
    """`public_url`: where people reach the service, "" for the very host they ask."""

    def __init__(self, public_url: str = "") -> None:
        self._public_url = public_url.rstrip("/")

    def url(self, request: web.Request, path: str) -> str:
        """The full address of a page."""
        return (self._public_url or f"{request.scheme}://{request.host}") + path

    def secure(self, request: web.Request) -> bool:
        """Whether people come by https, perhaps through a proxy."""
        return self._public_url.startswith("https://") if self._public_url else request.secure

    def bind(self, request: web.Request, response: web.StreamResponse, token: str) -> None:
        """Lay the session's token into the browser."""
        secure = self.secure(request)
        _lay(response, cookie_name(secure=secure), token, SESSION_LIFE, secure=secure)

    def lay_link_secret(self, request: web.Request, response: web.StreamResponse, secret: str) -> None:
        """Bind a link's page to the browser that opened it."""
        secure = self.secure(request)
        _lay(response, _link_cookie(secure=secure), secret, LINK_COOKIE_LIFE, secure=secure)

    def link_secret(self, request: web.Request) -> str | None:
        """What the page laid, if the browser kept it."""
        return request.cookies.get(_link_cookie(secure=self.secure(request)))

    def forget(self, request: web.Request, response: web.StreamResponse) -> None:
        """Take the session's token out of the browser."""
        secure = self.secure(request)
        response.del_cookie(
            cookie_name(secure=secure), path="/", secure=secure, httponly=True, samesite="Lax"
        )


def session_token(request: web.Request) -> str | None:
    """The session's token as the browser sent it."""
    return request.cookies.get(COOKIE) or request.cookies.get(COOKIE_PLAIN)


def client_of(request: web.Request) -> str:
    """The network address, as far as the server knows it."""
    return request.remote or ""


def label_of(request: web.Request) -> str:
    """What a person would call this browser, such as "Chrome · Android"."""
    agent = request.headers.get("User-Agent", "")
    return f"{_first((*_BROWSERS, *_ENGINES), agent)} · {_first(_SYSTEMS, agent)}"


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for mark, name in known if mark in agent), "?")


def _link_cookie(*, secure: bool) -> str:
    return f"{cookie_name(secure=secure)}-link"


def _lay(response: web.StreamResponse, name: str, value: str, life: timedelta, *, secure: bool) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(life.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="Lax",
    )
