"""Acts of notices: put into the outbox with the act that causes them, sent afterwards."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.notices import store
from meetings.notices.ports import Messenger
from meetings.notices.rules import NoSuchNotice, Notice, NoticeKind, Waiting

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(minutes=5)
MOST_READ = 50


async def queue(uow: UnitOfWork, notices: Sequence[Notice]) -> None:
    """Put notices into the outbox in the act's own unit. The same key twice is one notice."""
    await store.add(uow.session, notices)


async def of_meeting(uow: UnitOfWork, meeting: Id) -> list[Notice]:
    """The notices about a sitting, by moment."""
    return await store.of_subject(uow.session, meeting)


async def told_about(uow: UnitOfWork, subjects: Sequence[Id]) -> set[tuple[Id, NoticeKind]]:
    """(subject, kind) of all that anybody was told of them."""
    return await store.kinds_about(uow.session, subjects)


class NoticesService:
    """People read their own notices on their first page. With a `messenger` what is due is also sent, at least once;
    two senders at work do no harm. Without one nothing counts as sent."""

    def __init__(self, units: Units, messenger: Messenger | None = None) -> None:
        self._units, self._messenger = units, messenger

    async def mine(self, asker: Asker) -> list[Notice]:
        """What the asker was told lately, the unread first; what is not due yet is left out."""
        async with self._units.read() as uow:
            return await store.of_recipient(uow.session, asker.person, uow.now, MOST_READ)

    async def mark_read(self, asker: Asker, notice: Id) -> None:
        """The asker saw it. Raises NoSuchNotice for what was not told to them."""
        async with self._units.begin() as uow:
            if not await store.mark_read(uow.session, notice, asker.person, uow.now):
                raise NoSuchNotice

    async def waiting(self) -> Waiting:
        """What the outbox holds; names nobody."""
        async with self._units.read() as uow:
            count, since, given_up = await store.waiting(uow.session, uow.now)
        return Waiting(sends=self._messenger is not None, count=count, since=since, given_up=given_up)

    async def deliver_due(self, most: int = 100) -> int:
        """Send what is due; how many went out. What fails is tried again five minutes later, ten times."""
        if self._messenger is None:
            return 0
        async with self._units.begin() as uow:
            due = await store.claim(uow.session, uow.now, most)
            return sum([await self._deliver(uow, self._messenger, notice) for notice in due])

    async def _deliver(self, uow: UnitOfWork, messenger: Messenger, notice: Notice) -> bool:
        try:
            await messenger.send(notice)
        except OSError as exc:
            log.info("notice not sent", extra={"notice": notice.key, "error": type(exc).__name__})
            await store.mark_tried(uow.session, notice.key, uow.now + AGAIN_AFTER)
            return False
        await store.mark_sent(uow.session, notice.key, uow.now)
        return True
