"""Signing with a USB token, on its pages: the code is shown to whose turn it is, where authorities are believed."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from meetings.kernel.clock import FixedClock
from tests.minutes.outside import NAME, new_outside
from tests.pages.chromium import phone
from tests.pages.looks import axe, small_targets, too_wide, violations
from tests.pages.reader import Reader
from tests.pages.scripts import built
from tests.pages.test_record_browser import minuted
from tests.postgres import Urls
from tests.serving import IMPORTED, Serving, serving

PICTURES = os.environ.get("CHIBO_PICTURES", "")
OPENED = "void (document.querySelector('form[action$=\"/sign/code\"]').closest('details').open = true)"
TEXT = "document.querySelector('main').innerText"


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    yield FixedClock(IMPORTED)


@pytest.fixture
async def believing(database_urls: Urls, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Serving]:
    """An installation with a list of authorities."""
    new_outside().write(tmp_path)
    async with serving(database_urls, tmp_path, clock) as running:
        yield running


async def test_a_code_for_the_token_is_shown_once(believing: Serving) -> None:
    built()
    meeting, cast = await minuted(believing), await believing.cell_s()
    person = await believing.person(cast.recorder)
    async with phone(believing.base, dict(person.cookies())) as tab:
        await tab.open(f"{believing.base}/m/{meeting}/sign")
        await tab.see(OPENED)
        if PICTURES:
            await tab.picture(Path(PICTURES) / "token_before.png")
        await tab.tap('form[action$="/sign/code"] button')
        code = await tab.until("document.querySelector('.sixdigits')?.textContent")
        assert len(code.replace(" ", "")) == 12
        assert code.replace(" ", "").isdigit()
        assert (await violations(tab, axe()), await small_targets(tab), await too_wide(tab)) == ([], [], [])
        shown = await tab.see(TEXT)
        assert believing.base in shown
        if PICTURES:
            await tab.picture(Path(PICTURES) / "token_code.png")
            await tab.see("void document.querySelector('#h-token').scrollIntoView()")
            await tab.picture(Path(PICTURES) / "token_code_top.png")
        await tab.open(f"{believing.base}/m/{meeting}/sign?again")
        assert await tab.see("document.querySelector('.sixdigits')") is None
        await tab.open(f"{believing.base}/kiem-tra")
        assert NAME in await tab.see("document.querySelector('main').textContent")
        assert tab.problems == []


async def test_without_a_list_no_page_offers_tokens(house: Serving) -> None:
    meeting, cast = await minuted(house), await house.cell_s()
    browser = Reader(house, await house.person(cast.recorder))
    assert "USB token" not in (await browser.open(f"/m/{meeting}/sign")).text
    assert "Chưa có nơi nào" in (await browser.open("/kiem-tra")).text
