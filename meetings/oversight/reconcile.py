"""Rows and ledger entries against each other: each act of these kinds leaves one of both, in one transaction.

A row without its entry was written past the program, an entry without its row was erased from under it; where both
are there, what they say of a ballot, a roster, a signature or the log must be the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from meetings.convening.service import kept_hash
from meetings.db.types import load
from meetings.db.unit import UnitOfWork, Units

_HELD = "state IN ('open', 'closed', 'minuted', 'signed') AND entered_late_on IS NULL"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Rows (a SELECT of one key) and the acts whose entries must have the same keys in `key`."""

    what: str
    rows: str
    acts: tuple[str, ...]
    key: str = "subject_id"


PAIRS = (
    Pair(what="ý kiến biểu quyết", rows="SELECT id FROM ballot", acts=("voting.ballot",)),
    Pair(what="ý kiến đến muộn", rows="SELECT id FROM late_ballot", acts=("voting.late",)),
    Pair(what="nội dung biểu quyết", rows="SELECT id FROM vote", acts=("voting.open",)),
    Pair(
        what="kết quả biểu quyết", rows="SELECT id FROM vote WHERE state = 'closed'", acts=("voting.close",)
    ),
    Pair(
        what="điểm danh bằng mã",
        rows="SELECT id FROM evidence WHERE source IN ('hall_qr', 'kiosk')",
        acts=("attendance.check_in",),
    ),
    Pair(what="bảng điểm danh", rows="SELECT id FROM roll", acts=("attendance.roll", "attendance.correct")),
    Pair(
        what="danh sách của buổi họp được sửa",
        rows="SELECT meeting_id FROM roster_entry WHERE sequence > 0",
        acts=("attendance.correct_roster",),
        key="meeting_id",
    ),
    Pair(what="khách mời", rows="SELECT id FROM guest", acts=("attendance.welcome_guest",)),
    Pair(what="người làm hộ", rows="SELECT id FROM helper_pass", acts=("attendance.issue_pass",)),
    Pair(what="điện thoại dùng chung", rows="SELECT id FROM shared_phone", acts=("attendance.share_phone",)),
    Pair(
        what="buổi họp đã mở",
        rows=f"SELECT id FROM meeting WHERE {_HELD}",  # noqa: S608  constants of this file
        acts=("sitting.open",),
        key="meeting_id",
    ),
    Pair(
        what="biên bản được thông qua",
        rows="SELECT meeting_id FROM minutes",
        acts=("minutes.approve",),
        key="meeting_id",
    ),
    Pair(
        what="dấu thời gian lưu trữ",
        rows="SELECT id FROM archive_stamp",
        acts=("minutes.archive", "papers.archive"),
    ),
    Pair(what="văn bản đã ban hành", rows="SELECT id FROM issued_paper", acts=("papers.issue",)),
    Pair(what="chữ ký trên văn bản", rows="SELECT id FROM paper_signature", acts=("papers.sign",)),
    Pair(what="nhiệm kỳ đánh số", rows="SELECT id FROM document_term", acts=("papers.term",)),
    Pair(
        what="biên bản ký tay",
        rows="SELECT about_id FROM ink_signature WHERE about_id NOT IN (SELECT id FROM issued_paper)",
        acts=("minutes.ink",),
        key="meeting_id",
    ),
    Pair(
        what="văn bản ký tay",
        rows="SELECT about_id FROM ink_signature WHERE about_id IN (SELECT id FROM issued_paper)",
        acts=("papers.ink",),
    ),
)
# What both say of one thing.
_BALLOTS = """SELECT b.id, b.member_id, b.version, b.choice, p.data FROM ballot b
JOIN ledger_entry e ON e.subject_id = b.id AND e.act = 'voting.ballot' JOIN ledger_personal p ON p.entry_id = e.id"""
_CLOSED = "SELECT meeting_id, leaf FROM ledger_entry WHERE act = 'sitting.close'"
_SIGNATURES = "SELECT meeting_id, role, fingerprint, pdf FROM minutes_signature"
_SIGNED = "SELECT meeting_id, leaf FROM ledger_entry WHERE act = 'minutes.sign'"
_LOST = """SELECT l.entry_id FROM log_leaf l LEFT JOIN ledger_entry e
ON e.id = l.entry_id AND e.cell_id = l.cell_id AND e.seq = l.seq AND e.hash = l.hash WHERE e.id IS NULL"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Keys of one kind: rows without an entry, entries without a row, and those where the two differ."""

    what: str
    unrecorded: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()


async def reconcile(units: Units) -> list[Gap]:
    """Every kind in which rows and entries do not match; empty where all is well."""
    async with units.read() as uow:
        found = [await _compared(uow.session, pair) for pair in PAIRS]
        found.append(Gap(what="nội dung ý kiến", altered=await _altered_ballots(uow.session)))
        found.append(Gap(what="danh sách lúc kết thúc", altered=await _altered_rosters(uow)))
        found.append(await _signatures(uow.session))
        lost = (await uow.session.execute(text(_LOST))).scalars().all()
        found.append(Gap(what="sổ ghi chung", vanished=tuple(sorted(lost))))
    return [gap for gap in found if gap.unrecorded or gap.vanished or gap.altered]


async def _compared(session: AsyncSession, pair: Pair) -> Gap:
    rows = set((await session.execute(text(pair.rows))).scalars())
    acts = text(f"SELECT {pair.key} FROM ledger_entry WHERE act IN :acts")  # noqa: S608  a constant above
    wanted = acts.bindparams(bindparam("acts", expanding=True))
    entries = set((await session.execute(wanted, {"acts": list(pair.acts)})).scalars())
    return Gap(
        what=pair.what, unrecorded=tuple(sorted(rows - entries)), vanished=tuple(sorted(entries - rows))
    )


async def _altered_ballots(session: AsyncSession) -> tuple[str, ...]:
    """Ballots that say another member, version or choice than was recorded; erased values tell nothing."""
    found = []
    for ballot, member, version, choice, data in await session.execute(text(_BALLOTS)):
        said: Mapping[str, Any] = load(data)
        if (said["member"], said["version"], said["choice"]) != (member, version, choice):
            found.append(str(ballot))
    return tuple(sorted(found))


async def _altered_rosters(uow: UnitOfWork) -> tuple[str, ...]:
    """Sittings whose roster of the close is not the one that their closing entry commits to."""
    found = []
    for meeting, leaf in await uow.session.execute(text(_CLOSED)):
        if load(leaf)["p"]["roster"] != await kept_hash(uow, meeting):
            found.append(str(meeting))
    return tuple(sorted(found))


async def _signatures(session: AsyncSession) -> Gap:
    rows = {tuple(row) for row in await session.execute(text(_SIGNATURES))}
    entries = set()
    for meeting, leaf in await session.execute(text(_SIGNED)):
        said = load(leaf)["p"]
        entries.add((meeting, said["role"], said["fingerprint"], said["pdf"]))
    return Gap(
        what="chữ ký biên bản",
        unrecorded=tuple(sorted(f"{row[0]} {row[1]}" for row in rows - entries)),
        vanished=tuple(sorted(f"{row[0]} {row[1]}" for row in entries - rows)),
    )
