"""The adversary: everything that was ever on a disk or in a log, and guesses who said what.

Each attack puts the ballots of a vote into the order in which it believes they were cast, and gives them to the voters
in the order in which they got theirs, which the ledger tells. In these evenings that is also the order of casting, the
worst case: the nimble are first both times.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Loot:
    """Of one vote. `voters`: in the ledger's order of issuing. `marks`: of each serial, as the table has them. Lists of
    serials are in the order the database gives by that column. `tokens`: (blinded, signed) by voter."""

    voters: Sequence[str]
    marks: Mapping[str, str]
    tokens: Mapping[str, tuple[str, str]]
    columns: Mapping[str, Sequence[str]]
    snapshots: Sequence[frozenset[str]]
    pages: bytes
    page: int
    wal: bytes
    logs: str
    dump: str
    signatures: Mapping[str, str]


Attack = Callable[[Loot, random.Random], Sequence[str] | None]


def guesses(loot: Loot, chance: random.Random) -> dict[str, list[str]]:
    """The mark of each voter, by every attack that has something to go by."""
    found: dict[str, list[str]] = {}
    attacks: dict[str, Attack] = {**ATTACKS, **{f"column {name}": _column(name) for name in loot.columns}}
    for name, attack in attacks.items():
        order = attack(loot, chance)
        if order is not None:
            if sorted(order) != sorted(loot.marks):
                raise AssertionError(f"{name}: not every ballot was placed")
            found[name] = [loot.marks[serial] for serial in order]
            found[f"{name}, reversed"] = found[name][::-1]
    return found


def _column(name: str) -> Attack:
    def attack(loot: Loot, _chance: random.Random) -> Sequence[str]:
        return loot.columns[name]

    return attack


def _by_first_place(loot: Loot, where: bytes) -> Sequence[str] | None:
    places = {serial: where.find(serial.encode()) for serial in loot.marks}
    if min(places.values(), default=-1) < 0:
        return None
    return sorted(places, key=lambda serial: places[serial])


def by_pages(loot: Loot, _chance: random.Random) -> Sequence[str] | None:
    """Where the ballots lie in the files of the table: page by page, and in a page from its end on, as both
    databases fill them."""
    places = {serial: loot.pages.find(serial.encode()) for serial in loot.marks}
    if min(places.values(), default=-1) < 0:
        return None
    return sorted(places, key=lambda serial: (places[serial] // loot.page, -places[serial]))


def by_wal(loot: Loot, _chance: random.Random) -> Sequence[str] | None:
    """When they first appear in the write-ahead log."""
    return _by_first_place(loot, loot.wal)


def by_last_in_wal(loot: Loot, _chance: random.Random) -> Sequence[str] | None:
    """When they last appear there."""
    places = {serial: loot.wal.rfind(serial.encode()) for serial in loot.marks}
    if min(places.values(), default=-1) < 0:
        return None
    return sorted(places, key=lambda serial: places[serial])


def by_backups(loot: Loot, chance: random.Random) -> Sequence[str]:
    """In which of the backups taken meanwhile they first are; the same one: any order."""

    def first(serial: str) -> int:
        return next((n for n, one in enumerate(loot.snapshots) if serial in one), len(loot.snapshots))

    serials = [*loot.marks]
    chance.shuffle(serials)
    return sorted(serials, key=first)


def by_dump(loot: Loot, _chance: random.Random) -> Sequence[str] | None:
    """Where they stand in a dump of every table."""
    return _by_first_place(loot, loot.dump.encode())


def by_logs(loot: Loot, _chance: random.Random) -> Sequence[str] | None:
    """When they are named in the logs."""
    return _by_first_place(loot, loot.logs.encode())


def by_signature(loot: Loot, _chance: random.Random) -> Sequence[str]:
    """The voters' blinded numbers and the ballots' signatures, matched by rank."""
    return _ranked(loot, [loot.tokens[voter][0] for voter in loot.voters])


def by_blind_signature(loot: Loot, _chance: random.Random) -> Sequence[str]:
    """The same with what was signed blindly."""
    return _ranked(loot, [loot.tokens[voter][1] for voter in loot.voters])


def _ranked(loot: Loot, numbers: Sequence[str]) -> Sequence[str]:
    ballots = sorted(loot.marks, key=lambda serial: loot.signatures[serial])
    ranks = sorted(range(len(numbers)), key=lambda place: numbers[place])
    order = [""] * len(numbers)
    for ballot, place in zip(ballots, ranks, strict=True):
        order[place] = ballot
    return order


def by_times(loot: Loot, _chance: random.Random) -> Sequence[str] | None:
    """By a time that stands in the same line of the dump."""
    times: dict[str, str] = {}
    for line in loot.dump.splitlines():
        found = re.search(r"20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?", line)
        for serial in loot.marks:
            if found and serial in line:
                times[serial] = found[0]
    return sorted(times, key=lambda serial: times[serial]) if len(times) == len(loot.marks) else None


def by_size(loot: Loot, chance: random.Random) -> Sequence[str]:
    """By the length of its line in the dump; the same: any order."""
    sizes = dict.fromkeys(loot.marks, 0)
    for line in loot.dump.splitlines():
        for serial in loot.marks:
            if serial in line:
                sizes[serial] = len(line)
    serials = [*loot.marks]
    chance.shuffle(serials)
    return sorted(serials, key=lambda serial: sizes[serial])


ATTACKS: Mapping[str, Attack] = {
    "page bytes": by_pages,
    "first in WAL": by_wal,
    "last in WAL": by_last_in_wal,
    "backups": by_backups,
    "dump": by_dump,
    "logs": by_logs,
    "blinded and signature": by_signature,
    "signed and signature": by_blind_signature,
    "times": by_times,
    "sizes": by_size,
}
