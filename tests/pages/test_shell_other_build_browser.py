"""The server gets another build while phones are on the older one (real Chromium): nothing typed is lost."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.cast import Member
from meetings.attendance import service as attendance
from meetings.convening import service as convening
from meetings.kernel.clock import FixedClock
from meetings.kernel.ids import parse_id
from tests.journeys.hybrid import Hybrid, hybrid
from tests.journeys.sittings import called
from tests.pages.chromium import Tab
from tests.pages.live_item import live_item
from tests.pages.reader import reader
from tests.pages.redeploy import WORKER, Replaced
from tests.pages.test_room import supplement
from tests.postgres import Urls

PICTURES = os.environ.get("CHIBO_PICTURES", "")  # a folder: screenshots are kept there, to be looked at
QUEUED = """
new Promise((done, failed) => { const opening = indexedDB.open('chibo'); opening.onerror = failed;
  opening.onsuccess = () => { const all = opening.result.transaction('outbox').objectStore('outbox').getAll();
    all.onsuccess = () => { opening.result.close(); done(all.result.length); }; }; })
"""
NEWER = """
new Promise((done, failed) => { const opening = indexedDB.open('chibo', 7); opening.onerror = failed;
  opening.onblocked = () => failed(new Error('the older page keeps it open'));
  opening.onupgradeneeded = () => opening.result.createObjectStore('of a newer build');
  opening.onsuccess = () => { opening.result.close(); done(true); }; })
"""
TAKEN_OVER = """
(async () => {
  const known = await navigator.serviceWorker.getRegistration();
  const shells = (await caches.keys()).filter((name) => name.startsWith('shell-'));
  return shells.length === 2 && !known.installing && !known.waiting && known.active.state === 'activated';
})()
"""
# As scripts before motions, ballots of paper and persons in votes wrote it.
OLDER = """
new Promise((done, failed) => { const opening = indexedDB.open('chibo-hall'); opening.onerror = failed;
  opening.onsuccess = () => { const base = opening.result;
    const deal = base.transaction('sittings', 'readwrite'); const store = deal.objectStore('sittings');
    store.openCursor().onsuccess = (event) => { const cursor = event.target.result; if (!cursor) return;
      const one = cursor.value;
      delete one.motions; delete one.read; delete one.offset; delete one.kit.drafts;
      for (const row of one.kit.questions) { delete row.whom; delete row.about; }
      one.votes = one.votes.map(({motion, person, papers, ...vote}) => vote);
      cursor.update(one); cursor.continue(); };
    deal.oncomplete = () => { base.close(); done(true); }; }; })
"""


@pytest.fixture
async def site(database_urls: Urls, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Replaced]:
    made = Replaced(database_urls, tmp_path, clock)
    await made.start()
    yield made
    await made.end()


async def shot(tab: Tab, name: str) -> None:
    if PICTURES:
        await tab.picture(Path(PICTURES) / f"{name}.png")


async def voting(site: Replaced) -> tuple[Hybrid, str, Member]:
    """(the sitting, its open vote, a member in the hall)"""
    found = await hybrid(site.house)
    return found, await found.vote(elder=False), found.cast.hall[3]


async def once(site: Replaced, vote: str) -> None:
    """One member answered, as the server of today has it."""
    assert (await (await site.house.secretary()).get(f"/votes/{vote}"))["answered"] == 1


def strip(words: str) -> str:
    return f"document.querySelector('[data-strip]').textContent.includes({words!r})"


async def choose(tab: Tab, choice: str) -> None:
    await tab.see(f"document.querySelector('button[name=choice][value={choice}]').click()")


async def test_a_vote_of_the_older_page_waits_and_goes_to_the_newer_server(site: Replaced) -> None:
    found, vote, member = await voting(site)
    async with site.phone(await site.house.person(member)) as tab:
        await site.settle(tab)
        await tab.open(f"{site.line.url}/m/{found.id}/room")
        site.lose_the_line()
        await choose(tab, "for")
        await tab.until(strip("chưa được ghi nhận"))
        await site.deploy()
        site.find_the_line()
        await tab.until(strip("TÁN THÀNH"))
        assert site.file(0, "room") in str(await tab.see("document.head.innerHTML"))
        await choose(tab, "against")
        await tab.until(strip("KHÔNG TÁN THÀNH"))
        await shot(tab, "stale_vote")
        assert await tab.see(QUEUED) == 0
    await once(site, vote)


async def test_the_worker_of_the_older_build_leaves_its_outbox_to_the_newer_one(
    site: Replaced, tmp_path: Path
) -> None:
    found, vote, member = await voting(site)
    person = await site.house.person(member)
    async with site.phone(person, keeps=tmp_path / "profile") as tab:
        await site.settle(tab)
        before = json.loads(await tab.see(WORKER))
        await tab.open(f"{site.line.url}/m/{found.id}/room")
        site.lose_the_line()
        await choose(tab, "for")
        await tab.until(strip("chưa được ghi nhận"))
        assert await tab.see(QUEUED) == 1
    await site.deploy()
    site.find_the_line()
    async with site.phone(person, keeps=tmp_path / "profile") as tab:
        await tab.open(f"{site.line.url}/m/{found.id}/room")
        await tab.until(f"{QUEUED.strip()}.then((left) => left === 0)")
        await tab.open(f"{site.line.url}/m/{found.id}/room")
        await tab.until(strip("TÁN THÀNH"))
        await tab.until(TAKEN_OVER)
        after = json.loads(await tab.see(WORKER))
        assert before["shells"] == [f"shell-{before['served']}"]
        assert set(after["shells"]) == {*before["shells"], f"shell-{after['served']}"}
        assert before["served"] != after["served"]
        site.lose_the_line()
        await tab.open(f"{site.line.url}/hall")
        await tab.until("document.querySelector('#hall h1') !== null")
        assert site.file(1, "hall") in str(await tab.see("document.head.innerHTML"))
    await once(site, vote)


async def test_a_form_of_the_older_page_is_taken_with_what_was_typed(site: Replaced) -> None:
    site.house.at("2026-11-20T08:00")
    meeting = await called(site.house, "2026-11-24T19:30")
    member = (await site.house.cell_s()).hall[1]
    async with site.phone(await site.house.person(member)) as tab:
        await site.settle(tab)
        await tab.open(f"{site.line.url}/m/{meeting}/leave")
        await tab.see("document.querySelector('#r-ill').click()")
        await tab.see("document.querySelector('#note').focus()")
        await tab.do("Input.insertText", text="Đau lưng & mỏi")
        await site.deploy()
        await tab.tap("form .btn-p")
        await tab.until("document.body.textContent.includes('Đã gửi. Chờ bí thư xác nhận.')")
        assert site.file(1, "core") in str(await tab.see("document.head.innerHTML"))
    async with site.house.house.units.read() as uow:
        sitting = await convening.sitting(uow, parse_id(meeting))
        [asked] = (await attendance.leave_of(uow, sitting)).requests
    assert asked.note == "Đau lưng & mỏi"


async def test_words_of_the_recorder_go_on_being_kept(site: Replaced) -> None:
    sitting = await hybrid(site.house)
    await live_item(site.house, sitting.id)
    secretary = await site.house.secretary()
    said = "document.querySelector('#f-words').closest('.writing').querySelector('[data-kept]').textContent"
    async with site.phone(secretary) as tab:
        await site.settle(tab)
        await tab.open(f"{site.line.url}/m/{sitting.id}/run")
        await tab.until("document.querySelector('[data-spent]').textContent !== ''")
        site.lose_the_line()
        await tab.see("document.querySelector('#f-words').focus()")
        await tab.do("Input.insertText", text="Viết giữa hai bản")
        await tab.until(f"!{said}.startsWith('Đã lưu') && {said} !== ''")
        await site.deploy()
        site.find_the_line()
        await tab.until(f"{said}.startsWith('Đã lưu')", within=60)
    assert "Viết giữa hai bản" in (await (await reader(site.house)).open(f"/m/{sitting.id}/notes")).text


async def test_a_room_that_cannot_load_its_sound_any_more_says_what_to_do(site: Replaced) -> None:
    """With "save data" the sound is fetched by the tap alone: by then the server has it under another name."""
    meeting = await supplement(site.house)
    member = (await site.house.cell_s()).phone[0]
    async with site.phone(await site.house.person(member)) as tab:
        await site.settle(tab)
        await tab.do("Network.setExtraHTTPHeaders", headers={"Save-Data": "on"})
        await tab.open(f"{site.line.url}/m/{meeting}/room")
        await site.deploy()
        await tab.tap("#listen")
        await tab.until("document.querySelector('#calm').textContent.includes('Phần mềm vừa được cập nhật')")
        await shot(tab, "stale_room")
        await tab.tap("#listen")
        await tab.until(f"document.head.innerHTML.includes({site.file(1, 'room')!r})")


async def test_what_a_newer_build_made_of_the_store_is_read_and_written_by_the_older_page(
    site: Replaced,
) -> None:
    """A newer build was here and was taken back: its page was never kept waiting, and votes still wait safely."""
    found, vote, member = await voting(site)
    async with site.phone(await site.house.person(member)) as tab:
        await site.settle(tab)
        await tab.open(f"{site.line.url}/m/{found.id}/room")
        assert await tab.see(NEWER)
        site.lose_the_line()
        await choose(tab, "for")
        await tab.until(strip("chưa được ghi nhận"))
        assert await tab.see(QUEUED) == 1
        site.find_the_line()
        await tab.open(f"{site.line.url}/m/{found.id}/room")
        await tab.until(strip("TÁN THÀNH"))
        assert await tab.see(QUEUED) == 0
    await once(site, vote)


async def test_a_meeting_kept_by_an_older_build_is_continued_whole(site: Replaced) -> None:
    site.house.at("2026-11-20T08:00")
    meeting = await called(site.house, "2026-11-24T19:30")
    site.house.at("2026-11-24T19:25")
    cast = await site.house.cell_s()
    async with site.phone(await site.house.secretary()) as tab:
        await site.settle(tab)
        await tab.open(f"{site.line.url}/hall#{meeting}")
        await tab.until("document.querySelector('#kept').textContent.includes('Từ giờ không cần mạng')")
        for member in cast.hall:
            await tab.see(f"document.querySelector('#n-{member.id} input[value=present]').click()")
        await tab.until("document.querySelector('#kept').dataset.state === 'kept'")
        assert await tab.see(OLDER)
        await site.deploy()
        await tab.do("Page.reload")
        await tab.until(f"document.head.innerHTML.includes({site.file(1, 'hall')!r})")
        await tab.until(
            f"document.querySelectorAll('input[value=present]:checked').length === {len(cast.hall)}"
        )
        for name in ("run", "minutes", "send", "roll"):
            await tab.see(f"document.querySelector('#tab-{name}').click()")
            await tab.until("document.querySelector('#part').textContent !== ''")
