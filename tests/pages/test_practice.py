"""A practice, begun by one button and marked on every page and paper it comes by."""

from __future__ import annotations

from tests.journeys.sittings import called, opened
from tests.pages.reader import Reader, reader
from tests.pages.test_desk_journey import one_red
from tests.pages.typist import Typist
from tests.serving import CELL, ORG, Serving, auditor

PATH = f"/c/{CELL}/practice"
MARK = "BUỔI TẬP. Chỉ để làm quen, không tính vào đâu cả."


async def test_one_button_leads_to_the_first_step_and_every_page_is_marked(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    secretary = Typist(await reader(house))
    assert PATH in (await secretary.reader.open("/")).links()
    page = await secretary.reader.open(PATH)
    assert one_red(page)
    page = await secretary.fill(page, PATH)
    meeting = page.url.split("/")[2]
    assert page.url == f"/m/{meeting}/call/agenda"
    assert MARK in page.text
    page = await secretary.fill(page, page.url, do="next", **{"title-1": "Tập điểm danh", "minutes-1": "5"})
    page = await secretary.fill(page, page.url, do="next")
    page = await secretary.fill(page, f"/m/{meeting}/call/send", how="zalo_text")
    assert MARK in page.text.partition("Kính mời")[2], "the text to paste says it too"
    assert "Đồng chí nào vắng" not in page.text
    for place in ("", "/roll", "/run", "/folder", "/kiosk", "/passes", "/shared-phones"):
        assert MARK in (await secretary.reader.open(f"/m/{meeting}{place}")).text, place
    assert (await secretary.reader.open(PATH)).text.count("Buổi tập (không tính)") == 1
    assert (await secretary.reader.open(f"{PATH}?lang=en")).untranslated() == ""
    made = await (await house.secretary()).get(f"/meetings/{meeting}")
    assert (made["kind"], made["standing"], made["starts_at"]) == (
        *("practice", None),
        "2026-11-20T01:05:00Z",
    )


async def test_it_is_marked_for_members_and_absent_for_the_auditor(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-20T19:30", kind="practice")
    mine = await reader(house, (await house.cell_s()).hall[2])
    assert MARK in (await mine.open(f"/m/{meeting}/leave")).text
    await opened(house, meeting, "2026-11-20T19:30")
    code = await (await house.secretary()).get(f"/meetings/{meeting}/hall-code")
    assert MARK in (await mine.open(str(code["link"]).removeprefix(house.base))).text
    overseer = Reader(house, await auditor(house))
    assert (await overseer.open(f"/api/v1/meetings/{meeting}/evidence.html")).status == 404
    quarter = await overseer.open(f"/api/v1/orgs/{ORG}/quarters/2026-Q4/table.html")
    assert quarter.status == 200
    assert "20/11/2026" not in quarter.text.partition("Từng chi bộ")[2]


async def test_only_who_convenes_begins_one(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    member = await reader(house, (await house.cell_s()).hall[2])
    assert (await member.open(PATH)).status == 403
    assert (await Reader(house, house.anybody()).open(PATH)).status == 401
