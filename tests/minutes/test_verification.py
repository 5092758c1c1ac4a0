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
    Verdict,
    failed,
    not_applied,
    passed,
    signed_by_hand,
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


def test_ink_is_named_first_and_rules_about_signatures_in_the_file_are_not_applied() -> None:
    lacking = {1, 2, 3, 4, 6}
    rules = tuple(failed(n, "Không có.") if n in lacking else passed(n, "Đạt.") for n in RULES)
    report = signed_by_hand(Report(signatures=(), rules=rules), same=True)
    verdicts = {rule.number: rule.verdict for rule in report.rules}
    assert {n for n, verdict in verdicts.items() if verdict is Verdict.NOT_APPLIED} == lacking
    first = "Chữ ký tay trên giấy, kèm bản chụp. Bản in và bản chụp đúng như đã ghi."
    assert (report.accepted, report.lines()[0]) == (True, first)
    assert report.bottom_line.startswith(first)
    moved = signed_by_hand(report, same=False)
    assert not moved.accepted
    assert moved.bottom_line.startswith("Không chấp nhận tệp này. Bản in hoặc bản chụp không còn đúng")
    wrong = replace(report, rules=(*report.rules[:8], failed(9, "Trang khác dữ liệu.")))
    assert (wrong.accepted, "Trang khác dữ liệu." in wrong.bottom_line) == (False, True)


def test_a_file_with_signatures_of_both_kinds_must_hold_by_both() -> None:
    assert signed_by_hand(GOOD, same=True).accepted
    assert not signed_by_hand(GOOD, same=False).accepted
    broken = signed_by_hand(with_rule(failed(1, "Thiếu.")), same=True)
    assert (broken.accepted, broken.bottom_line) == (False, "Không chấp nhận tệp này. Thiếu.")
