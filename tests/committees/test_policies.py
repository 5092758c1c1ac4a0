"""Figures set by committees: dated, nearest first, and marked as ours where nobody has set them."""

from __future__ import annotations

from datetime import date

import pytest

from meetings.committees import policies
from meetings.committees.policies import DEFAULTS, BadPolicy, Certainty, Policy, PolicyKey

TODAY = date(2026, 11, 24)
CHAIN = ("cell", "commune", "province")
HALL = PolicyKey.HALL_MINIMUM


def policy(
    org: str, value: str, since: date = date(2026, 1, 1), key: PolicyKey = PolicyKey.MINIMUM_MINUTES
) -> Policy:
    return Policy(
        key=key,
        value=value,
        valid_from=since,
        set_by=org,
        set_by_name="Đảng ủy xã Thí Dụ",
        citation="Quy định số 1-QĐ/ĐU ngày 01/01/2026",
    )


def minutes(*rows: Policy, day: date = TODAY) -> str:
    return policies.resolve(PolicyKey.MINIMUM_MINUTES, rows, CHAIN, day).value


def test_the_nearest_committee_wins() -> None:
    assert minutes(policy("province", "100"), policy("commune", "60")) == "60"
    assert minutes(policy("province", "100")) == "100"
    assert minutes(policy("other-commune", "45")) == "90"


def test_the_newest_value_in_force_that_day_wins() -> None:
    rows = (policy("commune", "60"), policy("commune", "75", date(2026, 11, 25)))
    assert minutes(*rows) == "60"
    assert minutes(*rows, day=date(2026, 11, 25)) == "75"
    assert minutes(*rows, day=date(2025, 12, 31)) == "90"


def test_the_attendance_standard_is_read_from_the_dated_table() -> None:
    def standard(day: date) -> Policy:
        return policies.resolve(PolicyKey.ATTENDANCE_STANDARD, (), CHAIN, day)

    assert (standard(date(2025, 10, 27)).value, standard(date(2025, 10, 28)).value) == (">85", ">=90")
    assert "12-HD/BTCTW ngày 06/7/2018" in standard(date(2025, 10, 27)).citation
    assert "42-HD/BTCTW ngày 28/10/2025" in standard(TODAY).citation
    assert standard(TODAY).certainty is Certainty.SECOND_HAND


def test_before_all_defaults_the_oldest_stands() -> None:
    assert policies.default_of(PolicyKey.MINIMUM_MINUTES, date(2000, 1, 1)).value == "90"


def test_who_set_it_is_said() -> None:
    assert policies.set_by_text(policy("commune", "60")) == "Mức này do Đảng ủy xã Thí Dụ quy định."
    ours = policies.default_of(HALL, TODAY)
    assert policies.set_by_text(ours) == "Mức này là mặc định của phần mềm."


@pytest.mark.parametrize("key", PolicyKey)
def test_our_defaults_fit_their_keys_and_go_by_date(key: PolicyKey) -> None:
    rows = DEFAULTS[key]
    assert [row.valid_from for row in rows] == sorted(row.valid_from for row in rows)
    for row in rows:
        assert (row.key, row.set_by) == (key, None)
        policies.check_value(key, row.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (PolicyKey.MINIMUM_MINUTES, "14"),
        (PolicyKey.MINIMUM_MINUTES, "-90"),
        (PolicyKey.MINIMUM_MINUTES, "٩٠"),
        (PolicyKey.MINIMUM_MINUTES, ""),
        (PolicyKey.MINIMUM_MINUTES_COMBINED, "9" * 5000),
        (PolicyKey.REPORTING_DEADLINE, "61"),
        (PolicyKey.REMOVAL_SHARE, ">1/3"),
        (PolicyKey.REMOVAL_SHARE, ">=1/2"),
        (PolicyKey.ASSESSMENT_SHARE, "9"),
        (PolicyKey.RATING_FORM, "hands"),
        (PolicyKey.MEMBER_BASE, ""),
        (PolicyKey.EXEMPT_VOTE, "always"),
        (PolicyKey.ATTENDANCE_STANDARD, "90"),
        (PolicyKey.ATTENDANCE_STANDARD, ">=101"),
        (HALL, "0"),
        (HALL, ">1/1"),
        (HALL, ">=3/2"),
        (HALL, ">=0/2"),
        (HALL, "1/2"),
    ],
)
def test_impossible_values_are_refused(key: PolicyKey, value: str) -> None:
    with pytest.raises(BadPolicy):
        policies.check_value(key, value)


@pytest.mark.parametrize(
    ("value", "base", "wanted"),
    [(">1/2", 20, 11), (">1/2", 19, 10), (">=2/3", 20, 14), (">=2/3", 21, 14), ("9", 20, 9), (">=1/1", 7, 7)],
)
def test_how_many_the_hall_minimum_asks_for(value: str, base: int, wanted: int) -> None:
    policies.check_value(HALL, value)
    assert policies.hall_wanted(policy("commune", value, key=HALL), base) == wanted


def test_a_value_that_is_no_number_is_refused_when_used() -> None:
    assert policies.whole(policy("commune", "60")) == 60
    with pytest.raises(BadPolicy):
        policies.hall_wanted(policy("commune", "half", key=HALL), 20)
