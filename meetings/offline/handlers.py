"""A sitting held without a network, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import Field

from meetings.agenda.motions import MOST_LETTERS, MOST_OF_MOTION, MOST_WORDINGS, MotionKind
from meetings.agenda.rules import MOST_ITEMS, MOST_MINUTES
from meetings.attendance.handlers.roll import MOST_MARKS, RollMark
from meetings.attendance.rules import Decision, EvidenceKind, Reason
from meetings.convening.rules import Meeting
from meetings.http.endpoint import Call, Endpoint
from meetings.http.language import source, translator
from meetings.http.shapes import Body, Count, Line, LongText, Moment, UuidText, View
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text, time_text
from meetings.offline.rules import (
    Kept,
    KeptAbsence,
    KeptItem,
    KeptMark,
    KeptMotion,
    KeptPapers,
    KeptVote,
    Sending,
)
from meetings.offline.service import BroughtIn, Kit, OfflineService, QuestionRule
from meetings.sitting.rules import FeeLine
from meetings.voting.handlers import ConcernedBody, whom
from meetings.voting.rules import BaseKind, DecisionKind, Form, Whom

_TAGS = ("offline",)
_PATH = "/meetings/{meeting}/offline"
_MOST_VOTES, _MOST_KEYS = 60, 300
RECEIPT = source(
    "Đã nhận đủ lúc {time} ngày {day}. Giờ khai mạc {opened} và kết thúc {closed} là giờ theo máy."
)


class KitMemberView(View):
    """One name. `asked`: the reason of who asked leave."""

    id: str
    name: str
    category: str
    official: bool
    called: bool
    asked: Reason | None
    coming: bool


class KitItemView(View):
    """One item of the agenda."""

    id: str
    title: str
    planned_minutes: int


class KitDraftView(View):
    """The draft resolution of an item, as it stands; amendments are written against its number."""

    item: str
    number: int
    text: str


class KitShareView(View):
    """A share of the base: more than it (`strict`), or at least it."""

    numerator: int
    denominator: int
    strict: bool


class KitQuestionView(View):
    """One row of the table of rules as it holds here, with its words in Vietnamese. `whom`: where it is about one."""

    kind: DecisionKind
    forms: list[Form]
    threshold: KitShareView | None
    base: BaseKind
    exempt_may_vote: bool
    whom: Whom | None
    subject: str
    about: str
    share: str
    sources: list[str]


class KitView(View):
    """What the device takes along. `number`: of the newest act, to be given back as `based_on`."""

    meeting: str
    person: str
    cell_name: str
    title: str
    place: str
    zone: str
    starts_at: datetime
    minimum_minutes: int
    number: int
    now: datetime
    members: list[KitMemberView]
    items: list[KitItemView]
    drafts: list[KitDraftView]
    questions: list[KitQuestionView]


class KeptMarkBody(Body):
    """One name on the roll, by the device's clock."""

    member: UuidText
    mark: RollMark
    device_at: Moment


class KeptAbsenceBody(Body):
    """One decided absence."""

    member: UuidText
    decision: Decision
    reason: Reason | None = None


class KeptItemBody(Body):
    """One item as it was discussed; an unknown `id` is one that came up in the hall."""

    id: UuidText
    title: Line
    planned_minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]
    started_at: Moment | None = None
    ended_at: Moment | None = None
    conclusion: Annotated[LongText, Field(max_length=5000)] = ""
    words: LongText = ""


class KeptMotionBody(Body):
    """What a member moved in the hall. `text`: words, or the draft's new wording in place of wording `against`;
    `taken_up` at `decided_at`: decided without a vote."""

    id: UuidText
    kind: MotionKind
    member: UuidText
    text: Annotated[LongText, Field(min_length=1, max_length=MOST_LETTERS)]
    at: Moment
    item: UuidText | None = None
    reason: Annotated[LongText, Field(max_length=MOST_OF_MOTION)] = ""
    against: Annotated[int, Field(ge=1, le=MOST_WORDINGS)] | None = None
    taken_up: bool | None = None
    decided_at: Moment | None = None


class KeptPapersBody(Body):
    """The protocol of a counting board; for and against stand with the question."""

    issued: Count
    returned: Count
    valid: Count
    invalid: Count
    blank: Count = 0
    board: Annotated[tuple[UuidText, ...], Field(min_length=1, max_length=50)]


class KeptVoteBody(Body):
    """One question, its hands or its `papers`, and what the device told the hall. `motion`: the one of the record that
    it is on."""

    question: Line
    kind: DecisionKind
    form: Form
    opened_at: Moment
    closed_at: Moment
    in_favour: Count
    against: Count
    abstain: Count
    base: Count
    needed: Count | None = None
    passed: bool | None = None
    item: UuidText | None = None
    taking_part: Annotated[tuple[UuidText, ...], Field(max_length=MOST_MARKS)] = ()
    excused: Annotated[tuple[UuidText, ...], Field(max_length=MOST_MARKS)] = ()
    motion: UuidText | None = None
    person: ConcernedBody | None = None
    papers: KeptPapersBody | None = None


class OfflineFeesBody(Body):
    """How many of how many have paid."""

    paid: Count
    of: Count


class OfflineBody(Body):
    """A whole sitting as a device kept it. `accepted`: keys of differences that a person has looked at."""

    id: UuidText
    based_on: Annotated[int, Field(ge=0, le=2**53)]
    sent_at: Moment
    accepted: Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(max_length=_MOST_KEYS)] = ()
    opened_at: Moment
    confirmed_at: Moment
    closed_at: Moment
    marks: Annotated[tuple[KeptMarkBody, ...], Field(max_length=2 * MOST_MARKS)]
    head_count: Count
    chair: UuidText
    recorder: UuidText
    absences: Annotated[tuple[KeptAbsenceBody, ...], Field(max_length=MOST_MARKS)] = ()
    fees: OfflineFeesBody | None = None
    items: Annotated[tuple[KeptItemBody, ...], Field(max_length=MOST_ITEMS)] = ()
    motions: Annotated[tuple[KeptMotionBody, ...], Field(max_length=_MOST_VOTES)] = ()
    votes: Annotated[tuple[KeptVoteBody, ...], Field(max_length=_MOST_VOTES)] = ()
    words: LongText = ""
    read_at: Moment | None = None


class DifferenceView(View):
    """Something to look at, for people."""

    key: str
    text: str


class BroughtView(View):
    """`kept` false: nothing was written; the differences are to be looked at and their keys sent back."""

    kept: bool
    at: datetime | None
    text: str
    state: str
    month: str
    fulfils_obligation: bool
    differences: list[DifferenceView]


class OfflineHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: OfflineService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """Take along, bring back."""
        return [
            Endpoint(
                method="GET",
                path=_PATH,
                handler=self.take_offline_kit,
                summary="Mang buổi họp đi khi không có mạng",
                answer=KitView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=_PATH,
                handler=self.bring_offline_record,
                summary="Gửi về buổi họp đã ghi khi không có mạng",
                body=OfflineBody,
                answer=BroughtView,
                own_key=True,
                tags=_TAGS,
            ),
        ]

    async def take_offline_kit(self, call: Call[Body, Body]) -> KitView:
        """GET …/offline."""
        kit = await self._service.kit(call.asker, call.id("meeting"))
        return _kit(kit, call.asker.person)

    async def bring_offline_record(self, call: Call[OfflineBody, Body]) -> BroughtView:
        """POST …/offline: the same record again gives the first receipt."""
        body = call.body
        sending = Sending(based_on=body.based_on, sent_at=body.sent_at, accepted=frozenset(body.accepted))
        done = await self._service.bring(call.asker, call.id("meeting"), _kept(body), sending)
        return _view(call.request, done)


def _kept(body: OfflineBody) -> Kept:
    return Kept(
        id=body.id,
        opened_at=body.opened_at,
        confirmed_at=body.confirmed_at,
        closed_at=body.closed_at,
        marks=tuple(
            KeptMark(member=one.member, kind=EvidenceKind(one.mark.value), at=one.device_at)
            for one in body.marks
        ),
        head_count=body.head_count,
        chair=body.chair,
        recorder=body.recorder,
        absences=tuple(KeptAbsence(**dict(one)) for one in body.absences),
        fees=FeeLine(paid=body.fees.paid, of=body.fees.of) if body.fees else None,
        items=tuple(KeptItem(**dict(one)) for one in body.items),
        motions=tuple(KeptMotion(**dict(one)) for one in body.motions),
        votes=tuple(_vote(one) for one in body.votes),
        words=body.words,
        read_at=body.read_at,
    )


def _vote(body: KeptVoteBody) -> KeptVote:
    papers = KeptPapers(**dict(body.papers)) if body.papers else None
    return KeptVote(**{**dict(body), "person": whom(body.person), "papers": papers})


def _kit(kit: Kit, person: str) -> KitView:
    sitting = kit.sitting
    return KitView(
        meeting=sitting.id,
        person=person,
        cell_name=kit.cell_name,
        title=sitting.title,
        place=sitting.place,
        zone=sitting.zone,
        starts_at=sitting.starts_at,
        minimum_minutes=sitting.minimum_minutes,
        number=kit.number,
        now=kit.now,
        members=[
            KitMemberView(
                id=one.member.id,
                name=one.member.full_name,
                category=one.member.category.value,
                official=one.member.official,
                called=one.called,
                asked=one.asked,
                coming=one.coming,
            )
            for one in kit.members
        ],
        items=[KitItemView.model_validate(one) for one in kit.items],
        drafts=[KitDraftView.model_validate(one) for one in kit.drafts],
        questions=[question_view(one) for one in kit.questions],
    )


def question_view(one: QuestionRule) -> KitQuestionView:
    """As the device gets it."""
    share = one.rule.threshold
    return KitQuestionView(
        kind=one.rule.kind,
        forms=list(one.forms),
        threshold=KitShareView.model_validate(share) if share else None,
        base=one.rule.base,
        exempt_may_vote=one.rule.exempt_may_vote,
        whom=one.rule.person.whom if one.rule.person else None,
        subject=one.subject,
        about=one.about,
        share=one.share,
        sources=list(one.sources),
    )


def _view(request: web.Request, done: BroughtIn) -> BroughtView:
    say, sitting = translator(request), done.sitting
    return BroughtView(
        kept=done.brought is not None,
        at=done.brought.at if done.brought else None,
        text=_receipt(request, done),
        state=sitting.state.value,
        month=str(sitting.month),
        fulfils_obligation=isinstance(sitting, Meeting) and sitting.fulfils,
        differences=[
            DifferenceView(key=one.key, text=say(one.text).format(**one.facts)) for one in done.differences
        ],
    )


def _receipt(request: web.Request, done: BroughtIn) -> str:
    sitting, brought = done.sitting, done.brought
    if brought is None or sitting.opened_at is None or sitting.closed_at is None:
        return ""
    zone = zone_of(sitting.zone)
    return translator(request)(RECEIPT).format(
        time=time_text(brought.at, zone),
        day=date_text(brought.at.astimezone(zone).date()),
        opened=time_text(sitting.opened_at, zone),
        closed=time_text(sitting.closed_at, zone),
    )
