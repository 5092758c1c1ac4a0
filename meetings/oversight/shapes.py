"""The shapes of oversight's JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from meetings.http.shapes import Body, View


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
