"""Messengers that need nothing from outside: the log, and a list for tests and demonstrations."""

from __future__ import annotations

import logging

from meetings.notices.rules import Notice

log = logging.getLogger(__name__)


class LogMessenger:
    """Says in the log that something was due. No names, no text: they are personal."""

    async def send(self, notice: Notice) -> None:
        log.info("notice due", extra={"notice": notice.key, "kind": notice.kind.value})


class MemoryMessenger:
    """In-memory twin: keeps what was sent. `away`: as if nobody could be reached."""

    def __init__(self) -> None:
        self.sent: list[Notice] = []
        self.away = False

    async def send(self, notice: Notice) -> None:
        if self.away:
            raise ConnectionError("away")
        self.sent.append(notice)
