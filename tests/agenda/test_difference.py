"""Differences lose nothing and read as people expect."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.agenda.difference import Change, difference, read, spoken, tidy

WORDING = st.lists(st.sampled_from(("chi", "bộ", "họp", "\n", "  ", "ngày", "3,")), max_size=30).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(WORDING, WORDING)
def test_both_wordings_can_be_read_from_the_difference(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert read(pieces, Change.ADDED) == tidy(before)
    assert read(pieces, Change.REMOVED) == tidy(after)
    assert all(one.change is not then.change for one, then in pairwise(pieces))
    assert (spoken(pieces) == "") == (tidy(before) == tidy(after))


@settings(max_examples=50, deadline=None)
@given(WORDING)
def test_nothing_differs_from_itself(text: str) -> None:
    assert all(piece.change is Change.SAME for piece in difference(text, text))
    assert tidy(tidy(text)) == tidy(text)


def test_changes_are_told_in_words() -> None:
    before = "Giao đồng chí An rà soát hộ nghèo trước ngày 15/12."
    after = "Giao đồng chí Bình rà soát hộ nghèo, hộ cận nghèo trước ngày 15/12."
    assert spoken(difference(before, after)) == "thay “An” bằng “Bình”; thêm “nghèo, hộ cận”"
    assert spoken(difference("Một hai", "Một hai ba")) == "thêm “ba”"
    assert spoken(difference("Một hai ba", "Một ba")) == "bỏ “hai”"
    assert spoken(difference("a b", "b a c")) == "bỏ “a”; thêm “a c”"


def test_words_with_marks_are_only_words() -> None:
    [piece] = difference("", "<b>đậm</b> & nghiêng")
    assert (piece.change, piece.text) == (Change.ADDED, "<b>đậm</b> & nghiêng")
