"""Refusals become HTTP in this one place: problem+json (RFC 9457), internals hidden."""

from __future__ import annotations

import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from meetings.http.endpoint import BadBody
from meetings.http.language import translator
from meetings.http.safety import protect
from meetings.http.shapes import FieldProblem, ProblemView
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
    400: ("bad-request", "Yêu cầu không đúng."),
    404: ("not-found", "Không tìm thấy."),
    405: ("method-not-allowed", "Không làm được việc này ở đây."),
    413: ("too-large", "Nội dung gửi lên quá lớn."),
    415: ("unsupported-type", "Loại nội dung không được nhận."),
}


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns typed refusals, HTTP errors and our own mistakes into problem+json."""
    try:
        return await handler(request)
    except Refused as refusal:
        return _answer(request, refusal)
    except web.HTTPException as exc:
        if exc.status < 400 or exc.status not in _HTTP:
            raise
        code, title = _HTTP[exc.status]
        return _problem(exc.status, code, translator(request)(title), headers=_allow(exc))
    except web.RequestPayloadError:  # packed otherwise than its headers say, or cut off
        code, title = _HTTP[400]
        return _problem(400, code, translator(request)(title))
    except Exception:
        log.exception("unexpected failure", extra={"route": _route(request)})
        title = translator(request)("Máy chủ gặp lỗi. Chưa có gì bị mất, xin thử lại.")
        return _problem(500, "internal", title)


def status_of(refusal: Refused) -> int:
    """The HTTP status of a refusal's family."""
    return next(status for family, status in _STATUS if isinstance(refusal, family))


def _answer(request: web.Request, refusal: Refused) -> web.Response:
    status = status_of(refusal)
    title = translator(request)(type(refusal).message).format(**refusal.facts)
    wrong = refusal.fields if isinstance(refusal, BadBody) else []
    fields = [FieldProblem(field=name, problem=problem) for name, problem in wrong]
    headers = {"Retry-After": "2"} if status in {429, 503} else None
    return _problem(status, refusal.code, title, fields=fields, headers=headers)


def _problem(
    status: int,
    code: str,
    title: str,
    *,
    fields: list[FieldProblem] | None = None,
    headers: dict[str, str] | None = None,
) -> web.Response:
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


def _allow(exc: web.HTTPException) -> dict[str, str] | None:
    return {"Allow": exc.headers["Allow"]} if "Allow" in exc.headers else None


def _route(request: web.Request) -> str:
    """The route's pattern: paths hold identifiers, logs must not."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "?"
