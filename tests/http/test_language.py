"""Vietnamese first; English where the catalogue has it."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from meetings.http.language import catalogue, language_of, speaking, translator


@pytest.mark.parametrize(
    ("path", "cookie", "expected"),
    [
        ("/", "", "vi"),
        ("/?lang=en", "", "en"),
        ("/", "lang=en", "en"),
        ("/?lang=vi", "lang=en", "vi"),
        ("/?lang=xx", "", "vi"),
        ("/", "lang=../../etc", "vi"),
    ],
)
def test_the_person_chooses(path: str, cookie: str, expected: str) -> None:
    assert language_of(make_mocked_request("GET", path, headers={"Cookie": cookie})) == expected


def test_vietnamese_is_the_source() -> None:
    request = make_mocked_request("GET", "/")
    assert translator(request)("Không tìm thấy.") == "Không tìm thấy."


def test_a_text_without_translation_stays_vietnamese() -> None:
    request = make_mocked_request("GET", "/?lang=en")
    assert translator(request)("Chuỗi chưa dịch.") == "Chuỗi chưa dịch."
    assert catalogue("xx").gettext("Không tìm thấy.") == "Không tìm thấy."


async def test_who_chose_nothing_gets_the_language_of_the_installation() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=language_of(request))

    app = web.Application(middlewares=[speaking("en")])
    app.add_routes([web.get("/", answer)])
    async with TestClient(TestServer(app)) as client:
        assert await (await client.get("/")).text() == "en"
        assert await (await client.get("/?lang=vi")).text() == "vi"
