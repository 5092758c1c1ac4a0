"""What the script of every page does for those who have one (real Chromium): copying, counting, coming back."""

from __future__ import annotations

from tests.journeys.sittings import called, opened
from tests.pages.chromium import Tab, phone
from tests.pages.scripts import built
from tests.serving import CELL, Serving

REFUSED = "document.body.dataset.refused"
SHOWN = "document.querySelector({!r}).offsetParent !== null"


async def _typed(tab: Tab, field: str, text: str) -> None:
    await tab.see(f"document.getElementById('f-{field}').value = {text!r}")


async def test_the_call_is_copied_by_one_tap_and_can_be_handed_on(house: Serving) -> None:
    built()
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    secretary = await house.secretary()
    async with phone(house.base, secretary.cookies()) as tab:
        await tab.do(
            "Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"]
        )
        await tab.do(
            "Page.addScriptToEvaluateOnNewDocument",
            source="navigator.share = (what) => { window.handed = what.text; return Promise.resolve(); };",
        )
        await tab.open(f"{house.base}/m/{meeting}/called")
        words = await tab.see("document.querySelector('.paste').textContent")
        assert "Nhà văn hóa thôn Mẫu" in words
        await tab.tap("[data-copy]")
        await tab.until(SHOWN.format("[data-said]"))
        assert await tab.see("navigator.clipboard.readText()") == words
        await tab.tap("[data-share]")
        assert await tab.until("window.handed") == words
        assert not await tab.see(SHOWN.format("[data-byhand]")), "there is a button for it"
        assert not tab.problems


async def test_without_a_clipboard_the_call_is_copied_all_the_same(house: Serving) -> None:
    built()
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    secretary = await house.secretary()
    async with phone(house.base, secretary.cookies()) as tab:
        closed = "Object.defineProperty(navigator, 'clipboard', {value: undefined}); delete Navigator.prototype.share;"
        await tab.do("Page.addScriptToEvaluateOnNewDocument", source=closed)
        await tab.open(f"{house.base}/m/{meeting}/called")
        await tab.tap("[data-copy]")
        await tab.until(SHOWN.format("[data-said]"))
        assert await tab.see("getSelection().toString()") == await tab.see(
            "document.querySelector('.paste').innerText"
        )
        assert not await tab.see(SHOWN.format("[data-share]"))


async def test_without_scripts_the_words_are_there_and_no_dead_button(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    secretary = await house.secretary()
    async with phone(house.base, secretary.cookies(), scripts=False) as tab:
        await tab.open(f"{house.base}/m/{meeting}/called")
        assert await tab.see(SHOWN.format("[data-byhand]"))
        assert await tab.see(SHOWN.format(".paste"))
        assert not await tab.see(SHOWN.format("[data-copy]"))


async def test_the_number_in_the_hall_follows_the_marks(house: Serving) -> None:
    built()
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    secretary = await house.secretary()
    async with phone(house.base, secretary.cookies()) as tab:
        await tab.open(f"{house.base}/m/{meeting}/roll")
        number = "document.querySelector('[data-marked]').textContent"
        assert await tab.see(number) == "0"
        await tab.tap("li:nth-child(1) input[value=present]")
        await tab.tap("li:nth-child(2) input[value=present]")
        await tab.tap("li:nth-child(3) input[value=absent]")
        assert await tab.see(number) == "2"
        await tab.tap("li:nth-child(2) input[value=absent]")
        assert await tab.see(number) == "1"


async def test_coming_back_to_a_refused_form_asks_nothing_and_keeps_what_was_typed(house: Serving) -> None:
    built()
    house.at("2026-11-20T08:00")
    secretary, page = await house.secretary(), f"{house.base}/c/{CELL}/new"
    async with phone(house.base, secretary.cookies()) as tab:
        await tab.open(page)
        await _typed(tab, "day", "31/02/2026")
        await _typed(tab, "place", "Nhà ông Mẫu")
        await tab.tap("label[for=f-kind-regular_with_thematic]")
        await tab.tap("main form .btn-p")
        await tab.until(f"{REFUSED} === '/c/{CELL}/new' && document.querySelector('.err') !== null")
        await _typed(tab, "day", "24/12/2026")
        await tab.tap("main form .btn-p")
        await tab.until("location.pathname.endsWith('/call/agenda')")
        await tab.see("history.back()")
        await tab.until("document.getElementById('f-day') && !document.body.dataset.refused")
        assert await tab.see("[location.href, document.getElementById('f-day').value]") == [
            page,
            "31/02/2026",
        ]
        assert await tab.see("document.getElementById('f-place').value") == "Nhà ông Mẫu"
        assert await tab.see("document.getElementById('f-kind-regular_with_thematic').checked")
        assert "Mẫu" not in await tab.see("location.href")


async def test_what_was_typed_waits_for_nobody_else(house: Serving) -> None:
    built()
    house.at("2026-11-20T08:00")
    secretary, page = await house.secretary(), f"{house.base}/c/{CELL}/new"
    async with phone(house.base, secretary.cookies()) as tab:
        await tab.open(page)
        await _typed(tab, "place", "Nhà ông Mẫu")
        await tab.tap("main form .btn-p")
        await tab.until(REFUSED)
        await tab.see("history.replaceState({...history.state, me: 'somebody else'}, '')")
        await tab.do("Page.reload")
        await tab.until(
            "document.body && !document.body.dataset.refused && document.readyState === 'complete'"
        )
        assert await tab.see("document.getElementById('f-place').value") == ""


async def test_a_page_kept_without_a_network_says_of_when_it_is(house: Serving) -> None:
    built()
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    member = await house.person((await house.cell_s()).hall[1])
    async with phone(house.base, member.cookies()) as tab:
        await tab.open(f"{house.base}/")
        await tab.until(
            "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
        )
        await tab.open(f"{house.base}/m/{meeting}")
        line = "document.querySelector('[data-kept]')"
        assert not await tab.see(f"{line}.offsetParent !== null")
        await opened(house, meeting, "2026-11-24T19:30")  # which the kept page does not know
        await tab.do("Network.enable")
        await house.runner.cleanup()
        await tab.open(f"{house.base}/m/{meeting}#again")
        await tab.do("Page.reload")
        await tab.until(f"{line} && {line}.offsetParent !== null")
        assert "giữ lại lúc 08:00 20/11/2026" in await tab.see(f"{line}.textContent")
