"""Whoever is written into the cell after a sitting is seen on its roll, and counted only openly."""

from __future__ import annotations

from tests.journeys.sittings import entered, held
from tests.pages.reader import reader
from tests.serving import Serving

NAME, WHY = "Thào Thị Mẫu Sót", "Ghi <b>sót</b> khi nhập danh sách"


async def test_the_secretary_sees_and_counts_a_forgotten_member(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    cast = await house.cell_s()
    meeting, _ = await held(house, "2026-11-24T19:30", "2026-11-24T21:05", cast.hall)
    secretary, roll = await reader(house), f"/m/{meeting}/roll"
    before = await secretary.open(roll)
    assert "ghi khác từ khi kết thúc" not in before.text
    house.at("2026-12-02T08:00")
    new = await entered(house, NAME, "03/02/1994")
    seen = await secretary.open(roll)
    assert "Lúc kết thúc: không có trong danh sách · Nay ghi: chính thức" in seen.text
    assert (f"{roll}/{new}" in seen.links(), f"{roll}/roster/{new}" in seen.links()) == (False, True)

    here = f"{roll}/roster/{new}"
    empty = await secretary.press(await secretary.open(here), here, reason="")
    assert (empty.url, NAME in empty.text) == (here, True)
    after = await secretary.press(empty, here, reason=WHY)
    assert after.url == roll
    assert "Sửa ngày 02/12/2026: chính thức. Lý do: Ghi <b>sót</b> khi nhập danh sách" in after.text
    assert ("Nay ghi" in after.text, "<b>sót</b>" in after.html, f"{roll}/{new}" in after.links()) == (
        *(False, False, True),
    )
    assert (await secretary.open(here)).status == 404
    assert (await (await reader(house, cast.hall[4])).open(here)).status == 403
