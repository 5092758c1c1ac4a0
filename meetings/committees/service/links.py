"""Handing over personal links, and the list of bound browsers where they can be revoked (ui.md 9)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime

from meetings.committees.powers import Act, NoPower
from meetings.committees.rules import Member
from meetings.committees.service.authority import allow, day_in
from meetings.committees.service.lookups import NoSuchMember, NoSuchPerson, member
from meetings.committees.sign_in import (
    TOKEN_BYTES,
    BrowserSession,
    Handed,
    Invitation,
    is_alive,
    token_hash,
    token_text,
)
from meetings.committees.store import access, endings, people
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.clock import Clock
from meetings.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import DEFAULT_ZONE
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


class NoBirthDate(Invalid):
    """A link sent by message asks the year of birth, but the record has none."""

    code = "no-birth-date"
    message = "Chưa có ngày sinh của đồng chí này, nên chỉ trao đường dẫn bằng giấy được."


class InvitedElsewhere(Forbidden):
    """The person's home cell, or those who appoint to their mandates, hand over the link."""

    code = "invited-elsewhere"
    message = "Đường dẫn của đồng chí này do nơi sinh hoạt chính hoặc cấp trên trao."


class SeveralPersons(Conflict):
    """More than one person carries the name."""

    code = "several-persons"
    message = "Có nhiều người cùng họ tên này. Xin dùng số thẻ đảng viên."


class NoSuchDevice(NotFound):
    """Not a bound browser of that person."""

    code = "no-such-device"
    message = "Không có thiết bị này."


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A new personal link. The token is told once and never stored."""

    invitation: Id
    token: str
    expires_at: datetime


async def new_link(
    uow: UnitOfWork,
    person: Id,
    org: Id,
    handed: Handed,
    by: Id | None,
    now: datetime,
    code: str | None = None,
) -> Link:
    """A link for the person; their unused ones of the same way of handing over are revoked. `now`: real; `code`: the
    hash of digits that are read out instead of the link."""
    token = token_text(os.urandom(TOKEN_BYTES))
    invitation = Invitation(
        id=new_id(),
        person=person,
        token_hash=token_hash(token),
        handed=handed,
        made_by=by or person,
        made_at=now,
        code=code,
    )
    await access.revoke_unused(uow.session, person, handed, now)
    await access.add_invitation(uow.session, invitation, org)
    act = Recorded(
        cell=org,
        name="committees.invite",
        actor=by,
        subject=invitation.id,
        public={"channel": handed.value},
        personal={"person": person},
    )
    await record(uow, act)
    return Link(invitation=invitation.id, token=token, expires_at=now + handed.life)


class LinkService:
    """`clock` tells real time: links and sessions live by it, not by domain time."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    async def invite(self, asker: Asker, cell: Id, member_id: Id, handed: Handed) -> Link:
        """A link for a member of the cell. Raises NoPower, NoSuchMember, InvitedElsewhere, NoBirthDate."""
        async with self._units.begin() as uow:
            await allow(uow, asker, Act.INVITE, cell)
            found = await member(uow, member_id, _today(uow))
            if found.cell != cell:
                raise NoSuchMember
            await check_home(uow, asker, found)
            if handed is Handed.MESSAGE:
                await check_birth_date(uow, found.person)
            return await new_link(uow, found.person, cell, handed, asker.person, self._clock.now())

    async def by_operator(self, *, card: str | None = None, name: str | None = None) -> tuple[str, Link]:
        """A link handed out at the machine itself, for whom nobody else can help: by card number or, where it is the
        only one, by full name. The person's name, and the link. The cell, or where their mandate is, records it.

        Raises NoSuchPerson, SeveralPersons.
        """
        async with self._units.begin() as uow:
            found = await endings.people_named(uow.session, card=card, name=name)
            if len(found) > 1:
                raise SeveralPersons
            places = [place for one in found for place in await _places(uow, one.id)]
            if not places:
                raise NoSuchPerson
            link = await new_link(uow, found[0].id, places[0], Handed.PAPER, None, self._clock.now())
            return found[0].full_name, link

    async def devices(self, asker: Asker, member_id: Id) -> list[BrowserSession]:
        """The member's bound browsers, for themself or whoever may invite them."""
        async with self._units.read() as uow:
            found = await reached(uow, asker, member_id)
            return await self._alive(uow, found.person)

    async def revoke(self, asker: Asker, member_id: Id, device: Id) -> None:
        """Unbind a browser of the member. Raises NoSuchDevice."""
        async with self._units.begin() as uow:
            found = await reached(uow, asker, member_id)
            if all(one.id != device for one in await self._alive(uow, found.person)):
                raise NoSuchDevice
            await access.revoke_session(uow.session, device, self._clock.now())
            act = Recorded(
                cell=found.cell,
                name="committees.revoke_device",
                actor=asker.person,
                subject=device,
                personal={"person": found.person},
            )
            await record(uow, act)

    async def _alive(self, uow: UnitOfWork, person: Id) -> list[BrowserSession]:
        now = self._clock.now()
        return [one for one in await access.sessions_of(uow.session, person) if is_alive(one, now)]


async def _places(uow: UnitOfWork, person: Id) -> list[Id]:
    """The cells and organisations where the person stands today, cells first."""
    today = _today(uow)
    members = await people.members_of_person(uow.session, person, today)
    held = await people.mandates_of_person(uow.session, person)
    return [
        *(one.cell for one in members),
        *(one.mandate.org for one in held if one.mandate.span.covers(today)),
    ]


async def reached(uow: UnitOfWork, asker: Asker, member_id: Id) -> Member:
    """A member whose ways in the asker may see and take back: themself, or whom they may invite. Raises NoSuchMember,
    NoPower, InvitedElsewhere."""
    found = await member(uow, member_id, _today(uow))
    if found.person != asker.person:
        await allow(uow, asker, Act.INVITE, found.cell)
        await check_home(uow, asker, found)
    return found


async def check_home(uow: UnitOfWork, asker: Asker, found: Member) -> None:
    """Whoever hands over a link could enter as that person. So the asker must have this power wherever the
    person holds a mandate, and in the cell that recorded them first: entering a stranger's card in one's own
    roster gives no way into their account. Raises InvitedElsewhere."""
    today = _today(uow)
    homes = await people.members_of_person(uow.session, found.person, today)
    held = await people.mandates_of_person(uow.session, found.person)
    needed = {one.mandate.org for one in held if one.mandate.span.covers(today)} | {homes[0].cell}
    try:
        for org in sorted(needed - {found.cell}):
            await allow(uow, asker, Act.INVITE, org)
    except NoPower:
        raise InvitedElsewhere from None


async def check_birth_date(uow: UnitOfWork, person: Id) -> None:
    """Raises NoSuchPerson, NoBirthDate."""
    found = await people.person(uow.session, person)
    if found is None:
        raise NoSuchPerson
    if found.birth_date is None:
        raise NoBirthDate


def _today(uow: UnitOfWork) -> date:
    return day_in(DEFAULT_ZONE, uow.now)
