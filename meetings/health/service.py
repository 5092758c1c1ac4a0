"""What an administrator of this installation reads: how it does, and which settings are in effect."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from time import monotonic

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from meetings.committees import service as committees
from meetings.db.migrate import check
from meetings.db.unit import Units
from meetings.health import machine, rules
from meetings.health.rules import Finding
from meetings.kernel.asker import Asker
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Refused
from meetings.ledger.log import LogService
from meetings.notices.service import NoticesService
from meetings.rooms.ports import Gateway, MediaServerAway
from meetings.settings import Origin, Settings
from meetings.settings.shown import Shown, shown

_MACHINE: tuple[Callable[[], Finding], ...] = (machine.python, machine.clock, machine.fonts)
_SET_UP: tuple[Callable[[Settings], Finding], ...] = (machine.disk, machine.authorities)


class HealthService:
    """Only for whoever administers the top of this installation; names no member. `origins`: where settings come from,
    as far as known."""

    def __init__(
        self,
        units: Units,
        settings: Settings,
        gateway: Gateway,
        notices: NoticesService,
        log: LogService,
        origins: Mapping[str, Origin],
    ) -> None:
        self._units, self._settings, self._gateway = units, settings, gateway
        self._notices, self._log, self._origins = notices, log, origins

    async def look(self, asker: Asker) -> list[Finding]:
        """Everything there is to know, what needs somebody first. Raises NoPower."""
        await self._allow(asker)
        running = await asyncio.gather(self._database(), self._media(), self._queue(), self._ledger())
        aside = await asyncio.to_thread(self._aside)
        return rules.worst_first([one for part in (*running, aside) for one in part])

    async def settings(self, asker: Asker) -> tuple[Shown, ...]:
        """What is in effect and where it comes from; no secret. Raises NoPower."""
        await self._allow(asker)
        return shown(self._settings, self._origins)

    async def _allow(self, asker: Asker) -> None:
        async with self._units.read() as uow:
            await committees.allow_operator(uow, asker)

    async def _database(self) -> Iterable[Finding]:
        kind, begun = "PostgreSQL" if self._settings.database.url else "SQLite", monotonic()
        try:
            async with self._units.read() as uow:
                await uow.session.execute(text("SELECT 1"))
                took = monotonic() - begun
                await (await uow.session.connection()).run_sync(check)
        except (Refused, SQLAlchemyError, OSError):
            return [rules.NO_DATABASE]
        return [rules.database_finding(kind, took)]

    async def _media(self) -> Iterable[Finding]:
        try:
            await machine.ask_media(self._gateway)
        except (MediaServerAway, TimeoutError):
            return [rules.EMBEDDED_AWAY if self._settings.livekit.embedded else rules.LIVEKIT_AWAY]
        embedded = self._settings.livekit.embedded
        return [rules.NO_NETWORK if embedded and not machine.has_interface() else rules.SOUND]

    async def _queue(self) -> Iterable[Finding]:
        return [rules.notices_finding(await self._notices.waiting(), self._units.clock.now())]

    async def _ledger(self) -> Iterable[Finding]:
        state = await self._log.state()
        seen = rules.witness_finding(state, len(self._log.witnesses), real_now())
        return [rules.log_finding(state, self._units.clock.now()), seen]

    def _aside(self) -> list[Finding]:
        """Looks that touch files, so not on the event loop."""
        found = [look() for look in _MACHINE] + [look(self._settings) for look in _SET_UP]
        return [*found, rules.backup_finding(machine.last_backup(self._settings), real_now())]
