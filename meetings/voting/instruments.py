"""The dated table: which majority of which base, by which instrument (domain.md 2.2, 2.3). Data, to grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from meetings.committees.policies import PolicyKey
from meetings.kernel.text import date_text
from meetings.voting.papers import (
    BASE,
    CHARTER_3,
    CHARTER_4,
    CHARTER_5,
    CHARTER_8,
    CHARTER_9,
    DISCIPLINE_BALLOT,
    DISCIPLINE_SHARE,
    ELECTION_BALLOT,
    ELECTION_BASE,
    HANDS_FOR_OFFICES,
    MEMBER_BALLOT,
    ONE_ADMITTED,
    ONE_DISCIPLINED,
    ONE_RECOGNISED,
    ONE_REMOVED,
    RATING,
    Line,
    on,
)
from meetings.voting.refusals import NoRule
from meetings.voting.rules import (
    BaseKind,
    Certainty,
    Citation,
    DecisionKind,
    DecisionRule,
    Form,
    OnePerson,
    Threshold,
    Whom,
)

MORE_THAN_HALF = Threshold(numerator=1, denominator=2, strict=True)
TWO_THIRDS = Threshold(numerator=2, denominator=3, strict=False)
_OPEN = frozenset({Form.HANDS, Form.CARDS})
_SECRET = frozenset({Form.PAPER})
_CARD_OR_SECRET = frozenset({Form.CARDS, Form.PAPER})  # as the meeting decides


def _rows(
    kind: DecisionKind,
    threshold: Threshold | None,
    forms: frozenset[Form],
    *lines: Line,
    base: BaseKind = BaseKind.STATUTORY,
    online: bool = False,
    unsure: tuple[PolicyKey, ...] = (),
    about: tuple[Whom, Line] | None = None,
) -> tuple[DecisionRule, ...]:
    """A row for every day from which one of its papers is another; the first where all of them exist."""
    start = max(line[0][0] for line in lines)
    days = sorted({start} | {day for line in lines for day, _ in line if day > start})
    return tuple(
        DecisionRule(
            kind=kind,
            threshold=threshold,
            base=base,
            forms=forms,
            online_allowed=online,
            citations=tuple(on(line, day) for line in lines),
            effective_from=day,
            unsure=(*unsure, PolicyKey.EXEMPT_VOTE),
            person=OnePerson(whom=about[0], citation=on(about[1], day)) if about else None,
        )
        for day in days
    )


def _about_member(
    kind: DecisionKind, about: tuple[Whom, Line], *lines: Line, unsure: tuple[PolicyKey, ...] = ()
) -> tuple[DecisionRule, ...]:
    """At least two thirds unless told otherwise, one person at a time, by card or secret ballot."""
    return _rows(
        kind,
        TWO_THIRDS,
        _CARD_OR_SECRET,
        *lines,
        MEMBER_BALLOT,
        BASE,
        unsure=(*unsure, PolicyKey.MEMBER_BASE),
        about=about,
    )


def _discipline(kind: DecisionKind, threshold: Threshold) -> tuple[DecisionRule, ...]:
    lines = (DISCIPLINE_SHARE, DISCIPLINE_BALLOT, BASE)
    about = (Whom.MEMBER, ONE_DISCIPLINED)
    return _rows(kind, threshold, _SECRET, *lines, unsure=(PolicyKey.MEMBER_BASE,), about=about)


def _election(kind: DecisionKind) -> tuple[DecisionRule, ...]:
    lines = (ELECTION_BALLOT, ELECTION_BASE)
    return _rows(kind, MORE_THAN_HALF, _SECRET, *lines, base=BaseKind.LESS_EXCUSED)


def _office(kind: DecisionKind) -> tuple[DecisionRule, ...]:
    return _rows(kind, MORE_THAN_HALF, _OPEN, HANDS_FOR_OFFICES, base=BaseKind.PRESENT)


RULES: Mapping[DecisionKind, Sequence[DecisionRule]] = {
    # In a supplement: opinions without a verdict (rules.md 3.2).
    DecisionKind.RESOLUTION: _rows(
        DecisionKind.RESOLUTION, MORE_THAN_HALF, _OPEN, CHARTER_9, BASE, online=True
    ),
    # No text of ours names amendments; what the cell decides takes more than half (Điều lệ Đảng, article 9).
    DecisionKind.MOTION: _rows(DecisionKind.MOTION, MORE_THAN_HALF, _OPEN, CHARTER_9, BASE),
    DecisionKind.ADMISSION: _about_member(DecisionKind.ADMISSION, (Whom.NEWCOMER, ONE_ADMITTED), CHARTER_4),
    DecisionKind.RECOGNITION: _about_member(
        DecisionKind.RECOGNITION, (Whom.PROBATIONER, ONE_RECOGNISED), CHARTER_5
    ),
    DecisionKind.REMOVAL: _about_member(
        DecisionKind.REMOVAL, (Whom.MEMBER, ONE_REMOVED), CHARTER_8, unsure=(PolicyKey.REMOVAL_SHARE,)
    ),
    DecisionKind.REPRIMAND: _discipline(DecisionKind.REPRIMAND, MORE_THAN_HALF),
    DecisionKind.WARNING: _discipline(DecisionKind.WARNING, MORE_THAN_HALF),
    DecisionKind.DISMISSAL: _discipline(DecisionKind.DISMISSAL, MORE_THAN_HALF),
    DecisionKind.EXPULSION: _discipline(DecisionKind.EXPULSION, TWO_THIRDS),
    DecisionKind.COMMITTEE_ELECTION: _election(DecisionKind.COMMITTEE_ELECTION),
    DecisionKind.SECRETARY_ELECTION: _election(DecisionKind.SECRETARY_ELECTION),
    DecisionKind.DEPUTY_ELECTION: _election(DecisionKind.DEPUTY_ELECTION),
    DecisionKind.DELEGATE_ELECTION: _election(DecisionKind.DELEGATE_ELECTION),
    DecisionKind.CHAIR_CHOICE: _office(DecisionKind.CHAIR_CHOICE),
    DecisionKind.RECORDER_CHOICE: _office(DecisionKind.RECORDER_CHOICE),
    DecisionKind.COUNTING_BOARD: _office(DecisionKind.COUNTING_BOARD),
    DecisionKind.MEMBER_RATING: _rows(
        DecisionKind.MEMBER_RATING, MORE_THAN_HALF, _SECRET, BASE, unsure=(PolicyKey.RATING_FORM,)
    ),
    DecisionKind.SITTING_ASSESSMENT: _rows(
        DecisionKind.SITTING_ASSESSMENT,
        MORE_THAN_HALF,
        _OPEN,
        RATING,
        BASE,
        online=True,
        unsure=(PolicyKey.ASSESSMENT_SHARE,),
    ),
    DecisionKind.CONSULTATION: _rows(
        DecisionKind.CONSULTATION, None, _OPEN | _SECRET, CHARTER_3, BASE, online=True
    ),
}


# Voted on one person at a time.
ABOUT_ONE = frozenset(kind for kind, rows in RULES.items() if rows[-1].person is not None)
# Whose base a committee may set otherwise (PolicyKey.MEMBER_BASE).
ABOUT_MEMBERS = frozenset(kind for kind, rows in RULES.items() if PolicyKey.MEMBER_BASE in rows[-1].unsure)


def rule_on(
    kind: DecisionKind, day: date, rules: Mapping[DecisionKind, Sequence[DecisionRule]] = RULES
) -> DecisionRule:
    """The rule in force on that day, as the instruments have it. Raises NoRule."""
    valid = [rule for rule in rules.get(kind, ()) if rule.effective_from <= day]
    if not valid:
        raise NoRule
    return max(valid, key=lambda rule: rule.effective_from)


def needed(threshold: Threshold, base: int) -> int:
    """The fewest votes that reach it, in integers; at least 1, so that nobody decides nothing."""
    share = base * threshold.numerator
    if threshold.strict:
        return share // threshold.denominator + 1
    return max(1, -(-share // threshold.denominator))


def cite(citation: Citation) -> str:
    """Quy định 294-QĐ/TW ngày 26/05/2025, điểm 9.3.2; says so where the text was not read."""
    words = f"{citation.instrument} {citation.number}".strip()
    place = f", {citation.place}" if citation.place else ""
    doubt = " (chưa đối chiếu toàn văn)" if citation.certainty is Certainty.UNSURE else ""
    return f"{words} ngày {date_text(citation.dated)}{place}{doubt}"


def cite_en(citation: Citation) -> str:
    """The same in English, day first as in the instruments."""
    words = f"{citation.instrument} {citation.number}".strip()
    place = f", {citation.place}" if citation.place else ""
    doubt = " (full text not compared)" if citation.certainty is Certainty.UNSURE else ""
    return f"{words} of {date_text(citation.dated)}{place}{doubt}"
