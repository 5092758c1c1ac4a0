"""What the clock does by itself: the fixed day yields its meetings, a forgotten closing is asked about."""

from __future__ import annotations

from meetings.app import due_work
from tests.journeys.sittings import PLACE, called, opened
from tests.serving import CELL, Serving


async def everything_due(house: Serving) -> None:
    """Every job, twice: repeating does no harm."""
    for job in due_work(house.house) * 2:
        await job.run()


async def test_the_fixed_day_goes_on_yielding_meetings(house: Serving) -> None:
    secretary = await house.secretary()
    house.at("2026-11-20T08:00")
    fixed = {"since": "2026-11-20", "day_of_month": 24, "local_time": "19:30", "place": PLACE}
    await secretary.post(f"/cells/{CELL}/series", **fixed)
    house.at("2026-12-02T08:00")
    await everything_due(house)
    found = (await secretary.get(f"/cells/{CELL}/meetings?first=2026-11&last=2027-01"))["meetings"]
    assert [(one["month"], one["state"]) for one in found] == [
        ("2026-11", "draft"),
        ("2026-12", "draft"),
        ("2027-01", "draft"),
    ]
    month = await secretary.get(f"/cells/{CELL}/months/2026-12")
    assert month["state"] == "no_data_yet"


async def test_a_forgotten_closing_is_asked_about_once_and_never_closes_itself(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    secretary, administrator = await house.secretary(), await house.administrator()
    await everything_due(house)
    assert (await secretary.get("/notices"))["notices"] == []

    house.at("2026-11-25T07:00")
    await everything_due(house)
    [asked] = (await secretary.get("/notices"))["notices"]
    assert (asked["subject"], asked["kind"]) == (meeting, "reminder")
    assert asked["text"].startswith("Buổi họp khai mạc lúc 19:30 chưa ghi giờ kết thúc.")
    assert (await secretary.get(f"/meetings/{meeting}"))["state"] == "open"
    assert (await administrator.get("/notices"))["notices"] == []
