"""An addendum in real Chromium: drawn up on a phone, signed by recorder and chair, read beside the minutes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from meetings.kernel.clock import FixedClock
from meetings.minutes.verification import Verdict
from tests.pages.chromium import Tab, phone
from tests.pages.looks import axe, small_targets, too_wide, violations
from tests.pages.scripts import built
from tests.pages.test_record_browser import cookies, made_key, minuted, shot, signed
from tests.serving import IMPORTED, Serving

DESKTOP = (1440, 900)
WORDS = "Đồng chí bí thư nêu 5 hộ cần giúp ngày công, không phải 3 hộ."
TEXT = "document.querySelector('main').innerText"
FILL = """
document.querySelector('textarea[name^=words-]').closest('details').open = true;
document.querySelector('textarea[name^=words-]').value = {words!r};
document.querySelector('#f-reason').value = 'Ghi nhầm số hộ';
document.querySelector('#f-found_by').value = {found!r};
"""


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    yield FixedClock(IMPORTED)


async def fit(tab: Tab, name: str) -> None:
    """Looked at on a phone and on a desk; `tests.pages.every_page` holds the pages without mistakes in them."""
    assert (await violations(tab, axe()), await small_targets(tab), await too_wide(tab)) == ([], [], [])
    await shot(tab, f"{name}_phone")
    await tab.size(*DESKTOP, phone=False)
    assert await too_wide(tab) == []
    await shot(tab, f"{name}_desk")
    await tab.size(360, 740)


async def draw_up(tab: Tab, house: Serving, meeting: str) -> str:
    """What is missing is said; then the address of the page on which it is signed."""
    await tab.open(f"{house.base}/m/{meeting}")
    await tab.tap(f'a[href="/m/{meeting}/addendum"]')
    await tab.until("document.querySelector('#f-reason') !== null")
    await shot(tab, "addendum_form")
    await tab.see(f"void (() => {{ {FILL.format(words=WORDS, found='')} }})()")
    await tab.tap("main form .btn-p")
    await tab.until("document.querySelector('#e-found_by') !== null")
    assert WORDS in await tab.see("document.querySelector('textarea[name^=words-]').value")
    await fit(tab, "addendum_refused")
    await tab.see(f"void (() => {{ {FILL.format(words=WORDS, found='Đồng chí Mẫu')} }})()")
    await tab.tap("main form .btn-p")
    await tab.until("location.pathname.startsWith('/papers/')")
    await shot(tab, "addendum_waits")
    return str(await tab.see("location.pathname"))


@pytest.mark.timeout(300)  # three browsers, two keys made in them
async def test_it_is_drawn_up_signed_by_both_and_read_beside_the_minutes(house: Serving) -> None:
    built()
    meeting, cast = await minuted(house), await house.cell_s()
    async with phone(house.base, await cookies(house, cast.chair)) as tab:
        path = await draw_up(tab, house, meeting)
        assert "#own-key" not in await tab.see(TEXT)
        assert tab.problems == []
    for number, member in enumerate((cast.recorder, cast.chair)):
        async with phone(house.base, await cookies(house, member)) as tab:
            await tab.open(f"{house.base}/m/{meeting}")
            await tab.tap(f'a[href="{path}"]')
            await tab.until("document.querySelector('#key-make') !== null")
            await made_key(tab)
            await shot(tab, f"addendum_sign_{number}")
            await signed(tab)
            assert tab.problems == []
    async with phone(house.base, await cookies(house, cast.hall[3])) as tab:
        await tab.open(f"{house.base}/m/{meeting}")
        assert "Đính chính, đã ký" in await tab.see(TEXT)
        await shot(tab, "addendum_member")
        await tab.open(f"{house.base}/api/v1/meetings/{meeting}/minutes.html")
        assert WORDS in await tab.see("document.querySelector('.addenda').innerText")
        await fit(tab, "addendum_beside")
    pdf = await (await house.secretary()).raw("GET", f"{path.removesuffix('/sign')}.pdf")
    report = await house.house.verifier.judge(pdf)
    assert report.accepted, report.lines()
    assert [one.verdict for one in report.rules][:4] == [Verdict.PASSED] * 4
