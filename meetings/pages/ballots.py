"""A question as one member meets it on the page: the form while it is open, the receipt, what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from meetings.convening.rules import AnySitting
from meetings.kernel.ids import Id, new_id
from meetings.pages.words import Words, is_supplement
from meetings.voting.receipts import HALL, LATE, PHONE, SUPPLEMENT, words_of
from meetings.voting.rules import Ballot, Choice, Form, Tally, Vote, VoteState
from meetings.voting.sentences import ON_SCREEN, phone_line, phone_line_en
from meetings.voting.service import Recorded
from meetings.voting.subjects import TAKEN_OFF

_OFF = frozenset(why.value for why in TAKEN_OFF)


@dataclass(frozen=True, kw_only=True, slots=True)
class VoteLook:
    """One vote. `entitled`: the asker may answer. A page sends `ballot` and `version` with the answer, so
    that pressing twice counts once."""

    vote: Vote
    result: Mapping[str, Any] | None
    entitled: bool
    mine: Recorded
    may_reserve: bool = False
    ballot: Id = field(default_factory=new_id)

    @property
    def counted(self) -> list[Mapping[str, Any]]:
        """Whom the sentence of a verdict counts, in the base or taken off it: who, not what they said. None before the
        end, nor where nothing is decided."""
        if self.result is None or not str(self.result["explanation"]).endswith(ON_SCREEN):
            return []
        return [one for one in self.result["people"] if one["counted"] or one["reason"] in _OFF]

    @property
    def open(self) -> bool:
        """Whether answers are taken."""
        return self.vote.state is VoteState.OPEN

    @property
    def secret(self) -> bool:
        """Whether it is answered on a page of its own, without a name."""
        return self.vote.form is Form.SECRET_DEVICE

    @property
    def last(self) -> Ballot | None:
        """The answer that stands."""
        return self.mine.ballots[-1] if self.mine.ballots else None

    @property
    def chosen(self) -> Choice | None:
        """What stands."""
        return self.last.choice if self.last else None

    @property
    def version(self) -> int:
        """Of the next answer."""
        return self.last.version + 1 if self.last else 1

    @property
    def ends(self) -> datetime | None:
        """When answers stop or stopped being taken."""
        return self.vote.closed_at or self.vote.deadline


def receipt(words: Words, sitting: AnySitting, vote: VoteLook) -> str:
    """What was recorded for the asker (rules.md 6.4); empty before an answer."""
    if (ballot := vote.last) is None:
        return ""
    text = SUPPLEMENT if is_supplement(sitting) else HALL if vote.mine.in_hall else PHONE
    until = vote.vote.deadline or ballot.received_at
    return words.say(text).format(
        at=words.time(ballot.received_at, sitting),
        choice=words.choice(ballot.choice).upper(),
        until=words.time(until, sitting),
        words=" · ".join(words_of(ballot.id, ballot.version)),
    )


def late(words: Words, sitting: AnySitting, vote: VoteLook) -> str:
    """That an answer came too late (rules.md 6.5); empty where none did."""
    if vote.mine.late_at is None:
        return ""
    ended = vote.ends or vote.mine.late_at
    return words.say(LATE).format(
        arrived=words.time(vote.mine.late_at, sitting), ended=words.time(ended, sitting)
    )


def outcome(words: Words, vote: VoteLook) -> list[str]:
    """The sentence of a closed vote, and the phones on a line of their own."""
    if (result := vote.result) is None:
        return []
    english = words.language == "en"
    lines = [str(result["explanation_en" if english else "explanation"]).removesuffix(ON_SCREEN)]
    phone = Tally(**result["phone"])
    if phone.total and result["passed"] is not None:
        lines.append(phone_line_en(phone) if english else phone_line(phone))
    return lines
