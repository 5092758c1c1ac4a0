"""summary.json: what happened, checked against examples/summary.schema.json."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema

from demo.paper import Signed
from demo.stage import Stage, expect

SCHEMA = Path(__file__).resolve().parents[1] / "examples" / "summary.schema.json"
CELLS = ("hall", "online", "both", "excused", "unexcused", "undecided")


async def write(stage: Stage, held: Sequence[tuple[str, Signed]], misuse_refused: bool) -> Path:
    """Gather, check, write. Raises Unexpected."""
    found = {
        "meetings": [await _meeting(stage, meeting, signed) for meeting, signed in held],
        "media": {
            "server": "media_server (embedded)",
            "participants": stage.participants,
            "tone_heard_by": stage.heard_by,
        },
        "ledger": await _ledger(stage),
        "misuse_refused": misuse_refused,
        **stage.decided,
    }
    _check(found)
    file = stage.out / "summary.json"
    file.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return file


async def _meeting(stage: Stage, meeting: str, signed: Signed) -> dict[str, Any]:
    plan = await stage.secretary.get(f"/meetings/{meeting}")
    seen = await stage.secretary.get(f"/meetings/{meeting}/attendance")
    votes = (await stage.secretary.get(f"/meetings/{meeting}/votes"))["votes"]
    return {
        "id": meeting,
        "kind": plan["kind"],
        "mode": plan["mode"],
        "standing": plan["standing"],
        "obligation_month": plan["month"],
        "fulfils_obligation": plan["fulfils"],
        "counts": {
            category: {cell: cells[cell] for cell in CELLS} for category, cells in seen["counts"].items()
        },
        "vote": _vote(next(one["result"] for one in votes if one["kind"] == "resolution")),
        "minutes": {
            "file": signed.file,
            "sha256": signed.sha256,
            "signatures": signed.signatures,
            "valid": signed.valid,
        },
    }


def _vote(result: Mapping[str, Any]) -> dict[str, Any]:
    supplement = result["needed"] is None
    phone = result["phone"]
    return {
        "base": None if supplement else result["base"],
        "for": result["in_favour"],
        "against": result["against"],
        "abstain": result["abstain"],
        "threshold": result["needed"],
        "passed": result["passed"],
        "explanation": result["explanation"],
        "opinions_by_phone": {
            "for": phone["in_favour"],
            "against": phone["against"],
            "abstain": phone["abstain"],
        },
    }


async def _ledger(stage: Stage) -> dict[str, Any]:
    found = await stage.administrator.get(f"/cells/{stage.cell}/ledger")
    return {"entries": found["chain"]["entries"], "valid": found["chain"]["valid"]}


def _check(found: Mapping[str, Any]) -> None:
    jsonschema.validate(found, json.loads(SCHEMA.read_text(encoding="utf-8")))
    regular, extra = found["meetings"]
    official = regular["counts"]["official"]
    expect(official["hall"] == 13 and official["online"] == 3, f"official: {official}")
    expect((official["excused"], official["unexcused"]) == (2, 1), f"official absences: {official}")
    expect(all(cells["undecided"] == 0 for cells in regular["counts"].values()), "undecided names")
    expect(sum(cells["hall"] for cells in regular["counts"].values()) == 16, "sixteen in the hall")
    expect(sum(cells["online"] for cells in extra["counts"].values()) == 12, "twelve online")
    expect(regular["fulfils_obligation"] and not extra["fulfils_obligation"], "what fulfils the month")
    expect(
        all(m["minutes"]["signatures"] == 2 and m["minutes"]["valid"] for m in found["meetings"]), "minutes"
    )
    papers = found["admission"]["papers"]
    expect((papers["issued"], papers["returned"]) == (papers["valid"] + papers["invalid"],) * 2, "papers")
    expect(found["admission"]["passed"] and found["amendment"]["state"] == "adopted", "what was decided")
    expect(found["consultation"]["issued"] == found["consultation"]["returned"] == 6, "the consultation")
    expect(found["ledger"]["valid"] and found["misuse_refused"], "ledger and guard")
