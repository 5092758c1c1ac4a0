"""A browser that goes to a page is refused on a page; the API answers in JSON, whoever asks."""

from __future__ import annotations

import asyncio
import re
from html import unescape

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from pytest_aiohttp import AiohttpClient

from meetings.http.problems import problems
from meetings.http.safety import safety
from meetings.http.templates import set_up_templates
from meetings.kernel.errors import Busy, NotFound, NotSignedIn

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
Browser = TestClient[web.Request, web.Application]


async def _refuse(_request: web.Request) -> web.Response:
    raise NotSignedIn


async def _busy(_request: web.Request) -> web.Response:
    raise Busy


async def _lost(_request: web.Request) -> web.Response:
    raise NotFound


async def _broken(_request: web.Request) -> web.Response:
    raise RuntimeError("an inner word")


def refusing(*, templates: bool = True) -> web.Application:
    """Some pages that refuse, and one address of the API."""
    app = web.Application(middlewares=[problems, safety])
    if templates:
        set_up_templates(app)
    for path, handler in (("/in", _refuse), ("/busy", _busy), ("/lost", _lost), ("/broken", _broken)):
        app.router.add_get(path, handler)
    app.router.add_get("/api/v1/in", _refuse)
    app.router.add_post("/busy", _busy)
    return app


@pytest.fixture
async def browser(aiohttp_client: AiohttpClient) -> Browser:
    return await aiohttp_client(refusing())


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/in", 401, "Đồng chí cần mở lại đường dẫn đăng nhập của mình."),
        ("/busy", 503, "Máy đang bận, xin thử lại sau ít giây."),
        ("/lost", 404, "Không có trang này"),
        ("/nowhere", 404, "Không tìm thấy."),
        ("/broken", 500, "Máy chủ gặp lỗi."),
        ("/in?lang=en", 401, "Please open your own sign-in link again."),
    ],
)
async def test_a_browser_reads_a_page(browser: Browser, path: str, status: int, said: str) -> None:
    answer = await browser.get(path, headers=BROWSER)
    page = await answer.text()
    assert answer.status == status
    assert answer.content_type == "text/html"
    assert said in page
    assert "an inner word" not in page
    assert "style-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_page_keeps_when_to_come_back(browser: Browser) -> None:
    assert (await browser.get("/busy", headers=BROWSER)).headers["Retry-After"] == "2"


async def test_what_was_typed_is_sent_again_with_one_press(browser: Browser) -> None:
    typed = {"key": "một khóa", "words": 'Ông A nói: "đúng" & <đủ>\nhai dòng', "do": "next"}
    answer = await browser.post("/busy?x=1", data=typed, headers=BROWSER)
    page = await answer.text()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "2")
    assert 'action="/busy?x=1"' in page
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    assert {name: unescape(value) for name, value in hidden} == typed
    assert "Gửi lại" in page


async def test_a_passphrase_is_never_written_into_a_page(browser: Browser) -> None:
    answer = await browser.post("/busy", data={"key": "k", "passphrase": "bí mật"}, headers=BROWSER)
    page = await answer.text()
    assert (answer.status, "bí mật" in page, "Gửi lại" in page) == (503, False, False)


async def test_a_page_that_is_not_there_for_now_is_asked_for_again(browser: Browser) -> None:
    assert 'href="/busy?a=b"' in await (await browser.get("/busy?a=b", headers=BROWSER)).text()
    assert "Thử lại" not in await (await browser.get("/lost", headers=BROWSER)).text()


async def test_a_form_at_the_wrong_address_is_refused_on_a_page(browser: Browser) -> None:
    answer = await browser.post("/in", data={"a": "b"}, headers=BROWSER)
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]
    assert 'href="/?lang=en"' in await answer.text()


async def test_the_language_link_stays_on_this_site(browser: Browser) -> None:
    reader, writer = await asyncio.open_connection(browser.host, browser.port)
    head = "GET //elsewhere.example/x HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    page = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    assert 'href="/elsewhere.example/x?lang=en"' in page
    assert 'href="//' not in page


async def test_the_api_answers_in_json(browser: Browser) -> None:
    for path in ("/api/v1/in", "/api/v1/nowhere"):
        answer = await browser.get(path, headers=BROWSER)
        assert answer.content_type == "application/problem+json"
    assert (await browser.get("/in")).content_type == "application/problem+json"


async def test_without_templates_everything_is_json(aiohttp_client: AiohttpClient) -> None:
    bare = await aiohttp_client(refusing(templates=False))
    assert (await bare.get("/in", headers=BROWSER)).content_type == "application/problem+json"
