"""Vietnamese first; English where the catalogue has it."""

from __future__ import annotations

import unicodedata
from string import Formatter

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from meetings.http.language import catalogue, language_of, remember_language, source, speaking, translator
from tests.http.catalogue import kept, texts

_PICTURES = {"So", "Cs", "Co", "Cn"}


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


TEXTS = texts()
ENGLISH = kept()


def test_every_text_has_its_english() -> None:
    missing = [text for text in TEXTS if (found := ENGLISH.get(text)) is None or not found.string]
    assert not missing, "\n".join(["python -m tests.http.catalogue, then translate:", *missing])


def test_nothing_is_fuzzy_and_nothing_is_left_over() -> None:
    assert [entry.id for entry in ENGLISH if entry.fuzzy and entry.id] == []
    assert [entry.id for entry in ENGLISH if entry.id and entry.id not in TEXTS] == []


def test_braces_are_the_same_in_both() -> None:
    differ = [str(entry.id) for entry in ENGLISH if braces(str(entry.id)) != braces(str(entry.string))]
    assert not differ, "\n".join(differ)


def braces(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_texts_are_composed_and_without_pictures() -> None:
    both = [*TEXTS, *(str(entry.string) for entry in ENGLISH)]
    assert [text for text in both if not unicodedata.is_normalized("NFC", text)] == []
    assert [text for text in both if any(unicodedata.category(char) in _PICTURES for char in text)] == []


def test_the_walk_finds_refusals_templates_and_code() -> None:
    assert "Không tìm thấy." in TEXTS
    assert "Đúng, là tôi" in TEXTS
    assert "Máy chủ gặp lỗi. Chưa có gì bị mất, xin thử lại." in TEXTS
    assert "Quá nửa" not in TEXTS


def test_english_is_spoken_where_it_is_asked_for() -> None:
    request = make_mocked_request("GET", "/?lang=en")
    assert translator(request)("Không tìm thấy.") == "Not found."
    marked = source("Không tìm thấy.")
    assert marked == "Không tìm thấy."


def test_a_choice_of_language_is_remembered_only_when_made() -> None:
    chosen, silent = web.Response(), web.Response()
    remember_language(make_mocked_request("GET", "/?lang=en"), chosen)
    remember_language(make_mocked_request("GET", "/"), silent)
    assert chosen.cookies["lang"].value == "en"
    assert not silent.cookies


async def test_who_chose_nothing_gets_the_language_of_the_installation() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=language_of(request))

    app = web.Application(middlewares=[speaking("en")])
    app.add_routes([web.get("/", answer)])
    async with TestClient(TestServer(app)) as client:
        assert await (await client.get("/")).text() == "en"
        assert await (await client.get("/?lang=vi")).text() == "vi"
