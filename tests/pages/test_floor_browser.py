"""The list of raised hands on the console in real Chromium: it comes by itself, and no form being filled moves."""

from __future__ import annotations

from meetings.kernel.ids import new_id
from tests.journeys.hybrid import hybrid
from tests.pages.chromium import phone
from tests.pages.live_item import live_item
from tests.pages.scripts import built
from tests.serving import Serving


async def test_a_hand_comes_by_itself_and_what_is_typed_stays(house: Serving) -> None:
    built()
    found = await hybrid(house)
    await live_item(house, found.id)
    member, secretary = await house.person(found.cast.scanning[2]), await house.secretary()
    async with phone(house.base, secretary.cookies()) as tab:
        await tab.open(f"{house.base}/m/{found.id}/run")
        await tab.until("document.querySelector('#floor-now').innerText.includes('Chưa có ai giơ tay')")
        await tab.see("document.querySelector('#floor > details').open = true")
        await tab.see("{ const s = document.querySelector('#f-speaker'); s.selectedIndex = 1; s.focus(); }")
        chosen = await tab.see("document.querySelector('#f-speaker').value")
        await tab.see("document.querySelector('.writing textarea').value = 'Đang ghi dở'")
        hand = await member.post(f"/meetings/{found.id}/speakers", id=new_id())
        name = found.cast.scanning[2].name
        await tab.until(f"document.querySelector('#floor-now').innerText.includes({name!r})")
        assert await tab.see("document.querySelector('#f-speaker').value") == chosen
        assert await tab.see("document.activeElement.id") == "f-speaker"
        assert await tab.see("document.querySelector('#floor > details').open")
        assert await tab.see("document.querySelector('.writing textarea').value") == "Đang ghi dở"
        await secretary.post(f"/speakers/{hand['id']}/call")
        await tab.until("document.querySelector('#floor-now').innerText.includes('Đang phát biểu từ')")
        await tab.tap("#floor-now button[value=finish]")
        await tab.until("document.querySelector('#floor-now').innerText.includes('Đã phát biểu: 1 lượt')")
        assert tab.problems == []
