"""What every Gateway promises: run on the real adapter before the embedded server, and on the twin."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import pytest

from meetings.kernel.ids import new_id
from meetings.rooms.ports import BadWebhook, Gateway, MediaServerAway, NotAuthentic
from meetings.rooms.rules import (
    PresenceEvent,
    PresenceKind,
    PresenceSource,
    Seat,
    SeatRole,
    Ticket,
    room_name,
    ticket,
)

T = TypeVar("T")
Told = tuple[bytes, str]
PATIENCE_S = 20.0


class Stage(Protocol):
    """A media server under test, and somebody to walk in and out of its rooms."""

    @property
    def gateway(self) -> Gateway:
        """The adapter."""
        ...

    async def enter(self, given: Ticket) -> None:
        """Come in with the token that the gateway makes of the ticket."""
        ...

    async def leave(self, given: Ticket) -> None:
        """Go again."""
        ...

    def told(self) -> list[Told]:
        """Every webhook (body, authorization) that the server has sent so far."""
        ...

    def signed(self, body: bytes) -> Told:
        """Any body, signed as the server would."""
        ...

    def body_of(self, room: str) -> bytes:
        """What the server would say when somebody joins a room of that name."""
        ...

    async def go_away(self) -> None:
        """The server no longer answers."""
        ...


async def eventually(ask: Callable[[], Awaitable[T | None]]) -> T:
    """The first answer that is something. Bounded."""
    async with asyncio.timeout(PATIENCE_S):
        while not (found := await ask()):  # noqa: ASYNC110  a server is asked, it tells no event
            await asyncio.sleep(0.02)
    return found


def a_ticket(role: SeatRole = SeatRole.MEMBER) -> Ticket:
    return ticket(meeting=new_id(), identity=new_id(), name="Người Thử", role=role)


async def seated(stage: Stage, given: Ticket) -> Seat:
    """Make the room, come in, and be listed."""
    await stage.gateway.create_room(given.room, most=10)
    await stage.enter(given)

    async def listed() -> Seat | None:
        return next(iter(await stage.gateway.seats(given.room)), None)

    return await eventually(listed)


async def emptied(stage: Stage, room: str) -> None:
    async def nobody() -> bool:
        return not await stage.gateway.seats(room)

    await eventually(nobody)


class GatewayContract:
    """Inherit it, and give a fixture `stage`."""

    async def test_a_room_may_be_made_twice(self, stage: Stage) -> None:
        given = a_ticket()
        before = await seated(stage, given)
        await stage.gateway.create_room(given.room, most=10)
        assert await stage.gateway.seats(given.room) == (before,)

    async def test_what_is_absent_may_be_closed_and_put_out(self, stage: Stage) -> None:
        given = a_ticket()
        await stage.gateway.close_room(given.room)
        await stage.gateway.remove(given.room, given.identity)
        await stage.gateway.create_room(given.room, most=10)
        await stage.gateway.remove(given.room, given.identity)
        assert await stage.gateway.seats(given.room) == ()

    async def test_nobody_sits_where_there_is_no_room(self, stage: Stage) -> None:
        assert await stage.gateway.seats(room_name(new_id())) == ()

    async def test_who_entered_is_listed_until_they_leave(self, stage: Stage) -> None:
        given = a_ticket()
        seat = await seated(stage, given)
        assert seat.member == given.identity
        assert seat.sid
        assert seat.since is not None
        await stage.leave(given)
        await emptied(stage, given.room)

    async def test_who_was_put_out_is_gone(self, stage: Stage) -> None:
        given = a_ticket()
        await seated(stage, given)
        await stage.gateway.remove(given.room, given.identity)
        await emptied(stage, given.room)

    async def test_closing_a_room_empties_it(self, stage: Stage) -> None:
        given = a_ticket()
        await seated(stage, given)
        await stage.gateway.close_room(given.room)
        await emptied(stage, given.room)

    async def test_coming_and_going_are_told(self, stage: Stage) -> None:
        given = a_ticket()
        seat = await seated(stage, given)
        await stage.leave(given)

        async def told() -> bool:
            return {PresenceKind.JOINED, PresenceKind.LEFT} <= {e.kind for e in _events(stage)}

        await eventually(told)
        about = [e for e in _events(stage) if e.kind in {PresenceKind.JOINED, PresenceKind.LEFT}]
        assert [e.kind for e in about] == [PresenceKind.JOINED, PresenceKind.LEFT]
        assert {(e.room, e.member, e.participant_sid) for e in about} == {
            (given.room, given.identity, seat.sid)
        }
        assert {(room_name(e.meeting), e.source) for e in about} == {(given.room, PresenceSource.WEBHOOK)}
        assert len({e.event_id for e in about}) == 2
        assert all(e.at.tzinfo and e.real_at.tzinfo for e in about)

    async def test_what_was_not_signed_so_is_refused(self, stage: Stage) -> None:
        body = stage.body_of(room_name(new_id()))
        _, good = stage.signed(body)
        _, other = stage.signed(body + b" ")
        assert stage.gateway.verify_webhook(body, good) is not None
        for wrong in ("", "Bearer ", "không phải", "a.b.c", good[:-2], good[1:], other):
            with pytest.raises(NotAuthentic):
                stage.gateway.verify_webhook(body, wrong)
        for tampered in (body + b" ", body[:-1], b"", body.replace(b'"', b"'", 1)):
            with pytest.raises(NotAuthentic):
                stage.gateway.verify_webhook(tampered, good)

    async def test_another_room_does_not_concern_us(self, stage: Stage) -> None:
        for room in ("phòng của ai khác", "m-1", room_name(new_id()) + "x"):
            assert stage.gateway.verify_webhook(*stage.signed(stage.body_of(room))) is None

    async def test_signed_garbage_is_refused_by_type(self, stage: Stage) -> None:
        for garbage in (b"", b"{", b"[]", b"null", b"1", b'"x"', b"{}", b"\xff\xfe"):
            with pytest.raises(BadWebhook):
                stage.gateway.verify_webhook(*stage.signed(garbage))

    async def test_a_server_that_is_away_is_a_typed_refusal(self, stage: Stage) -> None:
        await stage.go_away()
        room = room_name(new_id())
        acts: list[Callable[[], Awaitable[object]]] = [
            lambda: stage.gateway.create_room(room, most=10),
            lambda: stage.gateway.close_room(room),
            lambda: stage.gateway.remove(room, new_id()),
            lambda: stage.gateway.seats(room),
        ]
        for act in acts:
            with pytest.raises(MediaServerAway):
                await act()


def _events(stage: Stage) -> list[PresenceEvent]:
    found = [stage.gateway.verify_webhook(*told) for told in stage.told()]
    return [event for event in found if event is not None]
