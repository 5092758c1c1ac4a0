"""Story 6, forgot to close: the secretary states the end, the machine's times stand beside it."""

from __future__ import annotations

from tests.journeys.sittings import called, closed, led, opened, rolled
from tests.serving import ORG, Serving, auditor


async def test_minutes_say_what_she_states_and_the_audit_shows_both(house: Serving) -> None:
    cast = await house.cell_s()
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    await rolled(house, meeting, cast.hall)
    await led(house, meeting)
    answer = await closed(house, meeting, "2026-11-25T07:00", stated_at="2026-11-24T21:05")
    assert answer["fulfils_obligation"]

    secretary = await house.secretary()
    page = (await secretary.raw("GET", f"/meetings/{meeting}/minutes.html")).decode()
    assert "95 phút" in page
    seen = await secretary.get(f"/meetings/{meeting}")
    assert (seen["opened_at"], seen["closed_at"]) == ("2026-11-24T12:30:00Z", "2026-11-24T14:05:00Z")
    assert seen["device_closed_at"] == "2026-11-25T00:00:00Z"

    report = await (await auditor(house)).get(f"/orgs/{ORG}/quarters/2026-Q4")
    [november] = [one for one in report["cells"][0]["months"] if one["month"] == "2026-11"]
    told = november["sitting"]
    assert (told["closed_at"], told["device_closed_at"]) == ("2026-11-24T14:05:00Z", "2026-11-25T00:00:00Z")
    assert told["minutes_held"] == 95
