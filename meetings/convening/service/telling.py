"""The words that call people to a sitting, and the notices to the superior's overseer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime

from meetings.committees import service as committees
from meetings.committees.rules import Role
from meetings.convening.rules import AnySitting, Meeting, Mode, Standing
from meetings.convening.store import meetings
from meetings.convening.titles import spoken_title
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.notices.rules import Notice, NoticeKind, notice_key
from meetings.notices.service import queue
from meetings.notices.wording import Call, cancelled_text, moved_text, overseer_text

AgendaTitles = Callable[[UnitOfWork, Id], Awaitable[Sequence[str]]]


async def no_agenda(_uow: UnitOfWork, _meeting: Id) -> Sequence[str]:
    """Where no storey above knows an agenda."""
    return ()


async def call_of(uow: UnitOfWork, sitting: AnySitting, agenda: AgendaTitles) -> Call:
    """What people are told about a sitting."""
    standing = sitting.standing if isinstance(sitting, Meeting) else Standing.NONE
    goes_with = sitting.supplements if isinstance(sitting, Meeting) else None
    with_sitting = await meetings.get(uow.session, goes_with) if goes_with else None
    return Call(
        cell_name=(await committees.org(uow, sitting.cell, _day(sitting))).name,
        title=spoken_title(sitting.title),
        starts_at=sitting.starts_at,
        place=sitting.place,
        month=sitting.month,
        zone=sitting.zone,
        hybrid=sitting.mode is Mode.HYBRID,
        supplement=standing is Standing.SUPPLEMENT,
        practice=not isinstance(sitting, Meeting),
        supplements_on=_day(with_sitting) if with_sitting else None,
        agenda=tuple(await agenda(uow, sitting.id)),
    )


def _day(sitting: AnySitting) -> date:
    return sitting.starts_at.astimezone(zone_of(sitting.zone)).date()


async def tell_overseers(
    uow: UnitOfWork,
    sitting: AnySitting,
    kind: NoticeKind,
    call: Call,
    *,
    before: datetime | None = None,
) -> None:
    """Put a notice to every assigned overseer into the outbox (42-HD/BTCTW of 28/10/2025; rules.md 2.3)."""
    if not isinstance(sitting, Meeting):
        return  # nobody oversees a practice
    text = _overseer_words(sitting, kind, call, before)
    today = await committees.today_in(uow, sitting.cell)
    holders = await committees.mandate_holders(uow, sitting.cell, Role.OVERSEER, today)
    await queue(
        uow,
        [
            Notice(
                key=notice_key(sitting.id, person, kind, sitting.starts_at.isoformat()),
                cell=sitting.cell,
                subject=sitting.id,
                to=person,
                kind=kind,
                text=text,
                due_at=uow.now,
            )
            for person in holders
        ],
    )


def _overseer_words(sitting: Meeting, kind: NoticeKind, call: Call, before: datetime | None) -> str:
    if kind is NoticeKind.CANCELLED:
        return cancelled_text(call, sitting.cancelled_reason or "")
    if kind is NoticeKind.MOVED and before is not None:
        return moved_text(call, before)
    return overseer_text(call)
