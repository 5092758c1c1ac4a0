"""Asking wrongly on purpose, and seeing that nothing moved."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from demo.client import Person
from meetings.http.endpoint import Endpoint
from meetings.http.shapes import ProblemView
from tests.api.scene import Scene


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """What came back."""

    status: int
    kind: str
    body: bytes

    @property
    def problem(self) -> ProblemView:
        """The typed error. Fails on anything else."""
        assert self.kind == "application/problem+json", (self.status, self.kind, self.body[:200])
        return ProblemView.model_validate_json(self.body)


async def said(
    scene: Scene,
    who: Person,
    endpoint: Endpoint,
    body: Any,
    headers: dict[str, str] | None = None,
    path: str = "",
) -> Said:
    """Ask with a JSON value, or with bytes as they are."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, kind, content = await who.ask(endpoint.method, path or scene.path(endpoint), raw, headers)
    return Said(status=status, kind=kind, body=content)


async def everything(scene: Scene) -> dict[str, list[str]]:
    """Every row of every table, as text in order; what the poll of the rooms writes meanwhile is not ours."""
    found: dict[str, list[str]] = {}
    async with scene.house.house.units.database.reading() as session:
        for name in sorted(set(SQLModel.metadata.tables) & await _tables(session)):
            asked = " WHERE source <> 'poll'" if name == "evidence" else ""
            rows = await session.execute(text(f'SELECT * FROM "{name}"{asked}'))
            found[name] = sorted(map(repr, rows))
    return found


async def _tables(session: AsyncSession) -> set[str]:
    """What the database has: other tests of this process may have declared tables of their own."""
    connection = await session.connection()
    return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


def moved(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    """The tables that are not as they were."""
    return [name for name in before if before[name] != after[name]]
