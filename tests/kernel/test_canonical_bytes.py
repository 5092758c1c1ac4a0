"""The fast way and RFC 8785's own give the same bytes, for keys and texts of every kind."""

from __future__ import annotations

import unicodedata
from typing import Any

import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.kernel.canonical import canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
NUMBERS = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(VALUES)
def test_the_bytes_are_those_of_the_standard(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_control_characters_and_vietnamese_look_the_same() -> None:
    value = {"b": '\x00\x1f\x7f"\\/\b\f\n\r\t', "a": "Nghị quyết số 12", "A": [True, None, -1]}
    assert canonical(value) == rfc8785.dumps(value)
