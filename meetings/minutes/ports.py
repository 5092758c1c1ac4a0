"""What the storey needs from the outside: somewhere to do heavy work off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Workshop(Protocol):
    """Runs pure, picklable functions elsewhere. Their exceptions come back as they are."""

    async def do(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's result."""
        ...

    async def close(self) -> None:
        """Let the workers go."""
        ...
