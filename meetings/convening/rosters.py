"""Pure: who belongs to a sitting. Its roster is the one known at its close; what is entered later changes nothing of it
until the secretary corrects it openly, one member at a time and with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from meetings.committees.members import CountsAs
from meetings.kernel.canonical import digest
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterEntry:
    """What a member counts as in an ended sitting (None: not on its roster). `sequence` 0 was kept at the close; each
    further one is a correction, with its reason and the person (`by`) who made it. The highest holds."""

    member: Id
    sequence: int
    counts: CountsAs | None
    reason: str | None = None
    by: Id | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RosterNote:
    """A member of whom more than one thing was written: what they counted as at the close, what holds, what is known
    of that day now (None: not of the cell). `correction`: the one that holds, if there is any."""

    member: Id
    full_name: str
    at_close: CountsAs | None
    counts: CountsAs | None
    known: CountsAs | None
    correction: RosterEntry | None

    @property
    def differs(self) -> bool:
        """Whether something else is known now than what holds."""
        return self.counts != self.known


class NothingToCorrect(Conflict):
    """What counts of this member is what is known of them."""

    code = "nothing-to-correct"
    message = "Đồng chí này trong buổi họp đã được tính đúng như danh sách đang ghi."


def holding(entries: Iterable[RosterEntry]) -> dict[Id, RosterEntry]:
    """The entry that holds of each member."""
    return {one.member: one for one in sorted(entries, key=lambda one: one.sequence)}


def on_roster(entries: Iterable[RosterEntry]) -> dict[Id, CountsAs]:
    """Who belongs to the sitting, and as what."""
    return {who: one.counts for who, one in holding(entries).items() if one.counts is not None}


def roster_hash(entries: Iterable[RosterEntry]) -> str:
    """SHA-256 of who belonged to the sitting at its close, as its closing entry in the ledger has it (RFC 8785)."""
    kept = {one.member: one.counts for one in entries if one.sequence == 0 and one.counts is not None}
    return digest([[who, kept[who].category.value, kept[who].official] for who in sorted(kept)])


def notes(
    names: Mapping[Id, str], entries: Iterable[RosterEntry], known: Mapping[Id, CountsAs]
) -> list[RosterNote]:
    """Those of whom close, corrections and present knowledge do not all say the same, in the order of `names`."""
    said = list(entries)
    at_close = {one.member: one.counts for one in said if one.sequence == 0}
    last = holding(said)
    found = [
        RosterNote(
            member=who,
            full_name=name,
            at_close=at_close.get(who),
            counts=last[who].counts if who in last else None,
            known=known.get(who),
            correction=last[who] if who in last and last[who].sequence else None,
        )
        for who, name in names.items()
    ]
    return [one for one in found if one.differs or one.correction is not None]
