"""Pure findings of a quarter: what an auditor should look at, in plain sentences without names of members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from meetings.convening.obligations import MonthState, ThemeState
from meetings.kernel.ids import Id
from meetings.kernel.months import Month
from meetings.kernel.text import date_text
from meetings.minutes.results import results_text
from meetings.oversight.rules import CellMonth, CellQuarter, MonthSitting, QuarterReport, meets, standard_text

# Stated and seen times this close are the same to an auditor.
TIMES_AGREE = timedelta(minutes=10)


class FindingKind(StrEnum):
    """What was found."""

    NOT_HELD = "not_held"
    BELOW_MINIMUM = "below_minimum"
    NO_THEME = "no_theme"
    SHORT = "short"
    ENTERED_LATE = "entered_late"
    TIMES_DIFFER = "times_differ"
    UNSIGNED = "unsigned"
    RESULTS_LATE = "results_late"
    LEFT_OUT = "left_out"
    DISAGREEMENT = "disagreement"
    LOW_ATTENDANCE = "low_attendance"
    RESTATED = "restated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One line for the auditor, leading to the cell, the month and the sitting."""

    kind: FindingKind
    cell: Id
    month: Month | None
    meeting: Id | None
    text: str


def findings(report: QuarterReport, *, standard: str) -> tuple[Finding, ...]:
    """All findings in the order of cells and months. `standard`: the attendance policy's value."""
    return tuple(one for cell in report.cells for one in _of_cell(cell, standard))


def _of_cell(cell: CellQuarter, standard: str) -> Iterator[Finding]:
    for one in cell.months:
        for kind, text in _of_month(one, standard):
            meeting = one.sitting.meeting if one.sitting else None
            yield Finding(kind=kind, cell=cell.cell, month=one.month, meeting=meeting, text=text)
    if cell.theme is ThemeState.NOT_HELD:
        text = "Quý này không có sinh hoạt chuyên đề."
        yield Finding(kind=FindingKind.NO_THEME, cell=cell.cell, month=None, meeting=None, text=text)


def _of_month(one: CellMonth, standard: str) -> Iterator[tuple[FindingKind, str]]:
    month = one.month.spoken()
    if one.state is MonthState.NOT_HELD:
        yield FindingKind.NOT_HELD, f"Tháng {month}: không họp thường kỳ."
    if one.state is MonthState.HELD_BELOW_MINIMUM:
        yield FindingKind.BELOW_MINIMUM, f"Tháng {month}: đã họp, dưới mức tối thiểu tại hội trường."
    if one.restatements:
        yield (
            FindingKind.RESTATED,
            f"Tháng {month}: có {len(one.restatements)} lần đính chính sau khi kết thúc.",
        )
    if one.sitting is not None:
        for kind, text in (*_of_times(one.sitting), *_of_people(one.sitting, standard)):
            yield kind, f"Tháng {month}: {text}"


def _of_times(sitting: MonthSitting) -> Iterator[tuple[FindingKind, str]]:
    if sitting.minutes_held < sitting.minimum_minutes:
        held, least = sitting.minutes_held, sitting.minimum_minutes
        yield FindingKind.SHORT, f"thời lượng {held} phút (mức quy định: {least} phút)."
    if sitting.entered_late_on is not None:
        yield FindingKind.ENTERED_LATE, f"nhập sau, ngày {date_text(sitting.entered_late_on)}."
    if _times_differ(sitting):
        yield FindingKind.TIMES_DIFFER, "giờ ghi trong biên bản khác giờ máy ghi nhận."
    if not sitting.signed:
        yield FindingKind.UNSIGNED, "biên bản chưa ký."
    if sitting.results is not None and sitting.results.late:
        yield FindingKind.RESULTS_LATE, f"{results_text(sitting.results)}."


def _times_differ(sitting: MonthSitting) -> bool:
    pairs = ((sitting.opened_at, sitting.device_opened_at), (sitting.closed_at, sitting.device_closed_at))
    return any(seen is not None and abs(stated - seen) > TIMES_AGREE for stated, seen in pairs)


def _of_people(sitting: MonthSitting, standard: str) -> Iterator[tuple[FindingKind, str]]:
    if sitting.left_out:
        yield FindingKind.LEFT_OUT, f"{sitting.left_out} đảng viên thuộc diện dự họp không được triệu tập."
    if sitting.disagreements:
        yield (
            FindingKind.DISAGREEMENT,
            f"{sitting.disagreements} chỗ điểm danh khác với dữ liệu máy ghi nhận.",
        )
    if meets(sitting.rate, standard) is False:
        yield (
            FindingKind.LOW_ATTENDANCE,
            f"tỷ lệ dự họp {sitting.rate.text()}, chưa đạt mức {standard_text(standard)}.",
        )
