"""Rows of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Text, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.db.rows import table_of
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id
from meetings.notices.rules import Notice, NoticeKind

_KINDS = ", ".join(repr(kind.value) for kind in NoticeKind)


class NoticeRow(SQLModel, table=True):
    """One message. `key` makes writing it again harmless; `tries` counts failed sendings; `read_at`: its reader said
    that they saw it."""

    __tablename__ = "notice"
    __table_args__ = (CheckConstraint(f"kind IN ({_KINDS})", name="ck_notice_kind"),)
    key: str = Field(primary_key=True, max_length=36)
    cell_id: str = Field(max_length=36)
    subject_id: str = Field(max_length=36, index=True)
    to_id: str = Field(max_length=36, index=True)
    kind: str = Field(max_length=20)
    text: str = Field(sa_type=Text)
    due_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_SAME = ("key", "text", "due_at", "sent_at", "tries", "read_at")
MOST_TRIES = 10


async def add(session: AsyncSession, notices: Sequence[Notice]) -> None:
    """Insert what is not there yet."""
    make: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    if notices:
        statement = make(NoticeRow).on_conflict_do_nothing(index_elements=["key"])
        await session.execute(statement, [_row(notice) for notice in notices])


async def of_subject(session: AsyncSession, subject: Id) -> list[Notice]:
    """The notices about one subject, by moment."""
    statement = select(NoticeRow).where(col(NoticeRow.subject_id) == subject)
    rows = await session.execute(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.key)))
    return [_notice(row) for row in rows.scalars()]


async def kinds_about(session: AsyncSession, subjects: Sequence[Id]) -> set[tuple[Id, NoticeKind]]:
    """(subject, kind) of every notice about one of them."""
    kept = select(col(NoticeRow.subject_id), col(NoticeRow.kind)).where(
        col(NoticeRow.subject_id).in_(subjects)
    )
    return {(subject, NoticeKind(kind)) for subject, kind in await session.execute(kept.distinct())}


_NOTICES = table_of(NoticeRow)
_NEWEST = (
    select(_NOTICES)
    .where(_NOTICES.c.to_id == bindparam("to"), _NOTICES.c.due_at <= bindparam("now"))
    .order_by(_NOTICES.c.read_at.is_not(None), _NOTICES.c.due_at.desc(), _NOTICES.c.key)
    .limit(bindparam("most"))
)


async def of_recipient(session: AsyncSession, to: Id, now: datetime, most: int) -> list[Notice]:
    """The last notices to one recipient that are due, the unread first, of each the newest first."""
    found = await session.execute(_NEWEST, {"to": to, "now": now, "most": most})
    return [_notice(row) for row in found]


async def claim(session: AsyncSession, now: datetime, most: int) -> list[Notice]:
    """Due notices that nobody has sent; locked until the unit ends, those others hold are passed over."""
    due = (col(NoticeRow.sent_at).is_(None), col(NoticeRow.due_at) <= now, col(NoticeRow.tries) < MOST_TRIES)
    statement = select(NoticeRow).where(*due).order_by(col(NoticeRow.due_at), col(NoticeRow.key)).limit(most)
    rows = await session.execute(statement.with_for_update(skip_locked=True))
    return [_notice(row) for row in rows.scalars()]


async def waiting(session: AsyncSession, now: datetime) -> tuple[int, datetime | None, int]:
    """How many are due and unsent, since when the oldest, and how many were given up."""
    row = NoticeRow
    unsent = col(row.sent_at).is_(None)
    due = select(func.count(), func.min(col(row.due_at))).where(
        unsent, col(row.due_at) <= now, col(row.tries) < MOST_TRIES
    )
    lost = select(func.count()).where(unsent, col(row.tries) >= MOST_TRIES)
    count, since = (await session.execute(due)).one()
    return count, since, (await session.execute(lost)).scalar_one()


async def mark_sent(session: AsyncSession, key: Id, at: datetime) -> None:
    """It is out."""
    await session.execute(update(NoticeRow).where(col(NoticeRow.key) == key).values(sent_at=at))


async def mark_read(session: AsyncSession, key: Id, to: Id, at: datetime) -> bool:
    """Its recipient saw it, the first time counts; False: no such notice to them."""
    mine = (col(NoticeRow.key) == key, col(NoticeRow.to_id) == to)
    unread = update(NoticeRow).where(*mine, col(NoticeRow.read_at).is_(None))
    await session.execute(unread.values(read_at=at))
    return (await session.execute(select(col(NoticeRow.key)).where(*mine))).first() is not None


async def mark_tried(session: AsyncSession, key: Id, again_at: datetime) -> None:
    """It could not be sent; try again then."""
    statement = update(NoticeRow).where(col(NoticeRow.key) == key)
    await session.execute(statement.values(tries=col(NoticeRow.tries) + 1, due_at=again_at))


def _row(notice: Notice) -> dict[str, Any]:
    row = {name: getattr(notice, name) for name in _SAME}
    return row | {
        "cell_id": notice.cell,
        "subject_id": notice.subject,
        "to_id": notice.to,
        "kind": notice.kind.value,
    }


def _notice(row: Any) -> Notice:
    return Notice(
        **{name: getattr(row, name) for name in _SAME},
        cell=row.cell_id,
        subject=row.subject_id,
        to=row.to_id,
        kind=NoticeKind(row.kind),
    )
