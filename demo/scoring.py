"""The sitting is scored: what can be measured is filled in, people judge the rest."""

from __future__ import annotations

from typing import Any

from demo.stage import Stage, expect


async def score(stage: Stage, meeting: str) -> dict[str, Any]:
    """Total, class and how much was measured, for the summary."""
    proposed = (await stage.secretary.get(f"/meetings/{meeting}/score"))["proposed"]
    measured = [line for line in proposed if line["computed"] is not None]
    judged = [
        {"key": line["key"], "points": line["most"] - 1} for line in proposed if line["computed"] is None
    ]
    expect(bool(measured) and bool(judged), f"criteria: {proposed}")
    made = await stage.secretary.post(f"/meetings/{meeting}/score", lines=judged)
    total = sum(line["points"] for line in judged) + sum(line["computed"] for line in measured)
    expect(made["total"] == total, f"score: {made['total']}, not {total}")
    told = ", ".join(f"{line['title']} {line['computed']}/{line['most']}" for line in measured)
    await stage.say(
        f"Chấm điểm buổi sinh hoạt: {made['total']}/100, loại {made['rank']}. Máy tính sẵn: {told}."
    )
    return {
        "total": made["total"],
        "rank": made["rank"],
        "lines": len(proposed),
        "measured": len(measured),
        "certainty": made["certainty"],
    }
