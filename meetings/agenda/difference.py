"""Pure: what was taken out of a text and what was put in, word by word.

The shortest script of words (Myers, 1986) within bounds; texts that differ too much are compared by their lines, and
at worst shown as one text in place of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_EDITS = 300  # words put in and taken out; the work grows with its square
MOST_WORDS = 4000  # of one text; beyond that, lines are compared

_WORD = r"\w[\w\u0300-\u036f]*"
_TOKEN = re.compile(rf"({_WORD}(?:[/.-]{_WORD})*|[^\w\s][\u0300-\u036f]*)(\s*)")  # 30/11 and 05-NQ/CB are one
_LINE = re.compile(r"([^\n]+)(\n*)")
_LEAD = re.compile(r"\s*")
_CONTEXT = 4  # words said of what stands before an insertion
_SPACING = "chỉ sửa cách dòng, cách chữ"

Token = tuple[str, str]  # a word, and the space after it
Match = tuple[int, int, int]  # where in the old, where in the new, how many words


class Change(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some text, and what became of it. Never empty."""

    change: Change
    text: str


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces in order: without the inserted ones they are the old text, without the deleted ones the new."""
    before, after = _tokens(_TOKEN, old), _tokens(_TOKEN, new)
    found = _matches(before, after) if max(len(before), len(after)) <= MOST_WORDS else None
    if found is None:
        before, after = _tokens(_LINE, old), _tokens(_LINE, new)
        found = _matches(before, after) or []
    return tuple(_merged(_pieces(before, after, found)))


def old_of(pieces: Iterable[Piece]) -> str:
    """The text before."""
    return "".join(one.text for one in pieces if one.change is not Change.INSERTED)


def new_of(pieces: Iterable[Piece]) -> str:
    """The text after."""
    return "".join(one.text for one in pieces if one.change is not Change.DELETED)


def in_words(pieces: Sequence[Piece]) -> str:
    """Every change as it is read out: thay “mười” bằng “mười hai”; bỏ “…”; thêm “…” sau “…”."""
    said, went, before = [], "", ""
    for one in [*pieces, Piece(change=Change.KEPT, text="")]:
        text = _inline(one.text)
        if one.change is Change.DELETED:
            went = text
            continue
        if one.change is Change.INSERTED:
            said.append(_spoken(went, text, before))
        elif went:
            said.append(_spoken(went, "", before))
        went = ""
        if one.change is Change.KEPT and text:
            before = " ".join(text.split()[-_CONTEXT:])
    return "; ".join(one for one in said if one) or (_SPACING if any(_changed(pieces)) else "")


def _changed(pieces: Iterable[Piece]) -> Iterator[Piece]:
    return (one for one in pieces if one.change is not Change.KEPT)


def _spoken(went: str, came: str, before: str) -> str:
    if went and came:
        return f"thay “{went}” bằng “{came}”"
    if came:
        return f"thêm “{came}” " + (f"sau “{before}”" if before else "ở đầu")
    return f"bỏ “{went}”" if went else ""


def _inline(text: str) -> str:
    return " ".join(text.split())


def _tokens(pattern: re.Pattern[str], text: str) -> list[Token]:
    """Without loss: a space before the first word is one token of its own."""
    lead = _LEAD.match(text) if pattern is _TOKEN else re.match(r"\n*", text)
    space = lead[0] if lead else ""
    first: list[Token] = [("", space)] if space else []
    return first + [(found[1], found[2]) for found in pattern.finditer(text, len(space))]


def _matches(old: Sequence[Token], new: Sequence[Token]) -> list[Match] | None:
    """Runs of the same words in order; None where more than MOST_EDITS would be needed."""
    a, b = [word for word, _ in old], [word for word, _ in new]
    start = _shared(a, b)
    end = _shared(a[start:][::-1], b[start:][::-1])
    middle = _shortest(a[start : len(a) - end], b[start : len(b) - end])
    if middle is None:
        return None
    found = [(0, 0, start), *((i + start, j + start, n) for i, j, n in middle)]
    return [*found, (len(a) - end, len(b) - end, end)]


def _shared(a: Sequence[str], b: Sequence[str]) -> int:
    """How many words they begin with together."""
    return next(
        (place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )


def _shortest(a: Sequence[str], b: Sequence[str]) -> list[Match] | None:
    """Myers' greedy search: `reach[k]` is how far into `a` the best path on diagonal k has come."""
    reach: dict[int, int] = {1: 0}
    past: list[dict[int, int]] = []
    for edits in range(min(MOST_EDITS, len(a) + len(b)) + 1):
        past.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            x = _step(reach, diagonal, edits)
            while x < len(a) and x - diagonal < len(b) and a[x] == b[x - diagonal]:
                x += 1
            reach[diagonal] = x
            if x >= len(a) and x - diagonal >= len(b):
                return _walked_back(past, len(a), len(b))
    return None


def _step(reach: dict[int, int], diagonal: int, edits: int) -> int:
    """Down (a word put in) or right (one taken out), whichever has come farther."""
    down = diagonal == -edits or (
        diagonal != edits and reach.get(diagonal - 1, -1) < reach.get(diagonal + 1, -1)
    )
    return reach[diagonal + 1] if down else reach[diagonal - 1] + 1


def _walked_back(past: Sequence[dict[int, int]], x: int, y: int) -> list[Match]:
    found: list[Match] = []
    for edits in range(len(past) - 1, -1, -1):
        reach, diagonal = past[edits], x - y
        begun = _step(reach, diagonal, edits)
        if x > begun:
            found.append((begun, begun - diagonal, x - begun))
        if edits == 0:
            break
        down = diagonal == -edits or (
            diagonal != edits and reach.get(diagonal - 1, -1) < reach.get(diagonal + 1, -1)
        )
        x, y = (begun, begun - diagonal - 1) if down else (begun - 1, begun - diagonal)
    return found[::-1]


def _pieces(old: Sequence[Token], new: Sequence[Token], matches: Iterable[Match]) -> Iterator[Piece]:
    """Between matches what went and what came; where the same word has other space after it, the space changes."""
    x = y = 0
    for i, j, count in [*matches, (len(old), len(new), 0)]:
        yield Piece(change=Change.DELETED, text=_text(old[x:i]))
        yield Piece(change=Change.INSERTED, text=_text(new[y:j]))
        for (word, before), (_, after) in zip(old[i : i + count], new[j : j + count], strict=True):
            yield Piece(change=Change.KEPT, text=word + (before if before == after else ""))
            if before != after:
                yield Piece(change=Change.DELETED, text=before)
                yield Piece(change=Change.INSERTED, text=after)
        x, y = i + count, j + count


def _text(tokens: Iterable[Token]) -> str:
    return "".join(word + space for word, space in tokens)


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one; between two kept pieces first what went, then what came."""
    kept, went, came = "", "", ""
    for one in pieces:
        if one.change is Change.KEPT and one.text:
            if went or came:
                yield from _told(kept, went, came)
                kept, went, came = "", "", ""
            kept += one.text
        elif one.change is Change.DELETED:
            went += one.text
        elif one.change is Change.INSERTED:
            came += one.text
    yield from _told(kept, went, came)


def _told(kept: str, went: str, came: str) -> Iterator[Piece]:
    for change, text in ((Change.KEPT, kept), (Change.DELETED, went), (Change.INSERTED, came)):
        if text:
            yield Piece(change=change, text=text)
