"""A messenger that needs nothing from outside, for tests: a list."""

from __future__ import annotations

from meetings.notices.rules import Notice


class MemoryMessenger:
    """In-memory twin: keeps what was sent. `away`: as if nobody could be reached."""

    def __init__(self) -> None:
        self.sent: list[Notice] = []
        self.away = False

    async def send(self, notice: Notice) -> None:
        if self.away:
            raise ConnectionError("away")
        self.sent.append(notice)
