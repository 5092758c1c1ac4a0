"""What all acts of convening share: units, the agenda's titles, and how an act is recorded."""

from __future__ import annotations

from collections.abc import Mapping

from meetings.convening.rules import AnySitting, Meeting, Standing
from meetings.convening.service.telling import AgendaTitles, no_agenda
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record


class Acts:
    """`agenda(uow, meeting)` gives the titles of a sitting's items; filled by the application."""

    def __init__(self, units: Units, *, agenda: AgendaTitles = no_agenda) -> None:
        self._units, self._agenda = units, agenda


async def note(
    uow: UnitOfWork,
    verb: str,
    sitting: AnySitting,
    actor: Id | None,
    *,
    public: Mapping[str, Json] | None = None,
    personal: Mapping[str, Json] | None = None,
) -> None:
    """Record an act on a sitting, with what the sitting is."""
    facts: dict[str, Json] = {
        "kind": sitting.kind.value,
        "mode": sitting.mode.value,
        "standing": standing_text(sitting),
        "state": sitting.state.value,
        "month": str(sitting.month),
        "starts_at": sitting.starts_at.isoformat(),
    }
    act = Act(
        cell=sitting.cell,
        name=f"convening.{verb}",
        actor=actor,
        meeting=sitting.id,
        public=facts | dict(public or {}),
        personal=personal or {},
    )
    await record(uow, act)


def standing_text(sitting: AnySitting) -> str:
    """The standing as stored; `none` for a practice."""
    return (sitting.standing if isinstance(sitting, Meeting) else Standing.NONE).value
