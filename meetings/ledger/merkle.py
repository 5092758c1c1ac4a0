"""Pure: the tree of RFC 9162 over stored complete subtrees: which nodes appear, which ones a proof needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from meetings.ledger.offline import EMPTY, MOST, Unsound, all_hashes, climb, fold, node_hash

Place = tuple[int, int]
"""(level, number): the complete subtree over the leaves from number * 2**level on, 2**level of them."""

Span = tuple[int, int]
"""Leaves from the first to before the second; a subtree of the tree, not always complete."""


def places(span: Span) -> list[Place]:
    """The complete subtrees that make up a span, from left to right."""
    at, end = span
    found: list[Place] = []
    while at < end:
        level = (end - at).bit_length() - 1
        found.append((level, at >> level))
        at += 1 << level
    return found


def edge(size: int) -> list[Place]:
    """What must be known of a tree in order to go on: its complete subtrees along the right edge."""
    return places((0, size))


def hash_of(span: Span, known: Mapping[Place, bytes]) -> bytes:
    """The hash over a span."""
    return fold([known[place] for place in places(span)])


def grown(size: int, known: Mapping[Place, bytes], leaves: Iterable[bytes]) -> dict[Place, bytes]:
    """Every subtree that becomes complete when `leaves` are added to a tree of `size`, themselves included.

    `known` holds the edge of that tree.
    """
    made: dict[Place, bytes] = {}
    for number, leaf in zip(count(size), leaves, strict=False):
        level, at, found = 0, number, leaf
        made[level, at] = found
        while at & 1:
            left = (level, at - 1)
            found = node_hash(made[left] if left in made else known[left], found)
            level, at = level + 1, at >> 1
            made[level, at] = found
    return made


def inclusion(index: int, size: int) -> list[Span]:
    """The spans whose hashes prove the leaf at `index` (RFC 9162, 2.1.3.1), from the leaf upwards."""
    start, end, path = 0, size, list[Span]()
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency(old: int, new: int) -> list[Span]:
    """The spans whose hashes prove that the tree of `old` begins the tree of `new` (RFC 9162, 2.1.4.1)."""
    if old in (0, new):
        return []
    start, end, path = 0, new, list[Span]()
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    if start:
        path.append((start, end))
    return path[::-1]


def needed(spans: Iterable[Span]) -> list[Place]:
    """Every stored node that these spans need."""
    return [place for span in spans for place in places(span)]


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """That the tree of `old` is the beginning of the tree of `new` (RFC 9162, 2.1.4.2). Raises Unsound."""
    if not 0 <= old <= new < MOST or not all_hashes([old_root, new_root, *proof]):
        raise Unsound("the log became shorter")
    if old in (0, new):
        if proof or old_root != (new_root if old else EMPTY):
            raise Unsound("two logs of the same size differ")
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not path or climb(path[0], at, last, path[1:]) != (old_root, new_root):
        raise Unsound("the log was rewritten: its past is another one")


def _split(width: int) -> int:
    """The largest power of two below `width`."""
    return int(1 << ((width - 1).bit_length() - 1))
