"""The trouble page in real Chromium, with a false microphone that hears a voice."""

from __future__ import annotations

from tests.pages.chromium import phone
from tests.pages.scripts import built
from tests.serving import Serving


async def test_line_sound_and_microphone_are_told_in_words(house: Serving) -> None:
    built()
    async with phone(house.base, {}) as tab:
        await tab.open(f"{house.base}/trouble")
        await tab.until("document.querySelector('[data-line]').textContent.startsWith('Đường truyền tốt')")
        await tab.tap("[data-play]")
        await tab.until("document.querySelector('[data-sound]').textContent.includes('ba tiếng chuông')")
        await tab.tap("[data-heard] [value=yes]")
        await tab.until("document.querySelector('[data-sound]').textContent === 'Tốt: máy này nghe được.'")
        await tab.tap("[data-mic]")
        await tab.until("document.querySelector('[data-spoken]').textContent.startsWith('Tốt: máy nghe rõ')")
        assert tab.problems == []


async def test_without_a_line_the_page_says_what_to_do(house: Serving) -> None:
    built()
    async with phone(house.base, {}) as tab:
        await tab.open(f"{house.base}/trouble")
        await tab.until("document.querySelector('[data-line]').textContent.startsWith('Đường truyền tốt')")
        facts = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        await tab.do("Network.emulateNetworkConditions", offline=True, **facts)
        await tab.tap("[data-check]")
        await tab.until("document.querySelector('[data-line]').textContent.startsWith('Không có mạng')")


async def test_without_scripts_the_sound_can_still_be_tried(house: Serving) -> None:
    async with phone(house.base, {}, scripts=False) as tab:
        await tab.open(f"{house.base}/trouble")
        assert await tab.see("document.querySelector('audio').controls")
        assert await tab.see("document.querySelector('[data-mic]').hidden")
