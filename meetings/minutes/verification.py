"""What a verification says, in words a secretary understands. Pure.

Nine rules of signing.md 5, each on its own.

A rule that could not be applied says so and is never counted as passed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from meetings.minutes.signature_class import SignatureClass

RULES = {
    1: "Đủ chữ ký, đúng thứ tự",
    2: "Không thêm gì sau chữ ký cuối",
    3: "Từng chữ ký còn nguyên vẹn và đáng tin",
    4: "Đúng người đã được ghi nhận cho buổi họp",
    5: "Dấu thời gian của bên thứ ba",
    6: "Nội dung được khóa khi ký",
    7: "Tệp có trong sổ ghi, có cấp trên làm chứng",
    8: "Dữ liệu đính kèm đúng dạng và có trong sổ ghi",
    9: "Trang in khớp với dữ liệu đính kèm",
}


_AS_RECORDED = "Bản in và bản chụp đúng như đã ghi."
_NOT_AS_RECORDED = "Bản in hoặc bản chụp không còn đúng như đã ghi."
# What is said of signatures in the file; minutes signed by hand alone have none there.
_OF_FILE_SIGNATURES = frozenset({1, 2, 3, 4, 6})


class Verdict(StrEnum):
    """Of one rule."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLIED = "not_applied"


VERDICT_NAMES = {Verdict.PASSED: "đạt", Verdict.FAILED: "KHÔNG ĐẠT", Verdict.NOT_APPLIED: "chưa áp dụng"}


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleResult:
    """One rule's verdict and why."""

    number: int
    verdict: Verdict
    explanation: str

    @property
    def name(self) -> str:
        """The rule in a few words."""
        return RULES[self.number]

    @property
    def verdict_name(self) -> str:
        """The verdict in words."""
        return VERDICT_NAMES[self.verdict]

    def line(self) -> str:
        """As printed."""
        return f"{self.number}. {self.name}: {self.verdict_name}. {self.explanation}"


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureLine:
    """One signature found in the file; the class stands before the verdict."""

    field: str
    signer: str
    kind: SignatureClass
    sound: bool
    explanation: str
    issuer: str = ""

    @property
    def said(self) -> str:
        """The class in words."""
        return self.kind.said(self.issuer)

    def line(self) -> str:
        """As printed: class first; of an authority outside this installation its name too."""
        named = f" Nơi cấp chứng thư: {self.issuer}." if self.kind is SignatureClass.OFFICIAL else ""
        return f"{self.said.removesuffix('.')}. Người ký: {self.signer}.{named} {self.explanation}"


@dataclass(frozen=True, kw_only=True, slots=True)
class InkLine:
    """What is kept of signatures by hand; the class stands before the verdict. `same`: paper and scan are those
    that were recorded."""

    same: bool

    def line(self) -> str:
        """As printed: class first."""
        return f"{SignatureClass.INK.value}. {_AS_RECORDED if self.same else _NOT_AS_RECORDED}"


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperLine:
    """Another paper than minutes: `title` as Nghị quyết số 05-NQ/CB; `signed`: the file carries signatures."""

    title: str
    signed: bool = False

    def line(self) -> str:
        """As printed."""
        if self.signed:
            return f"{self.title}. Tệp mang chữ ký."
        return f"{self.title}. Tệp không mang chữ ký; chữ ký tay, nếu có, xem ở bản giấy."


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """All nine rules in order and every signature. `ink`: the minutes were signed by hand on paper; `paper`: the
    file is another paper."""

    signatures: tuple[SignatureLine, ...]
    rules: tuple[RuleResult, ...]
    ink: InkLine | None = None
    paper: PaperLine | None = None

    @property
    def accepted(self) -> bool:
        """Nothing failed, and signatures, locking and sameness of page and data were really checked; for ink,
        that paper and scan are those recorded and the pages say what their data say; for another paper
        without a signature, that data and pages are those recorded."""
        verdicts = {rule.number: rule.verdict for rule in self.rules}
        asked = (8, 9) if self._unsigned_paper else (9,) if self.ink else (1, 2, 3, 6, 9)
        needed = all(verdicts[number] is Verdict.PASSED for number in asked)
        return needed and Verdict.FAILED not in verdicts.values() and (self.ink is None or self.ink.same)

    @property
    def _unsigned_paper(self) -> bool:
        return self.paper is not None and not self.paper.signed

    @property
    def bottom_line(self) -> str:
        """One sentence, then what was not checked."""
        if self.ink is not None and self.accepted:
            title = f"{self.paper.title}: nội dung đúng như đã ghi trong sổ. " if self.paper else ""
            return f"{title}{self.ink.line()}{self._left_open()}"
        if self.paper is not None and not self.paper.signed and self.accepted:
            return (
                f"{self.paper.title}: nội dung đúng như đã ghi trong sổ. Tệp không mang chữ ký; chữ ký tay và dấu xem"
                f" ở bản giấy.{self._left_open()}"
            )
        if not self.signatures and self.ink is None and self.paper is None:
            return "Tệp này chưa được ký, hoặc không đọc được. Chữ in trên trang không phải là chữ ký."
        if not self.accepted:
            wrong = [rule for rule in self.rules if rule.verdict is Verdict.FAILED]
            moved = [_NOT_AS_RECORDED] if self.ink is not None and not self.ink.same else []
            reasons = " ".join([*moved, *(rule.explanation for rule in wrong)]) or "Chưa kiểm tra được đủ."
            return f"Không chấp nhận tệp này. {reasons}"
        kinds = sorted({line.said.removesuffix(".") for line in self.signatures})
        title = f"{self.paper.title}: nội" if self.paper else "Nội"
        said = f"{title} dung chưa bị thay đổi sau khi ký. Loại chữ ký: {'; '.join(kinds)}."
        return f"{said}{self._left_open()}"

    def _left_open(self) -> str:
        of_file = _OF_FILE_SIGNATURES | {5} if self._unsigned_paper else frozenset[int]()
        open_ = [rule for rule in self.rules if rule.verdict is Verdict.NOT_APPLIED]
        names = [rule.name for rule in open_ if rule.number not in of_file]
        return f" Chưa kiểm tra: {'; '.join(names)}." if names else ""

    def lines(self) -> tuple[str, ...]:
        """The whole report: signatures, rules, then the bottom line."""
        return (
            *([self.ink.line()] if self.ink else []),
            *([self.paper.line()] if self.paper else []),
            *(line.line() for line in self.signatures),
            *(rule.line() for rule in self.rules),
            self.bottom_line,
        )


def signed_by_hand(report: Report, *, same: bool) -> Report:
    """The report on minutes that were signed on paper: rules about signatures in the file are not applied, unless
    the file has one. Another paper of that sitting stays as it is."""
    if report.paper is not None:
        return report
    if report.signatures:
        return replace(report, ink=InkLine(same=same))
    rules = [
        not_applied(rule.number, "Ký tay trên giấy, tệp không mang chữ ký.")
        if rule.number in _OF_FILE_SIGNATURES
        else rule
        for rule in report.rules
    ]
    return replace(report, rules=tuple(rules), ink=InkLine(same=same))


def passed(number: int, explanation: str) -> RuleResult:
    """The rule holds."""
    return RuleResult(number=number, verdict=Verdict.PASSED, explanation=explanation)


def failed(number: int, explanation: str) -> RuleResult:
    """The rule is broken."""
    return RuleResult(number=number, verdict=Verdict.FAILED, explanation=explanation)


def not_applied(number: int, explanation: str) -> RuleResult:
    """Nothing was there to judge by."""
    return RuleResult(number=number, verdict=Verdict.NOT_APPLIED, explanation=explanation)
