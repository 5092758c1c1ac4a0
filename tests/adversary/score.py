"""How much better than chance a guess is, over many votes of two choices whose totals everybody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt


@dataclass
class Score:
    """Right guesses beside what guessing blindly, with the right totals, would give."""

    right: int = 0
    voters: int = 0
    expected: float = 0.0
    variance: float = 0.0

    def add(self, guessed: Sequence[str], true: Sequence[str]) -> None:
        """One vote: the marks guessed for its voters, and theirs. The guess has the totals of the vote."""
        number, yes = len(true), sum(mark == "f" for mark in true)
        self.right += sum(one == other for one, other in zip(guessed, true, strict=True))
        self.voters += number
        # How many of the guessed yes fall on a true one is hypergeometric; each miss costs two.
        share = yes / number
        self.expected += number * (share * share + (1 - share) * (1 - share))
        if 0 < yes < number:
            self.variance += 4 * yes * share * (1 - share) * (number - yes) / (number - 1)

    @property
    def sigmas(self) -> float:
        """Standard deviations above chance; below it a guess turned round would be as good."""
        return (self.right - self.expected) / sqrt(self.variance) if self.variance else 0.0


@dataclass
class Scores:
    """One score for each way of guessing."""

    by_attack: dict[str, Score] = field(default_factory=dict)

    def add(self, guesses: Mapping[str, Sequence[str]], true: Sequence[str]) -> None:
        """Every guess about one vote."""
        for name, guessed in guesses.items():
            self.by_attack.setdefault(name, Score()).add(guessed, true)

    def table(self) -> str:
        """For people."""
        return "\n".join(
            f"{name:>22}: {one.right}/{one.voters} right, chance {one.expected:.1f}, {one.sigmas:+.2f} sigma"
            for name, one in sorted(self.by_attack.items())
        )
