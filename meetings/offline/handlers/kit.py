"""What a device takes along, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from meetings.agenda.motions import MotionKind, MotionState, Moved
from meetings.agenda.tasking import TasksLook
from meetings.agenda.tasks import Followed, Outcome
from meetings.attendance.rules import Decision, EvidenceKind, Reason
from meetings.http.shapes import View
from meetings.kernel.ids import Id
from meetings.offline import words
from meetings.offline.order import SoFar
from meetings.offline.service import Kit, QuestionRule
from meetings.voting.rules import BaseKind, DecisionKind, Form, StoredVote, Whom


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


class KitMotionView(View):
    """What a member moved before, and what became of it."""

    id: str
    kind: MotionKind
    member: str
    text: str
    reason: str
    item: str | None
    against: int | None
    at: datetime
    state: MotionState


class KitGuestView(View):
    """Somebody written down beside the roll."""

    full_name: str
    comes_from: str
    overseer: bool


class KitFoundView(View):
    """What this sitting found of work; `due`: the new last day of an extension."""

    outcome: Outcome
    due: date | None
    note: str


class KitTaskView(View):
    """Work given. `due`: the last day as this sitting came to it; `reports`: how many there are."""

    id: str
    title: str
    name: str
    due: date
    reports: int
    found: KitFoundView | None


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


class KitMarkView(View):
    """The last word on a name."""

    member: str
    mark: EvidenceKind
    at: datetime


class KitAbsenceView(View):
    """A decided absence."""

    member: str
    decision: Decision
    reason: Reason | None


class KitBegunView(View):
    """An item that was begun, with its words; `place` of general words: the meeting."""

    place: str
    started_at: datetime | None
    ended_at: datetime | None
    conclusion: str
    words: str


class KitHeldView(View):
    """A vote that has ended, in Vietnamese."""

    question: str
    item: str | None
    text: str


class SoFarView(View):
    """An open sitting as it stands."""

    opened_at: datetime
    confirmed_at: datetime | None
    marks: list[KitMarkView]
    absences: list[KitAbsenceView]
    chair: str | None
    recorder: str | None
    paid: int | None
    of: int | None
    read_at: datetime | None
    places: list[KitBegunView]
    votes: list[KitHeldView]


class KitView(View):
    """What the device takes along. `number`: of the newest act, to be given back as `based_on`; `so_far`: where the
    sitting is open."""

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
    motions: list[KitMotionView]
    guests: list[KitGuestView]
    asked: list[KitTaskView]
    given: list[KitTaskView]
    questions: list[KitQuestionView]
    so_far: SoFarView | None


def kit_view(kit: Kit, person: str, texts: Mapping[Id, str]) -> KitView:
    """As the device gets it; `texts`: the words so far, by place."""
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
        motions=[_motion(one) for one in kit.moved],
        guests=[KitGuestView.model_validate(one) for one in kit.guests],
        asked=[_task(kit.work, one) for one in kit.work.asked],
        given=[_task(kit.work, one) for one in kit.work.given],
        questions=[question_view(one) for one in kit.questions],
        so_far=_so_far(kit, kit.so_far, texts) if kit.so_far else None,
    )


def _motion(one: Moved) -> KitMotionView:
    told = one.motion
    return KitMotionView(
        id=told.id,
        kind=told.kind,
        member=told.member,
        text=told.text,
        reason=told.reason,
        item=told.item,
        against=told.against,
        at=told.at,
        state=one.state,
    )


def _task(work: TasksLook, one: Followed) -> KitTaskView:
    found = one.found_at(work.meeting)
    return KitTaskView(
        id=one.task.id,
        title=one.task.title,
        name=work.names[one.task.member],
        due=one.before(work.meeting).due,
        reports=len(one.reports),
        found=KitFoundView.model_validate(found) if found else None,
    )


def _so_far(kit: Kit, begun: SoFar, texts: Mapping[Id, str]) -> SoFarView:
    return SoFarView(
        opened_at=begun.opened_at,
        confirmed_at=begun.confirmed_at,
        marks=[KitMarkView(member=one.member, mark=one.kind, at=one.at) for one in begun.marks],
        absences=[KitAbsenceView.model_validate(one) for one in begun.absences],
        chair=begun.chair,
        recorder=begun.recorder,
        paid=begun.fees.paid if begun.fees else None,
        of=begun.fees.of if begun.fees else None,
        read_at=begun.read_at,
        places=[
            KitBegunView(
                place=one.id,
                started_at=one.started_at,
                ended_at=one.ended_at,
                conclusion=one.conclusion,
                words=texts.get(one.id, ""),
            )
            for one in kit.items
        ]
        + [
            KitBegunView(
                place=kit.sitting.id,
                started_at=None,
                ended_at=None,
                conclusion="",
                words=texts.get(kit.sitting.id, ""),
            )
        ],
        votes=[_held(one) for one in kit.held],
    )


def _held(one: StoredVote) -> KitHeldView:
    result = one.result or {}
    told = words.verdict(result["base"], result.get("needed"), result.get("passed"))
    return KitHeldView(question=one.vote.question, item=one.vote.item, text=told)


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
