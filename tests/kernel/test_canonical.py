"""Canonical JSON: one byte form, no floats, composed text only."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.kernel.canonical import Json, canonical, digest
from meetings.kernel.text import nfc

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(nfc)
SCALARS = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | WORDS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


def test_keys_are_sorted_and_letters_stay_letters() -> None:
    assert (
        canonical({"đ": 1, "b": [True, None, "Én"], "a": -2})
        == '{"a":-2,"b":[true,null,"Én"],"đ":1}'.encode()
    )


def test_keys_sort_by_utf16_as_the_standard_says() -> None:
    # RFC 8785 3.2.3: U+1F600 (a surrogate pair from D83D) comes before U+FF01.
    assert canonical({"\uff01": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\uff01":1}'.encode()


def test_the_digest_is_that_of_the_bytes() -> None:
    value: Json = {"tháng": "2026-11"}
    assert digest(value) == hashlib.sha256(canonical(value)).hexdigest()


@pytest.mark.parametrize("value", [1.5, [0.0], {"a": {"b": float("nan")}}])
def test_floats_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="float"):
        canonical(value)  # type: ignore[arg-type]  # what a careless caller would hand over


@pytest.mark.parametrize("wrap", [lambda t: t, lambda t: [t], lambda t: {t: 1}, lambda t: {"a": [{"b": t}]}])
def test_decomposed_text_is_refused_wherever_it_stands(wrap: object) -> None:
    assert callable(wrap)
    with pytest.raises(ValueError, match="NFC"):
        canonical(wrap(unicodedata.normalize("NFD", "Đặng Thị Én")))


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_the_order_of_writing_does_not_matter(value: dict[str, Json]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)
