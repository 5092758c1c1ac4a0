"""Rows of organisations, valid in time, and of the policies they set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Select,
    Text,
    UniqueConstraint,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from meetings.committees.policies import Certainty, Policy, PolicyKey
from meetings.committees.rules import CellType, OrgKind, Span
from meetings.committees.tree import OrgVersion
from meetings.db.once import once
from meetings.db.rows import table_of
from meetings.db.types import UtcDateTime
from meetings.kernel.ids import Id, derived_id


class OrgRow(SQLModel, table=True):
    """An organisation as such; everything that changes stands in its versions."""

    __tablename__ = "org"
    id: str = Field(primary_key=True, max_length=36)
    made_at: datetime = Field(sa_type=UtcDateTime)


class OrgVersionRow(SQLModel, table=True):
    """What an organisation was during a span of days. `zone`: IANA name; `merged_into_id`: its successor."""

    __tablename__ = "org_version"
    __table_args__ = (
        UniqueConstraint("org_id", "since", name="uq_org_version_since"),
        CheckConstraint(
            f"kind IN ({', '.join(repr(kind.value) for kind in OrgKind)})", name="ck_org_version_kind"
        ),
        CheckConstraint(
            f"cell_type IN ({', '.join(repr(kind.value) for kind in CellType)})",
            name="ck_org_version_cell_type",
        ),
        CheckConstraint("(kind = 'cell') = (cell_type IS NOT NULL)", name="ck_org_version_typed_cell"),
        CheckConstraint("until IS NULL OR until >= since", name="ck_org_version_span"),
        CheckConstraint("parent_id IS NULL OR parent_id <> org_id", name="ck_org_version_parent"),
    )
    id: str = Field(primary_key=True, max_length=36)
    org_id: str = Field(
        max_length=36, index=True, sa_column_args=[ForeignKey("org.id", name="fk_org_version_org")]
    )
    name: str = Field(sa_type=Text)
    kind: str = Field(max_length=20)
    cell_type: str | None = Field(default=None, max_length=20)
    parent_id: str | None = Field(
        default=None,
        max_length=36,
        index=True,
        sa_column_args=[ForeignKey("org.id", name="fk_org_version_parent")],
    )
    code: str | None = Field(default=None, max_length=40, index=True)
    zone: str = Field(max_length=60)
    since: date
    paper: str = Field(default="", sa_type=Text)
    until: date | None = None
    merged_into_id: str | None = Field(
        default=None, max_length=36, sa_column_args=[ForeignKey("org.id", name="fk_org_version_successor")]
    )


class PolicyRow(SQLModel, table=True):
    """Append-only (guards): a figure set by an organisation from a day on. The name is that of the time."""

    __tablename__ = "policy"
    __table_args__ = (
        UniqueConstraint("org_id", "key", "valid_from", name="uq_policy_day"),
        CheckConstraint(f"key IN ({', '.join(repr(key.value) for key in PolicyKey)})", name="ck_policy_key"),
    )
    id: str = Field(primary_key=True, max_length=36)
    org_id: str = Field(
        max_length=36, index=True, sa_column_args=[ForeignKey("org.id", name="fk_policy_org")]
    )
    org_name: str = Field(sa_type=Text)
    key: str = Field(max_length=40)
    value: str = Field(max_length=40)
    valid_from: date
    citation: str = Field(sa_type=Text)
    set_by_id: str = Field(max_length=36)
    set_at: datetime = Field(sa_type=UtcDateTime)


async def add_org(session: AsyncSession, version: OrgVersion, zone: str, at: datetime) -> None:
    """Insert an organisation with its first version."""
    await session.execute(insert(OrgRow), [{"id": version.org, "made_at": at}])
    await add_version(session, version, zone)


async def add_version(session: AsyncSession, version: OrgVersion, zone: str) -> None:
    """Insert one version."""
    row = {
        "id": derived_id(version.org, version.span.since.isoformat()),
        "org_id": version.org,
        "name": version.name,
        "kind": version.kind.value,
        "cell_type": version.cell_type.value if version.kind is OrgKind.CELL else None,
        "parent_id": version.parent,
        "code": version.code,
        "zone": zone,
        "since": version.span.since,
        "paper": version.paper,
        "until": version.span.until,
        "merged_into_id": version.merged_into,
    }
    await session.execute(insert(OrgVersionRow), [row])


async def end_version(session: AsyncSession, version: OrgVersion) -> None:
    """Write the last day (and successor) of a version that was running."""
    statement = update(OrgVersionRow).where(
        col(OrgVersionRow.org_id) == version.org, col(OrgVersionRow.since) == version.span.since
    )
    await session.execute(statement.values(until=version.span.until, merged_into_id=version.merged_into))


async def lock_org(session: AsyncSession, org: Id) -> bool:
    """Lock the organisation until the unit ends; whether it exists."""
    statement = select(col(OrgRow.id)).where(col(OrgRow.id) == org).with_for_update()
    return (await session.execute(statement)).first() is not None


async def any_org(session: AsyncSession) -> bool:
    """Whether any organisation exists."""
    return (await session.execute(select(col(OrgRow.id)).limit(1))).first() is not None


Zoned = tuple[OrgVersion, str]


_VERSIONS = table_of(OrgVersionRow)


def _upwards() -> Select[Any]:
    own = table_of(OrgRow).c.id
    start: Select[str] = select(own.label("org_id")).where(own == bindparam("org"))
    up = start.cte("up", recursive=True)
    above = select(_VERSIONS.c.parent_id).join(up, _VERSIONS.c.org_id == up.c.org_id)
    up = up.union(above.where(_VERSIONS.c.parent_id.is_not(None)))
    return select(_VERSIONS).join(up, _VERSIONS.c.org_id == up.c.org_id)


_UPWARDS = _upwards()  # every act asks it: building it costs more than running it


@once
async def versions_upwards(session: AsyncSession, org: Id) -> list[Zoned]:
    """Every version, with its zone, of the organisation and of all that ever stood above it: one query."""
    found = await session.execute(_UPWARDS, {"org": org})
    return [(_version(row), row.zone) for row in found]


async def versions(session: AsyncSession) -> list[OrgVersion]:
    """Every version of every organisation."""
    return [_version(row) for row in (await session.execute(select(OrgVersionRow))).scalars()]


async def with_code(session: AsyncSession, code: str, day: date) -> list[OrgVersion]:
    """The organisations that carry the code that day."""
    statement = select(OrgVersionRow).where(col(OrgVersionRow.code) == code)
    found = [_version(row) for row in (await session.execute(statement)).scalars()]
    return [version for version in found if version.span.covers(day)]


def _version(row: Any) -> OrgVersion:
    return OrgVersion(
        org=row.org_id,
        name=row.name,
        kind=OrgKind(row.kind),
        parent=row.parent_id,
        span=Span(since=row.since, until=row.until),
        code=row.code,
        merged_into=row.merged_into_id,
        cell_type=CellType(row.cell_type) if row.cell_type else CellType.RESIDENTIAL,
        paper=row.paper,
    )


async def add_policy(session: AsyncSession, policy: Policy, by: Id, at: datetime) -> None:
    """Insert a policy that an organisation has set."""
    org = str(policy.set_by)
    row = {
        "id": derived_id(org, policy.key.value, policy.valid_from.isoformat()),
        "org_id": org,
        "org_name": policy.set_by_name,
        "key": policy.key.value,
        "value": policy.value,
        "valid_from": policy.valid_from,
        "citation": policy.citation,
        "set_by_id": by,
        "set_at": at,
    }
    await session.execute(insert(PolicyRow), [row])


async def policies_of(session: AsyncSession, orgs: Sequence[Id]) -> list[Policy]:
    """Every policy that these organisations have set."""
    statement = select(PolicyRow).where(col(PolicyRow.org_id).in_(orgs))
    return [_policy(row) for row in (await session.execute(statement)).scalars()]


def _policy(row: PolicyRow) -> Policy:
    return Policy(
        key=PolicyKey(row.key),
        value=row.value,
        valid_from=row.valid_from,
        set_by=row.org_id,
        set_by_name=row.org_name,
        citation=row.citation,
        certainty=Certainty.POLICY,
    )
