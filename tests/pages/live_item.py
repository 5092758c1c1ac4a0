"""A sitting whose first item is under discussion."""

from __future__ import annotations

from typing import Any

from tests.serving import Serving

ITEMS = (
    ("Đọc tin tức thời sự", 15),
    ("Kiểm điểm công tác tháng 11", 30),
    ("Thông qua nghị quyết tháng 12", 30),
)


async def live_item(house: Serving, meeting: str) -> list[dict[str, Any]]:
    """The agenda, its first item begun at 19:40; the clock stands there."""
    secretary = await house.secretary()
    items = [{"title": title, "planned_minutes": minutes} for title, minutes in ITEMS]
    await secretary.put(f"/meetings/{meeting}/agenda", items=items)
    made: list[dict[str, Any]] = (await secretary.get(f"/meetings/{meeting}/agenda"))["items"]
    house.at("2026-11-24T19:40")
    await secretary.post(f"/agenda-items/{made[0]['id']}/start")
    return made
