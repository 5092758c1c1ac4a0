"""A tree that changes: communes merge, names and parents change, old papers keep theirs."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.committees.rules import OrgKind, Span
from meetings.committees.tree import BadTree, Circle, NoSuchOrg, OnlyGroupsBelow, OrgVersion, Tree

MERGER = date(2025, 7, 1)
BEFORE, AFTER = date(2025, 6, 30), date(2026, 11, 24)


def version(
    org: str, parent: str | None, kind: OrgKind, since: date, until: date | None = None, **other: str
) -> OrgVersion:
    span = Span(since=since, until=until)
    name, successor = other.get("name", org), other.get("merged_into")
    return OrgVersion(org=org, name=name, kind=kind, parent=parent, span=span, merged_into=successor)


OLD = date(2010, 1, 1)
VERSIONS = (
    version("province", None, OrgKind.PROVINCE, OLD),
    version("north", "province", OrgKind.COMMUNE, OLD, BEFORE, merged_into="great"),
    version("south", "province", OrgKind.COMMUNE, OLD, BEFORE, merged_into="great"),
    version("great", "province", OrgKind.COMMUNE, MERGER, name="xã Thí Dụ"),
    version("cell-1", "north", OrgKind.CELL, OLD, BEFORE, name="Chi bộ thôn 1"),
    version("cell-1", "great", OrgKind.CELL, MERGER, name="Chi bộ thôn Mẫu"),
    version("cell-2", "south", OrgKind.CELL, OLD, BEFORE),
    version("cell-2", "great", OrgKind.CELL, MERGER),
    version("group", "cell-1", OrgKind.GROUP, OLD),
)
TREE = Tree(VERSIONS)


def names(found: tuple[OrgVersion, ...]) -> list[str]:
    return [one.org for one in found]


def test_the_chain_of_a_day_goes_nearest_first() -> None:
    assert names(TREE.chain("cell-1", BEFORE)) == ["cell-1", "north", "province"]
    assert names(TREE.chain("cell-1", AFTER)) == ["cell-1", "great", "province"]


def test_old_papers_keep_the_old_name() -> None:
    assert TREE.on("cell-1", BEFORE).name == "Chi bộ thôn 1"
    assert TREE.on("cell-1", AFTER).name == "Chi bộ thôn Mẫu"


def test_the_subtree_of_a_day_by_level() -> None:
    assert names(TREE.subtree("great", AFTER)) == ["great", "cell-2", "cell-1", "group"]
    assert names(TREE.cells("province", BEFORE)) == ["cell-1", "cell-2"]
    assert names(TREE.cells("cell-1", AFTER)) == ["cell-1"]


def test_what_was_merged_is_gone_and_has_a_successor() -> None:
    with pytest.raises(NoSuchOrg):
        TREE.on("north", AFTER)
    assert TREE.successor("north", AFTER).org == "great"
    assert TREE.successor("north", BEFORE).org == "north"


@pytest.mark.parametrize("org", ["nobody", "great"])
def test_what_was_not_there_yet_has_none(org: str) -> None:
    with pytest.raises(NoSuchOrg):
        TREE.successor(org, BEFORE)


def test_a_closed_organisation_without_successor() -> None:
    tree = Tree([version("lone", None, OrgKind.BASE, OLD, BEFORE)])
    with pytest.raises(NoSuchOrg):
        tree.successor("lone", AFTER)


@pytest.mark.parametrize("org", ["province", "great", "cell-1", "group"])
def test_everything_has_its_place(org: str) -> None:
    TREE.check_place(org, AFTER)


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (version("new", "cell-1", OrgKind.CELL, OLD), OnlyGroupsBelow),
        (version("new", "cell-1", OrgKind.COMMUNE, OLD), OnlyGroupsBelow),
        (version("new", "group", OrgKind.GROUP, OLD), OnlyGroupsBelow),
        # what has cells below it becomes a cell
        (version("great", "province", OrgKind.CELL, OLD), OnlyGroupsBelow),
        (version("province", "group", OrgKind.PROVINCE, OLD), Circle),
    ],
)
def test_what_has_no_place_is_refused(wrong: OrgVersion, refusal: type[BadTree]) -> None:
    others = [one for one in VERSIONS if one.org != wrong.org]
    with pytest.raises(refusal):
        Tree([*others, wrong]).check_place(wrong.org, AFTER)


def test_a_circle_is_refused_when_met() -> None:
    tree = Tree([version("a", "b", OrgKind.BASE, OLD), version("b", "a", OrgKind.BASE, OLD)])
    with pytest.raises(Circle):
        tree.chain("a", AFTER)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(parents=st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_chain_and_subtree_agree(parents: list[int]) -> None:
    versions = [version("0", None, OrgKind.PROVINCE, OLD)]
    versions += [
        version(str(index), str(parent % index), OrgKind.BASE, OLD)
        for index, parent in enumerate(parents, start=1)
    ]
    tree = Tree(versions)
    for one in versions:
        for above in tree.chain(one.org, AFTER):
            assert one in tree.subtree(above.org, AFTER)
    assert len(tree.subtree("0", AFTER)) == len(versions)


def test_each_way_of_being_wrong_has_its_own_words_and_one_code() -> None:
    ways = BadTree.__subclasses__()
    assert len({BadTree.message, *(one.message for one in ways)}) == len(ways) + 1
    assert {one.code for one in ways} == {"bad-tree"}
