"""Anybody's page: files are judged and not kept, hostile ones refused, nobody served more than their share."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, FormData

from meetings.minutes.apart import Bounds, Unreadable
from meetings.minutes.service.strangers import MOST_FILE, FileTooLarge, NotAPdf, OpenVerifier, VerifierBusy
from meetings.pages.verifier import PATH
from tests.pages.reader import BROWSER, Page, Reader, reader
from tests.serving import Serving

NOT_MINUTES = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


async def dropped(browser: Reader, content: bytes, name: str = "tep.pdf", **fields: str) -> Page:
    form = FormData(fields)
    form.add_field("file", io.BytesIO(content), filename=name, content_type="application/pdf")
    async with browser._http.post(browser._base + PATH, data=form, headers=BROWSER) as answer:
        return Page(
            status=answer.status, url=answer.url.path, html=await answer.text(), headers=dict(answer.headers)
        )


def stored(folder: Path) -> set[str]:
    return {str(one) for one in folder.rglob("*") if one.is_file()}


async def test_the_page_needs_no_account_and_has_no_script_of_its_own(house: Serving) -> None:
    browser = Reader(house, house.anybody())
    page = await browser.open(PATH)
    assert page.status == 200
    assert page.html.count("<script") == page.html.count("/scripts/core-") <= 1
    assert 'enctype="multipart/form-data"' in page.html
    assert "không lưu lại" in page.text
    assert PATH in (await browser.open("/")).links()
    english = await browser.open(f"{PATH}?lang=en")
    assert english.untranslated() in {"", "Tiếng Việt"}


async def test_what_is_not_signed_is_said_by_nine_rules(house: Serving, tmp_path: Path) -> None:
    browser, before = Reader(house, house.anybody()), stored(tmp_path)
    page = await dropped(browser, NOT_MINUTES)
    assert page.status == 200
    assert "Tệp này chưa được ký, hoặc không đọc được." in page.text
    assert page.html.count("<li>") == 9
    assert page.html.count('class="v-failed"') >= 5
    assert stored(tmp_path) == before


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "tep.pdf", "Xin chọn tệp biên bản PDF"),
        (b"\xff\xd8\xff" + b"jpeg" * 100, "anh.pdf", "Xin chọn tệp biên bản PDF"),
        (b"%PDF-1.7" + b" " * MOST_FILE, "to.pdf", "Tệp lớn quá 4 MB"),
    ],
)
async def test_what_is_no_signed_file_is_refused_in_words(
    house: Serving, content: bytes, name: str, said: str
) -> None:
    page = await dropped(Reader(house, house.anybody()), content, name)
    assert page.status == 422
    assert said in page.text
    assert "<form" in page.html


async def test_a_form_without_a_file_says_so(house: Serving) -> None:
    browser = Reader(house, house.anybody())
    for page in (await browser.send(PATH), await browser.send(PATH, file="lời")):
        assert page.status == 422
        assert "Chưa có tệp nào." in page.text


async def test_bodies_that_are_not_what_they_say(house: Serving) -> None:
    """Cut off, without a boundary, in pieces of untold length."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"--x\r\n"

    async with ClientSession(headers=BROWSER) as http:
        for kind, body in (
            ("multipart/form-data", b"x"),
            ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=file"),
            ("multipart/form-data; boundary=x", pieces()),
            ("application/x-www-form-urlencoded; charset=no-such", b"file=%ff"),
        ):
            async with http.post(house.base + PATH, data=body, headers={"Content-Type": kind}) as answer:
                assert answer.status in {400, 422}
                assert "Traceback" not in await answer.text()


async def test_signed_in_people_show_the_token_of_their_form(house: Serving) -> None:
    browser = await reader(house)
    assert (await dropped(browser, NOT_MINUTES)).status == 403
    token = (await browser.open(PATH)).html.partition('name="csrf" value="')[2].partition('"')[0]
    assert (await dropped(browser, NOT_MINUTES, csrf=token)).status == 200


async def test_one_address_may_not_ask_without_end(house: Serving) -> None:
    browser = Reader(house, house.anybody())
    seen = [(await browser.send(PATH)).status for _ in range(14)]
    assert seen[:9] == [422] * 9
    assert seen[-1] == 429
    assert (await browser.open(PATH)).status == 200


async def test_the_same_over_the_api(house: Serving) -> None:
    async with ClientSession(base_url=house.base) as http:
        sent = {"file": base64.b64encode(NOT_MINUTES).decode()}
        async with http.post("/api/v1/verified-files", json=sent) as answer:
            found = await answer.json()
        assert (answer.status, found["accepted"], len(found["rules"])) == (200, False, 9)
        async with http.post("/api/v1/verified-files", json={"file": "không phải"}) as answer:
            assert (answer.status, (await answer.json())["code"]) == (422, "not-a-pdf")


async def test_a_few_wait_the_rest_are_asked_to_come_again(house: Serving) -> None:
    verifier = OpenVerifier(house.house.minutes, Bounds(wait=0.01))
    answers = await asyncio.gather(*(verifier.judge(NOT_MINUTES) for _ in range(7)), return_exceptions=True)
    assert sum(isinstance(one, VerifierBusy) for one in answers) == 2
    assert sum(isinstance(one, Unreadable) for one in answers) == 5  # no patience, so each ends at once
    for wrong, refusal in ((b"", NotAPdf), (bytes(MOST_FILE + 1), FileTooLarge)):
        with pytest.raises(refusal):
            await verifier.judge(wrong)
