"""Passkeys in real Chromium with a device in memory behind its protocol, and what is said where there are none."""

from __future__ import annotations

from typing import Any

from tests.pages.chromium import Tab, phone
from tests.pages.reader import Reader, reader
from tests.pages.scripts import built
from tests.pages.typist import Typist
from tests.serving import CELL, Serving

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def with_device(tab: Tab, **facts: Any) -> str:
    """A device that keeps keys, as phones have one built in."""
    await tab.do("WebAuthn.enable")
    made = await tab.do("WebAuthn.addVirtualAuthenticator", options=DEVICE | facts)
    return str(made["authenticatorId"])


def named(house: Serving) -> str:
    """The same server by a name: there are no passkeys at addresses of digits."""
    return house.base.replace("127.0.0.1", "localhost")


async def make(tab: Tab, base: str) -> None:
    """Press the one button and wait until the key stands on the page."""
    await tab.open(f"{base}/passkeys")
    await tab.tap("[data-passkey] button")
    await tab.until("document.querySelector('main').innerText.includes('chưa dùng')", within=60)


async def test_a_secretary_makes_one_leaves_and_comes_back_by_it(house: Serving) -> None:
    built()
    base, secretary = named(house), await house.secretary()
    async with phone(base, secretary.cookies()) as tab:
        await with_device(tab)
        await make(tab, base)
        await tab.do("Network.clearBrowserCookies")
        await tab.open(f"{base}/")
        await tab.tap("[href='/passkey']")
        await tab.tap("[data-passkey] button")
        await tab.until("location.pathname === '/' && document.querySelector('.next') !== null")
        await tab.open(f"{base}/passkeys")
        assert "Dùng gần nhất ngày" in await tab.see("document.querySelector('main').innerText")
        await tab.tap("form[action$='/revoke'] button")
        await tab.until("!document.querySelector('form[action$=\"/revoke\"]')")
        await tab.do("Network.clearBrowserCookies")
        await tab.open(f"{base}/passkey")
        await tab.tap("[data-passkey] button")
        await tab.until("document.querySelector('.problem')?.innerText.includes('không vào được')")
        assert not [one for one in tab.problems if "403" not in one]


async def test_who_does_not_unlock_the_device_is_told_calmly(house: Serving) -> None:
    built()
    base, secretary = named(house), await house.secretary()
    async with phone(base, secretary.cookies()) as tab:
        device = await with_device(tab)
        await tab.do("WebAuthn.setUserVerified", authenticatorId=device, isUserVerified=False)
        await tab.open(f"{base}/passkeys")
        await tab.tap("[data-passkey] button")
        await tab.until("document.querySelector('[data-told]').textContent.startsWith('Chưa làm xong')")
        await tab.do("WebAuthn.setUserVerified", authenticatorId=device, isUserVerified=True)
        await make(tab, base)
        await tab.tap("[data-passkey] button")
        await tab.until("document.querySelector('[data-told]').textContent.startsWith('Máy này đã có khóa')")


async def test_the_secretary_takes_a_member_s_key_back(house: Serving) -> None:
    built()
    base, member = named(house), (await house.cell_s()).phone[0]
    theirs = await house.person(member)
    async with phone(base, theirs.cookies()) as tab:
        await with_device(tab)
        await make(tab, base)
    secretary, path = Typist(await reader(house)), f"/c/{CELL}/members/{member.id}"
    page = await secretary.reader.open(path)
    [key] = (await theirs.get("/me/passkeys"))["passkeys"]
    assert key["label"] in page.text
    await secretary.fill(page, f"{path}/passkeys/{key['id']}/revoke")
    assert (await theirs.get("/me/passkeys"))["passkeys"] == []


async def test_an_address_of_digits_says_why_there_are_none(house: Serving) -> None:
    mine, nobody = await reader(house), Reader(house, house.anybody())
    for page in (await mine.open("/passkeys"), await nobody.open("/passkey")):
        assert page.status == 200
        assert "trình duyệt không cho dùng khóa truy cập" in page.text
        assert "data-passkey" not in page.html
    for path, who in (("/passkeys?lang=en", mine), ("/passkey?lang=en", nobody)):
        assert (await who.open(path)).untranslated() == ""
    assert "/code" in (await nobody.open("/passkey")).links()
    assert (await nobody.open("/passkeys")).status == 401


async def test_without_scripts_the_page_says_so_and_shows_no_dead_button(house: Serving) -> None:
    built()
    base, secretary = named(house), await house.secretary()
    async with phone(base, secretary.cookies(), scripts=False) as tab:
        for path in ("/passkeys", "/passkey"):
            await tab.open(base + path)
            assert "đang tắt JavaScript" in await tab.see("document.querySelector('main').innerText")
            assert await tab.see("document.querySelector('[data-passkey]').hidden")


async def test_a_forged_answer_makes_no_key(house: Serving) -> None:
    secretary = Typist(await reader(house))
    form = (await secretary.reader.open(f"/c/{CELL}/practice")).forms()[f"/c/{CELL}/practice"]
    refused = await secretary.reader.send("/passkeys", **form, label="Máy", credential='{"id": "A"}')
    assert refused.status in {403, 422}
    assert (await (await house.secretary()).get("/me/passkeys"))["passkeys"] == []
