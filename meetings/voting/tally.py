"""Counting answers and deciding: hands in the hall are the result, devices never add to it (rules.md 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from meetings.convening.rules import Standing
from meetings.convening.verdict import VerdictInSupplement, has_verdict
from meetings.kernel.ids import Id
from meetings.voting import notes, sentences
from meetings.voting.base import can_raise
from meetings.voting.instruments import cite, needed
from meetings.voting.refusals import (
    BadHallCount,
    FormNotAllowed,
    NoHallCount,
    NotATeller,
    OnlineForbidden,
    TooManyHands,
    VoteMoved,
    VotingNotOpen,
)
from meetings.voting.rules import (
    Ballot,
    Base,
    Choice,
    DecisionRule,
    Excluded,
    Form,
    HallCount,
    Move,
    Result,
    Tally,
    Vote,
    VoteState,
)

# They have no vote, yet can count.
_THERE = (Excluded.PROBATIONARY, Excluded.TEMPORARY_ARRIVED, Excluded.EXEMPT_NOT_TAKING_PART)
_BY_DEVICE = frozenset({Form.HANDS, Form.CARDS})  # what a supplement asks for on devices is open


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """Device answers of one vote: in time, and how many came late (kept apart, never counted)."""

    ballots: tuple[Ballot, ...] = ()
    late: int = 0


def may_open(vote: Vote, rule: DecisionRule) -> None:
    """Raises VoteMoved, OnlineForbidden, FormNotAllowed, VerdictInSupplement."""
    if vote.state is not VoteState.PREPARED:
        raise VoteMoved
    online = vote.standing is Standing.SUPPLEMENT
    if online and has_verdict(vote.question):
        raise VerdictInSupplement
    if online and not (rule.online_allowed and vote.form in _BY_DEVICE):
        raise OnlineForbidden(citation="; ".join(cite(paper) for paper in rule.citations))
    if vote.form not in rule.forms:
        raise FormNotAllowed


def may_close(vote: Vote) -> None:
    """Raises VotingNotOpen, VoteMoved."""
    if vote.state is VoteState.PREPARED:
        raise VotingNotOpen
    if vote.state is VoteState.CLOSED:
        raise VoteMoved


def check_tellers(count: HallCount, base: Base) -> None:
    """Raises NotATeller: who counts is a member in the hall when the vote opened, with or without a vote."""
    if not tellers_of(base).issuperset(count.tellers):
        raise NotATeller


def tellers_of(base: Base) -> frozenset[Id]:
    """Who can have counted."""
    return base.present | frozenset(base.having(*_THERE))


def check_hall_count(count: HallCount, there: Collection[Id]) -> None:
    """Raises BadHallCount, or TooManyHands: only members of the base in the hall can raise a hand. `there`: those who
    were in it when the question was put, and those who came since."""
    if min(count.in_favour, count.against, count.abstain, count.invalid) < 0:
        raise BadHallCount
    if count.total > len(there):
        raise TooManyHands(counted=count.total, entitled=len(there))


def tally(ballots: Iterable[Ballot], of: Collection[Id] | None = None) -> Tally:
    """Each member's highest version once, in whatever order they come; only of these members if given."""
    choices = Counter(ballot.choice for ballot in _standing(ballots) if of is None or ballot.member in of)
    return Tally(
        in_favour=choices[Choice.FOR],
        against=choices[Choice.AGAINST],
        abstain=choices[Choice.ABSTAIN],
    )


def _standing(ballots: Iterable[Ballot]) -> Collection[Ballot]:
    last: dict[Id, Ballot] = {}
    for ballot in ballots:
        known = last.get(ballot.member)
        if known is None or (ballot.version, ballot.id) > (known.version, known.id):
            last[ballot.member] = ballot
    return last.values()


def decide(
    vote: Vote,
    base: Base,
    *,
    rule: DecisionRule,
    hall_count: HallCount | None,
    answers: Answers,
    names: Mapping[Id, str],
    moves: Sequence[Move] = (),
    assisted: Collection[Id] = (),
) -> Result:
    """The result with its explanation. `names` name the roll; `moves`: who came or went since the opening.

    Raises NoHallCount, BadHallCount, TooManyHands; FormNotAllowed for hands in a supplement.
    """
    if vote.standing is Standing.SUPPLEMENT:
        return _opinions(base, hall_count, answers, names)
    if hall_count is None:
        raise NoHallCount
    there = can_raise(base, moves)
    check_hall_count(hall_count, there)
    count = _count(base, rule, hall_count, len(there))
    devices = tally(answers.ballots, there)
    helped = sum(one.id in assisted for one in _standing(answers.ballots))
    said = (
        *notes.beside(base, rule, names, devices, hall_count, moves, helped),
        *notes.about_oneself(vote, base),
    )
    return Result(
        base=base.size,
        needed=None if rule.threshold is None else count.needed,
        in_favour=count.in_favour,
        against=count.against,
        abstain=count.abstain,
        invalid=count.invalid,
        not_cast=count.not_cast,
        absent=count.absent,
        devices=devices,
        phone=tally(answers.ballots, base.entitled - there),
        late=answers.late,
        differs=_differs(devices, hall_count),
        passed=None if rule.threshold is None else count.passed,
        explanation=sentences.explain(base, rule, count, vote.person),
        explanation_en=sentences.explain_en(base, rule, count, vote.person),
        notes=tuple(vi for vi, _ in said),
        notes_en=tuple(en for _, en in said),
        people=notes.people(base, names),
        record=tuple(vi for vi, _ in notes.for_minutes(base, rule, names, hall_count, moves, helped)),
        assisted=helped,
    )


def _count(base: Base, rule: DecisionRule, hall: HallCount, there: int) -> sentences.Count:
    """The numbers that decide; a base of nobody decides nothing. `there`: how many of it were in the hall."""
    enough = needed(rule.threshold, base.size) if rule.threshold else 0
    return sentences.Count(
        needed=enough,
        in_favour=hall.in_favour,
        against=hall.against,
        abstain=hall.abstain,
        invalid=hall.invalid,
        not_cast=there - hall.total,
        absent=base.size - there,
        passed=enough > 0 and base.size > 0 and hall.in_favour >= enough,
    )


def _differs(devices: Tally, hall: HallCount) -> bool:
    """Not everyone has a device, so fewer answers than hands say nothing; more contradict the count."""
    return (
        devices.in_favour > hall.in_favour or devices.against > hall.against or devices.abstain > hall.abstain
    )


def _opinions(base: Base, hall_count: HallCount | None, answers: Answers, names: Mapping[Id, str]) -> Result:
    if hall_count is not None:
        raise FormNotAllowed
    phone = tally(answers.ballots, base.entitled)
    return Result(
        base=base.size,
        needed=None,
        in_favour=0,
        against=0,
        abstain=0,
        not_cast=0,
        absent=0,
        devices=Tally(),
        phone=phone,
        late=answers.late,
        differs=False,
        passed=None,
        explanation=sentences.opinions(phone),
        explanation_en=sentences.opinions_en(phone),
        people=notes.people(base, names),
    )
