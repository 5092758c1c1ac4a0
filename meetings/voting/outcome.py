"""What a vote comes to: by hands or cards with devices beside, or by the protocol of a counting board."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from meetings.kernel.ids import Id
from meetings.voting import notes, sentences
from meetings.voting.base import can_raise
from meetings.voting.elections import elect
from meetings.voting.instruments import needed
from meetings.voting.paper import NameResult, PaperCount, Papers, Protocol, Slate, check_paper
from meetings.voting.rules import Base, DecisionRule, HallCount, Move, Result, Tally, Vote
from meetings.voting.secrecy import exposes, majority
from meetings.voting.tally import Answers, decide


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A vote with everything fixed for it. `moves` and `assisted` as `decide` takes them."""

    vote: Vote
    base: Base
    rule: DecisionRule
    names: Mapping[Id, str]
    moves: Sequence[Move] = ()
    assisted: Collection[Id] = ()

    @property
    def there(self) -> frozenset[Id]:
        """Members of the base who were in the hall when the question was put, or came since."""
        return can_raise(self.base, self.moves)


def by_hands(outcome: Outcome, hands: HallCount | None, answers: Answers) -> Result:
    """Raises what `decide` raises."""
    return decide(
        outcome.vote,
        outcome.base,
        rule=outcome.rule,
        hall_count=hands,
        answers=answers,
        names=outcome.names,
        moves=outcome.moves,
        assisted=outcome.assisted,
    )


def by_paper(outcome: Outcome, paper: PaperCount) -> Result:
    """Raises a PaperDoesNotAddUp."""
    slate = outcome.vote.slate
    check_paper(paper.protocol, slate, len(outcome.there))
    result = _one_question(outcome, paper) if slate is None else _election(outcome, paper, slate)
    vi, en = _protocol(paper.protocol, outcome.names)
    return replace(
        result,
        papers=_papers(paper.protocol, outcome.names),
        notes=(vi, *result.notes),
        notes_en=(en, *result.notes_en),
        record=(vi, *result.record),
    )


def by_secret(outcome: Outcome, counted: Tally, issued: int, at: datetime) -> Result:
    """Ballots on devices. Where the numbers would tell what somebody said, only the majority is told."""
    hall = HallCount(
        in_favour=counted.in_favour, against=counted.against, abstain=counted.abstain, by="", at=at
    )
    result = by_hands(outcome, hall, Answers())
    vi, en = sentences.secret_protocol(issued, counted.total)
    papers = Papers(
        issued=issued, returned=counted.total, valid=counted.total, invalid=0, blank=counted.abstain, board=()
    )
    result = replace(
        result,
        papers=papers,
        notes=(vi, *result.notes),
        notes_en=(en, *result.notes_en),
        record=(vi, *result.record),
    )
    return _withheld(outcome, result, papers, majority(counted)) if exposes(counted) else result


def _withheld(outcome: Outcome, result: Result, papers: Papers, more_than_half: bool | None) -> Result:
    return replace(
        result,
        in_favour=0,
        against=0,
        abstain=0,
        withheld=True,
        papers=replace(papers, blank=0),
        explanation=sentences.withheld(outcome.base, more_than_half),
        explanation_en=sentences.withheld_en(outcome.base, more_than_half),
    )


def _hall(paper: PaperCount, in_favour: int = 0, against: int = 0) -> HallCount:
    return HallCount(
        in_favour=in_favour,
        against=against,
        abstain=paper.protocol.valid - in_favour - against,
        invalid=paper.protocol.invalid,
        by=paper.by,
        at=paper.at,
        sequence=paper.sequence,
    )


def _one_question(outcome: Outcome, paper: PaperCount) -> Result:
    line = paper.protocol.lines[0]
    return by_hands(outcome, _hall(paper, line.in_favour, line.against), Answers())


def _election(outcome: Outcome, paper: PaperCount, slate: Slate) -> Result:
    """No single yes or no: each name has its own count, and who is elected is told."""
    base, rule = outcome.base, outcome.rule
    enough = needed(rule.threshold, base.size) if rule.threshold else 0
    names = elect(paper.protocol.lines, dict(slate.candidates), seats=slate.seats, needed=enough)
    said = notes.for_minutes(base, rule, outcome.names, _hall(paper), outcome.moves)
    return Result(
        base=base.size,
        needed=enough,
        in_favour=0,
        against=0,
        abstain=0,
        not_cast=len(outcome.there) - paper.protocol.returned,
        absent=base.size - len(outcome.there),
        devices=Tally(),
        phone=Tally(),
        late=0,
        differs=False,
        passed=None,
        explanation=sentences.elected(base, rule, enough, _lines(names, 0), _seats(names, slate, 0)),
        explanation_en=sentences.elected_en(base, rule, enough, _lines(names, 1), _seats(names, slate, 1)),
        notes=tuple(vi for vi, _ in said),
        notes_en=tuple(en for _, en in said),
        invalid=paper.protocol.invalid,
        people=notes.people(base, outcome.names),
        record=tuple(vi for vi, _ in said),
        names=names,
    )


_MARKS = (
    (" (trúng cử)", " (bằng phiếu ở vị trí cuối)", "đồng ý", "không đồng ý"),
    (" (elected)", " (tied at the last seat)", "for", "against"),
)


def _lines(names: Sequence[NameResult], language: int) -> str:
    elected, tied, yes, no = _MARKS[language]
    return "; ".join(
        f"{one.name}: {yes} {one.in_favour}, {no} {one.against}"
        f"{elected if one.elected else tied if one.tied else ''}"
        for one in names
    )


def _seats(names: Sequence[NameResult], slate: Slate, language: int) -> str:
    """Whether every seat is filled; another round is the meeting's choice (domain.md 2.5)."""
    found = sum(one.elected for one in names)
    tie = any(one.tied for one in names)
    if language == 0:
        said = f"Vòng {slate.round}: trúng cử {found}/{slate.seats}."
        more = " Bầu lại giữa các đồng chí bằng phiếu hay không do hội nghị quyết định."
        rest = " Có bầu tiếp hay không do hội nghị quyết định."
    else:
        said = f"Round {slate.round}: elected {found}/{slate.seats}."
        more = " Whether to vote again between the tied is the meeting's choice."
        rest = " Whether to hold another round is the meeting's choice."
    return said + (more if tie else rest if found < slate.seats else "")


def _papers(paper: Protocol, names: Mapping[Id, str]) -> Papers:
    return Papers(
        issued=paper.issued,
        returned=paper.returned,
        valid=paper.valid,
        invalid=paper.invalid,
        blank=paper.blank,
        board=tuple(names.get(one, "") for one in paper.board),
    )


def _protocol(paper: Protocol, names: Mapping[Id, str]) -> tuple[str, str]:
    board = ", ".join(names.get(one, "") for one in paper.board)
    return (
        (
            f"Phiếu phát ra {paper.issued}, thu về {paper.returned}, hợp lệ {paper.valid}, "
            f"không hợp lệ {paper.invalid}, phiếu trắng {paper.blank}. Ban kiểm phiếu: {board}."
        ),
        (
            f"Ballots issued {paper.issued}, returned {paper.returned}, valid {paper.valid}, "
            f"invalid {paper.invalid}, blank {paper.blank}. Counting board: {board}."
        ),
    )
