"""Pure: a quarter's report as plain facts, the one form behind JSON, table, sheet and snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import assert_never

from meetings.convening.obligations import (
    Decision,
    MonthState,
    ThemeState,
    decision_text,
    month_word,
)
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id
from meetings.kernel.months import Month
from meetings.kernel.text import date_text
from meetings.minutes.results import Results, results_text
from meetings.oversight.findings import Finding
from meetings.oversight.rules import (
    CellMonth,
    CellQuarter,
    MonthSitting,
    QuarterReport,
    Rate,
    Restatement,
    Supplement,
    month_totals,
)

Texts = Mapping[tuple[Id, Month], str]


def theme_word(state: ThemeState) -> str:
    """As people read it."""
    match state:
        case ThemeState.HELD:
            return "đã họp"
        case ThemeState.HELD_BELOW_MINIMUM:
            return "đã họp, dưới mức tối thiểu"
        case ThemeState.NOT_HELD:
            return "không họp"
        case ThemeState.NO_DATA_YET:
            return "chưa có số liệu"
        case _:
            assert_never(state)


def as_facts(
    report: QuarterReport, *, standard: str, found: Iterable[Finding], short_texts: Texts
) -> dict[str, Json]:
    """The whole report. `short_texts`: the sentence of rules.md 6.7 for months held below the minimum."""
    totals = month_totals(report)
    return {
        "org": report.org,
        "org_name": report.org_name,
        "quarter": str(report.quarter),
        "as_of": _moment(report.as_of),
        "standard": standard,
        "totals": [
            {"month": str(month), "spoken": month.spoken(), "states": _states(totals[month])}
            for month in report.quarter.months()
        ],
        "cells": [_cell(cell, short_texts) for cell in report.cells],
        "findings": [_finding(one) for one in found],
    }


def _states(counted: Mapping[MonthState, int]) -> list[Json]:
    return [
        {"state": state.value, "word": month_word(state), "cells": number}
        for state, number in counted.items()
    ]


def _cell(cell: CellQuarter, short_texts: Texts) -> dict[str, Json]:
    return {
        "cell": cell.cell,
        "name": cell.name,
        "months": [_month(one, short_texts.get((cell.cell, one.month))) for one in cell.months],
        "theme": {
            "state": cell.theme.value,
            "word": theme_word(cell.theme),
            "meeting": cell.theme_meeting,
            "held_on": cell.theme_held_on.isoformat() if cell.theme_held_on else None,
        },
        "supplements": [_supplement(one) for one in cell.supplements],
    }


def _month(one: CellMonth, short_text: str | None) -> dict[str, Json]:
    lifting = next((decision for decision in one.decisions if decision.lifts_month), None)
    text = short_text
    if one.state is MonthState.BY_SUPERIOR_DECISION and lifting is not None:
        text = decision_text(lifting)
    return {
        "month": str(one.month),
        "spoken": one.month.spoken(),
        "state": one.state.value,
        "word": month_word(one.state),
        "text": text,
        "sitting": None if one.sitting is None else _sitting(one.sitting),
        "decisions": [_decision(decision) for decision in one.decisions],
        "restatements": [_restatement(said) for said in one.restatements],
    }


def _sitting(one: MonthSitting) -> dict[str, Json]:
    late = one.entered_late_on
    return {
        "meeting": one.meeting,
        "mode": one.mode.value,
        "held_on": one.held_on.isoformat() if one.held_on else None,
        "opened_at": _moment(one.opened_at),
        "closed_at": _moment(one.closed_at),
        "device_opened_at": _moment(one.device_opened_at),
        "device_closed_at": _moment(one.device_closed_at),
        "minutes_held": one.minutes_held,
        "minimum_minutes": one.minimum_minutes,
        "hall_present": one.hall_present,
        "hall_required": one.hall_required,
        "rate": _rate(one.rate),
        "entered_late_on": late.isoformat() if late else None,
        "entered_late_text": f"nhập sau, ngày {date_text(late)}" if late else None,
        "signed": one.signed,
        **_results(one.results),
        "left_out": one.left_out,
        "disagreements": one.disagreements,
    }


def _results(one: Results | None) -> dict[str, Json]:
    if one is None:
        return {"results_due": None, "results_done_on": None, "results_late_days": None, "results_text": None}
    return {
        "results_due": one.last_day.isoformat(),
        "results_done_on": one.done_on.isoformat() if one.done_on else None,
        "results_late_days": one.late,
        "results_text": results_text(one),
    }


def _rate(rate: Rate) -> dict[str, Json]:
    return {
        "part": rate.part,
        "whole": rate.whole,
        "text": rate.text(),
        "present": sorted(rate.present & rate.counted),
        "counted": sorted(rate.counted),
    }


def _supplement(one: Supplement) -> dict[str, Json]:
    return {
        "meeting": one.meeting,
        "month": str(one.month),
        "held_on": one.held_on.isoformat(),
        "joined": one.joined,
        "supplements": one.supplements,
        "of_hybrid": one.of_hybrid,
        "text": supplement_text(one.held_on, one.joined, of_hybrid=one.of_hybrid),
    }


def supplement_text(held_on: date, joined: int, *, of_hybrid: bool) -> str:
    """One supplement; its number is never added to another."""
    what = "Dự qua điện thoại (bổ trợ) trong buổi thường kỳ" if of_hybrid else "Buổi bổ trợ trực tuyến"
    return f"{what} ngày {date_text(held_on)}: {joined} đảng viên"


def _decision(one: Decision) -> dict[str, Json]:
    return {
        "number": one.number,
        "issued_on": one.issued_on.isoformat(),
        "issuer": one.issuer,
        "reason": one.reason,
        "lifts_month": one.lifts_month,
        "scan_sha256": one.scan_sha256,
    }


def _restatement(one: Restatement) -> dict[str, Json]:
    return {
        "meeting": one.meeting,
        "at": _moment(one.at),
        "by": one.by,
        "what": one.what,
        "before": one.before,
        "after": one.after,
        "reason": one.reason,
    }


def _finding(one: Finding) -> dict[str, Json]:
    month = None if one.month is None else str(one.month)
    return {
        "kind": one.kind.value,
        "cell": one.cell,
        "month": month,
        "meeting": one.meeting,
        "text": one.text,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
