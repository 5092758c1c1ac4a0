"""JSON: organisations over time, mandates, policies."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from meetings.committees.handlers.shapes import Day, post
from meetings.committees.policies import Certainty, Policy, PolicyKey, set_by_text
from meetings.committees.rules import CellType, Mandate, OrgKind, Role, Span
from meetings.committees.service import CommitteesService
from meetings.committees.service.orgs import OrgFacts, OrgNow
from meetings.committees.tree import OrgVersion
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Line, Nothing, UuidText, View
from meetings.kernel.ids import Id

Word = Annotated[Line, Field(max_length=40)]
Zone = Annotated[str, Field(min_length=1, max_length=60)]


class OrgBody(Body):
    """A new organisation below `parent`. `zone`: IANA name, the parent's without one; `cell_type`: of a cell, which
    is residential without one."""

    parent: UuidText
    name: Line
    kind: OrgKind
    since: Day
    code: Word | None = None
    zone: Zone | None = None
    cell_type: CellType | None = None
    paper: Line | None = None


class OrgVersionBody(Body):
    """What changes from `since` on; what is absent stays. With `merged_into` the organisation ends the day
    before, and nothing else may be given."""

    since: Day
    name: Line | None = None
    kind: OrgKind | None = None
    parent: UuidText | None = None
    code: Word | None = None
    zone: Zone | None = None
    cell_type: CellType | None = None
    paper: Line | None = None
    merged_into: UuidText | None = None


class MadeView(View):
    """The id of what was made."""

    id: Id


class OrgAboveView(View):
    """One of those above, nearest first."""

    id: Id
    name: str
    kind: OrgKind


class MandateView(View):
    """A mandate of today."""

    id: Id
    person: Id
    full_name: str
    role: Role
    since: date
    until: date | None


class OrgView(View):
    """An organisation today. `cell_type`: null of what is no cell; `paper`: after which decision it is so."""

    id: Id
    name: str
    kind: OrgKind
    cell_type: CellType | None
    code: str | None
    zone: str
    since: date
    paper: str
    above: list[OrgAboveView]
    mandates: list[MandateView]


class TreeQuery(Body):
    """The day: today in the organisation's zone, without one."""

    on: Day | None = None


class TreeLineView(View):
    """One organisation as it was that day. `until`: the last day of what is told here, included."""

    id: Id
    name: str
    kind: OrgKind
    cell_type: CellType | None
    parent: Id | None
    code: str | None
    since: date
    until: date | None


class TreeView(View):
    """By level, then by name."""

    orgs: list[TreeLineView]


class MandateBody(Body):
    """Whom, what, since when, after which paper. `until`: the last day, included."""

    person: UuidText
    role: Role
    since: Day
    until: Day | None = None
    paper: Line


class MandateEndBody(Body):
    """The last day, included; the day before its first says that it never came into force."""

    until: Day


class PolicyBody(Body):
    """A figure from a day on; the form of `value` belongs to the key."""

    key: PolicyKey
    value: Word
    valid_from: Day
    citation: Line


class PolicyView(View):
    """A figure in force, who set it, and how sure its source is."""

    key: PolicyKey
    value: str
    valid_from: date
    set_by: Id | None
    set_by_text: str
    citation: str
    certainty: Certainty


class PoliciesView(View):
    """One of each key."""

    policies: list[PolicyView]


class OrgHandlers:
    """Acts on organisations."""

    def __init__(self, service: CommitteesService) -> None:
        self._orgs = service.orgs

    async def found_org(self, call: Call[OrgBody, Body]) -> MadeView:
        """A new organisation."""
        return MadeView(id=await self._orgs.found(call.asker, OrgFacts(**dict(call.body))))

    async def change_org(self, call: Call[OrgVersionBody, Body]) -> Nothing:
        """A new version, or a merger."""
        await self._orgs.change(call.asker, call.id("org"), OrgFacts(**dict(call.body)))
        return Nothing()

    async def get_org(self, call: Call[Body, Body]) -> OrgView:
        """Today."""
        return _org_view(await self._orgs.look(call.asker, call.id("org")))

    async def read_tree(self, call: Call[Body, TreeQuery]) -> TreeView:
        """It and all below it."""
        found = await self._orgs.below(call.asker, call.id("org"), call.query.on)
        return TreeView(orgs=[_tree_line(one) for one in found])

    async def appoint(self, call: Call[MandateBody, Body]) -> MadeView:
        """Give a mandate."""
        body = call.body
        span = Span(since=body.since, until=body.until)
        mandate = Mandate(role=body.role, org=call.id("org"), span=span)
        return MadeView(id=await self._orgs.appoint(call.asker, body.person, mandate, body.paper))

    async def end_mandate(self, call: Call[MandateEndBody, Body]) -> Nothing:
        """Say its last day."""
        await self._orgs.end_mandate(call.asker, call.id("org"), call.id("mandate"), call.body.until)
        return Nothing()

    async def set_policy(self, call: Call[PolicyBody, Body]) -> Nothing:
        """For the organisation and all below it."""
        policy = Policy(**dict(call.body), set_by=call.id("org"))
        await self._orgs.set_policy(call.asker, policy)
        return Nothing()

    async def list_policies(self, call: Call[Body, Body]) -> PoliciesView:
        """In force for the cell today."""
        found = await self._orgs.policies(call.asker, call.id("cell"))
        return PoliciesView(policies=[_policy_view(one) for one in found])

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        return [
            post("/orgs", self.found_org, "Lập một tổ chức", OrgBody, MadeView),
            post("/orgs/{org}/versions", self.change_org, "Tổ chức thay đổi từ một ngày", OrgVersionBody),
            post("/orgs/{org}/mandates", self.appoint, "Giao chức vụ", MandateBody, MadeView),
            post("/orgs/{org}/mandates/{mandate}/end", self.end_mandate, "Chức vụ kết thúc", MandateEndBody),
            post("/orgs/{org}/policies", self.set_policy, "Đặt một mức quy định", PolicyBody),
            Endpoint(
                method="GET",
                path="/orgs/{org}",
                handler=self.get_org,
                summary="Một tổ chức hôm nay",
                answer=OrgView,
                tags=("committees",),
            ),
            Endpoint(
                method="GET",
                path="/orgs/{org}/tree",
                handler=self.read_tree,
                summary="Tổ chức và cấp dưới như vào một ngày",
                query=TreeQuery,
                answer=TreeView,
                tags=("committees",),
            ),
            Endpoint(
                method="GET",
                path="/cells/{cell}/policies",
                handler=self.list_policies,
                summary="Các mức đang áp dụng cho chi bộ",
                answer=PoliciesView,
                tags=("committees",),
            ),
        ]


def _tree_line(one: OrgVersion) -> TreeLineView:
    return TreeLineView(
        id=one.org,
        name=one.name,
        kind=one.kind,
        cell_type=_type(one),
        parent=one.parent,
        code=one.code,
        since=one.span.since,
        until=one.span.until,
    )


def _type(version: OrgVersion) -> CellType | None:
    return version.cell_type if version.kind is OrgKind.CELL else None


def _org_view(now: OrgNow) -> OrgView:
    above = [OrgAboveView(id=one.org, name=one.name, kind=one.kind) for one in now.above]
    mandates = [
        MandateView(
            id=one.id,
            person=one.person,
            full_name=now.names[one.person],
            role=one.mandate.role,
            since=one.mandate.span.since,
            until=one.mandate.span.until,
        )
        for one in now.mandates
    ]
    return OrgView(
        id=now.version.org,
        name=now.version.name,
        kind=now.version.kind,
        cell_type=_type(now.version),
        paper=now.version.paper,
        code=now.version.code,
        zone=now.zone,
        since=now.version.span.since,
        above=above,
        mandates=mandates,
    )


def _policy_view(policy: Policy) -> PolicyView:
    return PolicyView(
        key=policy.key,
        value=policy.value,
        valid_from=policy.valid_from,
        set_by=policy.set_by,
        set_by_text=set_by_text(policy),
        citation=policy.citation,
        certainty=policy.certainty,
    )
