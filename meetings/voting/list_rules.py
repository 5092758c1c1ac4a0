"""The dated rules of lists of candidates: how long one may be, and what puts a member's name on it (domain.md 2.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meetings.voting.papers import ELECTION_LIST, on
from meetings.voting.refusals import NoRule
from meetings.voting.rules import Citation


@dataclass(frozen=True, kw_only=True, slots=True)
class ListRule:
    """In force from a day on. `surplus`: names beyond the seats, at most so many percent of the seats; `support`: a
    name the convenor did not bring needs more than so many percent of those present."""

    effective_from: date
    surplus: int
    support: int
    citation: Citation

    def most(self, seats: int) -> int:
        """How many names a list for so many seats may hold. One more than the seats is always allowed: the share of
        a small committee is less than one, and its list must exceed its seats."""
        return seats + max(1, self.surplus * seats // 100)

    def supported(self, in_favour: int, present: int) -> bool:
        """Whether these bring a name onto the list."""
        return 100 * in_favour > self.support * present


# What 244-QĐ/TW said of them was not read; 190-QĐ/TW mostly keeps it, so the figures are taken to be the same.
LIST_RULES = tuple(
    ListRule(effective_from=since, surplus=30, support=30, citation=on(ELECTION_LIST, since))
    for since, _ in ELECTION_LIST
)


def list_rule_on(day: date) -> ListRule:
    """The rule in force on that day. Raises NoRule."""
    valid = [rule for rule in LIST_RULES if rule.effective_from <= day]
    if not valid:
        raise NoRule
    return max(valid, key=lambda rule: rule.effective_from)
