"""The JSON of convening: what comes in, what goes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from meetings.convening.afterwards import Restatement
from meetings.convening.calendar import Rollover, Series
from meetings.convening.cautions import Told
from meetings.convening.convocations import Convocation
from meetings.convening.obligations import Decision, month_word
from meetings.convening.rules import AnySitting, Kind, Meeting, Mode
from meetings.convening.service import MonthStatus, QuarterStatus
from meetings.http.shapes import Body, Line, LongText, Moment, Scan, UuidText, View
from meetings.kernel.months import Month
from meetings.kernel.text import clean_text
from meetings.notices.rules import Channel, ToRing

Minutes = Annotated[int, Field(ge=5, le=24 * 60)]
Reason = Annotated[str, AfterValidator(clean_text), Field(min_length=1, max_length=2000)]
MonthText = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]


class MeetingBody(Body):
    """A sitting to be called. Without a title the usual one; without minutes the least allowed."""

    kind: Kind
    mode: Mode
    starts_at: Moment
    place: Line
    title: Line | None = None
    planned_minutes: Minutes | None = None
    supplements: UuidText | None = None


class MoveBody(Body):
    """Another time; the place stays unless given."""

    starts_at: Moment
    place: Line | None = None


class CancelBody(Body):
    """Why it will not be held."""

    reason: Reason


class LeftOutBody(Body):
    """An entitled member who is not called, and why."""

    member: UuidText
    reason: Reason


class ConveneBody(Body):
    """How the roster was told, and who was not."""

    how: Channel = Channel.ZALO_TEXT
    left_out: list[LeftOutBody] = Field(default_factory=list, max_length=300)


class TellBody(Body):
    """How one member was told, or (without `how`) why they are left out."""

    how: Channel | None = None
    reason: Reason | None = None


class TellAgainBody(Body):
    """How everyone who was not told of the new time was told of it."""

    how: Channel = Channel.ZALO_TEXT


class ToldView(View):
    """How many were told; 0: nobody was waiting."""

    told: int


class SeriesBody(Body):
    """The cell's fixed day, `local_time` as HH:MM in the cell's zone."""

    since: dt.date
    day_of_month: Annotated[int, Field(ge=1, le=31)]
    local_time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    place: Line
    rollover: Rollover = Rollover.NEXT_WORKDAY
    kind: Kind = Kind.REGULAR
    mode: Mode = Mode.IN_PERSON
    planned_minutes: Minutes | None = None


class MonthDecisionBody(Body):
    """A superior's paper. `lifts_month` false: a permission to pilot online meetings, an annotation only. `scan`:
    the paper itself, as PDF, JPEG or PNG in base64."""

    number: Line
    issued_on: dt.date
    issuer: Line
    reason: LongText
    lifts_month: bool = True
    scan: Scan | None = None


class FulfilmentBody(Body):
    """The sitting that is said to be the month's meeting."""

    meeting: UuidText


class PaperMeetingBody(Body):
    """A meeting held without any device: real times, and the photo of the signed page: PDF, JPEG or
    PNG in base64."""

    kind: Kind = Kind.REGULAR
    place: Line
    opened_at: Moment
    closed_at: Moment
    photo: Scan
    title: Line | None = None


class RestatementBody(Body):
    """What was said of a closed sitting, what is said now, and why."""

    what: Line
    before: LongText
    after: LongText
    reason: Reason


class SpanQuery(Body):
    """From the first to the last month, both included."""

    first: MonthText | None = None
    last: MonthText | None = None


class MeetingView(View):
    """A sitting. `standing` null: a practice, which counts for nothing. Hall counts stand from closing on."""

    id: str
    cell: str
    month: str
    kind: Kind
    mode: Mode
    standing: str | None
    state: str
    title: str
    place: str
    starts_at: dt.datetime
    planned_minutes: int
    minimum_minutes: int
    zone: str
    supplements: str | None
    opened_at: dt.datetime | None
    closed_at: dt.datetime | None
    device_opened_at: dt.datetime | None
    device_closed_at: dt.datetime | None
    cancelled_reason: str | None
    hall_present: int | None
    hall_required: int | None
    fulfils: bool
    fulfils_theme: bool
    entered_late_on: dt.date | None


class CautionView(View):
    """What to look at before people are told; it blocks nothing. `text` is for people."""

    code: str
    text: str


class CalledView(MeetingView):
    """A sitting that was called, moved or convened, with what to look at."""

    cautions: list[CautionView]


class MeetingsView(View):
    """Sittings by planned start."""

    meetings: list[MeetingView]


class ConvocationView(View):
    """What stands for one member: called (`how`) or left out (`left_out_reason`)."""

    member: str
    how: Channel | None
    left_out_reason: str | None
    at: dt.datetime
    by: str


class ConvocationsView(View):
    """Everyone of the roster of that day but the suspended."""

    convocations: list[ConvocationView]


class LetterView(View):
    """A printable convocation."""

    member: str
    text: str


class TextsView(View):
    """What to paste into the cell's group, and a letter for each convoked member."""

    text: str
    letters: list[LetterView]


class ToRingView(View):
    """Somebody to ring up, and why."""

    member: str
    full_name: str
    phone: str | None
    reason: str


class CallListView(View):
    """Ai cần gọi điện."""

    people: list[ToRingView]


class SeriesView(View):
    """A cell's fixed day over time."""

    since: dt.date
    until: dt.date | None
    day_of_month: int
    local_time: str
    place: str
    rollover: Rollover
    kind: Kind
    mode: Mode
    planned_minutes: int
    minimum_minutes: int
    zone: str


class AllSeriesView(View):
    """The series of a cell, the oldest first."""

    series: list[SeriesView]


class MonthDecisionView(View):
    """A superior's paper about a month. It counts nothing."""

    id: str
    number: str
    issued_on: dt.date
    issuer: str
    reason: str
    lifts_month: bool
    scan_sha256: str | None


class MonthView(View):
    """A month as seen from above. `meeting`: the sitting that stands for it."""

    cell: str
    month: str
    state: str
    word: str
    text: str | None
    due: dt.datetime
    meeting: str | None
    decisions: list[MonthDecisionView]
    meetings: list[MeetingView]
    quarter: str | None = None
    theme: str | None = None
    theme_meeting: str | None = None


class RestatementView(View):
    """A dated correction of a closed sitting; no count changed."""

    id: str
    what: str
    before: str
    after: str
    reason: str
    at: dt.datetime
    by: str


class RestatementsView(View):
    """In the order in which they were made."""

    restatements: list[RestatementView]


_PLAIN = (
    *("id", "cell", "kind", "mode", "title", "place", "starts_at", "planned_minutes", "minimum_minutes"),
    *("zone", "opened_at", "closed_at", "device_opened_at", "device_closed_at", "cancelled_reason"),
)
_REAL = ("supplements", "hall_present", "hall_required", "fulfils", "fulfils_theme", "entered_late_on")
_OF_PRACTICE = (None, None, None, False, False, None)


def meeting_view(sitting: AnySitting) -> MeetingView:
    """As JSON."""
    facts = {name: getattr(sitting, name) for name in _PLAIN}
    facts |= {"month": str(sitting.month), "state": sitting.state.value}
    if isinstance(sitting, Meeting):
        facts |= {name: getattr(sitting, name) for name in _REAL}
        return MeetingView(**facts, standing=sitting.standing.value)
    return MeetingView(**facts, **dict(zip(_REAL, _OF_PRACTICE, strict=True)), standing=None)


def called_view(sitting: AnySitting, cautions: Iterable[Told]) -> CalledView:
    """As JSON, with the cautions in words."""
    views = [CautionView(code=one.caution.value, text=one.text) for one in cautions]
    return CalledView(**meeting_view(sitting).model_dump(), cautions=views)


def convocation_view(one: Convocation) -> ConvocationView:
    """As JSON."""
    return ConvocationView.model_validate(one)


def ring_view(line: ToRing, word: str) -> ToRingView:
    """As JSON, with the reason in words."""
    return ToRingView(member=line.member, full_name=line.full_name, phone=line.phone, reason=word)


def series_view(series: Series) -> SeriesView:
    """As JSON."""
    names = (name for name in SeriesView.model_fields if name not in {"since", "until", "local_time"})
    facts = {name: getattr(series, name) for name in names}
    return SeriesView(
        **facts,
        since=series.span.since,
        until=series.span.until,
        local_time=series.local_time.strftime("%H:%M"),
    )


def decision_view(decision: Decision) -> MonthDecisionView:
    """As JSON."""
    return MonthDecisionView.model_validate(decision)


def month_view(status: MonthStatus, theme: QuarterStatus | None = None, text: str | None = None) -> MonthView:
    """As JSON."""
    return MonthView(
        cell=status.cell,
        month=str(status.month),
        state=status.state.value,
        word=month_word(status.state),
        text=text,
        due=status.due,
        meeting=status.standing_for.id if status.standing_for else None,
        decisions=[decision_view(one) for one in status.decisions],
        meetings=[meeting_view(one) for one in status.sittings],
        quarter=str(theme.quarter) if theme else None,
        theme=theme.state.value if theme else None,
        theme_meeting=theme.fulfilled_by if theme else None,
    )


def restatement_view(one: Restatement) -> RestatementView:
    """As JSON."""
    return RestatementView.model_validate(one)


def months_of(query: SpanQuery, today: Month) -> tuple[Month, Month]:
    """The span asked for; without a choice this month and the next."""
    first = Month.parse(query.first) if query.first else today
    return first, Month.parse(query.last) if query.last else max(first, today.next())
