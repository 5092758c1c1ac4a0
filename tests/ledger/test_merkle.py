"""The tree against another implementation, and every proof against every small lie."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from meetings.ledger.merkle import (
    Place,
    check_consistency,
    consistency,
    edge,
    grown,
    hash_of,
    inclusion,
    needed,
)
from meetings.ledger.offline import Unsound, check_inclusion, fold, leaf_hash, roots

MOST = 70
LEAVES = [f"leaf {number}".encode() for number in range(MOST)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
NODES: Mapping[Place, bytes] = grown(0, {}, HASHES)
ROOTS = roots(HASHES, range(MOST + 1))
EDGES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, MOST]


def proof_of(index: int, size: int) -> list[bytes]:
    return [hash_of(span, NODES) for span in inclusion(index, size)]


def proof_between(old: int, new: int) -> list[bytes]:
    return [hash_of(span, NODES) for span in consistency(old, new)]


def test_the_empty_tree_is_that_of_the_standard() -> None:
    assert ROOTS[0] == hashlib.sha256(b"").digest()
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_every_root_and_proof_is_that_of_another_implementation() -> None:
    oracle = InmemoryTree(algorithm="sha256")
    for size, leaf in enumerate(LEAVES, 1):
        oracle.append_entry(leaf)
        assert oracle.get_root() == ROOTS[size] == fold([NODES[place] for place in edge(size)])
        for index in {0, size // 2, size - 1}:
            theirs = oracle.prove_inclusion(index + 1, size).path[1:]
            assert proof_of(index, size) == theirs
    for old in EDGES[1:]:
        for new in (one for one in EDGES if one >= old):
            theirs = oracle.prove_consistency(old, new)
            assert theirs.compute_root() == ROOTS[new]
            check_consistency(old, ROOTS[old], new, ROOTS[new], proof_between(old, new))


@pytest.mark.parametrize("size", EDGES[1:])
def test_a_tree_grows_the_same_in_any_steps(size: int) -> None:
    known = {place: NODES[place] for place in edge(size)}
    later = grown(size, known, HASHES[size:])
    assert later == {place: one for place, one in NODES.items() if place not in grown(0, {}, HASHES[:size])}


@pytest.mark.parametrize("size", EDGES[1:])
def test_inclusion_holds_only_where_the_leaf_stands(size: int) -> None:
    for index in range(size):
        proof, root = proof_of(index, size), ROOTS[size]
        check_inclusion(HASHES[index], index, size, proof, root)
        lies = [
            (HASHES[index - 1] if size > 1 else bytes(32), index, size, proof, root),
            (HASHES[index], index, size, proof, ROOTS[size - 1]),
            (HASHES[index], index, size, [*proof, bytes(32)], root),
            (HASHES[index], size, size, proof, root),
            (HASHES[index], -1, size, proof, root),
            (HASHES[index], index, 0, proof, root),
            (HASHES[index], index, size, [b"short", *proof], root),
        ]
        if proof:
            lies += [
                (HASHES[index], index, size, proof[:-1], root),
                (HASHES[index], index, size, [bytes(32), *proof[1:]], root),
                (HASHES[index], index ^ 1, size, proof, root),
            ]
        for lie in lies:
            with pytest.raises(Unsound):
                check_inclusion(*lie)


@pytest.mark.parametrize("old", EDGES)
def test_consistency_holds_only_for_a_true_beginning(old: int) -> None:
    for new in (one for one in EDGES if one >= old):
        proof = proof_between(old, new)
        check_consistency(old, ROOTS[old], new, ROOTS[new], proof)
        lies = [
            (old, bytes(32), new, ROOTS[new], proof),
            (old, ROOTS[old], new, bytes(32), proof)
            if old
            else (old, ROOTS[old], new, ROOTS[new], [bytes(32)]),
            (old, ROOTS[old], new, ROOTS[new], [*proof, bytes(32)]),
            (new + 1, ROOTS[old], new, ROOTS[new], proof),
            (-1, ROOTS[old], new, ROOTS[new], proof),
        ]
        if proof:
            lies.append((old, ROOTS[old], new, ROOTS[new], proof[:-1]))
            lies.append((old, ROOTS[old], new, ROOTS[new], []))
            lies.append((old, ROOTS[old], new, ROOTS[new], [proof[0][::-1], *proof[1:]]))
        for lie in lies:
            with pytest.raises(Unsound):
                check_consistency(*lie)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, MOST), st.integers(0, MOST), st.integers(0, 2**255), st.data())
def test_no_random_change_survives(size: int, somewhere: int, noise: int, data: st.DataObject) -> None:
    index = somewhere % size
    proof = proof_of(index, size)
    spoilt = data.draw(st.integers(0, len(proof)))
    forged = bytes(a ^ b for a, b in zip(noise.to_bytes(32, "big"), bytes(31) + b"\x01", strict=True))
    lie = [*proof[:spoilt], forged, *proof[spoilt + 1 :]]
    with pytest.raises(Unsound):
        check_inclusion(HASHES[index], index, size, lie, ROOTS[size])


def test_what_a_proof_needs_is_logarithmic() -> None:
    assert len(needed(inclusion(12_345, 100_000))) <= 34
    assert len(inclusion(12_345, 100_000)) == 17
    assert len(consistency(12_345, 100_000)) <= 18
