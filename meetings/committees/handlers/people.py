"""JSON: the roster, a member's record, categories, imports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from meetings.committees.handlers.shapes import Day, post
from meetings.committees.rules import Category, Leaving
from meetings.committees.service import CommitteesService
from meetings.committees.service.people import MemberRecord
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Line, Nothing, View
from meetings.kernel.ids import Id

Text200 = Annotated[str, Field(max_length=200)]
Row = Annotated[list[Text200], Field(max_length=30)]


class MemberView(View):
    """One of the roster today. `official`: whether they can have a vote in this cell."""

    id: Id
    person: Id
    full_name: str
    category: Category
    official: bool
    smartphone: bool


class RosterView(View):
    """In the order of given names."""

    members: list[MemberView]


class CategorySpanView(View):
    """What the member was, from a day until a day."""

    category: Category
    official: bool
    since: date
    until: date | None


class MemberRecordView(View):
    """Everything kept of a member. Who looks at another's is recorded."""

    id: Id
    cell: Id
    since: date
    until: date | None
    leaving: Leaving | None
    leaving_paper: str | None
    full_name: str
    birth_date: date | None
    card: str | None
    phone: str | None
    smartphone: bool
    official_since: date | None
    account_since: datetime | None
    categories: list[CategorySpanView]


class CategoryBody(Body):
    """From `since` on the member is of this category, after that paper (number and date)."""

    category: Category
    since: Day
    paper: Line


class LeavingBody(Body):
    """The last day in the cell, included; why, and by which paper."""

    until: Day
    reason: Leaving
    paper: Line


class ImportBody(Body):
    """A table as in examples/roster.xlsx, headings first. `dry_run`: only look for problems."""

    rows: Annotated[list[Row], Field(max_length=1001)]
    dry_run: bool = True


class ProblemInRowView(View):
    """What is wrong in a row (1 holds the headings). A warning stops nothing."""

    row: int
    column: str
    message: str
    warning: bool


class ImportView(View):
    """`applied` only when nothing was wrong. `lacking`: members whom the table does not name; they stay."""

    applied: bool
    added: int
    changed: int
    same: int
    lacking: int
    problems: list[ProblemInRowView]


class PeopleHandlers:
    """Acts on members."""

    def __init__(self, service: CommitteesService) -> None:
        self._service = service

    async def list_members(self, call: Call[Body, Body]) -> RosterView:
        """Everyone of the cell."""
        found = await self._service.people.roster(call.asker, call.id("cell"))
        return RosterView(members=[MemberView.model_validate(one) for one in found])

    async def get_member(self, call: Call[Body, Body]) -> MemberRecordView:
        """A look that is recorded."""
        return _record_view(await self._service.look_at_member(call.asker, call.id("member")))

    async def change_category(self, call: Call[CategoryBody, Body]) -> Nothing:
        """The running category ends the day before."""
        body, member = call.body, call.id("member")
        await self._service.people.change_category(call.asker, member, body.category, body.since, body.paper)
        return Nothing()

    async def end_membership(self, call: Call[LeavingBody, Body]) -> Nothing:
        """With the day its mandates in the cell end too."""
        body, member = call.body, call.id("member")
        await self._service.leaving.end_membership(call.asker, member, body.until, body.reason, body.paper)
        return Nothing()

    async def import_roster(self, call: Call[ImportBody, Body]) -> ImportView:
        """All of it or nothing."""
        body = call.body
        done = await self._service.imports.into_cell(
            call.asker, call.id("cell"), body.rows, dry_run=body.dry_run
        )
        return ImportView.model_validate(done)

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        return [
            Endpoint(
                method="GET",
                path="/cells/{cell}/members",
                handler=self.list_members,
                summary="Danh sách đảng viên của chi bộ",
                answer=RosterView,
                tags=("committees",),
            ),
            Endpoint(
                method="GET",
                path="/members/{member}",
                handler=self.get_member,
                summary="Hồ sơ một đảng viên (lượt xem được ghi lại)",
                answer=MemberRecordView,
                tags=("committees",),
            ),
            post(
                "/members/{member}/categories",
                self.change_category,
                "Diện đảng viên thay đổi từ một ngày",
                CategoryBody,
            ),
            post("/members/{member}/end", self.end_membership, "Đảng viên rời chi bộ", LeavingBody),
            post(
                "/cells/{cell}/imports",
                self.import_roster,
                "Nhập danh sách đảng viên",
                ImportBody,
                ImportView,
            ),
        ]


def _record_view(found: MemberRecord) -> MemberRecordView:
    person, membership = found.person, found.membership
    return MemberRecordView(
        id=membership.id,
        cell=membership.cell,
        since=membership.span.since,
        until=membership.span.until,
        leaving=membership.leaving,
        leaving_paper=membership.paper,
        full_name=person.full_name,
        birth_date=person.birth_date,
        card=person.card,
        phone=person.phone,
        smartphone=person.smartphone,
        official_since=person.official_since,
        account_since=person.account_since,
        categories=[
            CategorySpanView(
                category=one.category, official=one.official, since=one.span.since, until=one.span.until
            )
            for one in found.categories
        ],
    )
