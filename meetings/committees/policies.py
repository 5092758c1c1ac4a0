"""Pure policies: figures that a committee sets from a day on, found by going up the chain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id


class PolicyKey(StrEnum):
    """What can be set. The form of each value stands beside it."""

    MINIMUM_MINUTES = "minimum_minutes"  # whole minutes of a regular meeting
    MINIMUM_MINUTES_COMBINED = "minimum_minutes_combined"  # whole minutes with the thematic part
    HALL_MINIMUM = "hall_minimum"  # ">1/2" (more than), ">=2/3" (at least) or "9" (persons)
    REPORTING_DEADLINE = "reporting_deadline"  # days after the month's last day
    RESULTS_DEADLINE = "results_deadline"  # days after a sitting's own day
    ATTENDANCE_STANDARD = "attendance_standard"  # ">85" or ">=90", per cent
    REMOVAL_SHARE = "removal_share"  # ">1/2" or ">=2/3" of the base for a removal from the roll
    ASSESSMENT_SHARE = "assessment_share"  # the same for the assessment of a sitting
    RATING_FORM = "rating_form"  # of the yearly rating of a member: "paper" (secret), "open" or "any"
    MEMBER_BASE = "member_base"  # of decisions about a member: "statutory" or "less_excused"
    EXEMPT_VOTE = "exempt_vote"  # exempt members vote when "present" and confirmed, or "never"
    SECRET_DEVICE = "secret_device"  # noqa: S105  on devices, in secret: "never", or "consultation" in the hall


class BadPolicy(Invalid):
    """A value that its key does not allow. `key` is the policy's key."""

    code = "bad-policy"
    message = "Giá trị này không dùng được cho mức quy định đã chọn."


class Certainty(StrEnum):
    """How sure the source is (domain.md, certainty marks)."""

    SEEN = "seen"
    SECOND_HAND = "seen_second_hand"
    KNOWN = "known"
    UNSURE = "unsure"
    POLICY = "policy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """A value in force from a day, set by an organisation for all below it. `set_by` None: our default.

    `set_by_name` is the organisation's name at that time; `citation` holds the number AND date of the paper.
    """

    key: PolicyKey
    value: str
    valid_from: date
    set_by: Id | None = None
    set_by_name: str | None = None
    citation: str = ""
    certainty: Certainty = Certainty.POLICY


def resolve(key: PolicyKey, policies: Iterable[Policy], chain: Sequence[Id], day: date) -> Policy:
    """The value in force that day for the first organisation of `chain` (nearest first): the nearest one
    that has set it wins, its newest value first; else our dated default."""
    known = [policy for policy in policies if policy.key is key and policy.valid_from <= day]
    for org in chain:
        mine = [policy for policy in known if policy.set_by == org]
        if mine:
            return max(mine, key=lambda policy: policy.valid_from)
    return default_of(key, day)


def default_of(key: PolicyKey, day: date) -> Policy:
    """The newest of our defaults at that day; before all of them, the oldest."""
    rows = DEFAULTS[key]
    return next((row for row in reversed(rows) if row.valid_from <= day), rows[0])


def check_value(key: PolicyKey, value: str) -> None:
    """Whether the value has the form of its key and lies in sensible bounds. Raises BadPolicy."""
    match key:
        case PolicyKey.MINIMUM_MINUTES | PolicyKey.MINIMUM_MINUTES_COMBINED:
            fits = _between(value, 15, 480)
        case PolicyKey.REPORTING_DEADLINE | PolicyKey.RESULTS_DEADLINE:
            fits = _between(value, 0, 60)
        case PolicyKey.ATTENDANCE_STANDARD:
            fits = value.startswith(">") and _between(value.removeprefix(">").removeprefix("="), 0, 100)
        case PolicyKey.HALL_MINIMUM:
            fits = _between(value, 1, 1000) or _share(value) is not None
        case PolicyKey.REMOVAL_SHARE | PolicyKey.ASSESSMENT_SHARE:
            fits = _majority(value)
        case PolicyKey.RATING_FORM | PolicyKey.MEMBER_BASE | PolicyKey.EXEMPT_VOTE | PolicyKey.SECRET_DEVICE:
            fits = value in _WORDS[key]
        case _:
            assert_never(key)
    if not fits:
        raise BadPolicy(key=key.value)


_WORDS = {
    PolicyKey.RATING_FORM: frozenset({"paper", "open", "any"}),
    PolicyKey.MEMBER_BASE: frozenset({"statutory", "less_excused"}),
    PolicyKey.EXEMPT_VOTE: frozenset({"present", "never"}),
    PolicyKey.SECRET_DEVICE: frozenset({"never", "consultation"}),
}


def _majority(text: str) -> bool:
    """A share with which a yes and a no cannot both carry it."""
    share = _share(text)
    return share is not None and (2 * share[1] > share[2] or (share[0] and 2 * share[1] == share[2]))


def share_of(policy: Policy) -> tuple[bool, int, int]:
    """(more than, part, of) of a figure like ">1/2" or ">=2/3". Raises BadPolicy."""
    if (share := _share(policy.value)) is None:
        raise BadPolicy(key=policy.key.value)
    return share


def whole(policy: Policy) -> int:
    """The value as a whole number: minutes, days. Raises BadPolicy."""
    if not _between(policy.value, 0, 10_000):
        raise BadPolicy(key=policy.key.value)
    return int(policy.value)


def hall_wanted(policy: Policy, base: int) -> int:
    """How many of a vote base the hall minimum asks for, before the floor of `states.hall_required`.

    Integer arithmetic. Raises BadPolicy.
    """
    share = _share(policy.value)
    if share is None:
        return whole(policy)
    strict, part, of = share
    return base * part // of + 1 if strict else -(-base * part // of)


def _between(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5 and least <= int(text) <= most


def _share(text: str) -> tuple[bool, int, int] | None:
    """(more than, part, of) of ">1/2" or ">=2/3"; None if it is not a share of at most the whole."""
    found = re.fullmatch(r">(=?)([0-9]{1,3})/([0-9]{1,3})", text)
    if found is None:
        return None
    part, of = int(found[2]), int(found[3])
    return (not found[1], part, of) if 0 < part <= of and (found[1] or part < of) else None


def set_by_text(policy: Policy) -> str:
    """Who set the figure (rules.md 6.7)."""
    if policy.set_by_name is None:
        return "Mức này là mặc định của phần mềm."
    return f"Mức này do {policy.set_by_name} quy định."


def _ours(key: PolicyKey, value: str, since: date, citation: str, certainty: Certainty) -> Policy:
    return Policy(key=key, value=value, valid_from=since, citation=citation, certainty=certainty)


_HD12 = "Hướng dẫn số 12-HD/BTCTW ngày 06/7/2018"
_HD42 = "Hướng dẫn số 42-HD/BTCTW ngày 28/10/2025"
_BEGIN, _FROM_12, _FROM_42 = date(2018, 1, 1), date(2018, 7, 6), date(2025, 10, 28)

DEFAULTS: Mapping[PolicyKey, tuple[Policy, ...]] = {
    PolicyKey.MINIMUM_MINUTES: (
        _ours(PolicyKey.MINIMUM_MINUTES, "90", _FROM_12, _HD12, Certainty.SEEN),
        _ours(PolicyKey.MINIMUM_MINUTES, "90", _FROM_42, _HD42, Certainty.SEEN),
    ),
    PolicyKey.MINIMUM_MINUTES_COMBINED: (
        _ours(PolicyKey.MINIMUM_MINUTES_COMBINED, "120", _FROM_12, _HD12, Certainty.SEEN),
        _ours(PolicyKey.MINIMUM_MINUTES_COMBINED, "120", _FROM_42, _HD42, Certainty.SEEN),
    ),
    PolicyKey.HALL_MINIMUM: (_ours(PolicyKey.HALL_MINIMUM, ">1/2", _BEGIN, "", Certainty.POLICY),),
    PolicyKey.REPORTING_DEADLINE: (_ours(PolicyKey.REPORTING_DEADLINE, "10", _BEGIN, "", Certainty.POLICY),),
    PolicyKey.RESULTS_DEADLINE: (
        _ours(PolicyKey.RESULTS_DEADLINE, "2", _FROM_42, _HD42, Certainty.SECOND_HAND),
    ),
    PolicyKey.ATTENDANCE_STANDARD: (
        _ours(PolicyKey.ATTENDANCE_STANDARD, ">85", _FROM_12, _HD12, Certainty.SEEN),
        _ours(PolicyKey.ATTENDANCE_STANDARD, ">=90", _FROM_42, _HD42, Certainty.SECOND_HAND),
    ),
    # What follows is settled by no text that was read (domain.md 2.1, 2.3).
    PolicyKey.REMOVAL_SHARE: (_ours(PolicyKey.REMOVAL_SHARE, ">=2/3", _BEGIN, "", Certainty.UNSURE),),
    PolicyKey.ASSESSMENT_SHARE: (_ours(PolicyKey.ASSESSMENT_SHARE, ">1/2", _BEGIN, "", Certainty.UNSURE),),
    PolicyKey.RATING_FORM: (_ours(PolicyKey.RATING_FORM, "paper", _BEGIN, "", Certainty.UNSURE),),
    PolicyKey.MEMBER_BASE: (_ours(PolicyKey.MEMBER_BASE, "statutory", _BEGIN, "", Certainty.UNSURE),),
    PolicyKey.EXEMPT_VOTE: (_ours(PolicyKey.EXEMPT_VOTE, "present", _BEGIN, "", Certainty.UNSURE),),
    PolicyKey.SECRET_DEVICE: (_ours(PolicyKey.SECRET_DEVICE, "never", _BEGIN, "", Certainty.POLICY),),
}
