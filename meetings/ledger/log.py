"""Acts of the log: put waiting entries into the tree, sign checkpoints, prove, take cosignatures."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.canonical import Json
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Conflict, Invalid, NotFound
from meetings.kernel.ids import Id
from meetings.ledger import log_store as store
from meetings.ledger.export import write_export
from meetings.ledger.log_store import Behind, shares
from meetings.ledger.merkle import Place, Span, consistency, edge, grown, hash_of, inclusion, needed
from meetings.ledger.offline import DASH, Checkpoint, Key, Unsound, cosigners, fold, open_checkpoint
from meetings.ledger.rules import LogState, salt_of
from meetings.ledger.signers import Signer

ATTENDANCE = ("attendance.roll", "attendance.correct", "attendance.check_in")
Shown = Mapping[Id, Collection[str] | None]
"""Entries with the names of the personal values to show of each; None: all that are not erased."""
_BATCH = 1000  # entries in one transaction: on SQLite others wait for it, some tens of milliseconds
_AHEAD = 20_000  # cells looked for at once


class NoCheckpoint(NotFound):
    """The log has no checkpoint yet, or none of that size."""

    code = "no-checkpoint"
    message = "Sổ ghi chung chưa có mốc nào như vậy."


class NotInLog(NotFound):
    """No such entry in the log, or not yet."""

    code = "not-in-log"
    message = "Mục này chưa có trong sổ ghi chung."


class BadSpan(Invalid):
    """A proof was asked for sizes that the log never had."""

    code = "bad-span"
    message = "Sổ ghi chung không có độ dài đó."


class BadCosignature(Invalid):
    """It is malformed, of a witness that is not in the settings, or over another checkpoint."""

    code = "bad-cosignature"
    message = "Chữ ký làm chứng không đúng, hoặc nơi làm chứng chưa được ghi trong cấu hình."


class LogForked(Conflict):
    """What the log signed and what is stored differ: somebody changed the stored tree."""

    code = "log-forked"
    message = "Sổ ghi chung đã bị sửa: không khớp với mốc đã ký. Xin giữ nguyên máy và báo cấp trên."


@dataclass(frozen=True, kw_only=True, slots=True)
class Proven:
    """Where a leaf stands in the tree of `size`, with the hashes that prove it."""

    position: int
    size: int
    proof: Sequence[bytes]


async def logged_so_far(units: Units) -> int:
    """How many entries the log has; needs no key."""
    async with units.read() as uow:
        return await store.size(uow.session)


class LogService:
    """The one log of an installation. `witnesses`: whose cosignatures are taken and count."""

    def __init__(self, units: Units, signer: Signer, witnesses: Sequence[Key] = ()) -> None:
        self._units, self._signer = units, signer
        self.key, self.witnesses = signer.key, tuple(witnesses)

    async def state(self) -> LogState:
        """Whether it keeps up, and when it was signed and countersigned last."""
        async with self._units.read() as uow:
            waiting, since = await store.lag(uow.session)
            signed_at, seen_at = await store.latest(uow.session)
        return LogState(waiting=waiting, since=since, signed_at=signed_at, seen_at=seen_at)

    async def sequence(self) -> int:
        """Put every waiting entry into the log and sign; how many. May run anywhere, also twice at once.

        Raises LogForked where the stored tree is not the one that was signed last.
        """
        done, again = 0, True
        while again:
            added, again = await self._sequence_ahead()
            done += added
        return done

    async def _sequence_ahead(self) -> tuple[int, bool]:
        """Look once for what waits, put it in batch by batch; how many, and whether to look again."""
        async with self._units.read() as uow:
            size = await store.size(uow.session)
            await self._edge(uow, size)  # a touched tree shows even where nothing waits
            ahead = await store.behind(uow.session, _AHEAD)
        done = 0
        for turn in shares(ahead, _BATCH):
            added = await self._sequence_some(size + done, turn)
            if not added:
                return done, added is None
            done += added
        return done, done > 0

    async def _sequence_some(self, size: int, turn: Sequence[Behind]) -> int | None:
        """One batch into the log of `size`; how many. What is to be done is read before anything is locked, and done
        only if it still fits: None where another sequencer was faster."""
        async with self._units.read() as uow:
            if await store.size(uow.session) != size:
                return None
            waiting = await store.waiting(uow.session, turn)
            known = await self._edge(uow, size)
        if not waiting:
            return 0
        made = grown(size, known, (one.hash for one in waiting))
        end = size + len(waiting)
        root = hash_of((0, end), {**known, **made})
        async with self._units.begin() as uow:
            if await store.lock_tip(uow.session) != size:
                return None
            await store.append(uow.session, size, waiting, made)
            note = self._signer.sign_checkpoint(end, root)
            await store.add_checkpoint(uow.session, end, note, real_now())
        return len(waiting)

    async def _edge(self, uow: UnitOfWork, size: int) -> dict[Place, bytes]:
        """The right edge of the stored tree. Raises LogForked unless it is the one that was signed last."""
        known = await store.nodes(uow.session, edge(size))
        await self._check_tip(uow, size, [known.get(place, b"") for place in edge(size)])
        return known

    async def _check_tip(self, uow: UnitOfWork, size: int, nodes: Sequence[bytes]) -> None:
        if size:
            note = await store.checkpoint_of(uow.session, size)
            signed = None if note is None else self._own(note)
            if signed is None or signed.size != size or fold(nodes) != signed.root:
                raise LogForked

    def _own(self, note: str) -> Checkpoint | None:
        try:
            return open_checkpoint(note, self.key)
        except Unsound:
            return None

    async def checkpoint(self) -> str:
        """The newest checkpoint with its cosignatures. Raises NoCheckpoint."""
        async with self._units.read() as uow:
            return (await self._newest(uow))[1]

    async def _newest(self, uow: UnitOfWork) -> tuple[int, str]:
        found = await store.checkpoint(uow.session)
        if found is None:
            raise NoCheckpoint
        return found

    async def export(self, folder: Path, *, witnessed: bool = False) -> int:
        """Write the log as static files (C2SP tlog-tiles) and say how long it is; `witnessed`: up to the newest
        checkpoint that a witness cosigned. Raises NoCheckpoint."""
        async with self._units.read() as uow:
            found = await store.checkpoint(uow.session, witnessed=witnessed)
            if found is None:
                raise NoCheckpoint
            await write_export(uow.session, folder, *found)
        return found[0]

    async def consistency(self, old: int, new: int) -> list[bytes]:
        """The hashes that prove the log of `old` entries to begin that of `new`. Raises BadSpan."""
        async with self._units.read() as uow:
            if not 0 <= old <= new <= await store.size(uow.session):
                raise BadSpan
            return await _hashes(uow, consistency(old, new))

    async def inclusion(self, leaf_hash: str, size: int) -> Proven:
        """Where the leaf with this hash stands in the log of `size`. Raises BadSpan, NotInLog."""
        async with self._units.read() as uow:
            reached, position = await store.place_of(uow.session, leaf_hash)
            if not 0 < size <= reached:
                raise BadSpan
            if position is None or position >= size:
                raise NotInLog
            return await _proven(uow, position, size)

    async def add_cosignature(self, size: int, line: str) -> None:
        """Keep what a witness signed over the checkpoint of that size. Raises NoCheckpoint, BadCosignature."""
        async with self._units.begin() as uow:
            note = await store.checkpoint_of(uow.session, size)
            if note is None:
                raise NoCheckpoint
            try:
                seen = cosigners(f"{note}{line.removesuffix(chr(10))}\n", self.witnesses)
            except Unsound:
                raise BadCosignature from None
            if len(seen) != 1 or line.count(DASH) != 1:
                raise BadCosignature
            [witness] = seen
            await store.add_cosignature(uow.session, size, witness, f"{line.strip()}\n", real_now())

    async def bundle(self, shown: Shown) -> dict[str, Json]:
        """A proof that these entries stand in the log, with those of their personal values.

        It goes to the first checkpoint over them that a witness cosigned; without one to the newest.
        Raises NotInLog.
        """
        async with self._units.read() as uow:
            return await bundle_of(uow, shown)

    async def attendance_bundle(self, meeting: Id, member: Id) -> dict[str, Json]:
        """A proof of what the rolls and check-ins of a meeting say of one member, and of nobody else.

        Raises NotInLog.
        """
        async with self._units.read() as uow:
            shown: dict[Id, Collection[str] | None] = {}
            for entry, values in await store.personal_of(uow.session, meeting, ATTENDANCE):
                if names := [name for name, value in values.items() if _names(value, member)]:
                    shown[entry] = names
            return await bundle_of(uow, shown)


def _names(value: object, member: Id) -> bool:
    return value == member or (isinstance(value, list) and member in value[:1])


async def newest(uow: UnitOfWork) -> Checkpoint | None:
    """The log's newest checkpoint as of now, to be printed; its signature is not looked at."""
    found = await store.checkpoint(uow.session)
    if found is None:
        return None
    origin, size, root = found[1].split("\n")[:3]
    return Checkpoint(origin=origin, size=int(size), root=base64.b64decode(root))


async def bundle_of(uow: UnitOfWork, shown: Shown) -> dict[str, Json]:
    """`LogService.bundle` inside a unit. Raises NotInLog."""
    found = [one for entry in shown if (one := await store.kept(uow.session, entry))]
    if not found or len(found) < len(shown):
        raise NotInLog
    least = 1 + max(one.position for one in found)
    newest = await store.checkpoint(uow.session, least=least, witnessed=True)
    newest = newest or await store.checkpoint(uow.session, least=least)
    if newest is None:
        raise NotInLog
    proofs = [
        _part(one, await _proven(uow, one.position, newest[0]), show)
        for one, show in zip(found, shown.values(), strict=True)
    ]
    return {"format": "chibo-proof/1", "checkpoint": newest[1], "proofs": proofs}


def _part(one: store.Kept, proven: Proven, show: Collection[str] | None) -> dict[str, Json]:
    salt, values = one.personal or (b"", {})
    disclosed: dict[str, Json] = {
        name: {"salt": salt_of(salt, name).hex(), "value": value}
        for name, value in values.items()
        if show is None or name in show
    }
    return {
        "leaf": one.leaf,
        "position": one.position,
        "proof": [part.hex() for part in proven.proof],
        "disclosed": disclosed,
    }


async def _proven(uow: UnitOfWork, position: int, size: int) -> Proven:
    return Proven(position=position, size=size, proof=await _hashes(uow, inclusion(position, size)))


async def _hashes(uow: UnitOfWork, spans: Sequence[Span]) -> list[bytes]:
    known: dict[Any, bytes] = await store.nodes(uow.session, needed(spans))
    try:
        return [hash_of(span, known) for span in spans]
    except KeyError:
        raise LogForked from None
