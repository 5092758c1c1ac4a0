"""What a result says in words: the sentence of rules.md 6.3, clauses of zero left out, and its English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from meetings.voting.instruments import cite, cite_en
from meetings.voting.rules import Base, Concerned, DecisionRule, Excluded, Included, Tally, Threshold
from meetings.voting.subjects import TAKEN_OFF, subject

ON_SCREEN = " Xem danh sách."  # opens the names on a screen (rules.md 6.3); paper has its own lists
_ABSENT_OUT = (Excluded.AWAY_ABSENT, Excluded.EXEMPT_ABSENT, Excluded.EXCUSED_ALL_THROUGH)


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """The numbers of the sentence. `needed` is 0 and `passed` False where nothing is decided."""

    needed: int
    in_favour: int
    against: int
    abstain: int
    not_cast: int
    absent: int
    passed: bool
    invalid: int = 0


def explain(base: Base, rule: DecisionRule, count: Count, person: Concerned | None = None) -> str:
    """The exact sentence of rules.md 6.3; where one person is concerned, with the name."""
    if rule.threshold is None:
        return f"{_base(base)} Lấy ý kiến, không quyết định. Ý kiến tại hội trường: {_numbers(count)}."
    about, _ = subject(rule.kind, person)
    verdict = "được" if count.passed else "không được"
    parts = [
        _base(base),
        _stay(base),
        f"Cần ít nhất {count.needed} tán thành ({share(rule.threshold)}).",
        f"Kết quả: {_numbers(count)}.",
        f"{about} {verdict} thông qua.",
        f"Căn cứ: {'; '.join(cite(citation) for citation in rule.citations)}.",
    ]
    return " ".join(part for part in parts if part) + ON_SCREEN


def _base(base: Base) -> str:
    taken = [f"{len(base.having(why))} {words}" for why, (words, _) in TAKEN_OFF.items() if base.having(why)]
    less = f", trừ {_listed(taken, 'và')}" if taken else ""
    called = f"gồm {_called(base)} đảng viên chính thức được triệu tập"
    return f"Số đảng viên làm căn cứ tính: {base.size}, {called}{less}."


def _called(base: Base) -> int:
    return base.size + len(base.having(*TAKEN_OFF))


def _stay(base: Base) -> str:
    phones, absent = _absentees(base)
    if not absent:
        return ""
    other = " khác" if base.having(*_ABSENT_OUT) else ""
    aside = f" (kể cả {phones} đồng chí dự qua điện thoại)" if phones else ""
    if phones == absent:
        aside = " (dự qua điện thoại)"
    return f"{absent} đồng chí vắng mặt{other}{aside} vẫn được tính."


def _absentees(base: Base) -> tuple[int, int]:
    phones = len(base.having(Included.ABSENT_BY_PHONE))
    return phones, phones + len(base.having(Included.ABSENT))


def _numbers(count: Count) -> str:
    named = [
        ("không tán thành", count.against),
        ("không có ý kiến", count.abstain),
        ("phiếu không hợp lệ", count.invalid),
        ("có mặt nhưng không biểu quyết", count.not_cast),
        ("vắng mặt", count.absent),
    ]
    return ", ".join([f"tán thành {count.in_favour}", *(f"{word} {n}" for word, n in named if n)])


def share(threshold: Threshold) -> str:
    """Quá một nửa, ít nhất hai phần ba, or the fraction itself."""
    words = {(1, 2): "một nửa", (2, 3): "hai phần ba"}
    pair = (threshold.numerator, threshold.denominator)
    part = words.get(pair, f"{threshold.numerator}/{threshold.denominator}")
    return f"quá {part}" if threshold.strict else f"ít nhất {part}"


def explain_en(base: Base, rule: DecisionRule, count: Count, person: Concerned | None = None) -> str:
    """The same in English."""
    if rule.threshold is None:
        return f"{_base_en(base)} Opinions only; nothing is decided. In the hall: {_numbers_en(count)}."
    _, about = subject(rule.kind, person)
    verdict = "is passed" if count.passed else "is not passed"
    parts = [
        _base_en(base),
        _stay_en(base),
        f"At least {count.needed} in favour are needed ({share_en(rule.threshold)}).",
        f"Result: {_numbers_en(count)}.",
        f"{about} {verdict}.",
        f"Source: {'; '.join(cite_en(citation) for citation in rule.citations)}.",
    ]
    return " ".join(part for part in parts if part)


def _base_en(base: Base) -> str:
    taken = [f"{len(base.having(why))} {words}" for why, (_, words) in TAKEN_OFF.items() if base.having(why)]
    less = f", less {_listed(taken, 'and')}" if taken else ""
    return f"Vote base: {base.size}, of {_called(base)} official members convoked{less}."


def _stay_en(base: Base) -> str:
    phones, absent = _absentees(base)
    if not absent:
        return ""
    aside = f" ({phones} of them by phone)" if phones else ""
    return f"Other absent members still counted: {absent}{aside}."


def _numbers_en(count: Count) -> str:
    named = [
        ("against", count.against),
        ("abstaining", count.abstain),
        ("invalid", count.invalid),
        ("present without voting", count.not_cast),
        ("absent", count.absent),
    ]
    return ", ".join([f"in favour {count.in_favour}", *(f"{word} {n}" for word, n in named if n)])


def share_en(threshold: Threshold) -> str:
    """More than 1/2, at least 2/3."""
    word = "more than" if threshold.strict else "at least"
    return f"{word} {threshold.numerator}/{threshold.denominator}"


def elected(base: Base, rule: DecisionRule, enough: int, names: str, seats: str) -> str:
    """The base, what each name needs, how each name did, and whether the seats are filled."""
    sources = "; ".join(cite(citation) for citation in rule.citations)
    need = f"Cần ít nhất {enough} phiếu đồng ý cho mỗi đồng chí"
    share_of_base = f" ({share(rule.threshold)})" if rule.threshold else ""
    parts = [_base(base), _stay(base), f"{need}{share_of_base}.", f"Kết quả: {names}.", seats]
    return " ".join(part for part in (*parts, f"Căn cứ: {sources}.") if part) + ON_SCREEN


def elected_en(base: Base, rule: DecisionRule, enough: int, names: str, seats: str) -> str:
    """The same in English."""
    sources = "; ".join(cite_en(citation) for citation in rule.citations)
    need = f"Each name needs at least {enough} ballots"
    share_of_base = f" ({share_en(rule.threshold)})" if rule.threshold else ""
    parts = [_base_en(base), _stay_en(base), f"{need}{share_of_base}.", f"Result: {names}.", seats]
    return " ".join(part for part in (*parts, f"Source: {sources}.") if part)


def secret_protocol(issued: int, returned: int) -> tuple[str, str]:
    """How many ballots were given out on devices and came back, in Vietnamese and English; each is a valid one."""
    return (
        f"Bỏ phiếu kín trên máy: phát ra {issued} phiếu, thu về {returned}, hợp lệ {returned}, không hợp lệ 0.",
        f"Secret ballots on devices: issued {issued}, returned {returned}, valid {returned}, invalid 0.",
    )


def withheld(base: Base, majority: bool | None) -> str:
    """Instead of numbers that would tell what somebody said."""
    more = {
        True: " Quá một nửa số phiếu tán thành.",
        False: " Không quá một nửa số phiếu tán thành.",
        None: "",
    }
    return (
        f"{_base(base)} Lấy ý kiến, không quyết định. Số phiếu quá ít hoặc giống nhau hết nên không nêu chi tiết, "
        f"để giữ kín ý kiến của từng đồng chí.{more[majority]}"
    )


def withheld_en(base: Base, majority: bool | None) -> str:
    """The same in English."""
    more = {True: " More than half are in favour.", False: " Not more than half are in favour.", None: ""}
    return (
        f"{_base_en(base)} Opinions only; nothing is decided. The ballots are too few or all alike, so no numbers are "
        f"told: they would show what somebody said.{more[majority]}"
    )


def opinions(phone: Tally) -> str:
    """A supplement's answers: there is no verdict to tell (rules.md 3.2)."""
    return f"Buổi bổ trợ chỉ lấy ý kiến, không biểu quyết và không có kết quả. Ý kiến: {answers_text(phone)}."


def opinions_en(phone: Tally) -> str:
    """The same in English."""
    return f"A supplement gathers opinions only; nothing is decided. Opinions: {answers_en(phone)}."


def phone_line(phone: Tally) -> str:
    """The separate line for answers from outside the hall (rules.md 3.1)."""
    return f"Ý kiến qua điện thoại (không tính vào kết quả): {answers_text(phone)}."


def phone_line_en(phone: Tally) -> str:
    """The same in English."""
    return f"Opinions by phone (not part of the result): {answers_en(phone)}."


def answers_text(count: Tally) -> str:
    """The three answers in a row."""
    return f"tán thành {count.in_favour}, không tán thành {count.against}, không có ý kiến {count.abstain}"


def answers_en(count: Tally) -> str:
    """The same in English."""
    return f"in favour {count.in_favour}, against {count.against}, no opinion {count.abstain}"


def _listed(parts: Sequence[str], word: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"
