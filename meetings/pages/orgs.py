"""An organisation for who administers it: what stands below it on a day, who holds which mandate, since what paper."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from aiohttp import web

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import CellType, Mandate, Member, OrgKind, Role, Span
from meetings.committees.service.orgs import OrgFacts, OrgNow
from meetings.committees.tree import OrgVersion
from meetings.db.unit import UnitOfWork
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.kernel.text import date_text
from meetings.pages.desk import Desk
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of

ROLES = {
    Role.SECRETARY: source("Bí thư"),
    Role.DEPUTY: source("Phó bí thư"),
    Role.COMMITTEE_MEMBER: source("Ủy viên"),
    Role.OVERSEER: source("Cấp ủy viên phụ trách chi bộ"),
    Role.AUDITOR: source("Người kiểm tra, theo dõi"),
    Role.ADMINISTRATOR: source("Quản trị phần mềm"),
}
KINDS = {
    OrgKind.CENTRAL: source("Trung ương"),
    OrgKind.PROVINCE: source("Đảng bộ tỉnh, thành phố"),
    OrgKind.AGENCY_BLOC: source("Đảng bộ các cơ quan"),
    OrgKind.COMMUNE: source("Đảng bộ xã, phường, đặc khu"),
    OrgKind.BASE: source("Đảng bộ cơ sở"),
    OrgKind.SUB_BASE: source("Đảng bộ bộ phận"),
    OrgKind.CELL: source("Chi bộ"),
    OrgKind.GROUP: source("Tổ đảng"),
}
TYPES = {
    CellType.RESIDENTIAL: source("Thôn, tổ dân phố"),
    CellType.AGENCY: source("Cơ quan"),
    CellType.PUBLIC_SERVICE: source("Đơn vị sự nghiệp"),
    CellType.ENTERPRISE: source("Doanh nghiệp"),
    CellType.STUDENTS: source("Học sinh, sinh viên"),
    CellType.ARMED_FORCES: source("Lực lượng vũ trang"),
}
_MOST_CELLS = 300
_MOST_CODE = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class OrgLook:
    """What the page shows of `day`. `people` can be given a mandate: the roster of the cell `from_cell`."""

    now: OrgNow
    day: date
    today: date
    there: OrgVersion
    below: tuple[tuple[OrgVersion, int], ...]
    cells: tuple[OrgVersion, ...]
    from_cell: Id
    people: tuple[Member, ...]


class OrgPages:
    """`/o/{org}…`: what is written goes through the acts of the JSON interface, each on its ledger."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services
        self._orgs = desk.services.committees.orgs

    def routes(self) -> list[web.RouteDef]:
        """The page and its five forms."""
        one = "/o/{org}"
        return [
            web.get(one, self.show),
            web.post(f"{one}/found", self.found),
            web.post(f"{one}/rename", self.rename),
            web.post(f"{one}/kind", self.retype),
            web.post(f"{one}/mandates", self.appoint),
            web.post(f"{one}/mandates/{{mandate}}/end", self.end),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /o/{org}?on=24/11/2026: the tree as it was that day."""
        return await self._page(request, None, None)

    async def found(self, request: web.Request) -> web.StreamResponse:
        """POST …/found: a new organisation below this one."""
        asker, org = asker_of(request), _org_of(request)

        async def act(filled: Filled) -> None:
            kind = filled.chosen("new-kind", OrgKind, OrgKind.CELL)
            cell_type = filled.chosen("new-type", CellType, CellType.RESIDENTIAL)
            facts = OrgFacts(
                parent=org,
                name=filled.line("new-name"),
                kind=kind,
                cell_type=cell_type if kind is OrgKind.CELL else None,
                since=filled.day("new-since"),
                code=filled.line("new-code", most=_MOST_CODE, empty=True) or None,
            )
            filled.check()
            await self._orgs.found(asker, facts)

        return await self._post(request, act)

    async def rename(self, request: web.Request) -> web.StreamResponse:
        """POST …/rename: another name from a day on; the earlier days keep theirs."""
        asker, org = asker_of(request), _org_of(request)

        async def act(filled: Filled) -> None:
            facts = OrgFacts(name=filled.line("name"), since=filled.day("since"))
            filled.check()
            await self._orgs.change(asker, org, facts)

        return await self._post(request, act)

    async def retype(self, request: web.Request) -> web.StreamResponse:
        """POST …/kind: what kind of cell it is from a day on, after which paper."""
        asker, org = asker_of(request), _org_of(request)

        async def act(filled: Filled) -> None:
            facts = OrgFacts(
                cell_type=filled.chosen("cell-type", CellType, CellType.RESIDENTIAL),
                since=filled.day("type-since"),
                paper=filled.line("type-paper"),
            )
            filled.check()
            await self._orgs.change(asker, org, facts)

        return await self._post(request, act)

    async def appoint(self, request: web.Request) -> web.StreamResponse:
        """POST …/mandates: whom, what, since when, after which paper."""
        asker, org = asker_of(request), _org_of(request)

        async def act(filled: Filled) -> None:
            look = await self._look(request, filled.get("from"))
            role = filled.chosen("role", Role, Role.SECRETARY)
            person = filled.among("person", [one.person for one in look.people])
            since, paper = filled.day("from-day"), filled.line("paper")
            filled.check()
            await self._orgs.appoint(
                asker, person, Mandate(role=role, org=org, span=Span(since=since)), paper
            )

        return await self._post(request, act)

    async def end(self, request: web.Request) -> web.StreamResponse:
        """POST …/end: its last day."""
        asker, org, mandate = asker_of(request), _org_of(request), parse_id(request.match_info["mandate"])

        async def act(filled: Filled) -> None:
            until = filled.day(f"until-{mandate}")
            filled.check()
            await self._orgs.end_mandate(asker, org, mandate, until)

        return await self._post(request, act)

    async def _post(
        self, request: web.Request, act: Callable[[Filled], Awaitable[None]]
    ) -> web.StreamResponse:
        to = f"/o/{_org_of(request)}"
        return await self._desk.post(request, act, lambda *told: self._page(request, *told), to)

    async def _page(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        asked = Filled(request.query)
        look = await self._look(request, (filled or asked).get("from"), asked)
        today = date_text(look.today)
        first = filled or Filled(
            {
                **dict.fromkeys(("since", "new-since", "from-day", "type-since"), today),
                "new-kind": "cell",
                "new-type": CellType.RESIDENTIAL.value,
                "cell-type": look.there.cell_type.value,
            }
        )
        first.problems |= asked.problems
        first.values.setdefault("on", asked.get("on") or date_text(look.day))
        context = {
            "look": look,
            "org_name": look.there.name,
            "mandates": [(one, look.now.names[one.person]) for one in look.now.mandates],
            "roles": ROLES,
            "kinds": KINDS,
            "types": TYPES,
            "chosen": bool(asked.get("from")),
            "is_today": look.day == look.today,
            "here": f"/o/{look.there.org}",
        }
        return self._desk.page(request, "org.html", context, filled=first, refusal=refusal)

    async def _look(self, request: web.Request, cell: str, asked: Filled | None = None) -> OrgLook:
        asker, org = asker_of(request), _org_of(request)
        async with self._services.units.read() as uow:
            await committees.allow(uow, asker, Act.ADMINISTER, org)
            today = await committees.today_in(uow, org)
        day = asked.day("on") if asked is not None and asked.get("on") else today
        if asked is not None and asked.problems:
            day = today
        now, below = await self._orgs.look(asker, org), await self._orgs.below(asker, org, day)
        cells = tuple(one for one in below if one.kind is OrgKind.CELL)
        known = {one.org for one in cells}
        chosen = cell if cell in known else next((one.org for one in cells), "")
        async with self._services.units.read() as uow:
            return OrgLook(
                now=now,
                day=day,
                today=today,
                there=below[0],
                below=_children(below),
                cells=cells[:_MOST_CELLS],
                from_cell=chosen,
                people=await _roster(uow, chosen, today),
            )


async def _roster(uow: UnitOfWork, cell: Id, day: date) -> tuple[Member, ...]:
    return tuple(await committees.roster(uow, cell, day)) if cell else ()


def _children(below: tuple[OrgVersion, ...]) -> tuple[tuple[OrgVersion, int], ...]:
    """What stands directly below the first, each with how many cells it holds."""
    parents = {one.org: one.parent for one in below}
    counts = dict.fromkeys(parents, 0)
    for one in below:
        step: Id | None = one.org if one.kind is OrgKind.CELL else None
        while step is not None and step in counts:
            counts[step] += 1
            step = parents[step]
    return tuple((one, counts[one.org]) for one in below[1:] if one.parent == below[0].org)


def _org_of(request: web.Request) -> Id:
    return parse_id(request.match_info["org"])
