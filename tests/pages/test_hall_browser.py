"""A whole meeting without a network in real Chromium, killed in the middle, brought back exactly once (story 4)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.client import Person
from tests.journeys.sittings import called
from tests.media_server.proxy import Proxy, proxied
from tests.pages.chromium import Tab, phone
from tests.pages.scripts import built
from tests.serving import Serving

PICTURES = os.environ.get("CHIBO_PICTURES", "")  # a folder: screenshots are kept there, to be looked at
WORK = "Quét nhà văn hóa"
MOVED = "Lùi hạn đến hết ngày 15/12"
STARTS = "2026-11-24T19:30"
KEPT = """
(async () => {
  const open = indexedDB.open('chibo-hall');
  const base = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const all = base.transaction('sittings').objectStore('sittings').getAll();
  const found = await new Promise((done) => { all.onsuccess = () => done(all.result); });
  base.close();
  return JSON.stringify(found);
})()
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Village:
    """The secretary's phone, and a line to the server that can be away."""

    house: Serving
    line: Proxy
    profile: Path
    secretary: Person
    meeting: str

    @asynccontextmanager
    async def phone(self) -> AsyncIterator[Tab]:
        """Until it is killed."""
        async with phone(self.line.url, self.secretary.cookies(), keeps=self.profile) as tab:
            yield tab
            assert not tab.problems, tab.problems

    def lose_the_line(self) -> None:
        """As behind the last hill."""
        self.line.silent = True
        self.line.cut()

    @property
    def page(self) -> str:
        """Where the meeting is kept."""
        return f"{self.line.url}/hall#{self.meeting}"


@pytest.fixture
async def village(house: Serving, tmp_path: Path) -> AsyncIterator[Village]:
    built()
    house.at("2026-11-20T08:00")
    meeting = await called(house, STARTS)
    secretary = await house.secretary()
    items = [{"title": f"Nội dung {number}", "planned_minutes": 20} for number in (1, 2)]
    await secretary.put(f"/meetings/{meeting}/agenda", items=items)
    house.at("2026-11-24T19:25")
    async with proxied(house.base) as line:
        yield Village(
            house=house, line=line, profile=tmp_path / "profile", secretary=secretary, meeting=meeting
        )


async def shot(tab: Tab, name: str) -> None:
    if PICTURES:
        await tab.picture(Path(PICTURES) / f"{name}.png")


async def press(tab: Tab, words: str) -> None:
    """The visible button with these words."""
    found = (
        f"[...document.querySelectorAll('button')].find((e) => e.textContent === {words!r} && e.offsetParent)"
    )
    await tab.until(f"{found} !== undefined")
    await tab.see(f"{found}.click()")


async def type_in(tab: Tab, selector: str, words: str) -> None:
    """As a keyboard does."""
    await tab.until(f"document.querySelector({selector!r}) !== null")
    await tab.see(
        f"(() => {{ const e = document.querySelector({selector!r}); e.value = {words!r};"
        " e.dispatchEvent(new Event('input', {bubbles: true}));"
        " e.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )


async def saved(tab: Tab) -> None:
    """Until everything typed lies in the phone."""
    await tab.see(
        "new Promise((done) => setTimeout(done, 400))"
    )  # what is typed is kept a moment after the last key
    await tab.until("document.querySelector('#kept').dataset.state === 'kept'")


async def take_along(village: Village, tab: Tab) -> None:
    await tab.open(f"{village.line.url}/")
    await tab.open(village.page)
    await tab.until("document.querySelector('#kept').textContent.includes('Từ giờ không cần mạng')")


async def call_the_roll(village: Village, tab: Tab) -> None:
    cast = await village.house.cell_s()
    here = {member.id for member in cast.hall}
    for member in cast.everyone:
        if member.category != "suspended":
            way = "present" if member.id in here else "absent"
            await tab.see(f"document.querySelector('#n-{member.id} input[value={way}]').click()")
    await type_in(tab, "#head", "16")


async def hold(village: Village, tab: Tab) -> None:
    """Opening, chair and recorder, two items, one resolution."""
    cast = await village.house.cell_s()
    await press(tab, "Khai mạc buổi họp")
    await type_in(tab, "#chair", cast.chair.id)
    await type_in(tab, "#recorder", cast.recorder.id)
    await press(tab, "Bắt đầu nội dung 1")
    await type_in(tab, "textarea[id^=w-]", "Bí thư nêu <b>tình hình</b>.")
    await type_in(tab, "textarea[id^=k-]", "Nhất trí.")
    await move(tab, cast.hall[2].id)
    await type_in(tab, "#question", "Thông qua nghị quyết tháng 11")
    elder = cast.hall[-1]
    await tab.see(
        f"[...document.querySelectorAll('fieldset label')].find((e) => e.textContent.includes({elder.name!r}))"
        ".querySelector('input').click()"
    )
    await shot(tab, "hall_question")
    await press(tab, "Bắt đầu biểu quyết")
    for name, hands in (("in_favour", 12), ("against", 1), ("abstain", 1)):
        await type_in(tab, f"#h-{name}", str(hands))
    said = await tab.see("document.querySelector('.result').textContent")
    assert "Số đảng viên làm căn cứ tính: 20" in said
    assert "Cần ít nhất 11 tán thành (quá một nửa)" in said
    assert "Nghị quyết được thông qua." in said
    await shot(tab, "hall_vote")
    await type_in(tab, "#h-in_favour", "11")
    await press(tab, "Ghi kết quả, kết thúc biểu quyết")
    await tab.until("document.querySelector('#hall').textContent.includes('Ghi sai số vừa đếm?')")
    await tab.see(
        "for (const e of document.querySelectorAll('.vote details, section details')) e.open = true"
    )
    await shot(tab, "hall_recount")
    await press(tab, "Đếm lại, ghi lại kết quả này")
    for name, hands in (("in_favour", 12), ("against", 1), ("abstain", 1)):
        await type_in(tab, f"#h-{name}", str(hands))
    await tab.see("document.querySelector('.vote details').open = true")
    await tab.see("document.querySelector('.vote details input').click()")
    await shot(tab, "hall_tellers")
    await press(tab, "Ghi kết quả, kết thúc biểu quyết")
    await press(tab, "Sang nội dung 2")
    await press(tab, "Xong nội dung cuối")


async def move(tab: Tab, member: str) -> None:
    """A motion in words, voted on by hands."""
    await type_in(tab, "#mo-who", member)
    await type_in(tab, "#mo-text", MOVED)
    await tab.see("document.querySelector('#mo-text').closest('details').querySelector('button').click()")
    await tab.see("for (const e of document.querySelectorAll('li details')) e.open = true")
    await shot(tab, "hall_motion")
    await press(tab, "Biểu quyết đề nghị này")
    for name, hands in (("in_favour", 12), ("against", 1), ("abstain", 0)):
        await type_in(tab, f"#h-{name}", str(hands))
    await press(tab, "Ghi kết quả, kết thúc biểu quyết")
    await tab.until("document.querySelector('#hall').textContent.includes('biểu quyết: được thông qua')")


async def meet_after_the_battery_died(village: Village, tab: Tab) -> None:
    """From the confirmed roll to the end, still without a line."""
    await tab.open(village.page)
    await tab.until("document.querySelectorAll('.mark.y').length === 16")
    await shot(tab, "hall_roll")
    absent = await tab.see("[...document.querySelectorAll('select[id^=a-]')].map((e) => e.id)")
    for one in absent:
        await type_in(tab, f"#{one}", "excused:ill")
    await tab.see("document.querySelector('#tab-run').click()")
    await hold(village, tab)
    await give(tab, (await village.house.cell_s()).hall[4].id)
    await tab.see("document.querySelector('#tab-minutes').click()")
    await shot(tab, "hall_minutes")
    await tab.see("document.querySelector('#tab-send').click()")
    await press(tab, "Kết thúc buổi họp")
    await tab.until("document.querySelector('#hall').textContent.includes('đang giữ trên máy này, chờ gửi')")
    await saved(tab)
    await shot(tab, "hall_waiting")


async def give(tab: Tab, member: str) -> None:
    """Work for a member: not for a day before the meeting, then rightly."""
    await tab.see("document.querySelector('#tasks details').open = true")
    await type_in(tab, "#t-what", WORK)
    await type_in(tab, "#t-who", member)
    await type_in(tab, "#t-due", "23/11/2026")
    await press(tab, "Giao việc")
    await tab.until(
        "document.querySelector('#tasks [role=alert]').textContent.includes('từ ngày họp trở đi')"
    )
    await type_in(tab, "#t-due", "30/11/2026")
    await tab.see("document.querySelector('#tasks').scrollIntoView({block: 'start'})")
    await shot(tab, "hall_giving")
    await press(tab, "Giao việc")
    await tab.until("document.querySelector('#tasks li').textContent.includes('Hạn 30/11/2026')")
    await tab.see("document.querySelector('#tasks').scrollIntoView({block: 'start'})")
    await shot(tab, "hall_given")


async def test_held_without_a_network_killed_twice_and_written_once(village: Village) -> None:
    house = village.house
    async with village.phone() as tab:
        await take_along(village, tab)
        await shot(tab, "hall_taken")
        village.lose_the_line()
        await call_the_roll(village, tab)
        await press(tab, "Chốt điểm danh")
        await saved(tab)
    async with village.phone() as tab:  # the battery died, and there is still no line
        await meet_after_the_battery_died(village, tab)
    before = await village.secretary.get(f"/meetings/{village.meeting}")
    assert before["state"] == "convened"
    house.at("2026-12-02T10:00")
    village.line.silent = False
    async with village.phone() as tab:
        await tab.open(village.page)
        await tab.until(
            "document.querySelector('#hall').textContent.includes('Có chỗ khác nhau, xin xem trước')"
        )
        await shot(tab, "hall_look")
        told = await tab.see("document.querySelector('#hall .checks').textContent")
        assert "Đồng hồ của máy này đang chậm khoảng 1" in told  # eight days, in minutes
        assert "các giờ đã ghi là giờ theo máy" in told
        assert (await village.secretary.get(f"/meetings/{village.meeting}"))["state"] == "convened"
        await press(tab, "Tôi đã xem, gửi bản trên máy này")
        await tab.until(
            "document.querySelector('#hall').textContent.includes('Đã nhận đủ lúc 10:00 ngày 02/12/2026')"
        )
        await shot(tab, "hall_sent")
        await tab.until(f"{KEPT.strip()}.then((text) => JSON.parse(text)[0].receipt !== '')")
        left = await tab.see(KEPT)
        assert "Thông qua nghị quyết" not in left
        assert (await house.cell_s()).hall[1].name not in left
    await _written_once(village)


async def _written_once(village: Village) -> None:
    secretary = village.secretary
    held: Any = await secretary.get(f"/meetings/{village.meeting}")
    assert (held["state"], held["month"]) == ("closed", "2026-11")
    [first, vote] = (await secretary.get(f"/meetings/{village.meeting}/votes"))["votes"]
    assert (first["kind"], first["question"]) == ("motion", f"Đề nghị số 1: {MOVED}")
    [motion] = (await secretary.get(f"/meetings/{village.meeting}/motions"))["motions"]
    assert (motion["state"], motion["vote"], motion["text"]) == ("adopted", first["id"], MOVED)
    assert (vote["result"]["base"], vote["result"]["needed"], vote["result"]["passed"]) == (20, 11, True)
    assert vote["result"]["in_favour"] == 12
    assert "Người đếm: " in str(vote["result"])
    [task] = (await secretary.get(f"/meetings/{village.meeting}/tasks"))["given"]
    cast = await village.house.cell_s()
    assert (task["title"], task["member"], task["due"]) == (WORK, cast.hall[4].id, "2026-11-30")
    there: Any = await secretary.get(f"/meetings/{village.meeting}/attendance")
    assert sum(line["hall"] is not None for line in there["lines"]) == 16


async def test_a_page_of_somebody_else_is_never_shown(village: Village) -> None:
    """One phone, two people: what was kept for the first goes away when the second signs in."""
    cast = await village.house.cell_s()
    member = await village.house.person(cast.hall[3])
    async with village.phone() as tab:
        await take_along(village, tab)
        await tab.open(f"{village.line.url}/")
        for name, value in member.cookies().items():
            await tab.do("Network.setCookie", url=village.line.url, name=name, value=value)
        await tab.open(f"{village.line.url}/m/{village.meeting}")
        village.lose_the_line()
        await tab.open(f"{village.line.url}/")
        await tab.until("document.querySelector('h1').textContent === 'Chưa có mạng'")
        await shot(tab, "hall_offline")
        await tab.open(village.page)
        await tab.until("document.querySelector('#trouble:not([hidden])') !== null")
        assert cast.hall[1].name not in str(await tab.see("document.body.textContent"))


async def test_the_own_first_page_is_there_without_a_network(village: Village) -> None:
    async with village.phone() as tab:
        await take_along(village, tab)
        await tab.open(f"{village.line.url}/")  # now through the worker
        village.lose_the_line()
        await tab.open(f"{village.line.url}/")
        await tab.until("document.body.textContent.includes('Việc tiếp theo')")
