"""The way back from JSON accepts one form only."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.kernel.text import nfc
from meetings.minutes.facts import to_bytes
from meetings.minutes.reading import BadMinutes, from_json
from meetings.minutes.records import Minutes
from tests.minutes.sittings import extraordinary, hybrid, practice, supplement


@pytest.mark.parametrize("make", [hybrid, supplement, extraordinary, practice])
def test_reading_gives_back_the_same_minutes(make: Callable[[], Minutes]) -> None:
    assert from_json(to_bytes(make())) == make()


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.uuids().map(str), st.text(max_size=40).map(nfc), max_size=4))
def test_any_words_of_the_recorder_survive(texts: dict[str, str]) -> None:
    minutes = Minutes(facts=hybrid().facts, texts=texts)
    assert from_json(to_bytes(minutes)) == minutes


def altered(change: Callable[[dict[str, object]], object]) -> bytes:
    value = json.loads(to_bytes(hybrid()))
    change(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def test_the_alteration_itself_is_harmless() -> None:
    assert from_json(altered(lambda value: value)) == hybrid()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        to_bytes(hybrid()) + b" ",
        to_bytes(hybrid()).replace(b'"format":"chibo-minutes/1"', b'"format":"chibo-minutes/2"'),
        altered(lambda value: value.update(extra=1)),
        altered(lambda value: value.pop("texts")),
        altered(lambda value: value.update(texts={"a": 1})),
    ],
    ids=["empty", "null", "list", "bare", "bytes", "deep", "space", "format", "extra", "missing", "number"],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(BadMinutes):
        from_json(data)
