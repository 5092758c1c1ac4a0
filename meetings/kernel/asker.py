"""Who asks, as far as every storey needs to know. What they may do is decided by committees, in the act."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.kernel.ids import Id


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """A signed-in person and the session (one bound browser) through which they ask."""

    person: Id
    session: Id
