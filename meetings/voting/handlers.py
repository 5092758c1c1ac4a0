"""Votes over HTTP."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated

from pydantic import Field

from meetings.convening.rules import Standing
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Count, Line, UuidText, View
from meetings.kernel.months import zone_of
from meetings.voting.blind import make_key
from meetings.voting.casting import Cast, Receipt
from meetings.voting.election_handlers import ElectionHandlers
from meetings.voting.hall_handlers import HallHandlers
from meetings.voting.motion_handlers import MotionVoteHandlers
from meetings.voting.receipts import hall_receipt, late_text, phone_receipt, supplement_receipt, words_of
from meetings.voting.reserved_handlers import ReservedHandlers
from meetings.voting.rules import Choice, Concerned, DecisionKind, Form
from meetings.voting.secret_handlers import SecretHandlers
from meetings.voting.service import Question, VotingService
from meetings.voting.views import VoteView, vote_view


class ConcernedBody(Body):
    """The one person a question is about: a member of the roll by `member`, else by `name`."""

    member: UuidText | None = None
    name: Line | None = None


class VoteBody(Body):
    """A question. `minutes`: how long answers from devices are taken; `person`: where one is decided about."""

    question: Line
    kind: DecisionKind = DecisionKind.RESOLUTION
    form: Form = Form.HANDS
    item: UuidText | None = None
    minutes: Annotated[int, Field(ge=1, le=60)] = 5
    taking_part: Annotated[tuple[UuidText, ...], Field(max_length=300)] = ()
    excused: Annotated[tuple[UuidText, ...], Field(max_length=300)] = ()
    person: ConcernedBody | None = None


class HandsBody(Body):
    """Hands counted in the hall."""

    in_favour: Count
    against: Count
    abstain: Count
    tellers: Annotated[tuple[UuidText, ...], Field(max_length=20)] = ()


class BallotBody(Body):
    """An answer from a device, which makes `id` and counts `version` from 1."""

    id: UuidText
    version: Annotated[int, Field(ge=1, le=1000)]
    choice: Choice


class VotesView(View):
    """The votes of a meeting."""

    votes: list[VoteView]


class ReceiptView(View):
    """What was recorded. `counted` false: it came late, is kept as late and never counted."""

    id: str
    version: int
    choice: Choice
    at: datetime
    counted: bool
    text: str
    words: list[str]


class RecordedView(View):
    """Every version recorded for the asker; the last one counts."""

    in_hall: bool
    late: int
    ballots: list[RecordedBallotView]


class RecordedBallotView(View):
    """One version. `assisted`: the secretary entered it for the member."""

    id: str
    version: int
    choice: Choice
    received_at: datetime
    assisted: bool


class VotingHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: VotingService) -> None:
        self._service = service

    async def open_vote(self, call: Call[VoteBody, Body]) -> VoteView:
        """POST /meetings/{meeting}/votes."""
        body = call.body
        question = Question(
            question=body.question,
            kind=body.kind,
            form=body.form,
            item=body.item,
            minutes=body.minutes,
            taking_part=body.taking_part,
            excused=body.excused,
            person=whom(body.person),
        )
        made = await self._service.open_vote(call.asker, call.id("meeting"), question, call.prepared)
        return vote_view(made)

    async def make_key(self, call: Call[VoteBody, Body]) -> bytes | None:
        """Before the unit of work: a key takes its time. Only secret votes on devices have one."""
        return await asyncio.to_thread(make_key) if call.body.form is Form.SECRET_DEVICE else None

    async def list_votes(self, call: Call[Body, Body]) -> VotesView:
        """GET /meetings/{meeting}/votes."""
        found = await self._service.of_meeting(call.asker, call.id("meeting"))
        return VotesView(votes=[vote_view(stored) for stored in found])

    async def get_vote(self, call: Call[Body, Body]) -> VoteView:
        """GET /votes/{vote}."""
        return vote_view(*await self._service.view(call.asker, call.id("vote")))

    async def count_hands(self, call: Call[HandsBody, Body]) -> VoteView:
        """POST /votes/{vote}/hall-count."""
        counts = (call.body.in_favour, call.body.against, call.body.abstain)
        return vote_view(
            await self._service.count_hands(call.asker, call.id("vote"), counts, call.body.tellers)
        )

    async def close_vote(self, call: Call[Body, Body]) -> VoteView:
        """POST /votes/{vote}/close."""
        return vote_view(await self._service.close_vote(call.asker, call.id("vote")))

    async def cast_ballot(self, call: Call[BallotBody, Body]) -> ReceiptView:
        """POST /votes/{vote}/ballots: the hot path, answered after commit."""
        cast = Cast(
            id=call.body.id,
            vote=call.id("vote"),
            person=call.asker.person,
            version=call.body.version,
            choice=call.body.choice,
        )
        return _receipt(await self._service.box.put(cast))

    async def recorded_for_me(self, call: Call[Body, Body]) -> RecordedView:
        """GET /votes/{vote}/mine."""
        mine = await self._service.recorded_for(call.asker, call.id("vote"))
        ballots = [
            RecordedBallotView(
                id=ballot.id,
                version=ballot.version,
                choice=ballot.choice,
                received_at=ballot.received_at,
                assisted=ballot.id in mine.assisted,
            )
            for ballot in mine.ballots
        ]
        return RecordedView(in_hall=mine.in_hall, late=mine.late, ballots=ballots)

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves."""
        return [
            *self._questions(),
            *self._answers(),
            *HallHandlers(self._service).endpoints(),
            *ElectionHandlers(self._service.elections).endpoints(),
            *ReservedHandlers(self._service.reserving).endpoints(),
            *MotionVoteHandlers(self._service.motions).endpoints(),
            *SecretHandlers(self._service.secret).endpoints(),
        ]

    def _questions(self) -> list[Endpoint]:
        tags = ("voting",)
        return [
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/votes",
                handler=self.open_vote,
                summary="Mở biểu quyết; cố định số làm căn cứ tính",
                body=VoteBody,
                prepare=self.make_key,
                answer=VoteView,
                status=201,
                tags=tags,
            ),
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/votes",
                handler=self.list_votes,
                summary="Các nội dung biểu quyết của buổi họp",
                answer=VotesView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/votes/{vote}/hall-count",
                handler=self.count_hands,
                summary="Ghi kết quả đếm tay tại hội trường",
                body=HandsBody,
                answer=VoteView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/votes/{vote}/close",
                handler=self.close_vote,
                summary="Kết thúc biểu quyết",
                answer=VoteView,
                tags=tags,
            ),
        ]

    def _answers(self) -> list[Endpoint]:
        tags = ("voting",)
        return [
            Endpoint(
                method="GET",
                path="/votes/{vote}",
                handler=self.get_vote,
                summary="Một nội dung biểu quyết",
                answer=VoteView,
                tags=tags,
            ),
            Endpoint(
                method="POST",
                path="/votes/{vote}/ballots",
                handler=self.cast_ballot,
                summary="Gửi ý kiến từ máy của đảng viên",
                body=BallotBody,
                answer=ReceiptView,
                own_key=True,
                tags=tags,
            ),
            Endpoint(
                method="GET",
                path="/votes/{vote}/mine",
                handler=self.recorded_for_me,
                summary="Đã ghi nhận gì cho tôi?",
                answer=RecordedView,
                tags=tags,
            ),
        ]


def whom(body: ConcernedBody | None) -> Concerned | None:
    """Whom a body names; nobody where it names nobody."""
    if body is None or (body.member is None and body.name is None):
        return None
    return Concerned(name=body.name or "", member=body.member)


def _receipt(receipt: Receipt) -> ReceiptView:
    cast = receipt.cast
    words = words_of(cast.id, cast.version)
    return ReceiptView(
        id=cast.id,
        version=cast.version,
        choice=cast.choice,
        at=receipt.at,
        counted=not receipt.late,
        text=_text(receipt, words),
        words=[] if receipt.late else list(words),
    )


def _text(receipt: Receipt, words: tuple[str, str, str]) -> str:
    question, zone, choice = receipt.question, zone_of(receipt.question.zone), receipt.cast.choice
    if receipt.late:
        return late_text(arrived=receipt.at, ended=question.ended or receipt.at, zone=zone)
    if question.standing == Standing.SUPPLEMENT.value:
        return supplement_receipt(at=receipt.at, choice=choice, zone=zone)
    if not receipt.in_hall:
        return phone_receipt(at=receipt.at, choice=choice, zone=zone)
    until = question.deadline or receipt.at
    return hall_receipt(at=receipt.at, choice=choice, until=until, words=words, zone=zone)
