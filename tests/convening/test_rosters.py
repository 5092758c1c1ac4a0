"""What holds of a member in an ended sitting, and where close, corrections and present knowledge part."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from meetings.committees.members import CountsAs
from meetings.committees.rules import Category
from meetings.convening.rosters import RosterEntry, holding, notes, on_roster, roster_hash
from meetings.kernel.ids import Id

AT = datetime(2026, 12, 2, tzinfo=UTC)
OFFICIAL = CountsAs(category=Category.OFFICIAL, official=True)
EXEMPT = CountsAs(category=Category.EXEMPT, official=True)
WHO = ("a", "b", "c")


def kept(member: Id, counts: CountsAs = OFFICIAL) -> RosterEntry:
    return RosterEntry(member=member, sequence=0, counts=counts)


def corrected(member: Id, sequence: int, counts: CountsAs | None) -> RosterEntry:
    return RosterEntry(member=member, sequence=sequence, counts=counts, reason="Ghi sót", by="p", at=AT)


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from(WHO), st.lists(st.sampled_from([None, OFFICIAL, EXEMPT]), max_size=3)),
    st.randoms(use_true_random=False),
)
def test_the_last_correction_holds_in_whatever_order_rows_come(
    said: dict[str, list[CountsAs | None]], chance: random.Random
) -> None:
    entries = [kept(who) for who in said if who != "c"]
    entries += [corrected(who, n, one) for who, all_said in said.items() for n, one in enumerate(all_said, 1)]
    expected = {who: [OFFICIAL if who != "c" else None, *all_said][-1] for who, all_said in said.items()}
    chance.shuffle(entries)
    assert on_roster(entries) == {who: one for who, one in expected.items() if one is not None}
    assert all(one.counts == expected[who] for who, one in holding(entries).items())


def test_who_is_the_same_everywhere_has_no_note() -> None:
    entries = [kept("a"), kept("b"), kept("c", EXEMPT)]
    names = {"a": "An", "b": "Bình", "c": "Chi", "d": "Dung"}
    assert notes(names, entries, {"a": OFFICIAL, "b": OFFICIAL, "c": EXEMPT}) == []
    found = {one.full_name: one for one in notes(names, entries, {"a": EXEMPT, "c": EXEMPT, "d": OFFICIAL})}
    assert {name: (one.at_close, one.counts, one.known, one.differs) for name, one in found.items()} == {
        "An": (OFFICIAL, OFFICIAL, EXEMPT, True),
        "Bình": (OFFICIAL, OFFICIAL, None, True),
        "Dung": (None, None, OFFICIAL, True),
    }


def test_a_correction_stays_to_be_seen_when_nothing_differs_any_more() -> None:
    made = corrected("d", 1, OFFICIAL)
    (note,) = notes({"a": "An", "d": "Dung"}, [kept("a"), made], {"a": OFFICIAL, "d": OFFICIAL})
    assert (note.at_close, note.counts, note.differs, note.correction) == (None, OFFICIAL, False, made)


def test_the_hash_is_of_the_close_alone() -> None:
    entries = [kept("a"), kept("b")]
    assert roster_hash(reversed(entries)) == roster_hash(entries)
    assert roster_hash([*entries, corrected("c", 1, OFFICIAL)]) == roster_hash(entries)
    assert roster_hash([kept("a"), kept("b", EXEMPT)]) != roster_hash(entries)
    assert roster_hash([kept("a"), replace(kept("b"), member="c")]) != roster_hash(entries)
