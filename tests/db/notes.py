"""A table of its own for the tests of the database floor, with every sort of constraint."""

from __future__ import annotations

import zlib
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, select
from sqlmodel import Field, SQLModel, col

from meetings.db.types import JsonText, UtcDateTime
from meetings.db.unit import UnitOfWork, Units


class NoteRow(SQLModel, table=True):
    """One note."""

    __tablename__ = "test_note"
    __table_args__ = (
        UniqueConstraint("word", name="uq_test_note_word"),
        Index("uq_test_note_pair", "one", "two", unique=True),
        CheckConstraint("one >= 0", name="ck_test_note_one"),
        ForeignKeyConstraint(["parent"], ["test_note.id"], name="fk_test_note_parent"),
    )
    id: str = Field(primary_key=True, max_length=36)
    word: str
    one: int = 0
    two: int = 0
    parent: str | None = None
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    data: Any = Field(default=None, sa_type=JsonText, nullable=True)


def write(uow: UnitOfWork, word: str, **facts: Any) -> None:
    """Add a note under its word."""
    number = zlib.crc32(word.encode()) >> 1
    row: dict[str, Any] = {"id": word, "word": word, "one": number, "two": number}
    uow.session.add(NoteRow(**(row | facts)))


async def words(units: Units) -> list[str]:
    """What is there, in order."""
    async with units.read() as uow:
        return list(
            (await uow.session.execute(select(col(NoteRow.word)).order_by(col(NoteRow.word)))).scalars()
        )
