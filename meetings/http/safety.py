"""What every answer carries, and what a foreign site may not send."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from meetings.http.identity import COOKIE, COOKIE_PLAIN
from meetings.kernel.errors import Forbidden

CSRF_FIELD = "csrf"
# Where files are sent: larger bodies, and forms in parts.
_UPLOADS = re.compile(
    r"(/ink|/paper-meetings?|/months/[0-9-]+/decision|/roster|/kiem-tra|/verified-files)\Z", re.ASCII
)
_NONCE = 16  # characters before the rest of a token
_SAFE = {"GET", "HEAD", "OPTIONS"}
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self';"
        " frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": under it browsers send their own forms with "Origin: null" (Fetch, "append a request
    # Origin header"), which looks foreign. To other sites this says nothing either.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
}


class ForeignRequest(Forbidden):
    """A write that came from another site, or a form without its token."""

    code = "foreign-request"
    message = "Yêu cầu này không đến từ trang của phần mềm. Xin mở lại trang rồi thử lại."


@web.middleware
async def safety(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Security headers out; in: writes with our cookie must be same-origin, forms must show their token."""
    if request.method not in _SAFE and _token(request):
        await _check(request)
    response = await handler(request)
    protect(response)
    return response


def protect(response: web.StreamResponse) -> None:
    """Put the security headers on an answer that has not begun to leave."""
    if not response.prepared:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)


def csrf_token(session_token: str, nonce: str = "") -> str:
    """What a form of this session must carry: another one on every page, as pages are packed, and the length of what
    is packed must not help to guess it (BREACH)."""
    nonce = nonce or secrets.token_hex(_NONCE // 2)
    return nonce + hmac.new(session_token.encode(), b"csrf" + nonce.encode(), hashlib.sha256).hexdigest()


def shows_csrf(given: str, session_token: str) -> bool:
    """Whether a form came from a page of this session, whichever page."""
    nonce = given[:_NONCE] if given.isascii() else ""
    known = csrf_token(session_token, nonce).encode()
    return hmac.compare_digest(given.encode(errors="surrogatepass"), known)


def request_csrf(request: web.Request) -> str:
    """The token for forms rendered in answer to this request."""
    return csrf_token(_token(request) or "")


def _token(request: web.Request) -> str | None:
    return request.cookies.get(COOKIE) or request.cookies.get(COOKIE_PLAIN)


def check_same_site(request: web.Request) -> None:
    """Raises ForeignRequest for a write that the browser says another site made."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise ForeignRequest
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise ForeignRequest


async def _check(request: web.Request) -> None:
    check_same_site(request)
    # A page of another site can send only forms without asking first (CORS); those must show the token.
    with_files = request.content_type == "multipart/form-data" and _takes_files(request)
    if with_files or request.content_type == "application/x-www-form-urlencoded":
        _compare(request, await _field(request))
    elif request.content_type in {"text/plain", "multipart/form-data"} and request.can_read_body:
        _compare(request, request.headers.get("X-Csrf", ""))


def _takes_files(request: web.Request) -> bool:
    return _UPLOADS.search(request.path) is not None


async def _field(request: web.Request) -> str:
    try:
        return str((await request.post()).get(CSRF_FIELD, ""))
    except (LookupError, ValueError):  # an unknown charset, or bytes that do not fit it
        return ""


def _compare(request: web.Request, given: str) -> None:
    if not shows_csrf(given, _token(request) or ""):
        raise ForeignRequest


def body_limit(most: int) -> Middleware:
    """Middleware: bodies over `most` bytes are refused, uploads apart: at once where their length is told, else
    while they are read. Must stand before whatever reads a body."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if _takes_files(request):
            return await handler(request)
        length = request.content_length
        if length is not None and length > most:
            raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=length)
        # What is sent in pieces, or packed, shows its size only while it is read.
        if request.body_exists and (length is None or "Content-Encoding" in request.headers):
            request = request.clone(client_max_size=most)
        return await handler(request)

    return middleware
