"""One phone in several hands: who shares it is declared, and each confirms in turn (rules.md 2.6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from meetings.attendance import store
from meetings.attendance.guests import SharedPhone
from meetings.attendance.rules import EvidenceKind
from meetings.committees.powers import Act
from meetings.committees.rules import Category
from meetings.committees.service import NoSuchMember
from meetings.convening.rules import AnySitting
from meetings.convening.service import allow_in, roster_of
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


@dataclass(frozen=True, kw_only=True, slots=True)
class Sharer:
    """Somebody else who uses the asker's phone in this meeting. `scanned`: their arrival is kept already."""

    member: Id
    full_name: str
    scanned: bool


class SharedPhoneService:
    """Members who share a phone are declared, so that no finding arises."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def declare(self, asker: Asker, meeting: Id, members: Sequence[Id]) -> SharedPhone:
        """These members share a phone in this meeting. Raises NoSuchMeeting, NoPower, NoSuchMember."""
        async with self._units.begin() as uow:
            sitting, actor = await allow_in(uow, asker, Act.ROLL, meeting)
            named = tuple(sorted(set(members)))
            if not {one.id for one in await roster_of(uow, sitting)}.issuperset(named):
                raise NoSuchMember
            shared = SharedPhone(id=new_id(), meeting=meeting, members=named)
            await store.passes.add_shared_phone(uow.session, shared)
            act = Recorded(
                cell=sitting.cell,
                name="attendance.share_phone",
                actor=actor.person,
                meeting=meeting,
                subject=shared.id,
                public={"members": len(named)},
                personal={"members": list(named)},
            )
            await record(uow, act)
        return shared

    async def declared(self, asker: Asker, meeting: Id) -> list[SharedPhone]:
        """What was declared for the meeting, for whoever may declare it. Raises NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            await allow_in(uow, asker, Act.ROLL, meeting)
            return await store.passes.shared_phones(uow.session, [meeting])


async def sharers(uow: UnitOfWork, sitting: AnySitting, member: Id) -> tuple[Sharer, ...]:
    """Who else uses this member's phone in the meeting, in the order of the roster; suspended ones do not."""
    together = await sharing(uow, sitting.id, member)
    if not together:
        return ()
    facts = await store.evidence.of_meeting(uow.session, sitting.id)
    there = {one.member for one in facts if one.kind is EvidenceKind.SCANNED}
    people = await roster_of(uow, sitting)
    return tuple(
        Sharer(member=one.id, full_name=one.full_name, scanned=one.id in there)
        for one in people
        if one.id in together and one.category is not Category.SUSPENDED
    )


async def sharing(uow: UnitOfWork, meeting: Id, member: Id) -> Collection[Id]:
    """The other members declared on one phone with this one."""
    groups = [set(one.members) for one in await store.passes.shared_phones(uow.session, [meeting])]
    return {one for group in groups if member in group for one in group} - {member}
