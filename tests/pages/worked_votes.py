"""The worked examples of examples/votes.json for the scripts: the same people and counts, rules as devices get them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from meetings.offline.handlers import question_view
from meetings.offline.service import question_of
from meetings.voting.paper import PaperDoesNotAddUp, PaperLine, Protocol, check_paper
from tests.voting.worked import EXAMPLES, people, person, result, rule


def write_worked(file: Path) -> None:
    """Write them where the scripts' tests look."""
    cases = [_case(case) for case in EXAMPLES["cases"]]
    told = {"thresholds": EXAMPLES["thresholds"], "cases": cases, "protocols": list(_protocols())}
    text = json.dumps(told, ensure_ascii=False)
    if not file.is_file() or file.read_text("utf-8") != text:
        file.write_text(text, "utf-8")


def _protocols() -> Iterator[dict[str, Any]]:
    """Every protocol of small numbers where two can vote, with whether it adds up."""
    names = ("issued", "returned", "valid", "invalid", "blank")
    for *numbers, yes, no in product(range(-1, 4), *[range(3)] * 6):
        counts = dict(zip(names, numbers, strict=True))
        lines = (PaperLine(member=None, in_favour=yes, against=no),)
        try:
            check_paper(Protocol(**counts, lines=lines, board=("a",)), None, 2)
        except PaperDoesNotAddUp:
            fits = False
        else:
            fits = True
        yield {"papers": {**counts, "in_favour": yes, "against": no, "board": ["a"]}, "fits": fits}


def _case(case: Mapping[str, Any]) -> dict[str, Any]:
    known = list(people(case))
    question = question_of(rule(case), tuple(sorted(rule(case).forms)))

    def having(name: str, value: object = True) -> list[str]:
        return [member.id for member, group in known if group.get(name) == value]

    return {
        "name": case["name"],
        "members": [
            {
                "id": member.id,
                "category": member.category.value,
                "official": member.official,
                "called": group.get("convoked", True),
            }
            for member, group in known
        ],
        "present": having("where", "hall"),
        "phone": having("where", "phone"),
        "takingPart": having("taking_part"),
        "excused": having("excused"),
        "person": who.name if (who := person(case)) else "",
        "question": json.loads(question_view(question).model_dump_json()),
        "hands": {
            "in_favour": case["count"]["for"],
            "against": case["count"]["against"],
            "abstain": case["count"]["abstain"],
            "invalid": case["count"]["invalid"],
        },
        "expect": case["expect"],
        "explanation": result(case).explanation,
    }
