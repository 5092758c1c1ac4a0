"""The media server is killed in the middle of a sitting: people come back, and attendance shows one true gap."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from livekit import rtc

from meetings.attendance.online import connections
from meetings.attendance.rules import Evidence, EvidenceKind, Interval, Source
from meetings.kernel.clock import SystemClock
from meetings.kernel.ids import Id, new_id
from meetings.rooms.child import ChildPlan, MediaChild
from meetings.rooms.gateway import LiveKitGateway
from meetings.rooms.ports import MediaServerAway
from meetings.rooms.rules import (
    PresenceEvent,
    PresenceKind,
    PresenceSource,
    Publish,
    Rights,
    SeatRole,
    Ticket,
    room_name,
)
from tests.media_server.people import until

KEY, SECRET = "testkey", "a secret for tests only, long enough for HS256"
POLL_S = 0.5
WHOLE_SECONDS = timedelta(
    seconds=2
)  # a media server tells whole seconds, and a join is told when media is up


@dataclass
class Cell:
    """What the application does about rooms, without its database: webhooks, polls, the end of the child."""

    meeting: Id = field(default_factory=new_id)
    evidence: list[Evidence] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self.room = room_name(self.meeting)
        self.gateway = LiveKitGateway(address=lambda: self.url, key=KEY, secret=SECRET, clock=SystemClock())

    def keep(self, event: PresenceEvent) -> None:
        """Event to evidence, as the application does."""
        self.evidence.append(
            Evidence(
                id=new_id(),
                meeting=event.meeting,
                source=Source(event.source.value),
                kind=EvidenceKind(event.kind.value),
                at=event.at,
                received_at=event.at,
                member=event.member,
                participant_sid=event.participant_sid,
                since=event.since,
                seats=event.seats,
            )
        )

    async def receive(self, request: web.Request) -> web.Response:
        """A webhook."""
        event = self.gateway.verify_webhook(await request.read(), request.headers["Authorization"])
        if event is not None:
            self.keep(event)
        return web.Response()

    async def ended(self) -> None:
        """The child died."""
        self._listed(datetime.now(UTC), ())

    async def poll(self) -> None:
        """Who is in the room; it is made again if it is not there."""
        asked = datetime.now(UTC)
        try:
            seats = await self.gateway.seats(self.room)
            if not seats:
                await self.gateway.create_room(self.room, most=30)
        except MediaServerAway:
            return
        self._listed(asked, seats)

    async def poll_for_ever(self) -> None:
        """The application's clockwork."""
        while True:
            await self.poll()
            await asyncio.sleep(POLL_S)

    def spells(self, member: Id) -> tuple[Interval, ...]:
        """When the member was connected."""
        return connections(self.evidence, datetime.now(UTC) + timedelta(seconds=1)).get(member, ())

    def token(self, member: Id) -> str:
        """A ticket of 60 seconds."""
        rights = Rights(publish=frozenset({Publish.MICROPHONE}), data=True)
        ticket = Ticket(room=self.room, identity=member, name="Đ/c Mẫu", role=SeatRole.MEMBER, rights=rights)
        return self.gateway.token(ticket)

    def _listed(self, at: datetime, seats: tuple[object, ...]) -> None:
        self.keep(
            PresenceEvent(
                event_id=new_id(),
                kind=PresenceKind.LISTED,
                room=self.room,
                meeting=self.meeting,
                source=PresenceSource.POLL,
                at=at,
                real_at=at,
                seats=seats,  # type: ignore[arg-type] # seats of the gateway
            )
        )


@asynccontextmanager
async def sitting() -> AsyncIterator[tuple[Cell, MediaChild]]:
    """A cell with its media server."""
    cell = Cell()
    app = web.Application()
    app.add_routes([web.post("/hook", cell.receive)])
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    plan = ChildPlan(
        key=KEY,
        secret=SECRET,
        host="127.0.0.1",
        port=0,
        rtc_addresses=["127.0.0.1"],
        rtc_port=0,
        webhook_url=f"http://127.0.0.1:{runner.addresses[0][1]}/hook",
    )
    child = MediaChild(plan, ended=cell.ended, back=cell.poll)
    await child.start()
    cell.url = child.url
    await cell.poll()
    polls = asyncio.create_task(cell.poll_for_ever())
    try:
        yield cell, child
    finally:
        polls.cancel()
        await asyncio.gather(polls, return_exceptions=True)
        await child.stop()
        await cell.gateway.close()
        await runner.cleanup()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is of POSIX")
async def test_a_killed_media_server_costs_one_gap_of_true_length() -> None:
    async with sitting() as (cell, child):
        members = [new_id(), new_id()]
        rooms = [rtc.Room() for _ in members]
        for room, member in zip(rooms, members, strict=True):
            await room.connect(cell.url, cell.token(member))
        await until(lambda: all(len(cell.spells(member)) == 1 for member in members))
        await asyncio.sleep(3.0)
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
        killed = datetime.now(UTC)
        await until(lambda: all(len(cell.spells(member)) == 2 for member in members), 60.0)
        back = datetime.now(UTC)
        for member in members:
            before, after = cell.spells(member)
            assert before.until is not None
            assert after.until is None
            assert abs(before.until - killed) < WHOLE_SECONDS
            assert timedelta() < after.since - before.until <= back - killed + WHOLE_SECONDS
        await until(lambda: all(len(room.remote_participants) == 1 for room in rooms))
        for room in rooms:
            await room.disconnect()
