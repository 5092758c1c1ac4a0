"""The difference between two wordings: without loss, short, bounded, and readable aloud."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.agenda.difference import (
    MOST_EDITS,
    MOST_WORDS,
    Change,
    Piece,
    difference,
    in_words,
    new_of,
    old_of,
)
from meetings.kernel.text import nfc

WORDS = [
    "Chi",
    "bộ",
    "giao",
    "đồng",
    "chí",
    "Mẫu",
    "họp",
    "trước",
    "ngày",
    "30/11",
    ",",
    ".",
    "nghị",
    "quyết",
]
SPACES = st.sampled_from([" ", "\n", "  ", "\n\n"])
SENTENCES = st.lists(st.tuples(st.sampled_from(WORDS), SPACES), max_size=25).map(
    lambda told: "".join(word + space for word, space in told)
)
SPACED = st.lists(st.sampled_from(WORDS), max_size=25).map(lambda told: "".join(f"{word} " for word in told))
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TEXTS = SENTENCES | ANY | ANY.map(nfc)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_without_the_insertions_it_is_the_old_text_without_the_deletions_the_new(old: str, new: str) -> None:
    pieces = difference(old, new)
    assert (old_of(pieces), new_of(pieces)) == (old, new)
    assert all(one.text for one in pieces)
    assert all(one.change is not other.change for one, other in pairwise(pieces))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_the_same_text_is_not_different(text: str) -> None:
    assert all(one.change is Change.KEPT for one in difference(text, text))
    assert in_words(difference(text, text)) == ""


@settings(max_examples=80, deadline=None)
@given(SENTENCES, SENTENCES)
def test_as_many_words_are_kept_as_can_be(old: str, new: str) -> None:
    kept = " ".join(one.text for one in difference(old, new) if one.change is Change.KEPT)
    assert len(words(kept)) == longest_shared(words(old), words(new))


@settings(max_examples=60, deadline=None)
@given(SPACED, SPACED, st.sampled_from(WORDS))
def test_a_word_put_in_is_the_only_change(before: str, after: str, word: str) -> None:
    pieces = difference(before + after, f"{before}{word} {after}")
    assert [one.change for one in pieces if one.change is not Change.KEPT] == [Change.INSERTED]
    assert words("".join(one.text for one in pieces if one.change is Change.INSERTED)) == [word]


@settings(max_examples=60, deadline=None)
@given(SENTENCES, SENTENCES)
def test_composed_vietnamese_stays_composed(old: str, new: str) -> None:
    assert all(unicodedata.is_normalized("NFC", one.text) for one in difference(old, new))


def words(text: str) -> list[str]:
    return re.findall(r"\w+(?:[/.-]\w+)*|[^\w\s]", text)


def longest_shared(a: list[str], b: list[str]) -> int:
    """The plain table, to compare with."""
    row = [0] * (len(b) + 1)
    for x in a:
        above, row = row, [0] * (len(b) + 1)
        for place, y in enumerate(b):
            row[place + 1] = above[place] + 1 if x == y else max(above[place + 1], row[place])
    return row[-1]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("xong trước ngày 30", "xong trước ngày 15", "thay “30” bằng “15”"),
        ("Chi bộ giao việc", "Chi bộ giao ngay việc", "thêm “ngay” sau “Chi bộ giao”"),
        ("giao việc", "Chi bộ giao việc", "thêm “Chi bộ” ở đầu"),
        ("giao việc gấp.", "giao việc.", "bỏ “gấp”"),
        ("giao việc", "giao  việc", "chỉ sửa cách dòng, cách chữ"),
        ("tháng 11", "tháng 11 năm 2026", "thêm “năm 2026” sau “tháng 11”"),
        ("", "Chi bộ", "thêm “Chi bộ” ở đầu"),
        ("Chi bộ", "", "bỏ “Chi bộ”"),
        ("a\n\nb", "a\n\nc b\n\nd", "thêm “c” sau “a”; thêm “d” sau “b”"),
    ],
)
def test_changes_are_said_in_words(old: str, new: str, said: str) -> None:
    assert in_words(difference(old, new)) == said


def test_a_mark_stays_with_its_letter() -> None:
    pieces = difference("x\u0323\u0302 a", "x\u0323\u0301 a")
    assert pieces[:2] == (
        Piece(change=Change.DELETED, text="x\u0323\u0302 "),
        Piece(change=Change.INSERTED, text="x\u0323\u0301 "),
    )


def test_texts_that_differ_too_much_are_compared_by_lines() -> None:
    same = "Điều không đổi ở giữa"
    old = f"{' '.join(f'a{n}' for n in range(MOST_EDITS))}\n{same}\ncuối a"
    new = f"{' '.join(f'b{n}' for n in range(MOST_EDITS))}\n{same}\ncuối b"
    pieces = difference(old, new)
    assert (old_of(pieces), new_of(pieces)) == (old, new)
    assert Piece(change=Change.KEPT, text=f"{same}\n") in pieces


def test_at_worst_one_text_stands_in_place_of_the_other() -> None:
    old = "\n".join(f"a{n}" for n in range(MOST_WORDS + 1))
    new = "\n".join(f"b{n}" for n in range(MOST_WORDS + 1))
    assert difference(old, new) == (
        Piece(change=Change.DELETED, text=old),
        Piece(change=Change.INSERTED, text=new),
    )
