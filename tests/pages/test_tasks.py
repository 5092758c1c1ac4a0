"""Work given on the secretary's page, seen by the member, and asked after at the next meeting by itself."""

from __future__ import annotations

from tests.journeys.sittings import called, closed, led, opened, rolled
from tests.pages.reader import reader
from tests.pages.typist import Typist
from tests.serving import Serving


async def test_work_goes_from_one_meeting_to_the_next(house: Serving) -> None:
    cast, secretary = await house.cell_s(), Typist(await reader(house))
    house.at("2026-11-20T08:00")
    november = await called(house, "2026-11-24T19:30")
    await opened(house, november, "2026-11-24T19:30")
    await rolled(house, november, cast.hall)
    await led(house, november)
    tasks = f"/m/{november}/tasks"
    page = await secretary.reader.open(tasks)
    bad = await secretary.fill(
        page, tasks, title="Rà soát hộ nghèo", member=cast.scanning[2].id, due="hôm sau"
    )
    assert bad.status == 422
    assert "Xin ghi ngày theo kiểu 24/11/2026." in bad.text
    page = await secretary.fill(bad, tasks, due="1/12/2026")
    assert "Hạn 01/12/2026" in page.text
    member = await reader(house, cast.scanning[2])
    assert "Việc giao cho đồng chí" in (await member.open("/")).text
    await closed(house, november, "2026-11-24T21:05")
    december = await called(house, "2026-12-24T19:30")
    await opened(house, december, "2026-12-24T19:30")
    seen = await member.open(f"/m/{december}")
    assert seen.text.count("Kiểm điểm việc đã giao") == 2, "on the agenda, and what it is about"
    assert "Quá hạn 01/12/2026" in seen.text
    tasks = f"/m/{december}/tasks"
    page = await secretary.reader.open(tasks)
    task = page.html.partition('id="t-')[2].partition('"')[0]
    late = {f"outcome-{task}": "extended"}
    refused = await secretary.fill(page, f"{tasks}/{task}", **late)
    assert refused.status == 422
    page = await secretary.fill(refused, f"{tasks}/{task}", **late, **{f"due-{task}": "15/1/2027"})
    assert "Gia hạn đến 15/01/2027" in page.text
    english = await secretary.reader.open(f"{tasks}?lang=en")
    assert "Extended to 15/01/2027" in english.text
    assert not english.untranslated()


async def test_members_see_and_do_not_give(house: Serving) -> None:
    cast = await house.cell_s()
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    mine = await reader(house, cast.scanning[2])
    assert (await mine.open(f"/m/{meeting}/tasks")).status == 403
    assert (await mine.open(f"/m/{meeting}/score")).status == 403
