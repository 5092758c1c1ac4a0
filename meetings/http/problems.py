"""Refusals become HTTP in this one place: problem+json (RFC 9457), internals hidden; a small page for people."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from aiohttp import web
from aiohttp.typedefs import Handler

from meetings.http.endpoint import BadBody
from meetings.http.language import source, translator
from meetings.http.safety import protect
from meetings.http.shapes import FieldProblem, ProblemView
from meetings.http.templates import has_templates, render
from meetings.kernel.errors import (
    Busy,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    Refused,
    TooMany,
)

log = logging.getLogger(__name__)

Fields = Sequence[tuple[str, str]]
_UNTOLD = frozenset({"passphrase", "new", "again"})  # fields for passphrases

_STATUS: tuple[tuple[type[Refused], int], ...] = (
    (Invalid, 422),
    (NotFound, 404),
    (Forbidden, 403),
    (NotSignedIn, 401),
    (Conflict, 409),
    (Busy, 503),
    (TooMany, 429),
    (Refused, 400),
)

_HTTP = {
    400: ("bad-request", source("Yêu cầu không đúng.")),
    404: ("not-found", source("Không tìm thấy.")),
    405: ("method-not-allowed", source("Không làm được việc này ở đây.")),
    413: ("too-large", source("Nội dung gửi lên quá lớn.")),
    415: ("unsupported-type", source("Loại nội dung không được nhận.")),
}


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns typed refusals, HTTP errors and our own mistakes into problem+json, or a page for a browser."""
    try:
        return await handler(request)
    except Refused as refusal:
        return await _answer(request, refusal)
    except web.HTTPException as exc:
        if exc.status < 400 or exc.status not in _HTTP:
            raise
        code, title = _HTTP[exc.status]
        return _problem(request, exc.status, code, translator(request)(title), headers=_allow(exc))
    except web.RequestPayloadError:  # packed otherwise than its headers say, or cut off
        code, title = _HTTP[400]
        return _problem(request, 400, code, translator(request)(title))
    except Exception:
        log.exception("unexpected failure", extra={"route": _route(request)})
        title = translator(request)(source("Máy chủ gặp lỗi. Chưa có gì bị mất, xin thử lại."))
        return _problem(request, 500, "internal", title)


def said(request: web.Request, refusal: Refused) -> str:
    """The refusal's sentence in the language of whoever asks."""
    return translator(request)(type(refusal).message).format(**refusal.facts)


def status_of(refusal: Refused) -> int:
    """The HTTP status of a refusal's family."""
    return next(status for family, status in _STATUS if isinstance(refusal, family))


async def _answer(request: web.Request, refusal: Refused) -> web.Response:
    status = status_of(refusal)
    if status == 503:
        log.warning("not now", extra={"route": _route(request), "code": refusal.code})
    title = said(request, refusal)
    wrong = refusal.fields if isinstance(refusal, BadBody) else []
    fields = [FieldProblem(field=name, problem=problem) for name, problem in wrong]
    headers = {"Retry-After": "2"} if status in {429, 503} else None
    again = await _typed(request) if status == 503 and _wants_page(request) else ()
    return _problem(request, status, refusal.code, title, fields=fields, headers=headers, again=again)


async def _typed(request: web.Request) -> Fields:
    """What a plain form brought, to be sent again as it is: its hidden key lets it count once. Nothing of files, nor of
    a form with a passphrase, which is not written into a page."""
    if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
        return ()
    try:
        form = await request.post()
    except (LookupError, ValueError, web.HTTPException):
        return ()
    if not _UNTOLD.isdisjoint(form):
        return ()
    return [(name, value) for name, value in form.items() if isinstance(value, str)]


def _problem(
    request: web.Request,
    status: int,
    code: str,
    title: str,
    *,
    fields: list[FieldProblem] | None = None,
    headers: dict[str, str] | None = None,
    again: Fields = (),
) -> web.Response:
    if _wants_page(request):
        return _page(request, status, title, headers, again)
    view = ProblemView(
        type=f"urn:chibo:problem:{code}", title=title, status=status, code=code, fields=fields or []
    )
    response = web.Response(
        status=status,
        body=view.model_dump_json().encode(),
        content_type="application/problem+json",
        headers=headers,
    )
    protect(response)
    return response


def _wants_page(request: web.Request) -> bool:
    """A browser that goes to a page; the API answers in JSON, whoever asks."""
    asks = "text/html" in request.headers.get("Accept", "")
    return asks and not request.path.startswith("/api/") and has_templates(request)


def _page(
    request: web.Request, status: int, title: str, headers: dict[str, str] | None, again: Fields
) -> web.Response:
    heading = source("Không có trang này") if status == 404 else source("Chưa làm được việc này")
    # A form's own address shows nothing: the language is chosen anew on the first page.
    asked = "/" + request.rel_url.raw_path_qs.lstrip("/")
    here = "/" + request.rel_url.raw_path.lstrip("/") if request.method == "GET" else "/"
    context = {
        "heading": translator(request)(heading),
        "problem": title,
        "here": here,
        "asked": asked,
        "again": again,
        "later": status == 503 and request.method == "GET",
    }
    response = render(request, "http/refused.html", context, status=status)
    response.headers.update(headers or {})
    protect(response)
    return response


def _allow(exc: web.HTTPException) -> dict[str, str] | None:
    return {"Allow": exc.headers["Allow"]} if "Allow" in exc.headers else None


def _route(request: web.Request) -> str:
    """The route's pattern: paths hold identifiers, logs must not."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "?"
