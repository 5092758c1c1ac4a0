"""Rows of files, each under its SHA-256."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.types import UtcDateTime


class StoredFileRow(SQLModel, table=True):
    """Append-only (guards): a file by its SHA-256."""

    __tablename__ = "stored_file"
    sha256: str = Field(primary_key=True, max_length=64)
    content: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=UtcDateTime)


async def add(session: AsyncSession, sha256: str, content: bytes, at: datetime) -> None:
    """Insert it unless it is there already."""
    known = select(col(StoredFileRow.sha256)).where(col(StoredFileRow.sha256) == sha256)
    if (await session.execute(known)).first() is None:
        make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = make(StoredFileRow).values(sha256=sha256, content=content, at=at)
        await session.execute(row.on_conflict_do_nothing(index_elements=["sha256"]))


async def content(session: AsyncSession, sha256: str) -> bytes:
    """Its bytes."""
    statement = select(col(StoredFileRow.content)).where(col(StoredFileRow.sha256) == sha256)
    return (await session.execute(statement)).scalar_one()
