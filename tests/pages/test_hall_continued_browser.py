"""A meeting opened on line loses its line: continued on the same phone, killed, brought back whole (real Chromium)."""

from __future__ import annotations

from tests.journeys.sittings import led, opened
from tests.pages.chromium import Tab
from tests.pages.live_item import live_item
from tests.pages.test_hall_browser import (
    STARTS,
    Village,
    press,
    saved,
    shot,
    type_in,
    village,
)

__all__ = ["village"]

WORDS = "Viết khi còn mạng."


async def _begun(village: Village) -> None:
    """Opened, roll confirmed, the first item under discussion with its first words."""
    await opened(village.house, village.meeting, STARTS)
    cast, secretary = await village.house.cell_s(), village.secretary
    here = {member.id for member in cast.hall}
    marks = [
        {"member": one.id, "mark": "present" if one.id in here else "absent"}
        for one in cast.everyone
        if one.category != "suspended"
    ]
    sheet = {"id": "01a20000-0000-7000-8000-000000000001", "head_count": 16, "confirm": True}
    await secretary.post(f"/meetings/{village.meeting}/roll", marks=marks, **sheet)
    await led(village.house, village.meeting)
    items = await live_item(village.house, village.meeting)
    await secretary.put(f"/meetings/{village.meeting}/minutes/texts/{items[0]['id']}", words=WORDS)


async def _lose_it_on_the_console(village: Village, tab: Tab) -> None:
    await tab.open(f"{village.line.url}/")
    await tab.open(f"{village.line.url}/m/{village.meeting}/run")
    await tab.until("navigator.serviceWorker.controller !== null")
    await tab.until(
        "document.querySelector('[data-along]').textContent === 'Đã mang về máy này mọi việc đến lúc này.'"
    )
    await tab.see("document.querySelector('[data-along]').scrollIntoView({block: 'center'})")
    await shot(tab, "run_along")
    village.lose_the_line()


async def _continue(village: Village, tab: Tab) -> None:
    cast = await village.house.cell_s()
    await tab.open(village.page)
    await tab.until(
        "document.querySelector('#hall').textContent.includes('đã ghi trên máy chủ. Từ đây ghi tiếp')"
    )
    await shot(tab, "hall_continued")
    told = await tab.see("document.querySelector('textarea[id^=w-]').value")
    assert told == WORDS
    await type_in(tab, "textarea[id^=w-]", f"{WORDS} Viết khi mất mạng.")
    await type_in(tab, "textarea[id^=k-]", "Nhất trí.")
    await press(tab, "Sang nội dung 2")
    await tab.see("document.querySelector('#tab-roll').click()")
    await tab.see(f"document.querySelector('#n-{cast.hall[3].id} button').click()")
    await tab.until(f"document.querySelector('#n-{cast.hall[3].id}').textContent.includes('Đã về')")
    for one in await tab.see("[...document.querySelectorAll('select[id^=a-]')].map((e) => e.id)"):
        await type_in(tab, f"#{one}", "excused:ill")
    await saved(tab)


async def _end(village: Village, tab: Tab) -> None:
    await tab.open(village.page)
    await tab.until("document.querySelector('textarea[id^=w-]') !== null")
    await press(tab, "Sang nội dung 3")
    await press(tab, "Xong nội dung cuối")
    await tab.see("document.querySelector('#tab-send').click()")
    await press(tab, "Kết thúc buổi họp")
    await saved(tab)


async def test_begun_on_line_and_continued_without(village: Village) -> None:
    house = village.house
    await _begun(village)
    async with village.phone() as tab:
        await _lose_it_on_the_console(village, tab)
        await _continue(village, tab)
    async with village.phone() as tab:  # the battery died, and there is still no line
        await _end(village, tab)
    house.at("2026-11-25T09:00")
    village.line.silent = False
    async with village.phone() as tab:
        await tab.open(village.page)
        looked = "document.querySelector('#hall').textContent"
        await tab.until(f"{looked}.includes('Có chỗ khác nhau') || {looked}.includes('Đã nhận đủ')")
        await shot(tab, "hall_continued_sent")
        if "Có chỗ khác nhau" in str(await tab.see(looked)):
            await press(tab, "Tôi đã xem, gửi bản trên máy này")
        await tab.until(f"{looked}.includes('Đã nhận đủ lúc 09:00 ngày 25/11/2026')")
    held = await village.secretary.get(f"/meetings/{village.meeting}")
    assert held["state"] == "closed"
    there = await village.secretary.get(f"/meetings/{village.meeting}/attendance")
    assert sum(line["hall"] is not None for line in there["lines"]) == 16
    agenda = (await village.secretary.get(f"/meetings/{village.meeting}/agenda"))["items"]
    assert [one["conclusion"] for one in agenda] == ["Nhất trí.", "", ""]
    assert all(one["ended_at"] for one in agenda)
