"""Writing down guests and overseers."""

from __future__ import annotations

from meetings.attendance import store
from meetings.attendance.guests import ROLL_STATES, Guest, RollNotNow
from meetings.committees.powers import Act
from meetings.convening.service import allow_in
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


class GuestService:
    """Guests stand outside every base and rate (rules.md 2.5)."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def welcome(
        self, asker: Asker, meeting: Id, *, full_name: str, comes_from: str, overseer: bool
    ) -> Guest:
        """Write down a guest. Raises NoSuchMeeting, NoPower, RollNotNow."""
        async with self._units.begin() as uow:
            sitting, actor = await allow_in(uow, asker, Act.ROLL, meeting, lock=True)
            if sitting.state not in ROLL_STATES:
                raise RollNotNow
            guest = Guest(
                id=new_id(),
                meeting=meeting,
                full_name=full_name,
                comes_from=comes_from,
                overseer=overseer,
                by=actor.person,
                at=uow.now,
            )
            await store.passes.add_guest(uow.session, guest)
            act = Recorded(
                cell=sitting.cell,
                name="attendance.welcome_guest",
                actor=actor.person,
                meeting=meeting,
                subject=guest.id,
                public={"overseer": overseer},
                personal={"full_name": full_name, "comes_from": comes_from},
            )
            await record(uow, act)
        return guest
