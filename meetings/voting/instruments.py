"""The dated table: which majority of which base, by which instrument. Data, so that it can grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from meetings.kernel.text import date_text
from meetings.voting.rules import (
    BaseKind,
    Certainty,
    Citation,
    DecisionKind,
    DecisionRule,
    Form,
    NoRule,
    Threshold,
)

MORE_THAN_HALF = Threshold(numerator=1, denominator=2, strict=True)
TWO_THIRDS = Threshold(numerator=2, denominator=3, strict=False)

# domain.md 2.3: "Nghị quyết, kết luận: > 1/2", Điều lệ Đ.9.
_CHARTER = Citation(
    instrument="Điều lệ Đảng",
    number="",
    dated=date(2011, 1, 19),
    place="Điều 9",
    certainty=Certainty.KNOWN,
)
# domain.md 2.2: the base, read in secondary texts of 294-QĐ/TW only. The same rule is assumed for the
# instrument before it and the one after it, whose texts were not read: both are shown as unsure.
_RULES_2021 = Citation(
    instrument="Quy định",
    number="24-QĐ/TW",
    dated=date(2021, 7, 30),
    place="",
    certainty=Certainty.UNSURE,
)
_RULES_2025 = Citation(
    instrument="Quy định",
    number="294-QĐ/TW",
    dated=date(2025, 5, 26),
    place="điểm 9.3.2",
    certainty=Certainty.SEEN_SECOND,
)
_RULES_2026 = Citation(
    instrument="Quy định",
    number="208-QĐ/TW",
    dated=date(2026, 7, 26),
    place="",
    certainty=Certainty.UNSURE,
)


def _resolution(base: Citation, effective_from: date) -> DecisionRule:
    return DecisionRule(
        kind=DecisionKind.RESOLUTION,
        threshold=MORE_THAN_HALF,
        base=BaseKind.STATUTORY,
        forms=frozenset({Form.HANDS, Form.CARDS}),
        online_allowed=True,  # as opinions in a supplement, without a verdict
        citations=(_CHARTER, base),
        effective_from=effective_from,
    )


RULES: Mapping[DecisionKind, Sequence[DecisionRule]] = {
    DecisionKind.RESOLUTION: (
        _resolution(_RULES_2021, date(2021, 7, 30)),
        _resolution(_RULES_2025, date(2025, 7, 1)),
        _resolution(_RULES_2026, date(2026, 7, 26)),
    ),
}


def rule_on(
    kind: DecisionKind, day: date, rules: Mapping[DecisionKind, Sequence[DecisionRule]] = RULES
) -> DecisionRule:
    """The rule in force on that day. Raises NoRule."""
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
