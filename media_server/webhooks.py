"""Signed notices to the application: a queue per room and address, in order, tried until delivered."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp
from google.protobuf.json_format import MessageToJson
from livekit.protocol import models, webhook

from media_server.auth import sign_webhook
from media_server.outbox import Letter, Outbox

log = logging.getLogger(__name__)

TIMEOUT_S = 5.0
AT_ONCE = 8  # deliveries under way to one address
TRANSIENT = frozenset({408, 425, 429})
TRACK_EVENTS = frozenset({"track_published", "track_unpublished"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How an event is tried again.

    An application that answers 4xx `refusals` times, and still does when the event is `refused_s` old, will not take
    it. Both, as a proxy says 404 while the application behind it is down.
    """

    first_s: float = 0.2
    longest_s: float = 10.0
    refusals: int = 10
    refused_s: float = 900.0
    oldest_s: float = 86_400.0

    def is_over(self, age_s: float, refusals: int) -> bool:
        """Whether an event of this age, refused so often, is given up."""
        return age_s >= (self.refused_s if refusals >= self.refusals else self.oldest_s)


@dataclass(slots=True, kw_only=True)
class Counts:
    """Since the start. `waiting` is how many there are now."""

    waiting: int = 0
    delivered: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Seconds since the epoch, and how to wait."""

    now: Callable[[], float] = time.time
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep


class Webhooks:
    """Sends events. Without addresses it does nothing; without an outbox what waits ends with the process."""

    def __init__(
        self,
        urls: Sequence[str],
        key: str,
        secret: str,
        capacity: int,
        outbox: Outbox | None = None,
        patience: Patience | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._urls = urls
        self._key = key
        self._secret = secret
        self._capacity = capacity
        self._outbox = outbox
        self._patience = patience or Patience()
        self._clock = clock or Clock()
        self._number = 0
        self._lanes: dict[tuple[int, str], deque[Letter]] = {}
        self._workers: dict[tuple[int, str], asyncio.Task[None]] = {}
        self._turns = [asyncio.Semaphore(AT_ONCE) for _ in urls]
        self._session: aiohttp.ClientSession | None = None
        self.counts = Counts()

    async def start(self) -> None:
        """Take up what an earlier process left. Raises OSError."""
        left = await self._outbox.open() if self._outbox is not None else []
        for letter in left:
            self._number = letter.number
            self.counts.waiting += 1
            if letter.receiver < len(self._urls):
                self._queue(letter)
            else:
                self._give_up(letter, "no such address any more")

    def emit(
        self,
        event: str,
        room: models.Room,
        participant: models.ParticipantInfo | None = None,
        track: models.TrackInfo | None = None,
        end_reason: int = 0,
    ) -> None:
        """Queue one event for every address.

        When the queue is full the event is dropped and counted; its last tenth is kept for comings and goings.
        """
        if not self._urls:
            return
        room_told = models.Room(sid=room.sid, name=room.name) if event in TRACK_EVENTS else room
        message = webhook.WebhookEvent(
            event=event,
            id=f"EV_{secrets.token_hex(12)}",
            created_at=int(self._clock.now()),
            room=room_told,
            participant=participant,
            track=track,
            num_dropped=self.counts.dropped,
            room_end_reason=models.RoomEndReason.Name(end_reason),
        )
        body = MessageToJson(message, indent=None).encode()
        places = self._capacity * 9 // 10 if event in TRACK_EVENTS else self._capacity
        for receiver in range(len(self._urls)):
            self._put(receiver, message, body, places)

    async def drain(self, patience_s: float) -> None:
        """Wait until everything was delivered, but no longer than this; the outbox keeps the rest."""
        workers = list(self._workers.values())
        if workers:
            await asyncio.wait(workers, timeout=patience_s)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
        if self._outbox is not None:
            await self._outbox.close()

    def _put(self, receiver: int, message: webhook.WebhookEvent, body: bytes, places: int) -> None:
        if self.counts.waiting >= places:
            self.counts.dropped += 1
            log.error("webhook queue full, event dropped", extra={"event": message.event})
            return
        self.counts.waiting += 1
        self._number += 1
        letter = Letter(
            number=self._number,
            receiver=receiver,
            room=message.room.name,
            body=body,
            created_at=message.created_at,
        )
        if self._outbox is not None:
            self._outbox.keep(letter)
        self._queue(letter)

    def _queue(self, letter: Letter) -> None:
        lane = (letter.receiver, letter.room)
        self._lanes.setdefault(lane, deque()).append(letter)
        if lane not in self._workers:
            self._workers[lane] = asyncio.create_task(self._work(lane))

    async def _work(self, lane: tuple[int, str]) -> None:
        queue = self._lanes[lane]
        try:
            while queue:
                await self._deliver(queue[0])
                queue.popleft()
        finally:
            self.counts.waiting -= len(queue)
            del self._lanes[lane], self._workers[lane]

    async def _deliver(self, letter: Letter) -> None:
        patience = self._patience
        delay, refusals = patience.first_s, 0
        while not patience.is_over(self._clock.now() - letter.created_at, refusals):
            async with self._turns[letter.receiver]:
                status = await self._post(letter)
            if 200 <= status < 300:
                self.counts.delivered += 1
                self._done(letter)
                return
            refusals += 400 <= status < 500 and status not in TRANSIENT
            await self._clock.wait(delay * random.uniform(0.8, 1.2))  # noqa: S311 - spreads retries, no secret
            delay = min(delay * 2, patience.longest_s)
        self._give_up(letter, "refused" if refusals else "too old")

    async def _post(self, letter: Letter) -> int:
        """The status of one try; 0 if there was no answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        headers = {
            "Content-Type": "application/webhook+json",
            "Authorization": sign_webhook(letter.body, self._key, self._secret, time.time()),
        }
        url = self._urls[letter.receiver]
        try:
            async with self._session.post(url, data=letter.body, headers=headers) as response:
                return response.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0

    def _give_up(self, letter: Letter, why: str) -> None:
        self.counts.dropped += 1
        log.error("webhook given up", extra={"why": why})
        self._done(letter)

    def _done(self, letter: Letter) -> None:
        self.counts.waiting -= 1
        if self._outbox is not None:
            self._outbox.forget(letter)
