"""What higher storeys ask of a sitting, and what they make of it, inside their own unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from meetings.committees import service as committees
from meetings.committees.powers import Act, Part, can, may
from meetings.committees.rules import Actor, Member
from meetings.convening import states
from meetings.convening.afterwards import PaperEntry
from meetings.convening.convocations import Convocation, standing
from meetings.convening.paper import asks_to_close, check_stated
from meetings.convening.rules import AnySitting, Closing, Meeting, State
from meetings.convening.service.rosters import keep_roster
from meetings.convening.store import convocations, meetings, obligations, papers
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.errors import NotFound
from meetings.kernel.ids import Id
from meetings.kernel.months import Month


class NoSuchMeeting(NotFound):
    """No such sitting, or the asker may not know of it."""

    code = "no-such-meeting"
    message = "Không có buổi họp này."


async def sitting(uow: UnitOfWork, meeting: Id, *, lock: bool = False) -> AnySitting:
    """One sitting, locked until the unit ends if asked. Raises NoSuchMeeting."""
    if (found := await meetings.get(uow.session, meeting, lock=lock)) is None:
        raise NoSuchMeeting
    return found


async def allow_in(
    uow: UnitOfWork, asker: Asker, act: Act, meeting: Id, *, lock: bool = False
) -> tuple[AnySitting, Actor]:
    """The sitting and the asker, who holds this power in it today.

    Raises NoSuchMeeting for who may not even view the cell, else NoPower.
    """
    found = await sitting(uow, meeting, lock=lock)
    at = await committees.standpoint(uow, found.cell)
    place = at.place(await parts_of(uow, meeting))
    actor = await committees.actor_of(uow, asker, at.today)
    if not any(can(actor, known, place, at.today) for known in (Act.VIEW_CELL, Act.AUDIT, act)):
        raise NoSuchMeeting
    may(actor, act, place, at.today)
    return found, actor


async def parts_of(uow: UnitOfWork, meeting: Id) -> tuple[tuple[Part, Id], ...]:
    """Who (memberships) chairs and who records the sitting, as far as named."""
    return await convocations.parts(uow.session, meeting)


async def set_part(uow: UnitOfWork, meeting: Id, part: Part, member: Id) -> None:
    """Name a member for the part, in place of who had it. The caller checks presence and records the act."""
    await convocations.set_part(uow.session, meeting, part, member, uow.now)


async def convoked(uow: UnitOfWork, meeting: Id) -> list[Convocation]:
    """What stands for each member of the roster of that day: called and how, or left out and why."""
    return standing(await convocations.tellings(uow.session, [meeting]))


async def convened_at(uow: UnitOfWork, meeting: Id) -> datetime | None:
    """When the first member was called to it, here on the server; None: nobody was."""
    called = await convocations.tellings(uow.session, [meeting])
    return min((one.at for one in called), default=None)


async def paper_of(uow: UnitOfWork, meeting: Id) -> PaperEntry | None:
    """What the paper says of a meeting that was held without any device; None for all others."""
    return await papers.paper(uow.session, meeting)


async def papers_of(uow: UnitOfWork, meetings_: Sequence[Id]) -> list[PaperEntry]:
    """The same of many."""
    return await papers.papers_of(uow.session, meetings_)


async def unsigned_since(uow: UnitOfWork, since: datetime, after: Meeting | None, most: int) -> list[Meeting]:
    """Sittings closed from then on whose minutes are not signed, by closing; `after` goes on behind that one."""
    place = (after.closed_at, after.id) if after and after.closed_at else None
    found = await meetings.unsigned(uow.session, since, place, most)
    return [one for one in found if isinstance(one, Meeting)]


async def save(uow: UnitOfWork, changed: AnySitting) -> None:
    """Write a sitting's new facts; the guards decide what may change."""
    await meetings.save(uow.session, changed)


async def owe(uow: UnitOfWork, found: AnySitting) -> None:
    """Make sure the obligations of the sitting's month and quarter exist. A practice owes nothing."""
    if isinstance(found, Meeting):
        await obligations.ensure_months(uow.session, [(found.cell, found.month)])
        await obligations.ensure_quarters(uow.session, [(found.cell, found.month.quarter)])


async def open_sitting(
    uow: UnitOfWork, found: AnySitting, at: datetime, device_at: datetime | None = None
) -> AnySitting:
    """Open at that moment (`device_at`: when a machine saw it, default the same): from now on its month is
    the month of this moment. The caller checks and records the act. Raises what `states.may_open` raises."""
    begun = replace(states.opened(found, at), device_opened_at=device_at or at)
    await save(uow, begun)
    await owe(uow, begun)
    return begun


async def close_sitting(
    uow: UnitOfWork,
    found: AnySitting,
    *,
    roster: Sequence[Member],
    hall_present: int,
    hall_required: int,
    at: datetime,
    device_at: datetime | None = None,
) -> tuple[AnySitting, Closing]:
    """Close at that moment (`device_at`: when a machine saw it) with the counts of the hall, and fill the
    month's and the quarter's obligation where it is still open and the sitting may. `roster`: who belongs to the
    sitting, read once: the counts were reckoned on it, and it is kept.

    The caller checks and records the act. Raises NotOpen, AlreadyClosed, BadCount, a BadTimes.
    """
    check_stated(found, opened_at=found.opened_at or at, closed_at=at, now=uow.now)
    closing = states.decide_closing(found, hall_present=hall_present, hall_required=hall_required)
    ended = states.closed(found, closing, at=at, device_at=device_at or uow.now)
    await keep_roster(uow, found, roster)
    await save(uow, ended)
    await owe(uow, ended)
    if closing.fulfils:
        await obligations.fulfil_month(uow.session, ended.cell, ended.month, ended.id)
    if closing.fulfils_theme:
        await obligations.fulfil_quarter(uow.session, ended.cell, ended.month.quarter, ended.id)
    return ended, closing


async def mark_minuted(uow: UnitOfWork, meeting: Id) -> AnySitting:
    """The minutes were approved. Raises NoSuchMeeting, NotClosed."""
    found = states.minuted(await sitting(uow, meeting, lock=True))
    await save(uow, found)
    return found


async def mark_signed(uow: UnitOfWork, meeting: Id) -> AnySitting:
    """The minutes were signed, by keys or in ink. Raises NoSuchMeeting, NotMinuted."""
    found = states.signed(await sitting(uow, meeting, lock=True))
    await save(uow, found)
    return found


async def forgotten(uow: UnitOfWork) -> list[AnySitting]:
    """The sittings open for three hours and more: somebody must be asked (rules.md 1.7)."""
    running = await meetings.in_states(uow.session, [State.OPEN])
    return [one for one in running if asks_to_close(one, uow.now)]


async def of_cells(uow: UnitOfWork, cells: Sequence[Id], first: Month, last: Month) -> list[AnySitting]:
    """The sittings of these cells from the first to the last month, by planned start."""
    return await meetings.of_cells(uow.session, cells, first, last)
