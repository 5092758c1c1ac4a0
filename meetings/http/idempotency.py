"""Every write is safe to repeat: under an Idempotency-Key the first answer is kept, in the act's unit."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, cast

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy import CursorResult, LargeBinary, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, SQLModel, col

from meetings.db.types import UtcDateTime
from meetings.db.unit import UnitOfWork, Units
from meetings.http.endpoint import Endpoint
from meetings.http.identity import ASKER
from meetings.kernel.errors import Conflict, Refused
from meetings.kernel.ids import derived_id, parse_id

HEADER = "Idempotency-Key"
# A handler sets it on its request when the answer holds a secret, which must not be stored: such a write is
# simply done again when it is repeated.
TOLD_ONCE: web.RequestKey[bool] = web.RequestKey("told once", bool)

# Fixed on 2026-11-22: a phone that was off line sends again within days, and an answer holds what the asker
# could see. A month covers the longest round between two meetings; after it a repeat is judged as a new act.
KEPT_FOR = timedelta(days=30)
_AT_ONCE = 500  # rows of one transaction: others write in between


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
    at: datetime = Field(sa_type=UtcDateTime, index=True)


def idempotency(units: Units) -> Middleware:
    """Middleware: claim the key, run the act and keep its answer, all in one unit of work."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        key = request.headers.get(HEADER)
        served = _endpoint(request)
        # A write with its own key waits for a batch; a unit of work around it would keep that from being written.
        if key is None or request.method in {"GET", "HEAD", "OPTIONS"} or (served and served.own_key):
            return await handler(request)
        asker = request.get(ASKER)
        answer_id = derived_id(asker.person if asker else "", parse_id(key))
        said = await _hash(request, parse_id(key))
        if served and served.prepare and (first := await _prepare(units, served, request, answer_id, said)):
            return first
        async with units.begin() as uow:
            if not await _claim(uow, answer_id, said):
                return await _first_answer(uow, answer_id, said)
            response = await handler(request)
            await _keep(uow, answer_id, None if request.get(TOLD_ONCE) else response)
        return response

    return middleware


async def first_time(uow: UnitOfWork, person: str, said: str) -> bool:
    """For a plain form, inside its act's unit: False where that person sent exactly this before. `said`: a
    hash of the form with its hidden key."""
    return await _claim(uow, derived_id(person, said), said)


async def sent_before(uow: UnitOfWork, person: str, said: str) -> bool:
    """The same, without claiming: asked before the slow part of an act."""
    return await uow.session.get(AnswerRow, derived_id(person, said)) is not None


def _endpoint(request: web.Request) -> Endpoint | None:
    served = getattr(request.match_info.handler, "__self__", None)
    return served if isinstance(served, Endpoint) else None


async def _hash(request: web.Request, key: str) -> str:
    """Salted by the key, of which only a hash is stored: a body may hold a passphrase."""
    head = f"{key} {request.method} {request.rel_url}\n".encode()
    return hashlib.sha256(head + await request.read()).hexdigest()


async def _prepare(
    units: Units, served: Endpoint, request: web.Request, answer_id: str, said: str
) -> web.Response | None:
    """The slow part of the act, while nobody waits for the database; or the answer that is there already."""
    if (first := await _kept_answer(units, answer_id, said)) is not None:
        return first
    try:
        await served.make_ready(request)
    except Refused:  # perhaps because the same request, sent twice, was done meanwhile
        if (first := await _kept_answer(units, answer_id, said)) is not None:
            return first
        raise
    return None


async def _kept_answer(units: Units, answer_id: str, said: str) -> web.Response | None:
    async with units.read() as uow:
        known = await uow.session.get(AnswerRow, answer_id) is not None
        return await _first_answer(uow, answer_id, said) if known else None


async def _claim(uow: UnitOfWork, answer_id: str, said: str) -> bool:
    """Whether this request is the first under its key. A second one waits here until the first is done."""
    dialect = uow.session.get_bind().dialect.name
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    empty = {"status": 0, "body": b"", "content_type": "", "at": uow.now}
    statement = make(AnswerRow).values(id=answer_id, request_hash=said, **empty)
    done = await uow.session.execute(statement.on_conflict_do_nothing(index_elements=["id"]))
    return cast("CursorResult[Any]", done).rowcount == 1


async def _first_answer(uow: UnitOfWork, answer_id: str, said: str) -> web.Response:
    row = await uow.session.get_one(AnswerRow, answer_id)
    if row.request_hash != said:
        raise KeyReused
    return web.Response(body=row.body, status=row.status, headers={"Content-Type": row.content_type})


async def _keep(uow: UnitOfWork, answer_id: str, response: web.StreamResponse | None) -> None:
    mine = col(AnswerRow.id) == answer_id
    if not isinstance(response, web.Response):
        await uow.session.execute(delete(AnswerRow).where(mine))
        return
    kept = {
        "status": response.status,
        "body": response.body if isinstance(response.body, bytes) else b"",
        "content_type": response.headers.get("Content-Type", "application/json"),
    }
    await uow.session.execute(update(AnswerRow).where(mine).values(kept))


async def forget_answers(units: Units) -> int:
    """Delete answers older than `KEPT_FOR`; how many they were. May run at any time, also twice."""
    gone = 0
    while old := await _old(units):
        async with units.begin() as uow:
            await uow.session.execute(delete(AnswerRow).where(col(AnswerRow.id).in_(old)))
        gone += len(old)
    return gone


async def _old(units: Units) -> list[str]:
    async with units.read() as uow:
        past = col(AnswerRow.at) < uow.now - KEPT_FOR
        found = await uow.session.execute(select(col(AnswerRow.id)).where(past).limit(_AT_ONCE))
        return list(found.scalars())
