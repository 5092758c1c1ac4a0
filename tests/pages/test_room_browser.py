"""The room in real Chromium against the embedded media server: hear, be heard, vote, lose the line and come back."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.cast import Member
from meetings.kernel.clock import FixedClock
from meetings.rooms.child import ChildPlan, MediaChild
from meetings.rooms.gateway import LiveKitGateway
from tests.media_server.proxy import Proxy, proxied
from tests.pages.chromium import Tab, phone
from tests.pages.scripts import built
from tests.pages.test_room import supplement
from tests.postgres import Urls
from tests.serving import SECRETS, Serving, serving

PICTURES = os.environ.get("CHIBO_PICTURES", "")  # a folder: screenshots are kept there, to be looked at
KEY = "devkey"
# Whether any sound comes out of the page: the loudest sample of what its audio elements play.
LOUDNESS = """
(async () => {
  const voices = [...document.querySelectorAll('#sound audio')].map((one) => one.srcObject).filter(Boolean);
  if (!voices.length) return 0;
  const context = new AudioContext();
  const meter = new AnalyserNode(context, { fftSize: 8192 });
  for (const voice of voices) context.createMediaStreamSource(voice).connect(meter);
  let loudest = 0;
  const samples = new Float32Array(8192);
  for (let turn = 0; turn < 25; turn++) {
    await new Promise((done) => setTimeout(done, 100));
    meter.getFloatTimeDomainData(samples);
    loudest = Math.max(loudest, ...samples.map(Math.abs));
  }
  await context.close();
  return loudest;
})()
"""
HEARD = 0.01
PLACES = """
[...document.querySelectorAll('header *, main *')].filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => !one.closest('#listen, #modes'))
  .map((one) => [one.localName, ...Object.values(one.getBoundingClientRect().toJSON()).slice(0, 2)].join(' '))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hall:
    """A served application whose rooms are real; browsers reach the media server through `line`."""

    house: Serving
    line: Proxy

    @asynccontextmanager
    async def browser(self, member: Member, *, scripts: bool = True) -> AsyncIterator[Tab]:
        """A member's phone."""
        person = await self.house.person(member)
        async with phone(self.house.base, person.cookies(), scripts=scripts) as tab:
            yield tab


async def shot(tab: Tab, name: str) -> None:
    if PICTURES:
        await tab.picture(Path(PICTURES) / f"{name}.png")


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    from tests.serving import IMPORTED  # noqa: PLC0415  the clock of that world

    yield FixedClock(IMPORTED)


@pytest.fixture
async def hall(database_urls: Urls, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Hall]:
    built()
    secret = SECRETS.livekit_api_secret
    plan = ChildPlan(
        key=KEY, secret=secret, host="127.0.0.1", port=0, rtc_addresses=["127.0.0.1"], rtc_port=0,
        webhook_url="http://127.0.0.1:9/none",
    )  # fmt: skip
    child = MediaChild(plan)
    await child.start()
    gateway = LiveKitGateway(address=lambda: child.url, key=KEY, secret=secret, clock=clock)
    async with (
        proxied(child.url) as line,
        serving(database_urls, tmp_path, clock, gateway=gateway, address=lambda: line.url) as house,
    ):
        yield Hall(house=house, line=line)
    await child.stop()


async def listening(tab: Tab, hall: Hall, meeting: str) -> None:
    """Open the room and tap once."""
    await listening_at(tab, f"{hall.house.base}/m/{meeting}/room")


async def listening_at(tab: Tab, url: str) -> None:
    """Open that room and tap once."""
    await tab.open(url)
    await tab.tap("#listen")
    await tab.until("document.body.classList.contains('hearing')")


async def loud(tab: Tab) -> bool:
    """Whether a voice comes out of the page, once one is there."""
    await tab.until("document.querySelector('#sound audio') !== null")
    for _ in range(4):
        if float(await tab.see(LOUDNESS)) > HEARD:
            return True
    return False


@pytest.mark.parametrize("width", [360, 1280])
async def test_nothing_moves_when_the_scripts_come(hall: Hall, width: int) -> None:
    meeting = await supplement(hall.house)
    async with hall.browser((await hall.house.cell_s()).phone[0]) as tab:
        await tab.size(width, 740)
        await tab.do("Network.setBlockedURLs", urls=["*.js"])
        await tab.open(f"{hall.house.base}/m/{meeting}/room")
        assert await tab.see("document.querySelector('#listen').hidden")
        before = await tab.see(PLACES)
        await tab.do("Network.setBlockedURLs", urls=[])
        await tab.open(f"{hall.house.base}/m/{meeting}/room?now")
        await tab.until("!document.querySelector('#listen').hidden")
        assert await tab.see(PLACES) == before


async def test_two_phones_hear_each_other_after_one_tap(hall: Hall) -> None:
    meeting = await supplement(hall.house)
    one, two = (await hall.house.cell_s()).phone[:2]
    async with hall.browser(one) as first, hall.browser(two) as second:
        await first.open(f"{hall.house.base}/m/{meeting}/room")
        await shot(first, "room_before")
        for tab in (first, second):
            await listening(tab, hall, meeting)
        assert await first.see("document.querySelectorAll('#sound audio').length") == 0, (
            "nobody speaks unasked"
        )
        for tab in (first, second):
            await tab.tap("#mic")
            await tab.until("document.querySelector('#mic').getAttribute('aria-pressed') === 'true'")
        for tab, name in ((first, two.name), (second, one.name)):
            assert await loud(tab)
            await tab.until(f"document.querySelector('#who').textContent === {name!r}")
        await shot(first, "room_hearing")
        assert first.problems + second.problems == []


async def test_a_vote_in_the_room_outlives_a_dead_line(hall: Hall) -> None:
    meeting = await supplement(hall.house)
    secretary = await hall.house.secretary()
    member = (await hall.house.cell_s()).phone[0]
    async with hall.browser(member) as tab:
        await tab.open(f"{hall.house.base}/m/{meeting}/room")
        vote = await secretary.post(
            f"/meetings/{meeting}/votes", question="Đồng chí nghĩ sao về kế hoạch tháng 12?"
        )
        await tab.until("document.querySelectorAll('.opt').length === 3")
        await shot(tab, "vote_open")
        offline = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        await tab.do("Network.emulateNetworkConditions", offline=True, **offline)
        await tab.tap("button[value=for]")
        await tab.until("document.querySelector('[data-strip]').textContent.startsWith('Chưa gửi được')")
        await shot(tab, "vote_waiting")
        await tab.do("Network.emulateNetworkConditions", offline=False, **offline)
        await tab.until("document.querySelector('[data-strip]').textContent.includes('TÁN THÀNH')")
        await shot(tab, "vote_sent")
        mine = await (await hall.house.person(member)).get(f"/votes/{vote['id']}/mine")
        assert [one["choice"] for one in mine["ballots"]] == ["for"]
        assert await tab.see(KEPT) == 0, "nothing of the answer stays on a phone that others use as well"
        await secretary.post(f"/votes/{vote['id']}/close")
        await tab.until("document.querySelector('.done') !== null")
        assert tab.problems == []


KEPT = """
new Promise((done) => { const opening = indexedDB.open('chibo'); opening.onsuccess = () => {
  const all = opening.result.transaction('outbox').objectStore('outbox').count();
  all.onsuccess = () => done(all.result); }; })
"""


async def test_without_scripts_the_vote_is_three_plain_buttons(hall: Hall) -> None:
    meeting = await supplement(hall.house)
    secretary = await hall.house.secretary()
    vote = await secretary.post(
        f"/meetings/{meeting}/votes", question="Đồng chí nghĩ sao về kế hoạch tháng 12?"
    )
    member = (await hall.house.cell_s()).phone[0]
    async with hall.browser(member, scripts=False) as tab:
        await tab.open(f"{hall.house.base}/m/{meeting}/room")
        await shot(tab, "room_without_scripts")
        await tab.tap("button[value=against]")
        await tab.until("document.querySelector('.note.ok')?.textContent.includes('KHÔNG TÁN THÀNH')")
    mine = await (await hall.house.person(member)).get(f"/votes/{vote['id']}/mine")
    assert [one["choice"] for one in mine["ballots"]] == ["against"]


async def test_a_cut_line_comes_back_by_itself_with_one_calm_sentence(hall: Hall) -> None:
    meeting = await supplement(hall.house)
    one, two = (await hall.house.cell_s()).phone[:2]
    async with hall.browser(one) as speaker, hall.browser(two) as listener:
        for tab in (speaker, listener):
            await listening(tab, hall, meeting)
        await speaker.tap("#mic")
        assert await loud(listener)
        before = hall.line.connections
        hall.line.cut()
        await listener.until("!document.querySelector('#calm').hidden")
        await shot(listener, "room_reconnecting")
        await listener.until("document.querySelector('#calm').hidden", within=40)
        assert hall.line.connections > before
        await speaker.until("document.querySelector('#calm').hidden", within=40)
        assert await loud(listener)


async def test_a_small_phone_with_large_letters_needs_no_scrolling_sideways(hall: Hall) -> None:
    meeting = await supplement(hall.house)
    secretary = await hall.house.secretary()
    await secretary.post(f"/meetings/{meeting}/votes", question="Đồng chí nghĩ sao về kế hoạch tháng 12?")
    async with hall.browser((await hall.house.cell_s()).phone[0]) as tab:
        await tab.do(
            "Emulation.setDeviceMetricsOverride", width=320, height=640, deviceScaleFactor=2, mobile=True
        )
        await tab.open(f"{hall.house.base}/m/{meeting}/room")
        await tab.see("document.documentElement.style.fontSize = '225%'")
        await shot(tab, "room_200pct")
        assert await tab.see("document.documentElement.scrollWidth") <= 320
        small = await tab.see(
            "[...document.querySelectorAll('button, a, summary, label')].filter((e) => e.offsetParent"
            " && e.getBoundingClientRect().height < 48 && !e.classList.contains('skip')).map((e) => e.outerHTML)"
        )
        assert small == []
