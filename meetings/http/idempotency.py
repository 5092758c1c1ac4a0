"""Every write is safe to repeat: under an Idempotency-Key the first answer is kept, in the act's unit."""

from __future__ import annotations

import hashlib
from datetime import datetime

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy import LargeBinary, insert
from sqlmodel import Field, SQLModel

from meetings.db.types import UtcDateTime
from meetings.db.unit import Units
from meetings.http.endpoint import Endpoint
from meetings.http.identity import ASKER
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import derived_id, parse_id

HEADER = "Idempotency-Key"
# A handler sets it on its request when the answer holds a secret, which must not be stored: such a write is
# simply done again when it is repeated.
TOLD_ONCE: web.RequestKey[bool] = web.RequestKey("told once", bool)


class KeyReused(Conflict):
    """The same key came with another request."""

    code = "key-reused"
    message = "Mã gửi này đã dùng cho một việc khác."


class AnswerRow(SQLModel, table=True):
    """The answer to a write, kept under the asker's key."""

    __tablename__ = "idempotent_answer"
    id: str = Field(primary_key=True, max_length=36)
    request_hash: str = Field(max_length=64)
    status: int
    body: bytes = Field(sa_type=LargeBinary)
    content_type: str = Field(max_length=100)
    at: datetime = Field(sa_type=UtcDateTime)


def idempotency(units: Units) -> Middleware:
    """Middleware: look the key up, else run the act and keep its answer, all in one unit of work."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        key = request.headers.get(HEADER)
        if key is None or request.method in {"GET", "HEAD", "OPTIONS"} or _has_own_key(request):
            return await handler(request)
        asker = request.get(ASKER)
        answer_id = derived_id(asker.person if asker else "", parse_id(key))
        said = await _hash(request)
        async with units.begin() as uow:
            if (row := await uow.session.get(AnswerRow, answer_id)) is not None:
                return _again(row, said)
            response = await handler(request)
            if isinstance(response, web.Response) and not request.get(TOLD_ONCE):
                kept = _kept(answer_id, said, response, uow.now)
                await uow.session.execute(insert(AnswerRow), [kept])
        return response

    return middleware


def _has_own_key(request: web.Request) -> bool:
    """Such writes are safe to repeat by themselves, and may wait for a batch: not inside another unit."""
    endpoint = getattr(request.match_info.handler, "__self__", None)
    return isinstance(endpoint, Endpoint) and endpoint.own_key


async def _hash(request: web.Request) -> str:
    head = f"{request.method} {request.rel_url}\n".encode()
    return hashlib.sha256(head + await request.read()).hexdigest()


def _again(row: AnswerRow, said: str) -> web.Response:
    if row.request_hash != said:
        raise KeyReused
    return web.Response(body=row.body, status=row.status, headers={"Content-Type": row.content_type})


def _kept(answer_id: str, said: str, response: web.Response, at: datetime) -> dict[str, object]:
    body = response.body if isinstance(response.body, bytes) else b""
    return {
        "id": answer_id,
        "request_hash": said,
        "status": response.status,
        "body": body,
        "content_type": response.headers.get("Content-Type", "application/json"),
        "at": at,
    }
