"""The worked examples of examples/votes.json, read as members, figures and counts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from meetings.committees.policies import Policy, PolicyKey
from meetings.committees.rules import Category, Member
from meetings.kernel.ids import derived_id
from meetings.voting.base import base_of
from meetings.voting.figures import as_set
from meetings.voting.instruments import rule_on
from meetings.voting.rules import Base, Concerned, DecisionKind, DecisionRule, Form, HallCount, Result
from meetings.voting.tally import Answers, decide, may_open
from tests.cell_s import SECRETARY, at
from tests.voting.ballot_box import vote

EXAMPLES: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "examples" / "votes.json").read_text("utf-8")
)
_UNOFFICIAL = {Category.PROBATIONARY, Category.TEMPORARY_ARRIVED}


def people(case: Mapping[str, Any]) -> Iterator[tuple[Member, Mapping[str, Any]]]:
    """Each member with the group that made them."""
    for place, group in enumerate(case["roll"]):
        category = Category(group["category"])
        for number in range(group["count"]):
            label = f"{category.value}-{group['where']}-{place}-{number}"
            yield (
                Member(
                    id=derived_id("worked", label),
                    person=derived_id("worked person", label),
                    cell=derived_id("worked"),
                    full_name=f"Thử Nghiệm {label}",
                    category=category,
                    official=category not in _UNOFFICIAL,
                ),
                group,
            )


def rule(case: Mapping[str, Any]) -> DecisionRule:
    """The rule of the day with the figures of the case."""
    day = date.fromisoformat(case["day"])
    set_here = [
        Policy(
            key=PolicyKey(key), value=value, valid_from=day, set_by="commune", set_by_name="Đảng ủy xã Thí Dụ"
        )
        for key, value in case["figures"].items()
    ]
    return as_set(rule_on(DecisionKind(case["kind"]), day), set_here)


def base(case: Mapping[str, Any]) -> Base:
    """The base of the case."""
    known = list(people(case))
    return base_of(
        [member for member, _ in known],
        convoked={member.id for member, group in known if group.get("convoked", True)},
        present={member.id for member, group in known if group["where"] == "hall"},
        by_phone={member.id for member, group in known if group["where"] == "phone"},
        taking_part={member.id for member, group in known if group.get("taking_part")},
        excused={member.id for member, group in known if group.get("excused")},
        kind=rule(case).base,
    )


def person(case: Mapping[str, Any]) -> Concerned | None:
    """Whom it is about, where it is about one."""
    return None if rule(case).person is None else Concerned(name="Thử $& Nghiệm")


def result(case: Mapping[str, Any]) -> Result:
    """What the engine says, after the question was allowed to open."""
    question = replace(vote(), kind=DecisionKind(case["kind"]), form=Form(case["form"]), person=person(case))
    prepared = replace(question, state=type(question.state).PREPARED)
    may_open(prepared, rule(case))
    count = case["count"]
    return decide(
        question,
        base(case),
        rule=rule(case),
        hall_count=HallCount(
            in_favour=count["for"],
            against=count["against"],
            abstain=count["abstain"],
            invalid=count["invalid"],
            by=SECRETARY,
            at=at(65),
        ),
        answers=Answers(),
        names={member.id: member.full_name for member, _ in people(case)},
    )
