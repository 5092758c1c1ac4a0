"""Parsing: what comes in is checked, composed and bounded; what is wrong is named by its place."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from meetings.kernel.ids import new_id
from tests.http.notes import Client

BAD_BODIES: list[tuple[str, Any, str]] = [
    ("nothing", {}, "word"),
    ("unknown field", {"word": "a", "wrod": "b"}, "wrod"),
    ("a number for a text", {"word": 7}, "word"),
    ("a text for a number", {"word": "a", "size": "7"}, "size"),
    ("a float for a count", {"word": "a", "size": 7.0}, "size"),
    ("a truth for a count", {"word": "a", "size": True}, "size"),
    ("below zero", {"word": "a", "size": -1}, "size"),
    ("too much", {"word": "a", "size": 100_001}, "size"),
    ("too long", {"word": "a" * 201}, "word"),
    ("only spaces", {"word": "   "}, "word"),
    ("hidden character", {"word": "a\u202eb"}, "word"),
    ("zero byte", {"word": "a\x00"}, "word"),
    ("no uuid", {"word": "a", "about": "x" * 36}, "about"),
    ("a moment without a zone", {"word": "a", "at": "2026-11-24T19:00:00"}, "at"),
    ("the first year", {"word": "a", "at": "0001-01-01T10:19:01+13:16"}, "at"),
    ("the last year", {"word": "a", "at": "9999-12-31T23:00:00Z"}, "at"),
    ("no choice", {"word": "a", "colour": "green"}, "colour"),
    ("null", {"word": None}, "word"),
    ("a list", [], ""),
    ("a text", "word", ""),
]


@pytest.mark.parametrize(
    ("body", "place"), [case[1:] for case in BAD_BODIES], ids=[case[0] for case in BAD_BODIES]
)
async def test_a_bad_body_is_refused_by_its_place(client: Client, body: Any, place: str) -> None:
    status, said = await client.send("POST", "/papers", json=body)
    assert (status, said["code"]) == (422, "bad-body")
    assert place in {field["field"] for field in said["fields"]}
    assert (await client.send("GET", "/papers"))[1] == {"words": []}


@pytest.mark.parametrize(
    "raw",
    [b"{", b"\xff\xfe", b'{"word": "\\ud800"}', b"[" * 3000, b'{"word": NaN}', b'{"word":"a"}{', b"\x00"],
)
async def test_what_is_no_json_is_refused(client: Client, raw: bytes) -> None:
    status, said = await client.send(
        "POST", "/papers", data=raw, headers={"Content-Type": "application/json"}
    )
    assert (status, said["code"]) == (422, "bad-body")


async def test_nothing_of_a_bad_body_is_repeated(client: Client) -> None:
    response = await client.raw("POST", "/papers", json={"word": 7, "Ma Văn Thịnh": "số thẻ 123"})
    text = await response.text()
    assert "123" not in text


async def test_text_arrives_composed(client: Client) -> None:
    decomposed = unicodedata.normalize("NFD", "  Đặng  Thị Én ")
    status, said = await client.send("POST", "/papers", json={"word": decomposed})
    assert (status, said["word"]) == (201, "Đặng Thị Én")


async def test_ids_of_a_path_are_checked(client: Client) -> None:
    known = new_id()
    status, said = await client.send("GET", f"/papers/{known.upper()}/months/2026-11")
    assert (status, said) == (200, {"id": known, "word": "True 2026-11"})
    for wrong in ("x", "%00", "%ff", "..%2f..", "'%20or%201=1"):
        status, said = await client.send("GET", f"/papers/{wrong}/months/2026-11")
        assert (status, said["code"]) == (422, "bad-id")


async def test_queries_are_checked(client: Client) -> None:
    for wrong in ("?most=x", "?colour=green", "?other=1", "?most=1&most=2", "?most="):
        status, said = await client.send("GET", f"/papers{wrong}")
        assert (status, said["code"]) == (422, "bad-body")
    assert (await client.send("GET", "/papers?most=2&colour=red"))[0] == 200


async def test_a_file_leaves_as_it_is(client: Client) -> None:
    response = await client.raw("GET", "/files/one")
    assert (response.content_type, await response.read()) == ("application/pdf", b"%PDF")
