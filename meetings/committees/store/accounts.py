"""How many members have an account and a smartphone, by category: one query for many cells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from meetings.committees.members import AccountCount
from meetings.committees.rules import Category
from meetings.committees.store.people import CategorySpanRow, MembershipRow, PersonRow, covering
from meetings.kernel.ids import Id


async def account_counts(session: AsyncSession, cells: Sequence[Id], day: date) -> list[AccountCount]:
    """Members of these cells that day; a missing combination is none."""
    what = (
        col(CategorySpanRow.category),
        col(PersonRow.smartphone),
        col(PersonRow.account_since).is_not(None),
    )
    statement = (
        select(*what, func.count())
        .select_from(MembershipRow)
        .join(PersonRow, col(PersonRow.id) == col(MembershipRow.person_id))
        .join(CategorySpanRow, col(CategorySpanRow.member_id) == col(MembershipRow.id))
        .where(covering(MembershipRow, day), covering(CategorySpanRow, day))
        .where(col(MembershipRow.cell_id).in_(cells))
        .group_by(*what)
    )
    return [
        AccountCount(
            category=Category(category), smartphone=smartphone, account=bool(account), members=members
        )
        for category, smartphone, account, members in await session.execute(statement)
    ]
