"""What the room shows to one person."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.agenda.rules import Item, ItemState
from meetings.committees.powers import Part
from meetings.convening import service as convening
from meetings.convening.rules import Meeting, Mode, Standing, State
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.ledger.service import newest_in
from meetings.pages.look import MeetingLook, look_at_meeting
from meetings.pages.services import PageServices


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomLook:
    """`number`: of the newest act, read before the rest, so that the stream leaves nothing out. `leads`: named chair or
    recorder, who bring the hall into the room."""

    number: int
    meeting: MeetingLook
    leads: bool

    @property
    def has_room(self) -> bool:
        """Whether there is a room to be heard in now."""
        sitting = self.meeting.sitting
        return sitting.mode is not Mode.IN_PERSON and sitting.state is State.OPEN

    @property
    def asks_leave_first(self) -> bool:
        """A mandatory meeting is joined by phone only after the leave question (rules.md 2.4)."""
        sitting, own = self.meeting.sitting, self.meeting.own
        mandatory = isinstance(sitting, Meeting) and sitting.standing is Standing.MANDATORY
        if not mandatory or self.leads or own is None:
            return False
        return own.absence is None or not own.absence.asked

    @property
    def in_hall(self) -> bool:
        """The asker stands on the confirmed roll, so hears everything without a phone."""
        own = self.meeting.own
        return own is not None and own.attendance.hall_confirmed and not self.leads

    @property
    def listens(self) -> bool:
        """Whether "Bấm để nghe" is shown; the ticket decides."""
        return self.has_room and not self.asks_leave_first and not self.in_hall

    @property
    def current(self) -> Item | None:
        """The item under discussion; before and between them the next one."""
        items = self.meeting.items
        live = next((item for item in items if item.state is ItemState.LIVE), None)
        return live or next((item for item in items if item.state is ItemState.PLANNED), None)


async def look_at_room(services: PageServices, asker: Asker, meeting: Id) -> RoomLook:
    """For whoever may view the cell. Raises NoSuchMeeting, NoPower."""
    async with services.units.read() as uow:
        number = await newest_in(uow, meeting)
        look = await look_at_meeting(services, asker, meeting)
        parts = await convening.parts_of(uow, meeting)
        mine = look.own.member.id if look.own else None
        leads = any(who == mine and part in {Part.CHAIR, Part.RECORDER} for part, who in parts)
        return RoomLook(number=number, meeting=look, leads=leads)
