"""What the secretary types in the hall: answers for members without a device, ballots of paper, what waits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Count, Line, UuidText, View
from meetings.voting.assisting import Mark
from meetings.voting.paper import PaperLine, Protocol
from meetings.voting.rules import Choice
from meetings.voting.service import VotingService
from meetings.voting.views import VoteView, vote_view


class MarkBody(Body):
    """An answer entered for a member, whose device-made `id` repeats with a repeated request."""

    id: UuidText
    member: UuidText
    choice: Choice


class MarkView(View):
    """The ballot that was entered, logged as assisted."""

    id: str
    version: int
    choice: Choice
    at: datetime


class PaperLineBody(Body):
    """Ballots for and against a name; without `member` where the ballot asks one question."""

    member: UuidText | None = None
    in_favour: Count
    against: Count


class PaperCountBody(Body):
    """The protocol of the counting board. Valid and invalid make returned; a blank ballot is a valid one."""

    issued: Count
    returned: Count
    valid: Count
    invalid: Count
    blank: Count = 0
    lines: Annotated[tuple[PaperLineBody, ...], Field(min_length=1, max_length=50)]
    board: Annotated[tuple[UuidText, ...], Field(min_length=1, max_length=20)]


class DeferralBody(Body):
    """What is to be decided at the next meeting in a hall."""

    title: Line
    minutes: Annotated[int, Field(ge=1, le=240)] = 15


class DeferredView(View):
    """The meeting and the item of its agenda."""

    meeting: str
    item: str


class HallHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: VotingService) -> None:
        self._service = service

    async def mark_answer(self, call: Call[MarkBody, Body]) -> MarkView:
        """POST /votes/{vote}/marks."""
        mark = Mark(id=call.body.id, member=call.body.member, choice=call.body.choice)
        ballot = await self._service.assisting.mark(call.asker, call.id("vote"), mark)
        return MarkView(id=ballot.id, version=ballot.version, choice=ballot.choice, at=ballot.received_at)

    async def count_paper(self, call: Call[PaperCountBody, Body]) -> VoteView:
        """POST /votes/{vote}/paper-count."""
        body = call.body
        lines = tuple(
            PaperLine(member=line.member, in_favour=line.in_favour, against=line.against)
            for line in body.lines
        )
        counted = Protocol(
            issued=body.issued,
            returned=body.returned,
            valid=body.valid,
            invalid=body.invalid,
            blank=body.blank,
            lines=lines,
            board=tuple(dict.fromkeys(body.board)),
        )
        return vote_view(await self._service.counting.count_paper(call.asker, call.id("vote"), counted))

    async def defer_item(self, call: Call[DeferralBody, Body]) -> DeferredView:
        """POST /meetings/{meeting}/deferrals."""
        title, minutes = call.body.title, call.body.minutes
        where = await self._service.deferring.defer(call.asker, call.id("meeting"), title, minutes)
        return DeferredView(meeting=where.meeting, item=where.item.id)

    def endpoints(self) -> list[Endpoint]:
        """What is typed in the hall."""
        tags = ("voting",)
        return [
            Endpoint(
                method="POST",
                path="/votes/{vote}/marks",
                handler=self.mark_answer,
                summary="Ghi giúp ý kiến của đảng viên không có máy",
                body=MarkBody,
                answer=MarkView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/votes/{vote}/paper-count",
                handler=self.count_paper,
                summary="Ghi kết quả kiểm phiếu kín",
                body=PaperCountBody,
                answer=VoteView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/deferrals",
                handler=self.defer_item,
                summary="Chuyển nội dung sang buổi họp trực tiếp tới",
                body=DeferralBody,
                answer=DeferredView,
                status=201,
                tags=tags,
            ),
        ]
