"""What a committee may set on a rule, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from meetings.committees.policies import Policy, PolicyKey, default_of
from meetings.voting.figures import SUBJECTS, as_set, said, with_secret_device
from meetings.voting.instruments import RULES, TWO_THIRDS, rule_on
from meetings.voting.rules import BaseKind, DecisionKind, Form, Threshold
from meetings.voting.secrecy import SecretDeviceForbidden, SecretDeviceOff

TODAY = date(2026, 11, 24)


def figure(key: PolicyKey, value: str) -> Policy:
    return Policy(
        key=key,
        value=value,
        valid_from=date(2026, 3, 1),
        set_by="commune",
        set_by_name="Đảng ủy xã Thí Dụ",
        citation="Quy định số 7-QĐ/ĐU ngày 01/3/2026",
    )


def test_a_share_is_set_where_it_is_unsure_and_nowhere_else() -> None:
    half = figure(PolicyKey.REMOVAL_SHARE, ">1/2")
    removal = as_set(rule_on(DecisionKind.REMOVAL, TODAY), [half])
    assert removal.threshold == Threshold(numerator=1, denominator=2, strict=True)
    assert removal.figures == (half,)
    admission = as_set(rule_on(DecisionKind.ADMISSION, TODAY), [half])
    assert admission.threshold == TWO_THIRDS
    assert admission.figures == ()


def test_forms_bases_and_the_votes_of_exempt_members_are_set() -> None:
    rating = rule_on(DecisionKind.MEMBER_RATING, TODAY)
    assert as_set(rating, [figure(PolicyKey.RATING_FORM, "open")]).forms == {Form.HANDS, Form.CARDS}
    assert as_set(rating, [figure(PolicyKey.RATING_FORM, "any")]).forms == {
        Form.HANDS,
        Form.CARDS,
        Form.PAPER,
    }
    admission = rule_on(DecisionKind.ADMISSION, TODAY)
    base = figure(PolicyKey.MEMBER_BASE, "less_excused")
    assert as_set(admission, [base]).base is BaseKind.LESS_EXCUSED
    assert not as_set(admission, [figure(PolicyKey.EXEMPT_VOTE, "never")]).exempt_may_vote


@pytest.mark.parametrize("kind", DecisionKind)
def test_our_defaults_change_no_rule(kind: DecisionKind) -> None:
    for rule in RULES[kind]:
        again = as_set(rule, [default_of(key, TODAY) for key in PolicyKey])
        assert (again.threshold, again.base, again.forms) == (rule.threshold, rule.base, rule.forms)
        assert again.exempt_may_vote
        assert {one.key for one in again.figures} == set(rule.unsure)


def test_who_set_it_is_said_and_our_default_is_called_unsure() -> None:
    vi, en = said(figure(PolicyKey.REMOVAL_SHARE, ">1/2"))
    assert vi == (
        "Tỷ lệ để đề nghị xóa tên: do Đảng ủy xã Thí Dụ quy định từ ngày 01/03/2026 "
        "(Quy định số 7-QĐ/ĐU ngày 01/3/2026)."
    )
    assert "set by Đảng ủy xã Thí Dụ from 01/03/2026" in en
    vi, en = said(default_of(PolicyKey.REMOVAL_SHARE, TODAY))
    assert "chưa chắc chắn; cấp ủy có thể quy định khác" in vi
    assert "unsure" in en
    unsure = {key for rows in RULES.values() for rule in rows for key in rule.unsure}
    assert set(SUBJECTS) == unsure | {PolicyKey.SECRET_DEVICE}


def test_secret_ballots_on_devices_need_a_dated_decision_and_a_consultation() -> None:
    consultation = rule_on(DecisionKind.CONSULTATION, TODAY)
    enabled = figure(PolicyKey.SECRET_DEVICE, "consultation")
    assert Form.SECRET_DEVICE in with_secret_device(consultation, enabled).forms
    assert Form.SECRET_DEVICE not in consultation.forms
    never = figure(PolicyKey.SECRET_DEVICE, "never")
    for off in (None, never, replace(enabled, citation=""), default_of(PolicyKey.SECRET_DEVICE, TODAY)):
        with pytest.raises(SecretDeviceOff):
            with_secret_device(consultation, off)
    for kind in set(DecisionKind) - {DecisionKind.CONSULTATION}:
        with pytest.raises(SecretDeviceForbidden, match="ngày"):
            with_secret_device(rule_on(kind, TODAY), enabled)
