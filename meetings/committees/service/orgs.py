"""Organisations over time, the mandates in them and the policies they set. Every act is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from meetings.committees.policies import Policy, check_value
from meetings.committees.powers import Act
from meetings.committees.rules import CellType, Mandate, OrgKind, Role, Span
from meetings.committees.service.authority import Standpoint, allow, allow_any, standpoint
from meetings.committees.service.lookups import NoSuchPerson, policies, tree
from meetings.committees.store import orgs, people
from meetings.committees.store.people import HeldMandate
from meetings.committees.tree import (
    NoSuchOrg,
    OnlyCellsHaveType,
    OrgVersion,
    OwnSuccessor,
    PartsMissing,
    StillAbove,
    Tree,
)
from meetings.db.refusals import refusing
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.errors import Conflict, NotFound
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import zone_of
from meetings.ledger.rules import Act as Recorded
from meetings.ledger.service import record


class VersionOverlap(Conflict):
    """A new version would rewrite days that an earlier one covers for good."""

    code = "version-overlap"
    message = "Tổ chức đã có thông tin từ ngày này trở đi; không sửa lại quá khứ được."


class CodeTaken(Conflict):
    """Another organisation carries the code."""

    code = "code-taken"
    message = "Mã này đã thuộc một tổ chức khác."


class SeatTaken(Conflict):
    """The person holds that mandate already, or somebody else is secretary in that time."""

    code = "seat-taken"
    message = "Chức vụ này đang có người giữ trong thời gian đó."


class NoSuchMandate(NotFound):
    """Not a mandate in that organisation."""

    code = "no-such-mandate"
    message = "Không có chức vụ này ở đây."


class MandateEnded(Conflict):
    """It ended before, or the last day lies before its beginning."""

    code = "mandate-ended"
    message = "Chức vụ này đã kết thúc, hoặc ngày kết thúc sớm hơn ngày bắt đầu."


class PolicyTaken(Conflict):
    """A policy is never rewritten; a new one begins on another day."""

    code = "policy-taken"
    message = "Mức này đã được đặt từ ngày đó. Muốn đổi, xin đặt từ một ngày khác."


@dataclass(frozen=True, kw_only=True, slots=True)
class OrgFacts:
    """What an organisation is to be from `since` on. None: as before (a new one needs name and kind; a new cell is
    residential). `paper`: after which decision, number and date."""

    since: date
    name: str | None = None
    kind: OrgKind | None = None
    parent: Id | None = None
    code: str | None = None
    zone: str | None = None
    merged_into: Id | None = None
    cell_type: CellType | None = None
    paper: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OrgNow:
    """An organisation today, its zone, those above it, its mandates of today and their holders' names."""

    version: OrgVersion
    zone: str
    above: tuple[OrgVersion, ...]
    mandates: tuple[HeldMandate, ...]
    names: Mapping[Id, str]


class OrgService:
    """Acts on organisations."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def look(self, asker: Asker, org: Id) -> OrgNow:
        """The organisation today, for those who may audit it, administer it, or belong to it."""
        async with self._units.read() as uow:
            at = await standpoint(uow, org)
            act = Act.VIEW_CELL if at.org.kind is OrgKind.CELL else Act.AUDIT
            await allow_any(uow, asker, (act, Act.ADMINISTER), org)
            held = await people.mandates_of_org(uow.session, org)
            now = tuple(one for one in held if one.mandate.span.covers(at.today))
            names = await people.names(uow.session, {one.person for one in now})
            return OrgNow(version=at.org, zone=at.zone, above=at.chain[1:], mandates=now, names=names)

    async def below(self, asker: Asker, org: Id, day: date | None = None) -> tuple[OrgVersion, ...]:
        """The organisation and all below it as they were that day (today, without one), by level, then by name.
        Raises NoPower, NoSuchOrg."""
        async with self._units.read() as uow:
            await allow_any(uow, asker, (Act.AUDIT, Act.ADMINISTER), org)
            return (await tree(uow)).subtree(org, day or (await standpoint(uow, org)).today)

    async def found(self, asker: Asker, facts: OrgFacts) -> Id:
        """A new organisation below `facts.parent`. Raises NoPower, BadTree, CodeTaken, BadZone."""
        if facts.parent is None or facts.name is None or facts.kind is None:
            raise PartsMissing
        async with self._units.begin() as uow:
            await allow(uow, asker, Act.ADMINISTER, facts.parent)
            above = await standpoint(uow, facts.parent, facts.since)
            version = OrgVersion(
                org=new_id(),
                name=facts.name,
                kind=facts.kind,
                parent=facts.parent,
                span=Span(since=facts.since),
                code=facts.code,
                cell_type=facts.cell_type or CellType.RESIDENTIAL,
                paper=facts.paper or "",
            )
            _check_type(version, facts)
            await _check_code(uow, version)
            Tree([version, *above.chain]).check_place(version.org, facts.since)
            zone = facts.zone or above.zone
            zone_of(zone)
            await orgs.add_org(uow.session, version, zone, uow.now)
            await _record(uow, version.org, "committees.found_org", asker, version.org, _public(version))
            return version.org

    async def change(self, asker: Asker, org: Id, facts: OrgFacts) -> None:
        """A new version from a day on, or the end of the organisation by a merger. Raises NoPower, BadTree,
        VersionOverlap, CodeTaken, BadZone."""
        async with self._units.begin() as uow:
            await allow(uow, asker, Act.ADMINISTER, org)
            await orgs.lock_org(uow.session, org)
            at = await standpoint(uow, org, facts.since)
            if at.org.span.until is not None or at.org.span.since >= facts.since:
                raise VersionOverlap
            if facts.merged_into is not None:
                await self._merge(uow, at, facts)
            else:
                await self._renew(uow, asker, at, facts)
            public: dict[str, Json] = {"since": facts.since.isoformat(), "merged_into": facts.merged_into}
            if facts.cell_type is not None:
                public["cell_type"] = facts.cell_type.value
            await _record(uow, org, "committees.change_org", asker, org, public)

    async def _merge(self, uow: UnitOfWork, at: Standpoint, facts: OrgFacts) -> None:
        successor = str(facts.merged_into)
        if successor == at.org.org:
            raise OwnSuccessor
        await standpoint(uow, successor, facts.since)
        whole = await tree(uow)
        if len(whole.subtree(at.org.org, facts.since)) > 1:
            raise StillAbove
        await orgs.end_version(uow.session, _ended(at.org, facts.since, successor))

    async def _renew(self, uow: UnitOfWork, asker: Asker, at: Standpoint, facts: OrgFacts) -> None:
        version = replace(
            at.org,
            name=facts.name or at.org.name,
            kind=facts.kind or at.org.kind,
            parent=facts.parent or at.org.parent,
            code=facts.code or at.org.code,
            span=Span(since=facts.since),
            cell_type=facts.cell_type or at.org.cell_type,
            paper=facts.paper or "",
        )
        _check_type(version, facts)
        zone = facts.zone or at.zone
        zone_of(zone)
        if version.parent is not None and version.parent != at.org.parent:
            await allow(uow, asker, Act.ADMINISTER, version.parent)
        await _check_code(uow, version)
        others = (one for one in await tree(uow) if one.org != version.org)
        Tree([version, *others]).check_place(version.org, facts.since)
        await orgs.end_version(uow.session, _ended(at.org, facts.since, None))
        await orgs.add_version(uow.session, version, zone)

    async def appoint(self, asker: Asker, person: Id, mandate: Mandate, paper: str) -> Id:
        """Give a mandate. Raises NoPower, NoSuchPerson, SeatTaken, BadTree."""
        async with self._units.begin() as uow:
            await allow(uow, asker, Act.ADMINISTER, mandate.org)
            if await people.person(uow.session, person) is None:
                raise NoSuchPerson
            return await appoint(uow, person, mandate, paper, by=asker.person)

    async def end_mandate(self, asker: Asker, org: Id, mandate: Id, until: date) -> None:
        """Say the mandate's last day. Raises NoPower, NoSuchMandate, MandateEnded."""
        async with self._units.begin() as uow:
            await allow(uow, asker, Act.ADMINISTER, org)
            await orgs.lock_org(uow.session, org)
            held = {one.id: one for one in await people.mandates_of_org(uow.session, org)}
            if mandate not in held:
                raise NoSuchMandate
            span = held[mandate].mandate.span
            if (span.until is not None and span.until < until) or until < span.since - timedelta(days=1):
                raise MandateEnded
            await people.end_mandate(uow.session, mandate, until)
            public: dict[str, Json] = {"until": until.isoformat()}
            await _record(uow, org, "committees.end_mandate", asker, mandate, public)

    async def set_policy(self, asker: Asker, policy: Policy) -> None:
        """Set a figure for the organisation `policy.set_by` and all below it. Raises NoPower,
        BadPolicy, PolicyTaken."""
        org = str(policy.set_by)
        async with self._units.begin() as uow:
            await allow(uow, asker, Act.SET_POLICY, org)
            check_value(policy.key, policy.value)
            named = replace(policy, set_by_name=(await standpoint(uow, org)).org.name)
            with refusing(
                {"uq_policy_day": PolicyTaken, "pk_policy": PolicyTaken, "policy_pkey": PolicyTaken}
            ):
                await orgs.add_policy(uow.session, named, asker.person, uow.now)
            public: dict[str, Json] = {
                "key": policy.key.value,
                "value": policy.value,
                "valid_from": policy.valid_from.isoformat(),
            }
            await _record(uow, org, "committees.set_policy", asker, None, public)

    async def policies(self, asker: Asker, cell: Id) -> list[Policy]:
        """Every figure in force for the cell today."""
        async with self._units.read() as uow:
            await allow_any(uow, asker, (Act.VIEW_CELL, Act.AUDIT, Act.ADMINISTER), cell)
            return list((await policies(uow, cell, (await standpoint(uow, cell)).today)).values())


def _overlap(one: Span, other: Span) -> bool:
    return (one.until is None or other.since <= one.until) and (
        other.until is None or one.since <= other.until
    )


def _check_type(version: OrgVersion, facts: OrgFacts) -> None:
    if facts.cell_type is not None and version.kind is not OrgKind.CELL:
        raise OnlyCellsHaveType


async def _check_code(uow: UnitOfWork, version: OrgVersion) -> None:
    if version.code is None:
        return
    taken = await orgs.with_code(uow.session, version.code, version.span.since)
    if any(one.org != version.org for one in taken):
        raise CodeTaken


def _ended(version: OrgVersion, day: date, successor: Id | None) -> OrgVersion:
    span = Span(since=version.span.since, until=day - timedelta(days=1))
    return replace(version, span=span, merged_into=successor)


def _public(version: OrgVersion) -> dict[str, Json]:
    public: dict[str, Json] = {"kind": version.kind.value, "parent": version.parent}
    if version.kind is OrgKind.CELL:
        public["cell_type"] = version.cell_type.value
    return public | {"since": version.span.since.isoformat()}


async def _record(
    uow: UnitOfWork, org: Id, name: str, asker: Asker, subject: Id | None, public: dict[str, Json]
) -> None:
    await record(uow, Recorded(cell=org, name=name, actor=asker.person, subject=subject, public=public))


async def appoint(uow: UnitOfWork, person: Id, mandate: Mandate, paper: str, *, by: Id | None) -> Id:
    """Give a mandate, whoever may. Raises NoSuchOrg, SeatTaken, BadTree."""
    if mandate.span.until is not None and mandate.span.until < mandate.span.since:
        raise MandateEnded
    if not await orgs.lock_org(uow.session, mandate.org):
        raise NoSuchOrg
    for one in await people.mandates_of_org(uow.session, mandate.org):
        same = one.person == person or mandate.role is Role.SECRETARY
        if one.mandate.role is mandate.role and same and _overlap(one.mandate.span, mandate.span):
            raise SeatTaken
    held = HeldMandate(id=new_id(), person=person, mandate=mandate, paper=paper)
    await people.add_mandate(uow.session, held)
    act = Recorded(
        cell=mandate.org,
        name="committees.appoint",
        actor=by,
        subject=held.id,
        public={"role": mandate.role.value, "since": mandate.span.since.isoformat()},
        personal={"person": person},
    )
    await record(uow, act)
    return held.id
