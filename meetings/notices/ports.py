"""What notices need from the outside: a way to send one."""

from __future__ import annotations

from typing import Protocol

from meetings.notices.rules import Notice


class Messenger(Protocol):
    """Sends one notice. May be called twice for the same `key`; raises OSError where it could not send."""

    async def send(self, notice: Notice) -> None:
        """Send it, or raise."""
        ...
