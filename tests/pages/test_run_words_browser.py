"""The recorder's words in real Chromium: kept while typed, without a line, against another device; the timer."""

from __future__ import annotations

import os
from pathlib import Path

from demo.client import Person
from tests.journeys.hybrid import Hybrid, hybrid
from tests.pages.chromium import Tab, phone
from tests.pages.live_item import live_item
from tests.pages.scripts import built
from tests.serving import Serving

PICTURES = os.environ.get("CHIBO_PICTURES", "")  # a folder: screenshots are kept there, to be looked at
AREA = "#f-words"
SAID = f"document.querySelector('{AREA}').closest('.writing').querySelector('[data-kept]').textContent"
LEFT = """
new Promise((done) => { const opening = indexedDB.open('chibo-words'); opening.onsuccess = () => {
  const all = opening.result.transaction('words').objectStore('words').count();
  all.onsuccess = () => done(all.result); }; })
"""
OFFLINE = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


async def begun(house: Serving) -> tuple[Hybrid, str, Person]:
    """The sitting with its first item live: (it, the item, the secretary)."""
    built()
    sitting = await hybrid(house)
    secretary = await house.secretary()
    items = await live_item(house, sitting.id)
    house.at("2026-11-24T19:47")
    return sitting, items[0]["id"], secretary


async def write(tab: Tab, words: str) -> None:
    """Into the recorder's field, as somebody who types."""
    await tab.see(f"document.querySelector('{AREA}').focus()")
    await tab.see(f"document.querySelector('{AREA}').select()")
    await tab.do("Input.insertText", text=words)


async def texts(secretary: Person, sitting: Hybrid) -> list[str]:
    """What the server has, without the minutes, which are not there yet."""
    async with secretary._http.get(f"{secretary._base}/m/{sitting.id}/notes") as answer:
        page = await answer.text()
    return [one for one in ("Bản một", "Bản hai", "Bản ba") if one in page]


async def shot(tab: Tab, name: str) -> None:
    if PICTURES:
        await tab.picture(Path(PICTURES) / f"{name}.png")


async def test_words_are_kept_while_they_are_typed_and_the_timer_counts(house: Serving) -> None:
    sitting, _, secretary = await begun(house)
    async with phone(house.base, secretary.cookies()) as tab:
        await tab.open(f"{house.base}/m/{sitting.id}/run")
        await tab.until("document.querySelector('[data-spent]').textContent === 'Đã bàn 7 phút'")
        await write(tab, "Bản một")
        await tab.until(f"{SAID}.startsWith('Đã lưu')")
        await shot(tab, "run_kept")
        assert await texts(secretary, sitting) == ["Bản một"]
        assert await tab.see(LEFT) == 0, "nothing stays on the device once the server has it"
        await write(tab, "Bản hai")
        await tab.tap("button[value=next]")
        await tab.until("document.body.textContent.includes('Sang nội dung 3')")
        assert await texts(secretary, sitting) == ["Bản hai"], "what was just typed goes with the button"
        assert tab.problems == []


async def test_without_a_line_words_wait_on_the_device_and_outlive_the_page(house: Serving) -> None:
    sitting, _, secretary = await begun(house)
    async with phone(house.base, secretary.cookies()) as tab:
        await tab.open(f"{house.base}/m/{sitting.id}/run")
        await tab.until("document.querySelector('[data-spent]').textContent !== ''")
        await tab.do("Network.emulateNetworkConditions", offline=True, **OFFLINE)
        await write(tab, "Bản một")
        await tab.until(f"{SAID}.startsWith('Chưa có mạng')")
        await shot(tab, "run_away")
        await tab.tap("button[value=next]")
        await tab.until(f"{SAID}.includes('xin bấm lại')")
        assert await tab.see(LEFT) == 1
        await tab.do("Page.navigate", url="about:blank")
        await tab.do("Network.emulateNetworkConditions", offline=False, **OFFLINE)
        await tab.open(f"{house.base}/m/{sitting.id}/run")
        await tab.until(f"document.querySelector('{AREA}').value.trim() === 'Bản một'")
        await tab.until(f"({LEFT}).then((left) => left === 0)")
        assert await texts(secretary, sitting) == ["Bản một"]


async def test_words_of_another_device_are_shown_and_a_person_chooses(house: Serving) -> None:
    sitting, item, secretary = await begun(house)
    path = f"/meetings/{sitting.id}/minutes/texts/{item}"
    async with phone(house.base, secretary.cookies()) as tab:
        await tab.open(f"{house.base}/m/{sitting.id}/run")
        await tab.until("document.querySelector('[data-spent]').textContent !== ''")
        first = await secretary.put(path, words="Bản một", over="")
        await write(tab, "Bản hai")
        await tab.until("!document.querySelector('[data-moved]').hidden")
        await shot(tab, "run_moved")
        assert await tab.see("document.querySelector('[data-theirs]').textContent.trim()") == "Bản một"
        await tab.see("new Promise((done) => setTimeout(done, 4500))")
        assert await texts(secretary, sitting) == ["Bản một"], "nothing is written over before a person chose"
        await tab.tap("[data-insist]")
        await tab.until(f"{SAID}.startsWith('Đã lưu')")
        assert await texts(secretary, sitting) == ["Bản hai"]
        await secretary.put(path, words="Bản một", over=None)
        await write(tab, "Bản ba")
        await tab.until("!document.querySelector('[data-moved]').hidden")
        await tab.tap("[data-take]")
        assert (await tab.see(f"document.querySelector('{AREA}').value")).strip() == "Bản một"
        assert first["over"] == await tab.see("document.querySelector('.writing input').value")
        assert tab.problems == []
