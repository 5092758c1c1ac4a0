"""Links of the ledger without a database: every sort of break is found where it is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.kernel.ids import derived_id
from meetings.ledger.rules import GENESIS, Act, Chain, Entry, Head, check_chain, commitment, leaf_hash, link

CELL = derived_id("cell")
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
SALT = b"\x07" * 32


def chain(length: int) -> list[Entry]:
    head, made = Head(), []
    for number in range(length):
        act = Act(cell=CELL, name="test.act", actor=None, public={"number": number})
        made.append(link(act, entry_id=derived_id(str(number)), head=head, at=AT, salt=SALT))
        head = Head(seq=made[-1].seq, hash=made[-1].hash)
    return made


def head_of(entries: Sequence[Entry]) -> Head:
    return Head(seq=entries[-1].seq, hash=entries[-1].hash) if entries else Head()


def check(entries: Sequence[Entry], head: Head) -> Chain:
    return check_chain(CELL, entries, head, orjson.loads)


def test_an_untouched_chain_holds() -> None:
    entries = chain(5)
    found = check(entries, head_of(entries))
    assert found.valid
    assert (found.entries, found.head) == (5, entries[-1].hash)


def test_an_empty_chain_holds_with_an_empty_head_only() -> None:
    assert check([], Head()).valid
    broken = check([], Head(seq=2, hash="a" * 64)).broken
    assert broken is not None
    assert (broken.seq, broken.reason) == (1, "head")


def test_leaves_are_hashed_as_in_the_standard() -> None:
    # RFC 9162 2.1.1: a leaf's hash covers 0x00 and the leaf.
    entry = chain(1)[0]
    assert entry.hash == hashlib.sha256(b"\x00" + entry.leaf.encode()).hexdigest() == leaf_hash(entry.leaf)
    assert entry.previous == GENESIS


@pytest.mark.parametrize("place", [0, 2, 4])
def test_an_edited_entry_is_found(place: int) -> None:
    entries = chain(5)
    head = head_of(entries)
    entries[place] = replace(entries[place], leaf=entries[place].leaf.replace('"number":', '"mumber":'))
    broken = check(entries, head).broken
    assert broken is not None
    assert (broken.seq, broken.reason) == (place + 1, "edited")


@pytest.mark.parametrize("place", [0, 2])
def test_a_removed_entry_is_found(place: int) -> None:
    entries = chain(5)
    head = head_of(entries)
    del entries[place]
    broken = check(entries, head).broken
    assert broken is not None
    assert (broken.seq, broken.reason) == (place + 1, "missing")


def test_entries_cut_from_the_end_are_found_by_the_head() -> None:
    entries = chain(5)
    broken = check(entries[:3], head_of(entries)).broken
    assert broken is not None
    assert (broken.seq, broken.reason) == (4, "head")


def test_renumbered_neighbours_are_found() -> None:
    entries = chain(5)
    head = head_of(entries)
    entries[1], entries[2] = replace(entries[2], seq=2), replace(entries[1], seq=3)
    broken = check(entries, head).broken
    assert broken is not None
    assert (broken.seq, broken.reason) == (2, "reordered")


def test_an_entry_moved_into_another_cell_is_found() -> None:
    entries = [replace(entry, cell=derived_id("other")) for entry in chain(1)]
    broken = check(entries, head_of(entries)).broken
    assert broken is not None
    assert broken.reason == "reordered"


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(6)), st.integers(0, 6))
def test_only_the_whole_chain_in_order_holds(order: list[int], kept: int) -> None:
    entries = chain(6)
    shuffled = [entries[place] for place in order][:kept]
    assert check(shuffled, head_of(entries)).valid == (shuffled == entries)


def test_a_commitment_tells_nothing_without_its_salt() -> None:
    known = commitment(SALT, "reason", "ốm đau")
    assert known == commitment(SALT, "reason", "ốm đau")
    others = {commitment(bytes([number]) * 32, "reason", "ốm đau") for number in range(5)}
    assert known not in others
    assert known != commitment(SALT, "reason", "công tác")
    assert known != commitment(SALT, "choice", "ốm đau")


def test_personal_values_never_stand_in_the_leaf() -> None:
    act = Act(cell=CELL, name="test.act", actor=None, personal={"reason": "ốm đau"})
    entry = link(act, entry_id=derived_id("x"), head=Head(), at=AT, salt=SALT)
    assert "ốm đau" not in entry.leaf
    assert commitment(SALT, "reason", "ốm đau") in entry.leaf
