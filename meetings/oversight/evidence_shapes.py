"""The shapes of one sitting's evidence, of a ledger and of a cell's year."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from meetings.attendance.handlers.roll import RosterNoteView
from meetings.http.shapes import View
from meetings.minutes.addenda_views import AddendumNoteView
from meetings.oversight.shapes import RateView, RestatedView


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
    """Everything about one sitting. `rate`: null of an online session; `joined`: on the phone, added to nothing.
    `head_count`: members counted in the hall when `marked_then` were marked there; null where nobody counted.
    `offline`: where it is there, every time of the sitting is a device's."""

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
    rate: RateView | None
    joined: int
    head_count: int | None
    marked_then: int | None
    roll_confirmed: bool
    lines: list[EvidenceLineView]
    left_out: list[LeftOutView]
    roster_notes: list[RosterNoteView]
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
    """One sitting of a cell. `present` of `counted` were in the hall (null of an online session, which has no rate),
    `joined` on the phone, never added; all three are null until it has ended."""

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
