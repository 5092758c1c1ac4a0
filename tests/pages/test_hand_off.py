"""Out of Zalo's browser and into the phone's own one."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from demo.client import Person
from tests.pages.reader import BROWSER, Reader, reader
from tests.pages.test_browsers import ZALO_ANDROID
from tests.pages.test_room import supplement
from tests.serving import CELL, Serving


async def test_the_other_browser_stands_in_the_room_without_signing_in_again(house: Serving) -> None:
    meeting = await supplement(house)
    member = (await house.cell_s()).phone[0]
    mine, path = await reader(house, member), f"/m/{meeting}/open"
    before = await mine.open(path)
    assert "/l/" not in before.html, "to look at the page makes no link"
    after = await mine.press(before, path)
    [link] = re.findall(r"http://[^<\s]+/l/[^<\s]+", after.text)
    other = Person(house.base)
    chrome = Reader(house, other)
    try:
        address = urlsplit(link)
        question = await chrome.open(f"{address.path}?{address.query}")
        assert member.name in question.text
        room = await chrome.press(question, f"{address.path}?{address.query}")
        assert (room.status, room.url) == (200, f"/m/{meeting}/room")
    finally:
        await other.close()
    assert (await mine.open("/")).status == 200


async def test_zalo_on_android_is_offered_one_big_button(house: Serving) -> None:
    meeting = await supplement(house)
    person = await house.person((await house.cell_s()).phone[0])
    headers = {**BROWSER, "User-Agent": ZALO_ANDROID}
    url = f"{house.base}/m/{meeting}"
    async with person._http.get(f"{url}/room", headers=headers) as answer:
        assert f'href="/m/{meeting}/open" hidden' in await answer.text()
    async with person._http.get(f"{url}/open", headers=headers) as answer:
        csrf = re.findall(r'name="csrf" value="(\w+)"', await answer.text())[0]
    async with person._http.post(f"{url}/open", data={"csrf": csrf}, headers=headers) as answer:
        assert 'href="intent://' in await answer.text()
    assert (
        "/open"
        not in (await (await reader(house, (await house.cell_s()).phone[0])).open(f"/m/{meeting}/room")).html
    )


async def test_who_is_signed_out_has_nothing_to_hand_off(house: Serving) -> None:
    meeting = await supplement(house)
    assert (await Reader(house, house.anybody()).open(f"/m/{meeting}/open")).status == 401


async def test_a_link_leads_into_rooms_alone(house: Serving) -> None:
    secretary = await house.secretary()
    member = (await house.cell_s()).phone[1]
    made = await secretary.post(f"/cells/{CELL}/invitations", member=member.id, channel="paper")
    path = urlsplit(str(made["link"])).path
    other = Person(house.base)
    try:
        stranger = Reader(house, other)
        page = await stranger.open(f"{path}?m=//evil.example")
        assert path in page.forms()
        assert (await stranger.press(page, path)).url == "/"
    finally:
        await other.close()
