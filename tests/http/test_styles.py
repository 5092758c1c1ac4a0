"""Style sheets: kept for ever under their content's name, packed, never lost to a page from before an update."""

from __future__ import annotations

import gzip
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from pytest_aiohttp.plugin import AiohttpClient

from meetings.http.styles import STYLES
from meetings.http.templates import set_up_templates

Browser = TestClient[web.Request, web.Application]


@pytest.fixture
async def app() -> web.Application:
    made = web.Application()
    set_up_templates(made)
    return made


@pytest.fixture
async def browser(aiohttp_client: AiohttpClient, app: web.Application) -> Browser:
    return await aiohttp_client(app, auto_decompress=False)


async def _get(browser: Browser, path: str, **headers: str) -> tuple[aiohttp.ClientResponse, bytes]:
    answer: Any = await browser.get(path, headers=headers)
    return answer, await answer.read()


async def test_a_sheet_is_kept_for_ever_and_packed(browser: Browser, app: web.Application) -> None:
    address = app[STYLES].address("app")
    packed, short = await _get(browser, address, **{"Accept-Encoding": "gzip, br"})
    plain, long = await _get(browser, address, **{"Accept-Encoding": "identity"})
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(short) == long
    assert packed.content_type == "text/css"


@pytest.mark.parametrize("path", ["/static/app.css", "/static/app-0000000000.css"])
async def test_a_page_from_before_an_update_gets_the_sheet_of_today(
    browser: Browser, app: web.Application, path: str
) -> None:
    answer, body = await _get(browser, path)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert body == (await _get(browser, app[STYLES].address("app")))[1]
    again, nothing = await _get(browser, path, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status, nothing) == (304, b"")


@pytest.mark.parametrize("path", ["/static/none.css", "/static/", "/static/..%2Fpace.py", "/static/app.js"])
async def test_nothing_else_is_given(browser: Browser, path: str) -> None:
    assert (await _get(browser, path))[0].status == 404


async def test_a_sheet_that_is_not_there_is_a_templates_mistake(app: web.Application) -> None:
    with pytest.raises(KeyError):
        app[STYLES].address("none")
