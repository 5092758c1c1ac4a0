"""What committees need from outside."""

from __future__ import annotations

from typing import Protocol

from meetings.committees.oidc import Ticket


class Provider(Protocol):
    """An identity service elsewhere. `name`: as people know it."""

    issuer: str
    name: str

    async def address(self, ticket: Ticket, back: str) -> str:
        """Where the browser is sent; it comes back to `back`. Raises ProviderAway."""

    async def subject(self, code: str, ticket: Ticket, back: str) -> str:
        """Whose account answered, by a checked token. Raises ProviderAway, OutsideRefused."""
