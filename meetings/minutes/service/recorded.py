"""What this installation recorded of the files of a meeting, for the verifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from meetings.convening import service as convening
from meetings.db.types import load
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.ledger import service as ledger
from meetings.ledger.log import NotInLog, bundle_of
from meetings.minutes import paper_store
from meetings.minutes.ink import sha256_hex
from meetings.minutes.log_proof import (
    FILED,
    FILED_PAPER,
    KnownPapers,
    LogProof,
    filed_papers,
)
from meetings.minutes.service.by_hand import scan_as_logged

_ACTS = ("papers.issue", "minutes.approve")


async def meeting_about(uow: UnitOfWork, named: Id) -> Id:
    """The meeting of an issued paper about that vote; else what was named is a meeting."""
    return await paper_store.meeting_of(uow.session, named) or named


async def known_papers(
    uow: UnitOfWork, meeting: Id, minutes: bytes | None, log: str, witnesses: tuple[str, ...]
) -> KnownPapers | None:
    """Only what the ledger names; None where it names no paper of that meeting."""
    issued = [one.data for one in await paper_store.papers_of_meeting(uow.session, meeting)]
    if not issued and minutes is None:
        return None
    sitting = await convening.sitting(uow, meeting)
    entries = await ledger.of_meeting(uow, sitting.cell, meeting)
    said = [(one.id, load(one.leaf)) for one in entries]
    logged = {leaf["p"]["data"]: entry for entry, leaf in said if leaf["act"] in _ACTS}
    kept = tuple(data for data in issued if sha256_hex(data) in logged)
    proofs = {}
    for digest, entry in logged.items():
        if (proof := await _proof(uow, entry, log, witnesses)) is not None:
            proofs[digest] = proof
    approved = minutes if minutes is not None and sha256_hex(minutes) in logged else None
    filed = [(entry, leaf) for entry, leaf in said if leaf["act"] in FILED_PAPER]
    for entry, leaf in filed:
        if (proof := await _proof(uow, entry, log, witnesses)) is not None:
            proofs[leaf["p"]["pdf"]] = proof
    signed, stamped = filed_papers([leaf for _, leaf in filed])
    return KnownPapers(
        hashes=frozenset(map(sha256_hex, kept)),
        issued=kept,
        minutes=approved,
        proofs=proofs,
        signed=signed,
        stamped=stamped,
        inked=await _inked(uow, [leaf for _, leaf in said]),
    )


async def _inked(uow: UnitOfWork, said: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    """By hash of the data of papers signed by hand, whether record and scan are the logged ones."""
    found = {}
    for leaf in said:
        if leaf["act"] == "papers.ink":
            found[leaf["p"]["data"]] = await scan_as_logged(uow, leaf["subject"], leaf["p"])
    return found


async def proof_of_file(
    uow: UnitOfWork, meeting: Id, file: str, log: str, witnesses: tuple[str, ...]
) -> LogProof | None:
    """That this file (SHA-256) stands in the log; None while it waits, or where there is no log."""
    sitting = await convening.sitting(uow, meeting)
    entries = await ledger.of_meeting(uow, sitting.cell, meeting)
    said = [(one.id, load(one.leaf)) for one in entries]
    mine = [entry for entry, leaf in said if leaf["act"] in FILED and leaf["p"]["pdf"] == file]
    return await _proof(uow, mine[-1], log, witnesses) if mine else None


async def _proof(uow: UnitOfWork, entry: Id, log: str, witnesses: tuple[str, ...]) -> LogProof | None:
    if not log:
        return None
    try:
        return LogProof(bundle=await bundle_of(uow, {entry: ()}), log=log, witnesses=witnesses)
    except NotInLog:
        return None
