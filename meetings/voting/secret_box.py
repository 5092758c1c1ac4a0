"""The ballot box of secret votes: ballots are held unacknowledged, mixed, and written together.

A ballot is acknowledged once it is committed, and it is committed with all others of its question: when as many have
come as were given out, or when casting ends. What a process held when it was killed was acknowledged to nobody, and
the phones send it again.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id
from meetings.voting import secret_store, store
from meetings.voting.blind import verify
from meetings.voting.secrecy import (
    GATHERING,
    SEALING,
    BadToken,
    NoSuchSecretVote,
    NotCasting,
    Phase,
    Slip,
    TokenUsed,
    in_time,
)
from meetings.voting.secret_store import Standing

log = logging.getLogger(__name__)

LOOK_EVERY = 0.5  # seconds
LINGER = 4.0  # seconds one request waits for its ballot to be written


class _Held:
    """The ballots of one question in this process, and what tells their senders that they are written."""

    def __init__(self) -> None:
        self.slips: dict[str, Slip] = {}
        self.written = asyncio.Event()


class SecretBox:
    """`start` and `stop` with the application."""

    def __init__(self, units: Units, *, every: float = LOOK_EVERY, linger: float = LINGER) -> None:
        self._units, self._every, self._linger = units, every, linger
        self._held: dict[Id, _Held] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look whether what is held is due."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """What is held was acknowledged to nobody and is dropped: a part of the ballots is never written alone."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        self._held.clear()

    async def put(self, slip: Slip) -> bool:
        """True once the ballot is durable; False while it is held: send it again.

        Raises NoSuchSecretVote, NotCasting, BadToken, TokenUsed.
        """
        async with self._units.glance() as session:
            found = await secret_store.standing(session, slip.vote, slip.serial)
            now = await self._units.moment(session)
        if found is None:
            raise NoSuchSecretVote
        if found.mark is not None:
            return _same(found.mark == slip.mark)
        taken = self._taken(found, slip, now)
        held = self._held.setdefault(slip.vote, _Held()) if taken else _Held()
        with suppress(TimeoutError):
            await asyncio.wait_for(held.written.wait(), self._linger)
        return False if not held.written.is_set() else await self.stands(slip)

    async def stands(self, slip: Slip) -> bool:
        """Whether this very ballot is written. Raises TokenUsed where another stands under its serial."""
        async with self._units.glance() as session:
            found = await secret_store.standing(session, slip.vote, slip.serial)
        if found is None or found.mark is None:
            return False
        return _same(found.mark == slip.mark)

    def _taken(self, found: Standing, slip: Slip, now: datetime) -> bool:
        """Whether it is held now. A moment after the end it may be another process that holds it: asked again soon,
        it stands or it came too late."""
        held = self._held.get(slip.vote)
        if held is not None and slip.serial in held.slips:
            return _same(held.slips[slip.serial].mark == slip.mark)
        ended = found.deadline
        if found.secrecy.phase is not Phase.CASTING or ended is None or now >= ended + GATHERING:
            raise NotCasting
        modulus = bytes.fromhex(found.secrecy.modulus)
        if not verify(modulus, slip.message, bytes.fromhex(slip.signature)):
            raise BadToken
        if not in_time(now, ended):
            return False
        self._held.setdefault(slip.vote, _Held()).slips[slip.serial] = slip
        return True

    async def pour(self, uow: UnitOfWork, vote: Id) -> None:
        """Write what this process holds of the question, inside the unit. Raises NoSuchSecretVote."""
        held = self._held.get(vote)
        if held is None or not held.slips:
            return
        stored = await store.get(uow.session, vote, lock=True)
        secrecy = await secret_store.get(uow.session, vote)
        if stored is None or secrecy is None:
            raise NoSuchSecretVote
        ended = stored.vote.deadline
        if secrecy.phase is Phase.CASTING and ended is not None and uow.now < ended + SEALING:
            await secret_store.write(uow.session, vote, held.slips.values())

        async def told() -> None:
            self._held.pop(vote, None)
            held.written.set()

        uow.after_commit.append(told)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            for vote in list(self._held):
                try:
                    await self._look(vote)
                except (SQLAlchemyError, Refused) as problem:
                    log.warning("secret ballots not written yet", extra={"problem": type(problem).__name__})

    async def _look(self, vote: Id) -> None:
        async with self._units.glance() as session:
            found = await secret_store.standing(session, vote, "")
            now = await self._units.moment(session)
        held = self._held.get(vote)  # written meanwhile, by whoever ended the casting
        if found is None or held is None or not _due(found, len(held.slips), now):
            return
        async with self._units.begin() as uow:
            await self.pour(uow, vote)


def _due(found: Standing, held: int, now: datetime) -> bool:
    if found.secrecy.phase is not Phase.CASTING or not in_time(now, found.deadline):
        return True
    return held + found.secrecy.received >= found.secrecy.issued


def _same(same: bool) -> bool:
    if not same:
        raise TokenUsed
    return True
