"""The demonstration's summary: what the schema takes and what it refuses."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

SCHEMA = json.loads((Path(__file__).parents[1] / "examples" / "summary.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
PRESENCE = {"hall": 13, "online": 3, "both": 0, "excused": 2, "unexcused": 1, "undecided": 0}
MINUTES = {"file": "bien-ban.pdf", "sha256": "0" * 64, "signatures": 2, "valid": True}
OPINIONS = {"for": 3, "against": 0, "abstain": 0}
HYBRID = {
    "id": "01935e2a-0000-7000-8000-000000000001",
    "kind": "regular",
    "mode": "hybrid",
    "standing": "mandatory",
    "obligation_month": "2026-11",
    "fulfils_obligation": True,
    "counts": {"official": PRESENCE, "suspended": dict.fromkeys(PRESENCE, 0)},
    "vote": {
        "base": 20,
        "for": 12,
        "against": 1,
        "abstain": 1,
        "threshold": 11,
        "passed": True,
        "explanation": "Số đảng viên làm căn cứ tính: 20.",
        "opinions_by_phone": OPINIONS,
    },
    "minutes": MINUTES,
}
SUPPLEMENT = {
    **HYBRID,
    "id": "01935e2a-0000-7000-8000-000000000002",
    "kind": "online_session",
    "mode": "online",
    "standing": "supplement",
    "fulfils_obligation": False,
    "vote": None,
}
PDF = {"file": "phieu.pdf", "sha256": "0" * 64}
ADMISSION = {
    "base": 20,
    "threshold": 14,
    "for": 14,
    "against": 0,
    "passed": True,
    "papers": {"issued": 14, "returned": 14, "valid": 14, "invalid": 0, "blank": 0},
    "explanation": "Số đảng viên làm căn cứ tính: 20.",
    "ballots": PDF,
    "counting_minutes": PDF,
}
CONSULTATION = {
    "enabled_by": "Quyết định mẫu số 12-QĐ/ĐU ngày 20/11/2026",
    "issued": 6,
    "returned": 6,
    "for": 5,
    "against": 1,
    "abstain": 0,
    "passed": None,
}
SUMMARY: dict[str, Any] = {
    "amendment": {"state": "adopted", "wordings": 2, "in_words": "Sửa dự thảo: bỏ “a”"},
    "admission": ADMISSION,
    "consultation": CONSULTATION,
    "score": {"total": 92, "rank": "Tốt", "lines": 7, "measured": 2, "certainty": "unsure"},
    "meetings": [HYBRID, SUPPLEMENT],
    "media": {"server": "embedded", "participants": 16, "tone_heard_by": 16},
    "ledger": {"entries": 210, "valid": True},
    "misuse_refused": True,
}


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    summary = copy.deepcopy(SUMMARY)
    place: Any = summary
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return summary


def test_the_schema_is_one_and_takes_the_story() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(SUMMARY)
    opinions = {**HYBRID["vote"], "base": None, "threshold": None, "passed": None}  # type: ignore[dict-item]  # a dict
    VALIDATOR.validate(changed(("meetings", 1, "vote"), opinions))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("meetings", 1, "fulfils_obligation"), True),
        (("meetings", 1, "standing"), "mandatory"),
        (("meetings", 1, "vote"), HYBRID["vote"]),
        (("meetings", 0, "mode"), "online"),
        (("meetings", 0, "kind"), "thematic"),
        (("meetings", 0, "kind"), "practice"),
        (("meetings", 0, "id"), "1"),
        (("meetings", 0, "obligation_month"), "2026-13"),
        (("meetings", 0, "counts"), {}),
        (("meetings", 0, "counts", "guest"), PRESENCE),
        (("meetings", 0, "counts", "official", "hall"), -1),
        (("meetings", 0, "counts", "official", "present"), 20),
        (("meetings", 0, "minutes", "file"), "../bien-ban.pdf"),
        (("meetings", 0, "minutes", "sha256"), "0"),
        (("meetings", 0, "vote", "threshold"), 0),
        (("admission", "passed"), None),
        (("admission", "papers"), {"issued": 14}),
        (("admission", "ballots", "file"), "../phieu.pdf"),
        (("consultation", "passed"), True),
        (("score", "total"), 101),
        (("amendment", "wordings"), 0),
        (("meetings",), [HYBRID]),
        (("ledger", "entries"), "210"),
        (("media", "tone_heard_by"), None),
        (("misuse_refused",), "yes"),
        (("clock",), "demo"),
    ],
)
def test_what_would_be_wrong_is_refused(path: tuple[str | int, ...], value: object) -> None:
    assert not VALIDATOR.is_valid(changed(path, value))
