"""The shapes of oversight's JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from meetings.http.shapes import Body, View
from meetings.minutes.addenda_views import AddendumNoteView


class QuarterQuery(Body):
    """`snapshot`: the report as it was frozen."""

    snapshot: bool = False


class CellAuditQuery(Body):
    """The twelve months up to that one (2026-11); without it, up to this month."""

    until: Annotated[str, Field(max_length=7)] = ""


class LedgerQuery(Body):
    """Entries after that number, at most so many."""

    after: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    most: Annotated[int, Field(ge=1, le=500)] = 100


class InstallsView(View):
    """Members with an account. `inside` of `required`: of those who are asked to install; `outside`: others who
    did; `all_installed` of `all_members`: everyone. The rates stand in `text`."""

    day: date
    inside: int
    required: int
    outside: int
    all_installed: int
    all_members: int
    text: str


class StateCountView(View):
    """How many cells stand in one state."""

    state: str
    word: str
    cells: int


class MonthTotalView(View):
    """One month: five states that sum to the cells."""

    month: str
    spoken: str
    states: list[StateCountView]


class RateView(View):
    """`part` of `whole`, with both sets of memberships."""

    part: int
    whole: int
    text: str
    present: list[str]
    counted: list[str]


class MonthSittingView(View):
    """The sitting that stands for a month. Times stated, and of the device. `results_due`: the last day for signed
    minutes; null in quarters frozen before this was kept."""

    meeting: str
    mode: str
    held_on: str | None
    opened_at: datetime
    closed_at: datetime
    device_opened_at: datetime | None
    device_closed_at: datetime | None
    minutes_held: int
    minimum_minutes: int
    hall_present: int
    hall_required: int
    rate: RateView
    entered_late_on: str | None
    entered_late_text: str | None
    signed: bool
    results_due: str | None = None
    results_done_on: str | None = None
    results_late_days: int | None = None
    results_text: str | None = None
    left_out: int
    disagreements: int


class MonthPaperView(View):
    """A superior's paper; counts nothing."""

    number: str
    issued_on: str
    issuer: str
    reason: str
    lifts_month: bool
    scan_sha256: str | None = None


class RestatedView(View):
    """A correction after closing."""

    meeting: str
    at: datetime
    by: str
    what: str
    before: str
    after: str
    reason: str


class CellMonthView(View):
    """One cell's month."""

    month: str
    spoken: str
    state: str
    word: str
    text: str | None
    sitting: MonthSittingView | None
    decisions: list[MonthPaperView]
    restatements: list[RestatedView]


class QuarterThemeView(View):
    """The quarter's thematic sitting, and the day on which it was held."""

    state: str
    word: str
    meeting: str | None
    held_on: date | None = None


class SupplementView(View):
    """Beside the months, never added to them. `of_hybrid`: the phone list of a regular meeting."""

    meeting: str
    month: str
    held_on: str
    joined: int
    supplements: str | None
    of_hybrid: bool
    text: str


class CellQuarterView(View):
    """One cell's quarter."""

    cell: str
    name: str
    months: list[CellMonthView]
    theme: QuarterThemeView
    supplements: list[SupplementView]


class QuarterFindingView(View):
    """One line to look at."""

    kind: str
    cell: str
    month: str | None
    meeting: str | None
    text: str


class FrozenView(View):
    """When the report was frozen, and the SHA-256 of its canonical JSON."""

    at: datetime
    by: str
    hash: str


class SinceView(View):
    """What differs from the frozen report."""

    cell: str
    name: str
    month: str | None
    what: str
    before: str
    after: str


class QuarterView(View):
    """The auditor's quarter. `standard`: the attendance standard, such as >=90 (per cent)."""

    org: str
    org_name: str
    quarter: str
    as_of: datetime
    standard: str
    totals: list[MonthTotalView]
    cells: list[CellQuarterView]
    findings: list[QuarterFindingView]
    frozen: FrozenView | None
    since_frozen: list[SinceView]


class SpanView(View):
    """From, up to; null means still going on."""

    since: datetime
    until: datetime | None


class SourceView(View):
    """One piece of evidence. `at`: when it happened; `received_at`: when it reached us; `device_at`: the
    device's clock."""

    id: str
    source: str
    kind: str
    at: datetime
    received_at: datetime
    device_at: datetime | None
    by: str | None
    reason: str | None


class EvidenceLineView(View):
    """One member."""

    member: str
    full_name: str
    category: str
    channel: str
    late: bool
    left_early: bool
    hall: SpanView | None
    online: list[SpanView]
    absence: str | None
    disagreements: list[str]
    sources: list[SourceView]


class LeftOutView(View):
    """Who was not called, and why."""

    member: str
    full_name: str
    reason: str
    by: str
    at: datetime


class PaperworkView(View):
    """How far the minutes are: approved, signed by key (role and time), signed in ink."""

    approved_at: datetime | None
    pdf_sha256: str | None
    signatures: list[tuple[str, datetime]]
    ink_at: datetime | None
    scan_sha256: str | None


class ResultsView(View):
    """Within how many days, by which day, and when the results were there. `late`: days; `citation`: whose figure."""

    within: int
    last_day: date
    done_on: date | None
    late: int
    citation: str


class EntryView(View):
    """One entry of the ledger without personal values."""

    seq: int
    hash: str
    at: datetime
    act: str
    actor: str | None
    meeting: str | None
    public: dict[str, Any]


class ChainView(View):
    """Whether every link of the cell's ledger holds; else where it breaks first."""

    valid: bool
    entries: int
    head: str
    broken_at: int | None
    broken_how: str | None


class OfflineView(View):
    """That the sitting was held without a network. `sent_at`: the device's clock at sending; `at`: the receipt;
    `differences`: how many a person had to look at; `body_hash`: SHA-256 of what the device kept."""

    sent_at: datetime
    at: datetime
    body_hash: str
    differences: int


class EvidenceView(View):
    """Everything about one sitting. `joined`: on the phone, added to nothing. `offline`: where it is there, every time
    of the sitting is a device's."""

    meeting: str
    cell: str
    kind: str
    mode: str
    standing: str
    state: str
    month: str
    fulfils: bool
    opened_at: datetime | None
    closed_at: datetime | None
    device_opened_at: datetime | None
    device_closed_at: datetime | None
    entered_late_on: str | None
    hall_present: int
    hall_required: int
    rate: RateView
    joined: int
    roll_confirmed: bool
    lines: list[EvidenceLineView]
    left_out: list[LeftOutView]
    restatements: list[RestatedView]
    evidence_hash: str
    photo_sha256: str | None
    cautions: list[str]
    minutes: PaperworkView
    addenda: list[AddendumNoteView]
    results: ResultsView | None
    entries: list[EntryView]
    chain: ChainView
    score: EvidenceScoreView | None
    offline: OfflineView | None


class EvidenceScoreView(View):
    """How the sitting scored itself, out of 100 once all is known; `set_by_name` empty: by the default criteria."""

    total: int
    of: int
    rank: str
    citation: str
    set_by_name: str
    certainty: str


class LedgerView(View):
    """Some entries of a cell's ledger, and whether the whole chain holds."""

    entries: list[EntryView]
    chain: ChainView


class CellSittingView(View):
    """One sitting of a cell. `present` of `counted` were in the hall, `joined` on the phone, never added; all three are
    null until it has ended."""

    meeting: str
    kind: str
    mode: str
    standing: str
    state: str
    starts_at: datetime
    opened_at: datetime | None
    fulfils: bool
    entered_late_on: str | None
    hall_present: int
    hall_required: int
    present: int | None
    counted: int | None
    joined: int | None
    minutes: PaperworkView


class AuditedMonthView(View):
    """What a month owed and what was held. `text`: the sentence that goes with the state."""

    month: str
    state: str
    word: str
    text: str | None
    sittings: list[CellSittingView]


class CellAuditView(View):
    """Twelve months of a cell, the newest first."""

    cell: str
    name: str
    months: list[AuditedMonthView]
