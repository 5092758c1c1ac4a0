"""Minutes signed in real Chromium with a key that the browser made and nobody can take out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.cast import Member
from meetings.kernel.clock import FixedClock
from meetings.minutes.signature_class import SignatureClass
from tests.journeys.sittings import held
from tests.pages.chromium import Tab, phone
from tests.pages.looks import red_things
from tests.pages.scripts import built
from tests.serving import IMPORTED, Serving

PICTURES = os.environ.get("CHIBO_PICTURES", "")  # a folder: screenshots are kept there, to be looked at
# Which buttons of the key's box one can see and press.
SEEN = (
    "[...document.querySelectorAll('#own-key button')].filter((one) => one.offsetParent).map((one) => one.id)"
)
TOLD = "document.querySelector('[data-say={name}]')?.hidden === false"
# What this origin keeps of the key: can it be taken out, by any format?
TAKEN_OUT = """
new Promise((done) => { const opening = indexedDB.open('chibo-keys'); opening.onsuccess = () => {
  const all = opening.result.transaction('keys').objectStore('keys').getAll();
  all.onsuccess = async () => { let out = 0;
    for (const { secret } of all.result) for (const format of ['pkcs8', 'jwk'])
      out += await crypto.subtle.exportKey(format, secret).then(() => 1, () => 0);
    done([all.result.length, out]); }; }; })
"""

# A phone whose store takes its time: whatever is asked of it is answered half a second later.
SLOW = """
const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (...all) {
  const asked = {};
  setTimeout(() => {
    const real = open.apply(this, all);
    for (const name of ['onupgradeneeded', 'onsuccess', 'onerror'])
      real[name] = (event) => { asked.result = real.result; asked[name]?.(event); };
  }, 500);
  return asked;
};
"""
WHERE = "[...document.querySelectorAll('main button, main a')].map((one) => one.getBoundingClientRect().y)"
KNOWN = "document.querySelector('#own-key').checkVisibility({visibilityProperty: true})"


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    yield FixedClock(IMPORTED)


async def minuted(house: Serving) -> str:
    """A sitting with approved minutes, whose chair is the secretary."""
    cast = await house.cell_s()
    meeting, _ = await held(house, "2026-11-05T19:30", "2026-11-05T21:05", cast.hall, kind="extraordinary")
    await (await house.secretary()).post(f"/meetings/{meeting}/minutes/approve")
    return meeting


async def shot(tab: Tab, name: str) -> None:
    if PICTURES:
        await tab.picture(Path(PICTURES) / f"{name}.png")


async def told(tab: Tab, name: str) -> None:
    await tab.until(TOLD.format(name=name))


async def to_the_page(tab: Tab, house: Serving, meeting: str) -> None:
    await tab.open(f"{house.base}/m/{meeting}/sign")


async def made_key(tab: Tab) -> None:
    await tab.tap("#key-make")
    await told(tab, "made")


async def signed(tab: Tab) -> None:
    await tab.tap("#key-show")
    await told(tab, "checked")
    await tab.tap("#key-sign")
    await tab.until("document.querySelector('#own-key') === null")


async def cookies(house: Serving, member: Member) -> dict[str, str]:
    return dict((await house.person(member)).cookies())


async def test_a_key_made_in_the_browser_signs_the_minutes(house: Serving) -> None:
    built()
    meeting, cast = await minuted(house), await house.cell_s()
    for number, member in enumerate((cast.recorder, cast.chair)):
        async with phone(house.base, await cookies(house, member)) as tab:
            await to_the_page(tab, house, meeting)
            await told(tab, "none")
            assert await tab.see(SEEN) == ["key-make"]
            await shot(tab, f"sign_{number}_before")
            await made_key(tab)
            assert await tab.see(TAKEN_OUT) == [1, 0]
            assert await tab.see(SEEN) == ["key-show"]
            await tab.tap("#key-show")
            await told(tab, "checked")
            assert await tab.see(SEEN) == ["key-sign"]
            digest = await tab.see("document.querySelector('#key-digest').textContent.replaceAll(' ', '')")
            assert len(digest) == 64
            assert await tab.see("document.querySelectorAll('.btn-p').length") == 1
            await shot(tab, f"sign_{number}_checked")
            await tab.tap("#key-sign")
            await tab.until("document.querySelector('#own-key') === null")
            assert tab.problems == []
    found = await (await house.secretary()).get(f"/meetings/{meeting}/minutes/verification")
    assert found["accepted"], found["lines"]
    assert sum(line.startswith(SignatureClass.BROWSER_HELD.value[:-1]) for line in found["lines"]) == 2


@pytest.mark.parametrize("has_key", [False, True], ids=["no key yet", "a key"])
async def test_nothing_moves_while_the_key_is_looked_for(house: Serving, has_key: bool) -> None:
    built()
    meeting, cast = await minuted(house), await house.cell_s()
    async with phone(house.base, await cookies(house, cast.recorder)) as tab:
        if has_key:
            await to_the_page(tab, house, meeting)
            await made_key(tab)
        await tab.do("Page.addScriptToEvaluateOnNewDocument", source=SLOW)
        await to_the_page(tab, house, meeting)
        before = await tab.see(WHERE)
        assert await tab.see(KNOWN) is False
        await tab.until(KNOWN)
        await told(tab, "here" if has_key else "none")
        assert await tab.see(WHERE) == before
        assert tab.problems == []


async def test_where_a_browser_keeps_nothing_the_other_ways_remain(house: Serving) -> None:
    built()
    meeting, cast = await minuted(house), await house.cell_s()
    async with phone(house.base, await cookies(house, cast.recorder)) as tab:
        nothing = "IDBFactory.prototype.open = () => { throw new DOMException('private', 'SecurityError'); };"
        await tab.do("Page.addScriptToEvaluateOnNewDocument", source=nothing)
        await to_the_page(tab, house, meeting)
        await tab.until("document.querySelector('#own-key').hidden")
        assert await tab.see("document.querySelector('#f-new').checkVisibility()")
        assert await red_things(tab) == 1


async def test_a_key_made_in_the_browser_signs_a_letter(house: Serving) -> None:
    """The same page for another paper: first only named, then signed, then open to whoever verifies."""
    built()
    meeting, cast = await minuted(house), await house.cell_s()
    secretary = await house.secretary()
    paper = (await secretary.post(f"/meetings/{meeting}/papers", kind="convocation"))["id"]
    async with phone(house.base, await cookies(house, cast.recorder)) as tab:
        await tab.open(f"{house.base}/papers/{paper}/sign")
        await shot(tab, "paper_other")
        assert await tab.see("document.querySelector('#own-key, form[action$=sign]') === null")
    async with phone(house.base, await cookies(house, cast.chair)) as tab:
        await tab.open(f"{house.base}/m/{meeting}")
        await shot(tab, "paper_listed")
        await tab.open(f"{house.base}/papers/{paper}/sign")
        await made_key(tab)
        await tab.tap("#key-show")
        await told(tab, "checked")
        await shot(tab, "paper_checked")
        await tab.tap("#key-sign")
        await tab.until("document.querySelector('#own-key') === null")
        await shot(tab, "paper_done")
        assert tab.problems == []
    pdf = await secretary.raw("GET", f"/papers/{paper}.pdf")
    found = await house.house.verifier.judge(pdf)
    assert found.accepted, found.lines()
    assert any(line.startswith(SignatureClass.BROWSER_HELD.value[:-1]) for line in found.lines())


async def test_a_server_that_shows_another_file_gets_no_signature(house: Serving) -> None:
    """Attack 13: the page hashes the very bytes, and stops."""
    built()
    meeting, cast = await minuted(house), await house.cell_s()
    async with phone(house.base, await cookies(house, cast.recorder)) as tab:
        await to_the_page(tab, house, meeting)
        await made_key(tab)
        await tab.see(
            "void (window.honest = window.fetch, window.fetch = async (path, how) => {"
            " const answer = await window.honest(path, how); if (!String(path).includes('.pdf')) return answer;"
            " const bytes = new Uint8Array(await answer.arrayBuffer()); bytes[500] ^= 1;"
            " return new Response(bytes); })"
        )
        await tab.tap("#key-show")
        await told(tab, "mismatch")
        await shot(tab, "sign_mismatch")
        assert await tab.see(SEEN) == ["key-show"]
        assert await tab.see("document.querySelector('#key-file').offsetParent === null")
        await tab.see("void (window.fetch = window.honest)")
        await signed(tab)
    found = await (await house.secretary()).get(f"/meetings/{meeting}/minutes")
    assert len(found["signatures"]) == 1


async def test_another_browser_takes_over_and_the_first_is_told(house: Serving) -> None:
    built()
    meeting, cast = await minuted(house), await house.cell_s()
    mine = await cookies(house, cast.recorder)
    async with phone(house.base, mine) as first, phone(house.base, mine) as second:
        await to_the_page(first, house, meeting)
        await made_key(first)
        await first.tap("#key-show")
        await told(first, "checked")
        await to_the_page(second, house, meeting)
        await told(second, "elsewhere")
        await shot(second, "sign_elsewhere")
        await made_key(second)
        await signed(second)
        await first.tap("#key-sign")
        await told(first, "refused")
        text = await first.see("document.querySelector('[data-say=refused]').textContent")
        assert text.startswith("Chỗ này đã ký xong")
        assert (first.problems, second.problems) == ([], [])


async def test_without_scripts_the_passphrase_remains(house: Serving) -> None:
    built()
    meeting, cast = await minuted(house), await house.cell_s()
    async with phone(house.base, await cookies(house, cast.recorder), scripts=False) as tab:
        await to_the_page(tab, house, meeting)
        assert await tab.see("document.querySelector('#own-key').offsetParent === null")
        assert await tab.see("document.querySelector('#f-new').offsetParent !== null")
