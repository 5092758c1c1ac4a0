"""The page of a personal link, as a browser without JavaScript meets it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from meetings.committees.service import CommitteesService
from meetings.committees.sign_in import Handed
from meetings.http.identity import COOKIE_PLAIN
from meetings.kernel.clock import FixedClock
from meetings.kernel.ids import new_id
from tests.committees.conftest import OpenBrowser
from tests.committees.house import MEMBER, SECRETARY, House
from tests.committees.web import Browser, token_for


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))


async def submit(browser: Browser, token: str, **more: str) -> tuple[int, str]:
    """Open the page, press the button; the status and text of the answer."""
    page = await (await browser.get(f"/l/{token}")).text()
    form = {**fields(page), **more}
    answer = await browser.post(f"/l/{token}", data=form, allow_redirects=False)
    return answer.status, await answer.text()


async def test_opening_twice_consumes_nothing_and_pressing_enters_once(
    open_browser: OpenBrowser, service: CommitteesService, house: House
) -> None:
    token = await token_for(service, house, MEMBER)
    preview, phone, other = await open_browser(), await open_browser(), await open_browser()
    for browser in (preview, phone, phone, other):
        answer = await browser.get(f"/l/{token}")
        assert answer.status == 200
        assert f"Đồng chí có phải {MEMBER} không?" in await answer.text()
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
    earlier = fields(await (await other.get(f"/l/{token}")).text())
    page = await (await phone.get(f"/l/{token}")).text()
    assert "<script" not in page
    assert "style=" not in page
    entered = await phone.post(f"/l/{token}", data=fields(page), allow_redirects=False)
    assert (entered.status, entered.headers["Location"]) == (303, "/")
    cookie = entered.cookies[COOKIE_PLAIN]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["max-age"] == str(400 * 86400)
    assert (await (await phone.get("/api/v1/me")).json())["full_name"] == MEMBER
    late = await other.post(f"/l/{token}", data=earlier, allow_redirects=False)
    assert late.status == 403
    assert "đã dùng rồi" in await late.text()
    assert (await other.get("/api/v1/me")).status == 401


async def test_a_form_from_a_browser_that_did_not_open_the_page_is_refused(
    open_browser: OpenBrowser, service: CommitteesService, house: House
) -> None:
    token = await token_for(service, house, MEMBER)
    opener, other = await open_browser(), await open_browser()
    form = fields(await (await opener.get(f"/l/{token}")).text())
    without_cookie = await other.post(f"/l/{token}", data=form, allow_redirects=False)
    assert without_cookie.status == 403
    await other.get(f"/l/{token}")
    with_another = await other.post(f"/l/{token}", data=form, allow_redirects=False)
    assert with_another.status == 403
    without_field = await opener.post(f"/l/{token}", data={}, allow_redirects=False)
    assert without_field.status == 403
    assert (await submit(opener, token))[0] == 303


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_another_site_cannot_press_the_button(
    open_browser: OpenBrowser, service: CommitteesService, house: House, headers: dict[str, str]
) -> None:
    token = await token_for(service, house, MEMBER)
    browser = await open_browser()
    form = fields(await (await browser.get(f"/l/{token}")).text())
    answer = await browser.post(f"/l/{token}", data=form, headers=headers, allow_redirects=False)
    assert answer.status == 403
    assert COOKIE_PLAIN not in answer.cookies


async def test_a_link_by_message_asks_the_year_of_birth(
    open_browser: OpenBrowser, service: CommitteesService, house: House
) -> None:
    asker = house.asks(SECRETARY)
    link = await service.links.invite(asker, house.cell, house.members[MEMBER], Handed.MESSAGE)
    browser = await open_browser()
    assert 'name="birth_year"' in await (await browser.get(f"/l/{link.token}")).text()
    for wrong in ("1953", "", "mười", "1952; --"):
        status, text = await submit(browser, link.token, birth_year=wrong)
        assert status == 403
        assert "Năm sinh chưa đúng" in text
        assert 'name="birth_year"' in text
    assert (await submit(browser, link.token, birth_year=" 1952 "))[0] == 303


async def test_expired_and_unknown_links_say_so_without_a_name(
    open_browser: OpenBrowser, service: CommitteesService, house: House, clock: FixedClock
) -> None:
    token = await token_for(service, house, MEMBER)
    clock.move(timedelta(days=15))
    browser = await open_browser()
    for path, words in ((token, "quá 14 ngày"), ("khong-co", "đã dùng rồi hoặc đã thu hồi")):
        answer = await browser.get(f"/l/{path}")
        text = await answer.text()
        assert answer.status == 403
        assert words in text
        assert MEMBER not in text


async def test_too_many_tries_are_asked_to_wait(open_browser: OpenBrowser) -> None:
    browser = await open_browser()
    answers = [(await browser.get("/l/guess")).status for _ in range(21)]
    assert answers == [403] * 20 + [429]


async def test_a_shared_phone_changes_hands_only_with_the_token_of_the_form(
    open_browser: OpenBrowser, service: CommitteesService, house: House
) -> None:
    browser = await open_browser(SECRETARY)
    token = await token_for(service, house, MEMBER)
    form = fields(await (await browser.get(f"/l/{token}")).text())
    forged = await browser.post(f"/l/{token}", data={**form, "csrf": "0" * 64}, allow_redirects=False)
    assert forged.status == 403
    assert (await submit(browser, token))[0] == 303
    assert (await (await browser.get("/api/v1/me")).json())["full_name"] == MEMBER


async def test_entering_takes_no_key(
    open_browser: OpenBrowser, service: CommitteesService, house: House
) -> None:
    browser, token = await open_browser(), await token_for(service, house, MEMBER)
    form = fields(await (await browser.get(f"/l/{token}")).text())
    key = {"Idempotency-Key": new_id()}
    answer = await browser.post(f"/l/{token}", data=form, headers=key, allow_redirects=False)
    assert answer.status == 422
    assert (await submit(browser, token))[0] == 303


async def test_the_page_speaks_with_18_pixels_and_one_style_sheet(
    open_browser: OpenBrowser, service: CommitteesService, house: House
) -> None:
    browser, token = await open_browser(), await token_for(service, house, MEMBER)
    page = await (await browser.get(f"/l/{token}")).text()
    sheet = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert len(sheet) == 1
    answer = await browser.get(sheet[0])
    assert answer.status == 200
    assert "font-size: 112.5%" in await answer.text()
