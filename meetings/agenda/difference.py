"""Pure: how one wording differs from another, word by word, for people to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\n|[^\S\n]+|[^\s]+")


class Change(StrEnum):
    """What becomes of some words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row, and what becomes of them."""

    change: Change
    text: str


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in order; without the added ones they read as before, without the removed ones as after."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(Change.SAME, "".join(old[a:b])))
        else:
            found += [Piece(Change.REMOVED, "".join(old[a:b])), Piece(Change.ADDED, "".join(new[c:d]))]
    return tuple(piece for piece in found if piece.text)


def spoken(pieces: Sequence[Piece]) -> str:
    """The changes as a sentence, for minutes: bỏ “…”, thay bằng “…”; thêm “…”. Empty where nothing changes."""
    told: list[str] = []
    place = 0
    while place < len(pieces):
        here = pieces[place]
        after = pieces[place + 1] if place + 1 < len(pieces) else None
        if here.change is Change.REMOVED and after is not None and after.change is Change.ADDED:
            told.append(f"thay {_quoted(here)} bằng {_quoted(after)}")
            place += 1
        elif here.change is not Change.SAME:
            told.append(f"{'thêm' if here.change is Change.ADDED else 'bỏ'} {_quoted(here)}")
        place += 1
    return "; ".join(told)


def _quoted(piece: Piece) -> str:
    return f"“{' '.join(piece.text.split())}”"
