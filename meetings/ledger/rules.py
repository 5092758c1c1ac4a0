"""Pure: what an entry is, how entries are linked, how a broken link shows."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from meetings.kernel.canonical import Json, canonical
from meetings.kernel.ids import Id

GENESIS = "0" * 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """What a person did, to be recorded.

    `public` may be shown to any auditor of the cell. `personal` enters the entry only as salted
    commitments, so that it can be erased while the links still hold (signing.md 3.2).
    """

    cell: Id
    name: str
    actor: Id | None
    meeting: Id | None = None
    subject: Id | None = None
    public: Mapping[str, Json] = field(default_factory=dict)
    personal: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An act as it stands in the ledger: `leaf` is the canonical JSON, `hash` covers it.

    Read for checking, it also holds `beside`, the copies of the leaf's values kept for queries, and
    `personal`, the salt and the values behind its commitments (None: erased, or not read).
    """

    id: Id
    cell: Id
    seq: int
    previous: str
    hash: str
    leaf: str
    beside: Mapping[str, Json] = field(default_factory=dict)
    personal: tuple[bytes, Mapping[str, Json]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """That something was done in a meeting, for those who follow it: its number, and the public part alone."""

    number: int
    act: str
    subject: Id | None
    public: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The newest entry of a cell: its number (0: none yet) and hash."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """The first place where a cell's chain does not hold."""

    seq: int
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chain:
    """The result of recomputing a cell's chain."""

    cell: Id
    entries: int
    head: str
    broken: Break | None

    @property
    def valid(self) -> bool:
        """Whether every link holds up to the head."""
        return self.broken is None


def commitment(salt: bytes, name: str, value: Json) -> str:
    """HMAC-SHA256 under the field's own salt over the canonical {name: value}, in hex."""
    return hmac.digest(salt_of(salt, name), canonical({name: value}), "sha256").hex()


def salt_of(salt: bytes, name: str) -> bytes:
    """The salt of one field, from the entry's 32 bytes: one field can be shown, and says nothing of the others."""
    return hmac.digest(salt, b"field " + name.encode(), "sha256")


def leaf_hash(leaf: str) -> str:
    """SHA-256(0x00 || leaf), as RFC 9162 2.1.1 hashes leaves."""
    return hashlib.sha256(b"\x00" + leaf.encode()).hexdigest()


def link(act: Act, *, entry_id: Id, head: Head, at: datetime, salt: bytes) -> Entry:
    """The entry that follows `head`."""
    leaf = canonical(
        {
            "v": 2,
            "id": entry_id,
            "act": act.name,
            "cell": act.cell,
            "seq": head.seq + 1,
            "prev": head.hash,
            "at": at.isoformat(timespec="microseconds"),
            "actor": act.actor,
            "meeting": act.meeting,
            "subject": act.subject,
            "p": dict(act.public),
            "c": {name: commitment(salt, name, value) for name, value in act.personal.items()},
        }
    ).decode()
    return Entry(
        id=entry_id, cell=act.cell, seq=head.seq + 1, previous=head.hash, hash=leaf_hash(leaf), leaf=leaf
    )


def check_chain(cell: Id, entries: Iterable[Entry], head: Head, parse: Any) -> Chain:
    """Recompute every link of one cell. Entries come in order of `seq`; `parse` reads a leaf's JSON."""
    before, count = Head(), 0
    broken: Break | None = None
    for entry in entries:
        broken = broken or _fault(entry, before, parse)
        before, count = Head(seq=entry.seq, hash=entry.hash), count + 1
    if broken is None and before != head:
        broken = Break(seq=before.seq + 1, reason="head")
    return Chain(cell=cell, entries=count, head=before.hash, broken=broken)


def _fault(entry: Entry, before: Head, parse: Any) -> Break | None:
    if entry.seq != before.seq + 1:
        return Break(seq=before.seq + 1, reason="missing")
    leaf = _read(entry.leaf, parse)
    if leaf_hash(entry.leaf) != entry.hash or not leaf:
        return Break(seq=entry.seq, reason="edited")
    said = tuple(leaf.get(name) for name in ("id", "cell", "seq", "prev"))
    if entry.previous != before.hash or said != (entry.id, entry.cell, entry.seq, before.hash):
        return Break(seq=entry.seq, reason="reordered")
    return None if _agrees(entry, leaf) else Break(seq=entry.seq, reason="edited")


def _read(leaf: str, parse: Any) -> Mapping[str, Any]:
    """Whatever an attacker wrote there; nothing where it is no JSON object."""
    try:
        found = parse(leaf)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _agrees(entry: Entry, leaf: Mapping[str, Any]) -> bool:
    """Whether what is kept beside the leaf, and behind its commitments, is what the leaf says."""
    if any(leaf.get(name) != value for name, value in entry.beside.items()):
        return False
    if entry.personal is None:
        return True
    salt, values = entry.personal
    return {name: commitment(salt, name, value) for name, value in values.items()} == leaf.get("c")


@dataclass(frozen=True, kw_only=True, slots=True)
class LogState:
    """Entries that wait, since which domain time; real times of the newest checkpoint and cosignature."""

    waiting: int
    since: datetime | None
    signed_at: datetime | None
    seen_at: datetime | None
