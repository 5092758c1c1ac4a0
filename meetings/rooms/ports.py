"""What the storey needs from a media server. `gateway.py` is the real one, `memory.py` its twin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from meetings.kernel.errors import Busy, Forbidden, Invalid
from meetings.rooms.rules import PresenceEvent, Seat, Ticket


class MediaServerAway(Busy):
    """The media server does not answer. The meeting goes on without sound."""

    code = "media-server-away"
    message = "Máy chủ âm thanh chưa trả lời. Buổi họp vẫn tiếp tục; xin thử lại sau ít giây."


class NotAuthentic(Forbidden):
    """A webhook whose signature, time or body hash does not hold."""

    code = "not-authentic"
    message = "Thông báo này không đến từ máy chủ phòng họp."


class BadWebhook(Invalid):
    """A genuine webhook whose content cannot be read."""

    code = "bad-webhook"
    message = "Thông báo của máy chủ phòng họp không đọc được."


class Gateway(Protocol):
    """A LiveKit-compatible media server. Every call may be repeated without harm.

    Raises MediaServerAway where the server does not answer.
    """

    async def create_room(self, room: str, *, most: int) -> None:
        """Make the room (it may exist) for at most so many people."""
        ...

    async def close_room(self, room: str) -> None:
        """End the room for everybody (it may be gone)."""
        ...

    async def remove(self, room: str, identity: str) -> None:
        """Put an identity out (it may be gone)."""
        ...

    async def seats(self, room: str) -> tuple[Seat, ...]:
        """Every connection that is up in the room now; none where there is no room."""
        ...

    def token(self, ticket: Ticket) -> str:
        """The signed token for a ticket."""
        ...

    def verify_webhook(self, body: bytes, authorization: str) -> PresenceEvent | None:
        """The neutral event; None for a genuine one that does not concern us.

        Raises NotAuthentic, BadWebhook.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


OnPresence = Callable[[Sequence[PresenceEvent]], Awaitable[None]]
