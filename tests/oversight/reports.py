"""Invented reports, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from meetings.convening.obligations import Decision, MonthState, ThemeState
from meetings.convening.rules import Mode
from meetings.kernel.ids import derived_id
from meetings.kernel.months import Month, Quarter
from meetings.oversight.facts import as_facts
from meetings.oversight.findings import findings
from meetings.oversight.rules import (
    CellMonth,
    CellQuarter,
    MonthSitting,
    QuarterReport,
    Rate,
    Restatement,
    Supplement,
)

QUARTER = Quarter(2026, 4)
OCTOBER, NOVEMBER, DECEMBER = QUARTER.months()
OPENED = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
MEETING = derived_id("november")


def sitting(present: int = 14, **facts: Any) -> MonthSitting:
    """A hybrid of ninety-five minutes."""
    known: dict[str, Any] = {
        "meeting": MEETING,
        "mode": Mode.HYBRID,
        "held_on": date(2026, 11, 24),
        "opened_at": OPENED,
        "closed_at": OPENED + timedelta(minutes=95),
        "device_opened_at": OPENED,
        "device_closed_at": None,
        "hall_present": present,
        "hall_required": 11,
        "minutes_held": 95,
        "minimum_minutes": 90,
        "rate": Rate(
            present=frozenset(f"m{number}" for number in range(15)),
            counted=frozenset(f"m{number}" for number in range(22)),
        ),
    }
    return MonthSitting(**(known | facts))


def decision(*, lifts: bool = True) -> Decision:
    """A superior's letter about October."""
    return Decision(
        id=derived_id("letter"), cell=derived_id("S"), month=OCTOBER, number="Công văn số 45-CV/ĐU",
        issued_on=date(2026, 10, 20), issuer="Đảng ủy xã Thử", reason="bão lũ", lifts_month=lifts,
    )  # fmt: skip


def restatement() -> Restatement:
    """The closing time said again."""
    return Restatement(
        meeting=MEETING, at=OPENED + timedelta(days=2), by="p1", what="giờ kết thúc", before="21:05",
        after="21:00", reason="ghi nhầm",
    )  # fmt: skip


def report(name: str = "Chi bộ thôn Nà Mây", november: CellMonth | None = None) -> QuarterReport:
    """One cell: October lifted, November held, December unknown; one supplement."""
    held = november or CellMonth(month=NOVEMBER, state=MonthState.HELD, sitting=sitting())
    months = (
        CellMonth(month=OCTOBER, state=MonthState.BY_SUPERIOR_DECISION, decisions=(decision(),)),
        held,
        CellMonth(month=DECEMBER, state=MonthState.NO_DATA_YET),
    )
    beside = Supplement(meeting=derived_id("online"), month=NOVEMBER, held_on=date(2026, 11, 10), joined=12)
    cell = CellQuarter(
        cell=derived_id("S"), name=name, months=months, theme=ThemeState.NOT_HELD, supplements=(beside,)
    )
    return QuarterReport(
        org=derived_id("commune"), org_name="Đảng bộ xã Thử", quarter=QUARTER, as_of=OPENED, cells=(cell,)
    )


def facts_of(made: QuarterReport, texts: dict[tuple[str, Month], str] | None = None) -> dict[str, Any]:
    """The report as facts."""
    return as_facts(made, standard=">=90", found=findings(made, standard=">=90"), short_texts=texts or {})
