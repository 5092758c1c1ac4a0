"""Pure: how one wording differs from another, word by word, for people to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_BREAK = "\n"


class Change(StrEnum):
    """What becomes of some words."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row, and what becomes of them."""

    change: Change
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """As one reads them."""
        return _joined(self.words)


def tidy(text: str) -> str:
    """The wording with one space between words and no empty lines at its ends: what is compared and kept."""
    return _joined(_words(text)).strip(_BREAK)


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in order; without the added ones they read as before, without the removed ones as after."""
    old, new = _words(tidy(before)), _words(tidy(after))
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(Change.SAME, tuple(old[a:b])))
        else:
            found += [Piece(Change.REMOVED, tuple(old[a:b])), Piece(Change.ADDED, tuple(new[c:d]))]
    return tuple(piece for piece in found if piece.words)


def read(pieces: Iterable[Piece], leaving_out: Change) -> str:
    """The wording without the pieces of one kind: of the added ones before, of the removed ones after."""
    return _joined([word for piece in pieces if piece.change is not leaving_out for word in piece.words])


def spoken(pieces: Sequence[Piece]) -> str:
    """The changes as a sentence, for minutes: bỏ “…”; thay “…” bằng “…”; thêm “…”. Empty where nothing changes."""
    told: list[str] = []
    waiting: Piece | None = None
    for piece in pieces:
        if waiting is not None and piece.change is Change.ADDED:
            told.append(f"thay {_quoted(waiting)} bằng {_quoted(piece)}")
            waiting = None
            continue
        if waiting is not None:
            told.append(f"bỏ {_quoted(waiting)}")
        waiting = piece if piece.change is Change.REMOVED else None
        if piece.change is Change.ADDED:
            told.append(f"thêm {_quoted(piece)}")
    if waiting is not None:
        told.append(f"bỏ {_quoted(waiting)}")
    return "; ".join(told)


def _quoted(piece: Piece) -> str:
    return f"“{' '.join(piece.text.split())}”" if piece.text.strip() else "chỗ xuống dòng"


def _words(text: str) -> list[str]:
    """Words, and breaks between lines."""
    found: list[str] = []
    for number, line in enumerate(text.split(_BREAK)):
        found += ([_BREAK] if number else []) + line.split()
    return found


def _joined(words: Sequence[str]) -> str:
    return " ".join(words).replace(f" {_BREAK}", _BREAK).replace(f"{_BREAK} ", _BREAK)
