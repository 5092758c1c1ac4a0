"""What no text settles is set by committees: a rule of the table with the figures in force put in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from meetings.committees.policies import Certainty, Policy, PolicyKey, share_of
from meetings.kernel.text import date_text
from meetings.voting.instruments import cite
from meetings.voting.rules import BaseKind, DecisionKind, DecisionRule, Form, Threshold
from meetings.voting.secrecy import SecretDeviceForbidden, SecretDeviceOff


def as_set(rule: DecisionRule, figures: Iterable[Policy]) -> DecisionRule:
    """The rule as it holds with these figures; those it does not leave open are passed over. Raises BadPolicy."""
    for figure in figures:
        if figure.key in rule.unsure:
            rule = replace(_PUT[figure.key](rule, figure), figures=(*rule.figures, figure))
    return rule


def _share(rule: DecisionRule, figure: Policy) -> DecisionRule:
    strict, part, of = share_of(figure)
    return replace(rule, threshold=Threshold(numerator=part, denominator=of, strict=strict))


def _form(rule: DecisionRule, figure: Policy) -> DecisionRule:
    return replace(rule, forms=_FORMS[figure.value])


def _base(rule: DecisionRule, figure: Policy) -> DecisionRule:
    return replace(rule, base=BaseKind(figure.value))


def _exempt(rule: DecisionRule, figure: Policy) -> DecisionRule:
    return replace(rule, exempt_may_vote=figure.value == "present")


_FORMS = {
    "paper": frozenset({Form.PAPER}),
    "open": frozenset({Form.HANDS, Form.CARDS}),
    "any": frozenset({Form.HANDS, Form.CARDS, Form.PAPER}),
}
_PUT: Mapping[PolicyKey, Callable[[DecisionRule, Policy], DecisionRule]] = {
    PolicyKey.REMOVAL_SHARE: _share,
    PolicyKey.ASSESSMENT_SHARE: _share,
    PolicyKey.RATING_FORM: _form,
    PolicyKey.MEMBER_BASE: _base,
    PolicyKey.EXEMPT_VOTE: _exempt,
}


def with_secret_device(rule: DecisionRule, figure: Policy | None) -> DecisionRule:
    """The rule with secret ballots on devices, which only a committee's dated decision about consultation adds.

    Raises SecretDeviceForbidden with the rule's papers, SecretDeviceOff.
    """
    if rule.kind is not DecisionKind.CONSULTATION:
        raise SecretDeviceForbidden(citation="; ".join(cite(paper) for paper in rule.citations))
    if figure is None or figure.value != "consultation" or figure.set_by is None or not figure.citation:
        raise SecretDeviceOff
    return replace(rule, forms=rule.forms | {Form.SECRET_DEVICE}, figures=(*rule.figures, figure))


# What a figure is about, in Vietnamese and English.
SUBJECTS: Mapping[PolicyKey, tuple[str, str]] = {
    PolicyKey.REMOVAL_SHARE: ("Tỷ lệ để đề nghị xóa tên", "The share for a removal"),
    PolicyKey.ASSESSMENT_SHARE: ("Tỷ lệ để đánh giá buổi sinh hoạt", "The share for assessing a sitting"),
    PolicyKey.RATING_FORM: ("Hình thức biểu quyết xếp loại đảng viên", "The form of rating a member"),
    PolicyKey.MEMBER_BASE: ("Cách trừ người vắng mặt có lý do", "Whether excused absences are taken off"),
    PolicyKey.EXEMPT_VOTE: (
        "Việc đảng viên được miễn sinh hoạt biểu quyết khi có mặt",
        "Whether exempt members vote when present",
    ),
    PolicyKey.SECRET_DEVICE: (
        "Bỏ phiếu kín trên máy khi lấy ý kiến tại hội trường",
        "Secret ballots on devices for consultation in the hall",
    ),
}


def said(figure: Policy) -> tuple[str, str]:
    """Who set the figure and since when, in Vietnamese and English; or that no text settles it."""
    vi, en = SUBJECTS[figure.key]
    if figure.set_by_name is None:
        doubt = figure.certainty is Certainty.UNSURE
        return (
            f"{vi}: theo mặc định của phần mềm{', chưa chắc chắn' if doubt else ''}; cấp ủy có thể quy định khác.",
            f"{en}: our default{', unsure' if doubt else ''}; a committee may set it.",
        )
    since = date_text(figure.valid_from)
    paper = f" ({figure.citation})" if figure.citation else ""
    return (
        f"{vi}: do {figure.set_by_name} quy định từ ngày {since}{paper}.",
        f"{en}: set by {figure.set_by_name} from {since}{paper}.",
    )
