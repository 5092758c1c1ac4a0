"""What a device sends back, as JSON."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from meetings.agenda.motions import MOST_LETTERS, MOST_MOTIONS, MOST_OF_MOTION, MOST_WORDINGS, MotionKind
from meetings.agenda.rules import MOST_ITEMS, MOST_MINUTES
from meetings.agenda.tasks import MOST_TASKS, Outcome
from meetings.attendance.handlers.roll import MOST_MARKS, RollMark
from meetings.attendance.rules import Decision, EvidenceKind, Reason
from meetings.http.shapes import Body, Count, Line, LongText, Moment, UuidText
from meetings.offline.rules import (
    Kept,
    KeptAbsence,
    KeptBefore,
    KeptDraft,
    KeptGuest,
    KeptItem,
    KeptMark,
    KeptMotion,
    KeptPapers,
    KeptReport,
    KeptTask,
    KeptVote,
    Sending,
)
from meetings.sitting.rules import FeeLine
from meetings.voting.handlers import ConcernedBody, whom
from meetings.voting.rules import DecisionKind, Form

_MOST_VOTES, _MOST_KEYS, _MOST_GUESTS, _MOST_REPORTS = 60, 300, 100, 1000


class KeptMarkBody(Body):
    """One name on the roll, by the device's clock. With a `reason` it corrects the confirmed roll; `since`: when they
    came or left."""

    member: UuidText
    mark: RollMark
    device_at: Moment
    reason: Line | None = None
    since: Moment | None = None


class KeptGuestBody(Body):
    """A guest or the superior's overseer."""

    full_name: Line
    comes_from: Line
    overseer: bool = False
    at: Moment


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
    `taken_up` at `decided_at`: decided without a vote; `withdrawn_at`: taken back by the member."""

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
    withdrawn_at: Moment | None = None


class KeptBeforeBody(Body):
    """A motion that was moved on the server before: decided like `KeptMotionBody`, or by a vote."""

    id: UuidText
    taken_up: bool | None = None
    decided_at: Moment | None = None
    withdrawn_at: Moment | None = None


class KeptDraftBody(Body):
    """A draft resolution as it was written in the hall, over its wording `after` (0: there was none)."""

    id: UuidText
    item: UuidText
    text: Annotated[LongText, Field(min_length=1, max_length=MOST_LETTERS)]
    after: Annotated[int, Field(ge=0, le=MOST_WORDINGS)]
    at: Moment


class KeptTaskBody(Body):
    """Work that was given to a member; `due`: the last day."""

    title: Line
    member: UuidText
    due: dt.date
    at: Moment
    item: UuidText | None = None


class KeptReportBody(Body):
    """What the hall found of work given before, of which it had seen `after` reports; `due`: extended until."""

    task: UuidText
    outcome: Outcome
    after: Count
    at: Moment
    due: dt.date | None = None
    note: LongText = ""


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
    it is on; `tellers`: who counted hands or cards."""

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
    tellers: Annotated[tuple[UuidText, ...], Field(max_length=MOST_MARKS)] = ()


class OfflineFeesBody(Body):
    """How many of how many have paid."""

    paid: Count
    of: Count


class TakenBody(Body):
    """Words as they were taken along: of an item, or of the meeting."""

    place: UuidText
    words: LongText


class OfflineBody(Body):
    """A whole sitting as a device kept it. `accepted`: keys of differences that a person has looked at; `continues`:
    it was open on the server when it was taken along, with the words `taken`; `marks` are then those made since."""

    id: UuidText
    based_on: Annotated[int, Field(ge=0, le=2**53)]
    sent_at: Moment
    accepted: Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(max_length=_MOST_KEYS)] = ()
    continues: bool = False
    taken: Annotated[tuple[TakenBody, ...], Field(max_length=MOST_ITEMS + 1)] = ()
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
    guests: Annotated[tuple[KeptGuestBody, ...], Field(max_length=_MOST_GUESTS)] = ()
    drafts: Annotated[tuple[KeptDraftBody, ...], Field(max_length=_MOST_VOTES)] = ()
    motions: Annotated[tuple[KeptMotionBody, ...], Field(max_length=_MOST_VOTES)] = ()
    before: Annotated[tuple[KeptBeforeBody, ...], Field(max_length=MOST_MOTIONS)] = ()
    votes: Annotated[tuple[KeptVoteBody, ...], Field(max_length=_MOST_VOTES)] = ()
    tasks: Annotated[tuple[KeptTaskBody, ...], Field(max_length=MOST_TASKS)] = ()
    reports: Annotated[tuple[KeptReportBody, ...], Field(max_length=_MOST_REPORTS)] = ()
    words: LongText = ""
    read_at: Moment | None = None


def sending_of(body: OfflineBody) -> Sending:
    """How it was sent."""
    return Sending(
        based_on=body.based_on,
        sent_at=body.sent_at,
        accepted=frozenset(body.accepted),
        continues=body.continues,
        taken={one.place: one.words for one in body.taken},
    )


def kept_of(body: OfflineBody) -> Kept:
    """What was kept."""
    return Kept(
        id=body.id,
        opened_at=body.opened_at,
        confirmed_at=body.confirmed_at,
        closed_at=body.closed_at,
        marks=tuple(_mark(one) for one in body.marks),
        head_count=body.head_count,
        chair=body.chair,
        recorder=body.recorder,
        absences=tuple(KeptAbsence(**dict(one)) for one in body.absences),
        fees=FeeLine(paid=body.fees.paid, of=body.fees.of) if body.fees else None,
        items=tuple(KeptItem(**dict(one)) for one in body.items),
        guests=tuple(KeptGuest(**dict(one)) for one in body.guests),
        drafts=tuple(KeptDraft(**dict(one)) for one in body.drafts),
        motions=tuple(KeptMotion(**dict(one)) for one in body.motions),
        before=tuple(KeptBefore(**dict(one)) for one in body.before),
        votes=tuple(_vote(one) for one in body.votes),
        tasks=tuple(KeptTask(**dict(one)) for one in body.tasks),
        reports=tuple(KeptReport(**dict(one)) for one in body.reports),
        words=body.words,
        read_at=body.read_at,
    )


def _mark(body: KeptMarkBody) -> KeptMark:
    return KeptMark(
        member=body.member,
        kind=EvidenceKind(body.mark.value),
        at=body.device_at,
        reason=body.reason or "",
        since=body.since,
    )


def _vote(body: KeptVoteBody) -> KeptVote:
    papers = KeptPapers(**dict(body.papers)) if body.papers else None
    return KeptVote(**{**dict(body), "person": whom(body.person), "papers": papers})
