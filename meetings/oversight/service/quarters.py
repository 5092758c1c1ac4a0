"""A quarter for an auditor: as of now, or as it was frozen; what came later is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import OrgKind
from meetings.db.refusals import refusing
from meetings.db.types import load
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import canonical, digest
from meetings.kernel.errors import Conflict, Invalid, NotFound
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import Quarter
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record
from meetings.oversight import store
from meetings.oversight.service.reporting import facts_of
from meetings.oversight.since import Since, since_frozen
from meetings.oversight.store import Snapshot


class AlreadyFrozen(Conflict):
    """A quarter is frozen once; what comes later is a restatement beside it."""

    code = "quarter-frozen"
    message = "Báo cáo quý này đã chốt; số liệu đến sau được ghi thành bổ sung."


class NotFrozen(NotFound):
    """Nobody has frozen that quarter here."""

    code = "quarter-not-frozen"
    message = "Báo cáo quý này chưa được chốt."


class QuarterRuns(Conflict):
    """A quarter is frozen after its last day."""

    code = "quarter-runs"
    message = "Quý này chưa kết thúc nên chưa chốt báo cáo được."


class CommitteesOnly(Invalid):
    """Superiors freeze their own report; nothing is written into a cell."""

    code = "committees-only"
    message = "Chỉ cấp ủy mới chốt báo cáo quý."


@dataclass(frozen=True, kw_only=True, slots=True)
class Frozen:
    """When a report was frozen, by whom, and its SHA-256."""

    at: datetime
    by: Id
    hash: str


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarterLook:
    """A report as facts (`oversight.facts`), whether it is frozen, and what differs since then."""

    facts: Mapping[str, Any]
    frozen: Frozen | None
    since: tuple[Since, ...] = ()


class QuarterActs:
    """Acts of superiors about their own reports."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def quarter(self, asker: Asker, org: Id, quarter: Quarter) -> QuarterLook:
        """The quarter as of now. Raises NoSuchOrg, NoPower."""
        async with self._units.read() as uow:
            await committees.allow(uow, asker, Act.AUDIT, org)
            live = await facts_of(uow, org, quarter)
            kept = await store.snapshot(uow.session, org, quarter)
            since = () if kept is None else since_frozen(load(kept.report), live)
            return QuarterLook(facts=live, frozen=_frozen(kept), since=since)

    async def reprint(self, asker: Asker, org: Id, quarter: Quarter) -> QuarterLook:
        """The quarter as it was frozen, the same for ever. Raises NoSuchOrg, NoPower, NotFrozen."""
        kept = await self.snapshot(asker, org, quarter)
        return QuarterLook(facts=load(kept.report), frozen=_frozen(kept))

    async def snapshot(self, asker: Asker, org: Id, quarter: Quarter) -> Snapshot:
        """The frozen bytes and their hash. Raises NoSuchOrg, NoPower, NotFrozen."""
        async with self._units.read() as uow:
            await committees.allow(uow, asker, Act.AUDIT, org)
            kept = await store.snapshot(uow.session, org, quarter)
        if kept is None:
            raise NotFrozen
        return kept

    async def freeze(self, asker: Asker, org: Id, quarter: Quarter) -> Snapshot:
        """Keep the report as it is now. Raises NoSuchOrg, NoPower, CommitteesOnly, QuarterRuns, AlreadyFrozen."""
        async with self._units.begin() as uow:
            actor = await committees.allow(uow, asker, Act.AUDIT, org)
            await _may_freeze(uow, org, quarter)
            facts = await facts_of(uow, org, quarter)
            made = Snapshot(
                id=new_id(),
                org=org,
                quarter=quarter,
                report=canonical(facts).decode(),
                hash=digest(facts),
                at=uow.now,
                by=actor.person,
            )
            with refusing({"uq_quarter_snapshot_quarter": AlreadyFrozen}):
                await store.add_snapshot(uow.session, made)
            public = {"quarter": str(quarter), "hash": made.hash}
            act = Recorded(
                cell=org, name="oversight.freeze", actor=actor.person, subject=made.id, public=public
            )
            await record(uow, act)
            return made


async def _may_freeze(uow: UnitOfWork, org: Id, quarter: Quarter) -> None:
    today = await committees.today_in(uow, org)
    if (await committees.org(uow, org, today)).kind is OrgKind.CELL:
        raise CommitteesOnly
    if today < quarter.months()[-1].next().first_day():
        raise QuarterRuns


def _frozen(kept: Snapshot | None) -> Frozen | None:
    return None if kept is None else Frozen(at=kept.at, by=kept.by, hash=kept.hash)
