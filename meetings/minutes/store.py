"""Rows of minutes, their texts, keys and signatures. Their files are in the ledger's keeping, by hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, LargeBinary, Text, UniqueConstraint, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.powers import Part
from meetings.db.once import once
from meetings.db.rows import RowsBy
from meetings.db.types import JsonText, UtcDateTime
from meetings.kernel.ids import Id
from meetings.minutes.authority import StoredAuthority
from meetings.minutes.signature_class import KeyHome


class MinutesRow(SQLModel, table=True):
    """Approved minutes: `data` is the canonical JSON, `pdf` the hash of the newest file."""

    __tablename__ = "minutes"
    meeting_id: str = Field(primary_key=True, max_length=36)
    approved_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str = Field(max_length=36)
    data: bytes = Field(sa_type=LargeBinary)
    printed: str = Field(max_length=64)
    pdf: str = Field(max_length=64)


class MinutesTextRow(SQLModel, table=True):
    """The recorder's own words on one item; the newest version."""

    __tablename__ = "minutes_text"
    meeting_id: str = Field(primary_key=True, max_length=36)
    item_id: str = Field(primary_key=True, max_length=36)
    words: str = Field(sa_type=Text)
    by_id: str = Field(max_length=36)
    at: datetime = Field(sa_type=UtcDateTime)


class SigningKeyRow(SQLModel, table=True):
    """A person's key and its certificate (PEM). `wrapped`: under the person's passphrase; null where the private
    part never was here (`home`)."""

    __tablename__ = "signing_key"
    id: str = Field(primary_key=True, max_length=36)
    person_id: str = Field(max_length=36, index=True)
    home: str = Field(max_length=20)
    wrapped: bytes | None = Field(default=None, sa_type=LargeBinary)
    certificate: bytes = Field(sa_type=LargeBinary)
    at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MinutesSignatureRow(SQLModel, table=True):
    """A signature on the minutes; append-only. `fingerprint`: the certificate's SHA-256; `signed_at`: real time, by
    which a certificate that is taken back later is judged."""

    __tablename__ = "minutes_signature"
    __table_args__ = (UniqueConstraint("meeting_id", "role", name="uq_minutes_signature_role"),)
    id: str = Field(primary_key=True, max_length=36)
    meeting_id: str = Field(max_length=36)
    role: str = Field(max_length=20)
    person_id: str = Field(max_length=36)
    fingerprint: str = Field(max_length=64)
    pdf: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    signed_at: datetime = Field(sa_type=UtcDateTime)


class InkRow(SQLModel, table=True):
    """Minutes (`about_id`: the meeting) or an issued paper (its id), signed by hand: the record of paper and scan;
    append-only."""

    __tablename__ = "ink_signature"
    about_id: str = Field(primary_key=True, max_length=36)
    record: Any = Field(sa_type=JsonText)
    scan: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)


class AuthorityRow(SQLModel, table=True):
    """The internal authority of this installation; its key is wrapped under the installation's secret, null while it
    is away."""

    __tablename__ = "authority"
    id: int = Field(primary_key=True)
    certificate: bytes = Field(sa_type=LargeBinary)
    wrapped: bytes | None = Field(default=None, sa_type=LargeBinary)


@dataclass(frozen=True, kw_only=True, slots=True)
class Approved:
    """Approved minutes as kept. `printed`: the unsigned file's hash, `pdf`: the newest file's."""

    meeting: Id
    at: datetime
    by: Id
    data: bytes
    printed: str
    pdf: str


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldKey:
    """A person's key that is not revoked. `wrapped`: None where its private part is not here."""

    id: Id
    wrapped: bytes | None
    certificate: bytes
    home: KeyHome = KeyHome.SERVER


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """One signature. `at`: the domain's time, `signed_at`: the machine's."""

    role: str
    person: Id
    fingerprint: str
    at: datetime
    signed_at: datetime


_WORDS = RowsBy(MinutesTextRow, "meeting_id")
_APPROVED = RowsBy(MinutesRow, "meeting_id")
_SIGNATURES = RowsBy(MinutesSignatureRow, "meeting_id", order=("at", "id"))
_INK = RowsBy(InkRow, "about_id")


async def put_text(session: AsyncSession, meeting: Id, item: Id, words: str, by: Id, at: datetime) -> None:
    """Write the recorder's words on an item."""
    values = {"words": words, "by_id": by, "at": at}
    if await session.get(MinutesTextRow, (meeting, item)) is None:
        await session.execute(insert(MinutesTextRow), [{"meeting_id": meeting, "item_id": item, **values}])
        return
    mine = (col(MinutesTextRow.meeting_id) == meeting) & (col(MinutesTextRow.item_id) == item)
    await session.execute(update(MinutesTextRow).where(mine).values(**values))


async def texts(session: AsyncSession, meeting: Id) -> dict[Id, str]:
    """The recorder's words by item."""
    return {row.item_id: row.words for row in await _WORDS(session, meeting)}


async def writers(session: AsyncSession, meeting: Id) -> dict[Id, tuple[Id, datetime]]:
    """Who wrote each of them last, and when."""
    return {row.item_id: (row.by_id, row.at) for row in await _WORDS(session, meeting)}


async def approve(session: AsyncSession, approved: Approved) -> None:
    """Keep approved minutes."""
    values = {
        "meeting_id": approved.meeting,
        "approved_at": approved.at,
        "approved_by": approved.by,
        "data": approved.data,
        "printed": approved.printed,
        "pdf": approved.pdf,
    }
    await session.execute(insert(MinutesRow), [values])


async def approved(session: AsyncSession, meeting: Id, *, lock: bool = False) -> Approved | None:
    """The approved minutes of a meeting."""
    if lock:
        statement = select(MinutesRow).where(col(MinutesRow.meeting_id) == meeting).with_for_update()
        row = (await session.execute(statement)).scalar_one_or_none()
    else:
        row = await _APPROVED.one(session, meeting)
    if row is None:
        return None
    return Approved(
        meeting=row.meeting_id,
        at=row.approved_at,
        by=row.approved_by,
        data=row.data,
        printed=row.printed,
        pdf=row.pdf,
    )


async def add_signature(session: AsyncSession, meeting: Id, id_: Id, signature: Signature, pdf: str) -> None:
    """Keep a signature and point to the signed file."""
    values = {
        "id": id_,
        "meeting_id": meeting,
        "role": signature.role,
        "person_id": signature.person,
        "fingerprint": signature.fingerprint,
        "pdf": pdf,
        "at": signature.at,
        "signed_at": signature.signed_at,
    }
    await session.execute(insert(MinutesSignatureRow), [values])
    await session.execute(update(MinutesRow).where(col(MinutesRow.meeting_id) == meeting).values(pdf=pdf))


async def signatures(session: AsyncSession, meeting: Id) -> list[Signature]:
    """The signatures in order."""
    return [
        Signature(
            role=row.role,
            person=row.person_id,
            fingerprint=row.fingerprint,
            at=row.at,
            signed_at=row.signed_at,
        )
        for row in await _SIGNATURES(session, meeting)
    ]


async def signed_at(session: AsyncSession, meetings: Sequence[Id]) -> dict[Id, datetime]:
    """When the minutes of these sittings were signed: by both keys, or the scan of the paper came."""
    signed, ink = MinutesSignatureRow, InkRow
    by_key = select(col(signed.meeting_id), func.max(col(signed.at))).where(
        col(signed.meeting_id).in_(meetings)
    )
    both = by_key.group_by(col(signed.meeting_id)).having(func.count() == len(Part))
    by_hand = select(col(ink.about_id), col(ink.at)).where(col(ink.about_id).in_(meetings))
    found: dict[Id, datetime] = {}
    for asked in (by_hand, both):
        for meeting, at in await session.execute(asked):
            found[meeting] = at
    return found


async def add_key(session: AsyncSession, person: Id, key: HeldKey, at: datetime) -> None:
    """Keep a new key; earlier ones of that person are taken back."""
    await revoke_keys(session, person, at)
    values = {"id": key.id, "person_id": person, "wrapped": key.wrapped, "certificate": key.certificate}
    await session.execute(insert(SigningKeyRow), [{**values, "home": key.home.value, "at": at}])


async def revoke_keys(session: AsyncSession, person: Id, at: datetime) -> None:
    """Take back what the person holds. `at`: real time, as in certificates."""
    mine = (col(SigningKeyRow.person_id) == person) & col(SigningKeyRow.revoked_at).is_(None)
    await session.execute(update(SigningKeyRow).where(mine).values(revoked_at=at))


async def key_of(session: AsyncSession, person: Id) -> HeldKey | None:
    """The person's key that holds."""
    mine = (col(SigningKeyRow.person_id) == person) & col(SigningKeyRow.revoked_at).is_(None)
    row = (await session.execute(select(SigningKeyRow).where(mine))).scalar_one_or_none()
    if row is None:
        return None
    return HeldKey(id=row.id, wrapped=row.wrapped, certificate=row.certificate, home=KeyHome(row.home))


async def rewrap(session: AsyncSession, before: HeldKey, wrapped: bytes) -> bool:
    """Keep the same key under other bytes; False if it is not that key under those bytes any more."""
    mine = (
        col(SigningKeyRow.id) == before.id,
        col(SigningKeyRow.wrapped) == before.wrapped,
        col(SigningKeyRow.revoked_at).is_(None),
    )
    done = await session.execute(update(SigningKeyRow).where(*mine).values(wrapped=wrapped))
    return cast("CursorResult[Any]", done).rowcount == 1


async def revoked(session: AsyncSession) -> list[tuple[bytes, datetime]]:
    """Certificates taken back, and when."""
    columns = (col(SigningKeyRow.certificate), col(SigningKeyRow.revoked_at))
    rows = await session.execute(select(*columns).where(col(SigningKeyRow.revoked_at).is_not(None)))
    return [(row.certificate, row.revoked_at) for row in rows]


async def authority(session: AsyncSession) -> StoredAuthority | None:
    """The internal authority, if it was founded."""
    row = await session.get(AuthorityRow, 1)
    return None if row is None else StoredAuthority(certificate=row.certificate, wrapped=row.wrapped)


async def found_authority(session: AsyncSession, stored: StoredAuthority) -> None:
    """Keep the internal authority."""
    values = {"id": 1, "certificate": stored.certificate, "wrapped": stored.wrapped}
    await session.execute(insert(AuthorityRow), [values])


async def add_ink(session: AsyncSession, about: Id, record: Any, scan: str, at: datetime) -> None:
    """Keep the record of the minutes of a meeting, or of an issued paper, signed by hand."""
    values = {"about_id": about, "record": record, "scan": scan, "at": at}
    await session.execute(insert(InkRow), [values])


@once
async def inked_at(session: AsyncSession, about: Sequence[Id]) -> dict[Id, datetime]:
    """When the scans came, of those that have one."""
    columns = (col(InkRow.about_id), col(InkRow.at))
    rows = await session.execute(select(*columns).where(col(InkRow.about_id).in_(about)))
    return {row[0]: row[1] for row in rows}


async def ink(session: AsyncSession, about: Id) -> tuple[Any, str] | None:
    """(record, scan's hash) of the minutes of a meeting, or of an issued paper, signed by hand."""
    row = await _INK.one(session, about)
    return None if row is None else (row.record, row.scan)
