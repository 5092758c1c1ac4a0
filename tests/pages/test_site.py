"""The first page, as each person meets it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from meetings.committees.rules import Role
from meetings.committees.store.people import MandateRow
from tests.journeys.sittings import called
from tests.pages.reader import Reader, reader
from tests.serving import CELL, ORG, Serving


async def test_signed_out_one_calm_sentence(house: Serving) -> None:
    page = await Reader(house, house.anybody()).open("/")
    assert page.status == 200
    assert "Đồng chí mở đường dẫn riêng" in page.text
    assert not page.forms()


async def test_a_member_reads_when_where_and_what_it_counts_for(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    await called(house, "2026-11-24T19:30")
    cast = await house.cell_s()
    page = await (await reader(house, cast.hall[1])).open("/")
    assert f"Chào đồng chí {cast.hall[1].name}" in page.text
    assert "Chi bộ thôn Mẫu" in page.text
    assert "Đảng viên chính thức: được tính dự họp và biểu quyết ở đây." in page.text
    assert "19:30 , thứ Ba ngày 24 tháng 11" in page.text
    assert "Nhà văn hóa thôn Mẫu" in page.text
    assert "Sinh hoạt thường kỳ" in page.text
    assert "Việc tiếp theo" not in page.text


async def test_the_secretary_sees_only_the_next_of_five_steps(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    page = await (await reader(house)).open("/")
    assert "Việc tiếp theo, bước 2 trong 5 Điểm danh" in page.text
    for other in ("Báo họp", "Đọc lại biên bản", "Ký và gửi"):
        assert other not in page.text
    assert f"/m/{meeting}" in page.links()
    assert page.html.count("btn-p") == 1, "one red thing on a page"


async def test_an_auditor_finds_the_quarters_tables(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    secretary = await house.secretary()
    me = (await secretary.get("/me"))["person"]
    administrator = await house.administrator()
    await administrator.post(
        f"/orgs/{ORG}/mandates", person=me, role=Role.AUDITOR.value, since="2026-11-01", paper="Quyết định 9"
    )
    page = await (await reader(house)).open("/")
    for quarter in ("2026-Q4", "2026-Q3"):
        address = f"/api/v1/orgs/{ORG}/quarters/{quarter}/table.html"
        assert address in page.links()
        assert (await (await reader(house)).open(address)).status == 200
    assert "Quý IV/2026" in page.text


async def test_who_is_in_no_cell_is_told_so(house: Serving) -> None:
    nobody = Reader(house, await house.administrator())
    async with house.house.units.begin() as uow:
        await uow.session.execute(update(MandateRow).values(until=MandateRow.since))
    house.at("2026-11-27T08:00")
    page = await nobody.open("/")
    assert "chưa có tên trong chi bộ nào" in page.text


async def test_english_is_whole_and_remembered(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    await called(house, "2026-11-24T19:30", mode="hybrid")
    await called(house, "2026-11-25T19:30", kind="online_session", mode="online")
    mine = await reader(house, (await house.cell_s()).hall[1])
    page = await mine.open("/?lang=en")
    assert "Tuesday 24 November" in page.text
    assert "I will come to the hall" in page.text
    assert '<html lang="en">' in page.html
    assert page.untranslated() == ""
    assert "I will come to the hall" in (await mine.open("/")).text
    assert "Tôi sẽ đến hội trường" in (await mine.open("/?lang=vi")).text


@pytest.mark.parametrize("path", ["/", "/l/unknown", "/nothing"])
async def test_pages_have_no_inline_script_and_no_inline_style(house: Serving, path: str) -> None:
    page = await Reader(house, house.anybody()).open(path)
    assert all("src=" in one for one in re.findall(r"<script[^>]*>", page.html))
    assert "style=" not in page.html
    assert not re.search(r"\son\w+=", page.html)
    assert "style-src 'self'" in page.headers["Content-Security-Policy"]


async def test_the_cell_of_a_cancelled_meeting_says_so(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    await (await house.secretary()).post(f"/meetings/{meeting}/cancel", reason="Bão lớn")
    cast = await house.cell_s()
    page = await (await reader(house, cast.hall[1])).open("/")
    assert "Đã hủy" in page.text
    assert f"/m/{meeting}/leave" not in page.links()
    assert (await (await house.secretary()).get(f"/cells/{CELL}/months/2026-11"))["state"] == "no_data_yet"
