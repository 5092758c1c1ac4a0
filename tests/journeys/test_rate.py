"""Story 2, rate: fifteen of twenty-two, and nowhere twenty present."""

from __future__ import annotations

import json
from typing import Any

from tests.journeys.hybrid import Hybrid, hybrid
from tests.journeys.sittings import closed
from tests.serving import CELL, Serving


async def test_november_is_held_by_those_in_the_hall(house: Serving) -> None:
    sitting = await hybrid(house)
    vote = await sitting.vote(elder=True)
    await sitting.count(vote, 12, 1, 1)
    answer = await closed(house, sitting.id, "2026-11-24T21:05")

    assert answer["fulfils_obligation"]
    assert (answer["hall_present"], answer["hall_required"]) == (14, 11)
    month = await (await house.secretary()).get(f"/cells/{CELL}/months/2026-11")
    assert month["state"] == "held"


async def test_the_rate_is_fifteen_of_twenty_two(house: Serving) -> None:
    sitting = await hybrid(house)
    vote = await sitting.vote(elder=True)
    await sitting.count(vote, 12, 1, 1)
    seen = await sitting.attendance()

    assert seen["rate"] == {"part": 15, "whole": 22, "text": "15/22 = 68,18 %"}
    assert (seen["in_hall"], seen["online"], seen["undecided"]) == (16, 4, 0)
    assert _online(seen) == {member.id for member in sitting.cast.phone}
    await _nowhere_twenty(house, sitting, seen)


def _online(seen: dict[str, Any]) -> set[str]:
    return {line["member"] for line in seen["lines"] if line["online"]}


async def _nowhere_twenty(house: Serving, sitting: Hybrid, seen: dict[str, Any]) -> None:
    """No count of people present adds hall and phones; the minutes keep two lists."""
    await closed(house, sitting.id, "2026-11-24T21:05")
    secretary = await house.secretary()
    found = await secretary.get(f"/meetings/{sitting.id}/minutes")
    page = (await secretary.raw("GET", f"/meetings/{sitting.id}/minutes.html")).decode()
    for text in (json.dumps(seen, ensure_ascii=False), json.dumps(found, ensure_ascii=False), page):
        assert "20 đồng chí có mặt" not in text
        assert "có mặt: 20" not in text.lower()
        assert "có mặt 20" not in text.lower()
    assert 20 not in {value for row in seen["counts"].values() for value in row.values()}
    assert "Dự qua điện thoại (bổ trợ)" in page
