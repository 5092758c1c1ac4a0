"""Acts of rooms: open, enter, send out, close; what the media server tells about people."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from meetings.committees import service as committees
from meetings.committees.powers import Act as Power
from meetings.committees.powers import Part
from meetings.committees.rules import Actor, Category, Member, Role
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Meeting, Mode, Standing
from meetings.db.batch import Together
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.rooms import rules, store
from meetings.rooms.ports import Gateway, MediaServerAway, OnPresence
from meetings.rooms.rules import (
    Ban,
    LeaveQuestionFirst,
    NotConvoked,
    PresenceEvent,
    PresenceKind,
    PresenceSource,
    Seat,
    SeatRole,
    Ticket,
)

log = logging.getLogger(__name__)

MOST_PEOPLE = 300  # the largest cells have 250 members (domain.md 5), and guests come
_ROLES = {Part.CHAIR: SeatRole.CHAIR, Part.RECORDER: SeatRole.RECORDER}

LeaveAnswered = Callable[[UnitOfWork, Id, Id], Awaitable[bool]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What a client needs to enter: the signed token dies at `expires_at` (real time)."""

    url: str
    token: str
    ticket: Ticket
    expires_at: datetime


class RoomsService:
    """`address()` is where clients connect; `leave_answered(uow, meeting, member)` and `on_presence(events)`
    are filled by the application."""

    def __init__(
        self,
        units: Units,
        gateway: Gateway,
        *,
        address: Callable[[], str],
        real_now: Callable[[], datetime],
        leave_answered: LeaveAnswered,
        on_presence: OnPresence,
    ) -> None:
        self._units, self._gateway, self._address = units, gateway, address
        self._real_now = real_now
        self._leave_answered = leave_answered
        self._on_presence = on_presence
        self._bans: Together[Id, list[Ban]] = Together(self._look_at_bans)

    def media_address(self) -> str:
        """Where clients connect; empty while no media server runs."""
        return self._address()

    async def open_room(self, uow: UnitOfWork, sitting: AnySitting) -> None:
        """Give an online or hybrid sitting its room, once the opening is durable."""
        if sitting.mode is Mode.IN_PERSON:
            return
        await store.open_room(uow.session, sitting.id, uow.now)
        uow.after_commit.append(lambda: self._try(self._make(rules.room_name(sitting.id))))

    async def close_room(self, uow: UnitOfWork, sitting: AnySitting) -> None:
        """End the room for everybody, once the closing is durable."""
        if await store.close_room(uow.session, sitting.id, uow.now):
            room = rules.room_name(sitting.id)
            uow.after_commit.append(lambda: self._try(self._gateway.close_room(room)))

    async def enter(self, asker: Asker, meeting: Id) -> Entry:
        """A seat for the asker. Raises what `rules.may_join` raises, LeaveQuestionFirst, MediaServerAway."""
        async with self._units.read() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            ticket = await self._ticket(uow, sitting, actor)
        await self._make(ticket.room)
        expires = self._real_now() + ticket.life
        return Entry(
            url=self._address(), token=self._gateway.token(ticket), ticket=ticket, expires_at=expires
        )

    async def _ticket(self, uow: UnitOfWork, sitting: AnySitting, actor: Actor) -> Ticket:
        member = actor.member_in(sitting.cell)
        name = await committees.person_name(uow, actor.person)
        if member is None:
            rules.may_open(mode=sitting.mode, state=sitting.state)
            if Role.OVERSEER not in actor.roles_in([sitting.cell]):
                raise NotConvoked
            return rules.ticket(meeting=sitting.id, identity=actor.person, name=name, role=SeatRole.LISTENER)
        parts = await convening.parts_of(uow, sitting.id)
        role = next((_ROLES[part] for part, who in parts if who == member), SeatRole.MEMBER)
        await self._check(uow, sitting, member)
        if (
            role is SeatRole.MEMBER
        ):  # chair and recorder were named from those present: they bring the hall in
            await self._ask_leave_first(uow, sitting, member)
        return rules.ticket(meeting=sitting.id, identity=member, name=name, role=role)

    async def _check(self, uow: UnitOfWork, sitting: AnySitting, member: Id) -> None:
        who = await self._member(uow, sitting, member)
        rules.may_join(
            member=member,
            mode=sitting.mode,
            state=sitting.state,
            convoked={
                c.member for c in await convening.convoked(uow, sitting.id) if c.left_out_reason is None
            },
            suspended=who.category is Category.SUSPENDED,
            bans=await store.bans(uow.session, sitting.id),
            now=uow.now,
        )

    async def _member(self, uow: UnitOfWork, sitting: AnySitting, member: Id) -> Member:
        found = await committees.member(uow, member, await committees.today_in(uow, sitting.cell))
        if found.cell != sitting.cell:
            raise committees.NoSuchMember
        return found

    async def _ask_leave_first(self, uow: UnitOfWork, sitting: AnySitting, member: Id) -> None:
        mandatory = isinstance(sitting, Meeting) and sitting.standing is Standing.MANDATORY
        if mandatory and not await self._leave_answered(uow, sitting.id, member):
            raise LeaveQuestionFirst

    async def remove(self, asker: Asker, meeting: Id, member: Id, reason: str) -> None:
        """Send a member out and keep them out. Raises NoPower, NoRoom, RoomNotOpen, NoSuchMember."""
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.VOTE, meeting)
            rules.may_open(mode=sitting.mode, state=sitting.state)
            await self._member(uow, sitting, member)
            ban = Ban(meeting=meeting, member=member, at=uow.now, by=actor.person, reason=reason)
            await store.add_ban(uow.session, new_id(), ban)
            await record(uow, self._act("rooms.remove", sitting, actor, member, reason))
            uow.after_commit.append(lambda: self._try(self._expel(sitting.id, member)))

    async def readmit(self, asker: Asker, meeting: Id, member: Id, reason: str) -> None:
        """Lift a removal. Raises NoPower, NoSuchMember."""
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.VOTE, meeting)
            await self._member(uow, sitting, member)
            await store.lift_bans(uow.session, meeting, member, uow.now)
            await record(uow, self._act("rooms.readmit", sitting, actor, member, reason))

    def _act(self, name: str, sitting: AnySitting, actor: Actor, member: Id, reason: str) -> Act:
        return Act(
            cell=sitting.cell,
            name=name,
            actor=actor.person,
            meeting=sitting.id,
            personal={"member": member, "reason": reason},
        )

    async def receive(self, body: bytes, authorization: str) -> None:
        """A webhook of the media server. Raises NotAuthentic, BadWebhook."""
        event = self._gateway.verify_webhook(body, authorization)
        if event is not None:
            await self._on_presence([event])
            if event.kind is PresenceKind.JOINED and event.member is not None:
                await self._keep_out(event.meeting, {event.member})

    async def poll_open_rooms(self) -> None:
        """Ask the media server who is in each open room: what webhooks lost comes back this way."""
        async with self._units.read() as uow:
            meetings = await store.open_rooms(uow.session)
        for meeting in meetings:
            await self._try(self.poll(meeting))

    async def media_server_ended(self) -> None:
        """The embedded media server died just now: nobody is in any open room. Whoever comes back into its
        successor has a gap from here on, which no later poll could tell."""
        at, real = self._units.clock.now(), self._real_now()
        async with self._units.read() as uow:
            meetings = await store.open_rooms(uow.session)
        await self._on_presence([_listed(meeting, at, real, ()) for meeting in meetings])

    async def poll(self, meeting: Id) -> None:
        """The complete list of one room as evidence; a room that lost everybody is made again, so that clients
        find it when they come back. Raises MediaServerAway."""
        asked, real = self._units.clock.now(), self._real_now()
        seats = await self._gateway.seats(rules.room_name(meeting))
        if not seats:
            await self._make_if_open(meeting)
        await self._on_presence([_listed(meeting, asked, real, seats)])
        await self._keep_out(meeting, {seat.member for seat in seats if seat.member is not None})

    async def _keep_out(self, meeting: Id, present: set[Id]) -> None:
        bans, now = await self._bans.ask(meeting), self._units.clock.now()
        banned = {member for member in present if rules.is_banned(bans, member, now)}
        for member in sorted(banned):
            await self._try(self._expel(meeting, member))

    async def _look_at_bans(self, meetings: Sequence[Id]) -> list[list[Ban]]:
        async with self._units.glance() as session:
            found = await store.bans_of(session, meetings)
        return [found[meeting] for meeting in meetings]

    async def _expel(self, meeting: Id, member: Id) -> None:
        await self._gateway.remove(rules.room_name(meeting), member)

    async def _make_if_open(self, meeting: Id) -> None:
        async with self._units.read() as uow:
            open_now = await store.is_open(uow.session, meeting)
        if open_now:
            await self._make(rules.room_name(meeting))

    async def _make(self, room: str) -> None:
        """Every time: a media server that was started again has forgotten its rooms."""
        await self._gateway.create_room(room, most=MOST_PEOPLE)

    async def _try(self, act: Awaitable[None]) -> None:
        """The meeting goes on without sound; the next ticket, poll or webhook tries again."""
        try:
            await act
        except MediaServerAway:
            log.warning("media server away")


def _listed(meeting: Id, at: datetime, real: datetime, seats: tuple[Seat, ...]) -> PresenceEvent:
    return PresenceEvent(
        event_id=new_id(),
        kind=PresenceKind.LISTED,
        room=rules.room_name(meeting),
        meeting=meeting,
        source=PresenceSource.POLL,
        at=at,
        real_at=real,
        seats=seats,
    )


async def banned(uow: UnitOfWork, meeting: Id) -> list[Ban]:
    """Every removal of a meeting, for those who fold evidence."""
    return await store.bans(uow.session, meeting)
