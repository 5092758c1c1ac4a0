"""Acts of the ledger: record in the act's own transaction, read, recompute."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from meetings.db.types import load
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.ids import Id, new_id
from meetings.ledger import store
from meetings.ledger.rules import Act, Chain, Entry, Happened, Head, check_chain, link


async def record(uow: UnitOfWork, *acts: Act) -> list[Entry]:
    """Append acts to their cells' chains inside `uow`. Heads are locked in cell order: no deadlock.

    Entries come back in the order of the acts.
    """
    if not acts:
        return []
    heads = await store.lock_heads(uow.session, sorted({act.cell for act in acts}))
    linked: list[tuple[Act, Entry, datetime, bytes]] = []
    for act in acts:
        salt, told = os.urandom(32), _timed(uow, act)
        entry = link(told, entry_id=new_id(), head=heads[act.cell], at=uow.received, salt=salt)
        heads[act.cell] = Head(seq=entry.seq, hash=entry.hash)
        linked.append((told, entry, uow.received, salt))
    await store.move_heads(uow.session, heads)
    await store.append(uow.session, linked)
    return [entry for _, entry, _, _ in linked]


def _timed(uow: UnitOfWork, act: Act) -> Act:
    """With the device's moment where a device kept the act: entries stand in the order in which they came."""
    if uow.told_at is None:
        return act
    return replace(act, public={**act.public, "device_at": uow.now.isoformat(timespec="microseconds")})


async def head_of(uow: UnitOfWork, cell: Id) -> Head:
    """The cell's head as of now."""
    return (await store.heads(uow.session)).get(cell, Head())


async def of_meeting(uow: UnitOfWork, cell: Id, meeting: Id) -> Sequence[Entry]:
    """The entries that belong to one meeting, in order."""
    return await store.entries(uow.session, cell, meeting)


async def happened_after(uow: UnitOfWork, meeting: Id, number: int, most: int) -> list[Happened]:
    """What was done in a meeting after that number, the first `most`. No actor, nothing personal."""
    found = await store.told_after(uow.session, meeting, number, most)
    return [
        Happened(number=seq, act=act, subject=subject, public=load(leaf)["p"])
        for seq, act, subject, leaf in found
    ]


async def newest_in(uow: UnitOfWork, meeting: Id) -> int:
    """The number of the newest act in a meeting; 0 before the first."""
    return await store.newest(uow.session, meeting)


class LedgerService:
    """Reading and checking."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def verify(self, cells: Iterable[Id] | None = None) -> list[Chain]:
        """Recompute the chains of these cells (all, without a choice) and say where one breaks."""
        async with self._units.read() as uow:
            heads = await store.heads(uow.session)
            wanted = sorted(await store.cells(uow.session) if cells is None else cells)
            return [
                check_chain(
                    cell, await store.entries_to_check(uow.session, cell), heads.get(cell, Head()), load
                )
                for cell in wanted
            ]
