"""How a report speaks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from meetings.minutes.signature_class import SignatureClass
from meetings.minutes.verification import (
    RULES,
    Report,
    RuleResult,
    SignatureLine,
    failed,
    not_applied,
    passed,
)

LINE = SignatureLine(
    field="ChuTri",
    signer="Ma Văn Thịnh",
    kind=SignatureClass.SERVER_HELD,
    sound=True,
    explanation="Còn nguyên.",
)
GOOD = Report(signatures=(LINE,), rules=tuple(passed(number, "Đạt.") for number in RULES))


def with_rule(result: RuleResult) -> Report:
    rules = [result if rule.number == result.number else rule for rule in GOOD.rules]
    return replace(GOOD, rules=tuple(rules))


@pytest.mark.parametrize("number", RULES)
def test_any_failed_rule_refuses_the_file(number: int) -> None:
    report = with_rule(failed(number, "Vì sao đó."))
    assert GOOD.accepted
    assert not report.accepted
    assert report.bottom_line == "Không chấp nhận tệp này. Vì sao đó."


@pytest.mark.parametrize("number", RULES)
def test_a_rule_not_applied_is_said_and_the_core_ones_cannot_be_left_out(number: int) -> None:
    report = with_rule(not_applied(number, "Chưa có."))
    assert report.accepted is (number not in {1, 2, 3, 6, 9})
    if report.accepted:
        assert report.bottom_line.endswith(f"Chưa kiểm tra: {RULES[number]}.")


def test_lines_come_in_order_with_the_bottom_line_last() -> None:
    lines = GOOD.lines()
    assert lines[0] == LINE.line()
    assert [line.split(".")[0] for line in lines[1:10]] == [str(number) for number in range(1, 10)]
    assert lines[-1] == GOOD.bottom_line
    assert "chưa áp dụng" in not_applied(7, "Chưa có.").line()


def test_no_signature_no_acceptance_in_words() -> None:
    assert "chưa được ký" in replace(GOOD, signatures=()).bottom_line
