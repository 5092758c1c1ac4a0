"""Story 12, boundaries: over midnight of a month's last day, and a report that reprints byte for byte."""

from __future__ import annotations

import hashlib
import json

from tests.journeys.sittings import held
from tests.serving import CELL, ORG, Serving, auditor

QUARTER = f"/orgs/{ORG}/quarters/2026-Q4"


async def _over_midnight(house: Serving) -> str:
    cast = await house.cell_s()
    house.at("2026-11-30T08:00")
    meeting, answer = await held(house, "2026-11-30T23:30", "2026-12-01T01:00", cast.hall)
    assert (answer["month"], answer["fulfils_obligation"]) == ("2026-11", True)
    return meeting


async def test_a_sitting_over_midnight_counts_for_the_month_it_opened_in(house: Serving) -> None:
    meeting = await _over_midnight(house)
    secretary = await house.secretary()
    november = await secretary.get(f"/cells/{CELL}/months/2026-11")
    december = await secretary.get(f"/cells/{CELL}/months/2026-12")
    assert (november["state"], november["meeting"]) == ("held", meeting)
    assert (december["state"], december["meeting"]) == ("no_data_yet", None)
    page = (await secretary.raw("GET", f"/meetings/{meeting}/minutes.html")).decode()
    assert "90 phút" in page


async def test_the_quarter_reprints_identically_from_its_snapshot(house: Serving) -> None:
    meeting = await _over_midnight(house)
    person = await auditor(house)
    house.at("2027-01-15T08:00")
    frozen = await (await house.administrator()).post(f"{QUARTER}/snapshot")
    first = await person.raw("GET", f"{QUARTER}/snapshot")
    told = await person.raw("GET", f"{QUARTER}?snapshot=true")
    assert json.loads(told)["frozen"]["hash"] == frozen["hash"] == hashlib.sha256(first).hexdigest()

    house.at("2027-01-20T08:00")
    await (await house.secretary()).post(
        f"/meetings/{meeting}/restatements",
        what="Địa điểm",
        before="Nhà văn hóa thôn Mẫu",
        after="Trường tiểu học Mẫu",
        reason="Ghi nhầm",
    )
    assert await person.raw("GET", f"{QUARTER}/snapshot") == first
    assert await person.raw("GET", f"{QUARTER}?snapshot=true") == told
    live = await person.get(QUARTER)
    [late] = live["since_frozen"]
    assert (late["month"], late["what"], late["before"], late["after"]) == (
        "2026-11",
        "số lần đính chính",
        "0",
        "1",
    )


async def test_from_any_figure_three_clicks_to_names_and_evidence(house: Serving) -> None:
    """Quarter → the cell's month → the sitting's evidence."""
    cast = await house.cell_s()
    await _over_midnight(house)
    person = await auditor(house)
    report = await person.get(QUARTER)
    [month] = [one for one in report["cells"][0]["months"] if one["month"] == "2026-11"]
    evidence = await person.get(f"/meetings/{month['sitting']['meeting']}/evidence")
    assert evidence["rate"]["text"] == month["sitting"]["rate"]["text"]
    names = {line["full_name"]: line for line in evidence["lines"]}
    assert names[cast.chair.name]["sources"]
    assert evidence["chain"]["valid"]
