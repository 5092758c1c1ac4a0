"""Somebody is a member of the cell no longer: what ends with the membership."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from meetings.committees.powers import Act
from meetings.committees.rules import Leaving, Span
from meetings.committees.service.authority import allow, standpoint
from meetings.committees.service.lookups import NoSuchMember
from meetings.committees.store import access, endings, orgs, outside, passkeys, people
from meetings.committees.store.people import Membership
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import Clock
from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


class LeftAlready(Conflict):
    """The membership ended before, on an earlier day or in another way. What is written of it stays."""

    code = "left-already"
    message = "Đã ghi đồng chí này rời chi bộ rồi. Chỉ sửa được thành một ngày sớm hơn."


class BeforeJoining(Invalid):
    """The last day lies before the first, or before the category that stands now."""

    code = "before-joining"
    message = "Ngày cuối ở chi bộ phải từ ngày bắt đầu của diện đảng viên đang ghi trở đi."


class LeavingService:
    """`clock` tells real time, by which browsers are let go."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units, self._clock = units, clock

    async def end_membership(
        self, asker: Asker, member: Id, until: date, reason: Leaving, paper: str
    ) -> None:
        """`until` is the last day in the cell. The running category and the person's mandates in the cell end
        with it; where neither a membership nor a mandate remains after that day, and it has come, no browser
        or unused link of theirs opens anything. Repeating it is idle.

        Raises NoPower, NoSuchMember, BeforeJoining, LeftAlready.
        """
        async with self._units.begin() as uow:
            if (found := await people.membership(uow.session, member)) is None:
                raise NoSuchMember
            await allow(uow, asker, Act.IMPORT, found.cell)
            await orgs.lock_org(uow.session, found.cell)  # before the membership, as an import does
            if (found := await people.membership(uow.session, member, lock=True)) is None:
                raise NoSuchMember
            ended = replace(
                found, span=Span(since=found.span.since, until=until), leaving=reason, paper=paper
            )
            if ended == found:
                return
            await self._end(uow, found, ended, until)
            said = {"reason": reason.value, "until": until.isoformat(), "paper": paper}
            act = Recorded(
                cell=found.cell,
                name="committees.end_membership",
                actor=asker.person,
                subject=member,
                personal=said,
            )
            await record(uow, act)

    async def _end(self, uow: UnitOfWork, found: Membership, ended: Membership, until: date) -> None:
        if found.span.until is not None and found.span.until <= until:
            raise LeftAlready
        await _end_category(uow, ended, until)
        await endings.end_membership(uow.session, ended)
        await _end_mandates(uow, ended, until)
        today = (await standpoint(uow, found.cell)).today
        if until <= today and not await _remains(uow, found.person, today + timedelta(days=1)):
            await access.forget(uow.session, found.person, self._clock.now())
            await passkeys.revoke_all(uow.session, found.person, self._clock.now())
            await outside.remove_all(uow.session, found.person)


async def _end_category(uow: UnitOfWork, ended: Membership, until: date) -> None:
    """The last category is cut; a day before its first would leave days without one."""
    last = (await people.spans_of(uow.session, [ended.id]))[-1]
    if until < last.span.since:
        raise BeforeJoining
    await people.end_span(uow.session, replace(last, span=Span(since=last.span.since, until=until)))


async def _end_mandates(uow: UnitOfWork, ended: Membership, until: date) -> None:
    """A mandate in the cell that would outlast the membership ends with it, or never comes into force."""
    for held in await people.mandates_of_org(uow.session, ended.cell):
        span = held.mandate.span
        if held.person == ended.person and (span.until is None or span.until > until):
            last = max(until, span.since - timedelta(days=1))
            if last != span.until:
                await people.end_mandate(uow.session, held.id, last)


async def _remains(uow: UnitOfWork, person: Id, day: date) -> bool:
    """Whether the person is a member somewhere, or holds a mandate, that day or later."""
    mandates = [one.mandate.span for one in await people.mandates_of_person(uow.session, person)]
    memberships = [one.span for one in await endings.memberships_of_person(uow.session, person)]
    return any(
        span.until is None or (span.until >= day and span.until >= span.since)
        for span in (*mandates, *memberships)
    )
