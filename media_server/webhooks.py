"""Signed notices to the application: a queue per room and address, in order, tried until delivered."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import Sequence

import aiohttp
from google.protobuf.json_format import MessageToJson
from livekit.protocol import models, webhook

from media_server.auth import sign_webhook

log = logging.getLogger(__name__)

FIRST_RETRY_S = 0.2
LONGEST_RETRY_S = 10.0
ATTEMPTS = 40
TIMEOUT_S = 5.0


class Webhooks:
    """Sends events. Without addresses it does nothing."""

    def __init__(self, urls: Sequence[str], key: str, secret: str, capacity: int) -> None:
        self._urls = urls
        self._key = key
        self._secret = secret
        self._capacity = capacity
        self._queues: dict[tuple[str, str], deque[bytes]] = {}
        self._workers: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self.waiting = 0
        self.dropped = 0

    def emit(
        self,
        event: str,
        room: models.Room,
        participant: models.ParticipantInfo | None = None,
        track: models.TrackInfo | None = None,
        end_reason: int = 0,
    ) -> None:
        """Queue one event for every address. When the queue is full the event is dropped and counted."""
        if not self._urls:
            return
        message = webhook.WebhookEvent(
            event=event,
            id=f"EV_{secrets.token_hex(12)}",
            created_at=int(time.time()),
            room=room,
            participant=participant,
            track=track,
            num_dropped=self.dropped,
            room_end_reason=models.RoomEndReason.Name(end_reason),
        )
        body = MessageToJson(message, indent=None).encode()
        for url in self._urls:
            self._put((room.sid, url), body)

    async def drain(self, patience_s: float) -> None:
        """Wait until everything was delivered, but no longer than this; then give up and close."""
        workers = list(self._workers.values())
        if workers:
            await asyncio.wait(workers, timeout=patience_s)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _put(self, lane: tuple[str, str], body: bytes) -> None:
        if self.waiting >= self._capacity:
            self.dropped += 1
            log.error("webhook queue full, event dropped")
            return
        self.waiting += 1
        self._queues.setdefault(lane, deque()).append(body)
        if lane not in self._workers:
            self._workers[lane] = asyncio.create_task(self._work(lane))

    async def _work(self, lane: tuple[str, str]) -> None:
        queue = self._queues[lane]
        try:
            while queue:
                await self._deliver(lane[1], queue[0])
                queue.popleft()
                self.waiting -= 1
        finally:
            self.waiting -= len(queue)
            del self._queues[lane], self._workers[lane]

    async def _deliver(self, url: str, body: bytes) -> None:
        delay = FIRST_RETRY_S
        for _ in range(ATTEMPTS):
            if await self._post(url, body):
                return
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_RETRY_S)
        self.dropped += 1
        log.error("webhook given up", extra={"attempts": ATTEMPTS})

    async def _post(self, url: str, body: bytes) -> bool:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        headers = {
            "Content-Type": "application/webhook+json",
            "Authorization": sign_webhook(body, self._key, self._secret, time.time()),
        }
        try:
            async with self._session.post(url, data=body, headers=headers) as response:
                return response.status < 300
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False
