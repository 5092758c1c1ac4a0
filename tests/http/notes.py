"""Notes over HTTP: the smallest storey that uses everything of the http floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from sqlalchemy import select
from sqlmodel import Field, SQLModel, col

from meetings.db.batch import Batcher
from meetings.db.unit import Units
from meetings.http.endpoint import Call, Endpoint
from meetings.http.idempotency import idempotency
from meetings.http.identity import COOKIE_PLAIN, identity
from meetings.http.problems import problems
from meetings.http.safety import body_limit, safety
from meetings.http.shapes import Body, Count, Line, LongText, Moment, UuidText, View
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import derived_id, new_id

PERSON = derived_id("one who asks")


class PaperRow(SQLModel, table=True):
    """One note."""

    __tablename__ = "test_paper"
    id: str = Field(primary_key=True, max_length=36)
    word: str


class Colour(StrEnum):
    """A choice."""

    RED = "red"
    BLUE = "blue"


class PaperBody(Body):
    """A note to write."""

    word: Line
    size: Count = 0
    about: UuidText | None = None
    text: LongText = ""
    at: Moment | None = None
    colour: Colour = Colour.RED


class OwnBody(Body):
    """A note with an id of the client's making."""

    id: UuidText
    word: Line


class PaperQuery(Body):
    """Which notes."""

    colour: Colour | None = None
    most: int = 10


class PaperView(View):
    """A note."""

    id: str
    word: str


class PapersView(View):
    """Notes."""

    words: list[str]


class WordTaken(Conflict):
    """Already written."""

    code = "word-taken"
    message = "Đã có chữ {count} lần."


class NoteHandlers:
    """Writes, reads, refuses, fails."""

    def __init__(self, units: Units) -> None:
        self._units = units
        self.box: Batcher[OwnBody, PaperView] = Batcher(self._flush)

    async def write_paper(self, call: Call[PaperBody, Body]) -> PaperView:
        async with self._units.begin() as uow:
            note = PaperRow(id=new_id(), word=call.body.word)
            uow.session.add(note)
            await uow.session.flush()
            if call.body.word == "đã có":
                raise WordTaken(count=2)
            return PaperView(id=note.id, word=note.word)

    async def write_long(self, call: Call[PaperBody, Body]) -> PaperView:
        return await self.write_paper(call)

    async def write_own(self, call: Call[OwnBody, Body]) -> PaperView:
        return await self.box.put(call.body)

    async def _flush(self, bodies: Any) -> list[PaperView]:
        async with self._units.begin() as uow:
            uow.session.add_all(PaperRow(id=body.id, word=body.word) for body in bodies)
        return [PaperView(id=body.id, word=body.word) for body in bodies]

    async def read_papers(self, call: Call[Body, PaperQuery]) -> PapersView:
        async with self._units.read() as uow:
            found = (
                await uow.session.execute(select(col(PaperRow.word)).order_by(col(PaperRow.word)))
            ).scalars()
            return PapersView(words=list(found)[: call.query.most])

    async def read_paper(self, call: Call[Body, Body]) -> PaperView:
        return PaperView(id=call.id("paper"), word=f"{call.asker.person == PERSON} {call.part('month')}")

    async def break_down(self, call: Call[Body, Body]) -> PaperView:
        raise RuntimeError(f"secret of {call.asker.person}")

    async def leave(self, _call: Call[Body, Body]) -> web.Response:
        raise web.HTTPSeeOther("/elsewhere")

    async def download(self, _call: Call[Body, Body]) -> web.Response:
        return web.Response(body=b"%PDF", content_type="application/pdf")

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        return [
            Endpoint(
                method="POST", path="/papers", handler=self.write_paper, summary="Viết", body=PaperBody,
                answer=PaperView, status=201, tags=("notes",),
            ),
            Endpoint(
                method="POST", path="/own-papers", handler=self.write_own, summary="Viết", body=OwnBody,
                answer=PaperView, own_key=True,
            ),
            Endpoint(
                method="POST", path="/papers/minutes/ink", handler=self.write_long, summary="Chụp",
                body=PaperBody, answer=PaperView, status=201,
            ),
            Endpoint(
                method="GET", path="/papers", handler=self.read_papers, summary="Đọc", query=PaperQuery,
                answer=PapersView, anyone=True,
            ),
            Endpoint(
                method="GET", path="/papers/{paper}/months/{month}", handler=self.read_paper, summary="Đọc",
                answer=PaperView,
            ),
            Endpoint(method="POST", path="/failures", handler=self.break_down, summary="Hỏng", answer=PaperView),
            Endpoint(method="POST", path="/departures", handler=self.leave, summary="Đi"),
            Endpoint(
                method="GET", path="/files/one", handler=self.download, summary="Tải", media="application/pdf"
            ),
        ]  # fmt: skip


def note_app(notes: NoteHandlers, units: Units) -> web.Application:
    """The floor as the application stacks it: bodies up to 4096 bytes, uploads up to 16384."""

    async def authenticate(token: str) -> Asker | None:
        return Asker(person=PERSON, session=token) if token == "good" else None

    app = web.Application(
        client_max_size=16384,
        middlewares=[problems, body_limit(4096), safety, identity(authenticate), idempotency(units)],
    )
    app.add_routes([endpoint.route() for endpoint in notes.endpoints()])
    app.on_startup.append(_starting(notes))
    app.on_cleanup.append(_stopping(notes))
    return app


def _starting(notes: NoteHandlers) -> Any:
    async def start(_app: web.Application) -> None:
        notes.box.start()

    return start


def _stopping(notes: NoteHandlers) -> Any:
    async def stop(_app: web.Application) -> None:
        await notes.box.stop()

    return stop


@dataclass(frozen=True, slots=True)
class Client:
    """A browser with a session cookie."""

    http: Any

    async def send(
        self,
        method: str,
        path: str,
        *,
        token: str | None = "good",
        headers: Mapping[str, str] | None = None,
        **how: Any,
    ) -> tuple[int, Any]:
        """Status and JSON."""
        response = await self.raw(method, path, token=token, headers=headers, **how)
        return response.status, await response.json(content_type=None)

    async def raw(
        self,
        method: str,
        path: str,
        *,
        token: str | None = "good",
        headers: Mapping[str, str] | None = None,
        **how: Any,
    ) -> ClientResponse:
        """The answer itself."""
        cookies = {"Cookie": f"{COOKIE_PLAIN}={token}"} if token else {}
        inner: TestClient[Any, Any] = self.http
        return await inner.request(
            method, f"/api/v1{path}", headers={**cookies, **(headers or {})}, allow_redirects=False, **how
        )
