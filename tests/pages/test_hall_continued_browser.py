"""A meeting opened on line loses its line: continued on the same phone, killed, brought back whole (real Chromium)."""

from __future__ import annotations

from tests.journeys.sittings import called, led, new_id, opened
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

WORK = "Rà soát hộ nghèo"
WORDS, WRONG = "Viết khi còn mạng.", "Bấm nhầm khi gọi tên"
DRAFT, AMENDED, LAST = "Hạn là 30/11.", "Hạn là 15/12.", "Hạn là 15/12, đ/c Mẫu làm."


async def _worked(village: Village) -> None:
    """Another sitting gave work that this one asks after."""
    house = village.house
    earlier = await called(house, "2026-11-24T19:26", kind="thematic")
    await opened(house, earlier, "2026-11-24T19:26")
    member = (await house.cell_s()).hall[5].id
    await village.secretary.post(f"/meetings/{earlier}/tasks", title=WORK, member=member, due="2026-11-28")


async def _begun(village: Village) -> None:
    """Opened, roll confirmed, the first item under discussion with its first words."""
    await _worked(village)
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
    await _moved(village, items[0]["id"], cast.hall[2].id)


async def _moved(village: Village, item: str, member: str) -> None:
    """A draft, an amendment to it and a guest, while there is a line."""
    secretary, meeting = village.secretary, village.meeting
    await secretary.post(f"/agenda-items/{item}/draft", id=new_id(), text=DRAFT, after=0)
    wanted = {"kind": "amendment", "text": AMENDED, "item": item, "against": 1, "member": member}
    await secretary.post(f"/meetings/{meeting}/motions", id=new_id(), **wanted)
    await secretary.post(f"/meetings/{meeting}/guests", full_name="Lò Thị Mẫu", comes_from="Xã")


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
    here = {member.id for member in cast.hall}
    missed = next(one.id for one in cast.everyone if one.id not in here and one.category == "official")
    await tab.open(village.page)
    await tab.until(
        "document.querySelector('#hall').textContent.includes('đã ghi trên máy chủ. Từ đây ghi tiếp')"
    )
    await shot(tab, "hall_continued")
    told = await tab.see("document.querySelector('textarea[id^=w-]').value")
    assert told == WORDS
    await type_in(tab, "textarea[id^=w-]", f"{WORDS} Viết khi mất mạng.")
    await type_in(tab, "textarea[id^=k-]", "Nhất trí.")
    await _decide(tab)
    await _look_back(tab)
    await press(tab, "Sang nội dung 2")
    await tab.see("document.querySelector('#tab-roll').click()")
    await _correct(tab, missed)
    await _welcome(tab)
    await tab.see(f"document.querySelector('#n-{cast.hall[3].id} button').click()")
    await tab.until(f"document.querySelector('#n-{cast.hall[3].id}').textContent.includes('Đã về')")
    for one in await tab.see("[...document.querySelectorAll('select[id^=a-]')].map((e) => e.id)"):
        await type_in(tab, f"#{one}", "excused:ill")
    await saved(tab)


async def _decide(tab: Tab) -> None:
    """What was moved on line is voted on by hands; then the draft is written once more."""
    await tab.see("for (const e of document.querySelectorAll('li details')) e.open = true")
    await tab.see("document.querySelector('li details').scrollIntoView({block: 'center'})")
    await shot(tab, "hall_before")
    await press(tab, "Biểu quyết đề nghị này")
    for name, hands in (("in_favour", 12), ("against", 1), ("abstain", 0)):
        await type_in(tab, f"#h-{name}", str(hands))
    await press(tab, "Ghi kết quả, kết thúc biểu quyết")
    await tab.until("document.querySelector('#hall').textContent.includes('biểu quyết: được thông qua')")
    await tab.see("document.querySelector('#draft').closest('details').open = true")
    assert await tab.see("document.querySelector('#draft').value") == AMENDED
    await type_in(tab, "#draft", LAST)
    await tab.see("document.querySelector('#draft').scrollIntoView({block: 'center'})")
    await shot(tab, "hall_draft")
    await press(tab, "Ghi dự thảo")


async def _look_back(tab: Tab) -> None:
    """What became of the work: extended, and not without a new day."""
    row = "document.querySelector('#asked li')"
    assert "Hạn 28/11/2026" in str(await tab.see(f"{row}.textContent"))
    await tab.see(f"{row}.querySelector('details').open = true")
    await tab.until(f"{row}.querySelector('input[value=extended]') !== null")
    await tab.see(f"{row}.querySelector('input[value=extended]').click()")
    await tab.see(f"{row}.querySelector('button').click()")
    await tab.until(f"{row}.textContent.includes('Xin ghi ngày theo kiểu 24/11/2026.')")
    await tab.see("document.querySelector('#asked').scrollIntoView({block: 'start'})")
    await shot(tab, "hall_asked")
    await type_in(tab, "#asked input[id^=ad-]", "15/12/2026")
    await type_in(tab, "#asked input[id^=an-]", "Chờ xã")
    await tab.see(f"{row}.querySelector('button').click()")
    await tab.until(f"{row}.textContent.includes('Gia hạn đến 15/12/2026: Chờ xã')")
    await tab.see("document.querySelector('#asked').scrollIntoView({block: 'start'})")
    await shot(tab, "hall_found")


async def _correct(tab: Tab, member: str) -> None:
    """Called absent by mistake: nothing changes without a reason, then it does."""
    row = f"document.querySelector('#n-{member}')"
    await tab.see(f"document.querySelector('#x-{member}').open = true")
    await tab.until(f"document.querySelector('#xw-{member}') !== null")
    await tab.see(f"{row}.querySelector('input[value=late]').click()")
    await type_in(tab, f"#xt-{member}", "19:30")
    await tab.see(f"{row}.scrollIntoView({{block: 'start'}})")
    await tab.see(f"[...{row}.querySelectorAll('button')].at(-1).click()")
    await tab.until(f"{row}.textContent.includes('Xin ghi vì sao sửa.')")
    await shot(tab, "hall_correct")
    await type_in(tab, f"#xw-{member}", WRONG)
    await tab.see(f"[...{row}.querySelectorAll('button')].at(-1).click()")
    await tab.until(f"{row}.textContent.includes('đã sửa điểm danh')")
    await tab.see(f"{row}.scrollIntoView({{block: 'start'}})")
    await shot(tab, "hall_corrected")


async def _welcome(tab: Tab) -> None:
    await tab.see("document.querySelector('#guests').open = true")
    assert "Lò Thị Mẫu, Xã" in str(await tab.see("document.querySelector('#guests').textContent"))
    await press(tab, "Ghi khách dự")
    await tab.until("document.querySelector('#guests [role=alert]:not([hidden])') !== null")
    await type_in(tab, "#g-name", "Vừ Văn Mẫu")
    await type_in(tab, "#g-from", "Huyện")
    await tab.see("document.querySelector('#guests').scrollIntoView({block: 'start'})")
    await shot(tab, "hall_guest")
    await press(tab, "Ghi khách dự")
    await tab.until("document.querySelector('#guests').textContent.includes('Vừ Văn Mẫu, Huyện')")


async def _end(village: Village, tab: Tab) -> None:
    await tab.open(village.page)
    await tab.until("document.querySelector('textarea[id^=w-]') !== null")
    for number in (3, 4):  # the second looks back at work given
        await press(tab, f"Sang nội dung {number}")
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
    assert sum(line["hall"] is not None for line in there["lines"]) == 17
    assert [one["full_name"] for one in there["guests"]] == ["Lò Thị Mẫu", "Vừ Văn Mẫu"]
    moved = await village.secretary.get(f"/meetings/{village.meeting}/motions")
    assert [(one["state"], one["text"]) for one in moved["motions"]] == [("adopted", AMENDED)]
    assert [one["text"] for one in moved["drafts"]] == [LAST]
    [work] = (await village.secretary.get(f"/meetings/{village.meeting}/tasks"))["asked"]
    assert (work["title"], work["due"]) == (WORK, "2026-12-15")
    assert [(one["meeting"], one["outcome"]) for one in work["reports"]] == [(village.meeting, "extended")]
    agenda = (await village.secretary.get(f"/meetings/{village.meeting}/agenda"))["items"]
    assert [one["conclusion"] for one in agenda] == ["Nhất trí.", "", "", ""]
    assert all(one["ended_at"] for one in agenda)
