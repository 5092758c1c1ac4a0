"""What signing by hand asks of the roll, and what is kept of it: of minutes, and of other papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meetings.committees.rules import Actor
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.kernel.canonical import digest
from meetings.kernel.errors import NotFound
from meetings.kernel.ids import Id
from meetings.ledger import files
from meetings.minutes import store
from meetings.minutes.ink import InkRecord, InkSigners, record_ink, sha256_hex
from meetings.minutes.records import moment_of


class NotOfThisCell(NotFound):
    """The named witness is not on the roll of the sitting's day."""

    code = "not-of-this-cell"
    message = "Người đối chiếu bản chụp phải có tên trong danh sách chi bộ."


@dataclass(frozen=True, kw_only=True, slots=True)
class OnPaper:
    """What was signed on paper. `about`: the meeting whose minutes, or the issued paper; the rest as of InkRecord."""

    about: Id
    printed: str
    data: bytes
    signers: tuple[Id, ...]


async def keep_ink(
    uow: UnitOfWork, sitting: AnySitting, paper: OnPaper, scan: bytes, witness: Id
) -> InkRecord:
    """Keep the scan and the record; the caller writes the entry. Raises ScanTooLarge, NotAScan, OwnWitness."""
    people = InkSigners(signers=paper.signers, witness=witness, witnessed=moment_of(uow.now, sitting.zone))
    ink = record_ink(paper.printed, paper.data, scan, people)
    await store.add_ink(uow.session, paper.about, ink.to_json(), await files.keep(uow, scan), uow.now)
    return ink


async def witness_of(uow: UnitOfWork, sitting: AnySitting, actor: Actor, named: Id | None) -> Id:
    """Who compared scan and paper: the named member, else the actor. Raises NotOfThisCell."""
    if named is None:
        return actor.member_in(sitting.cell) or actor.person
    if named not in {one.id for one in await convening.roster_of(uow, sitting)}:
        raise NotOfThisCell
    return named


async def as_recorded(uow: UnitOfWork, meeting: Id, pdf: bytes) -> bool | None:
    """Whether file and kept scan are those that were signed by hand; None if nothing was."""
    found = await store.ink(uow.session, meeting)
    if found is None:
        return None
    kept, sha = found
    scan = sha256_hex(await files.read(uow, sha))
    return bool(sha256_hex(pdf) == kept["printed"] and scan == kept["scan"])


async def scan_as_logged(uow: UnitOfWork, paper: Id, said: Mapping[str, Any]) -> bool:
    """Whether record and scan of an issued paper are those that its entry names."""
    found = await store.ink(uow.session, paper)
    if found is None:
        return False
    kept, sha = found
    scan = sha256_hex(await files.read(uow, sha))
    return bool(scan == kept["scan"] == said["scan"] and digest(kept) == said["record"])
