"""The report's facts as rows of plain text, for the page and the sheet. Supplements have rows of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from meetings.convening.rules import Mode
from meetings.kernel.ids import Id
from meetings.kernel.months import DEFAULT_ZONE, Quarter, zone_of
from meetings.kernel.text import date_text, time_text
from meetings.oversight.rules import standard_text

_MODES = {Mode.IN_PERSON.value: "trực tiếp", Mode.HYBRID.value: "trực tiếp, có người dự qua điện thoại"}


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperText:
    """A superior's paper whose scan is kept. `path`: where it is read."""

    number: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthText:
    """One cell's month: the state in words, the rate as a/b, further lines, the way to the evidence and to scans."""

    word: str
    day: str
    rate: str
    lines: tuple[str, ...]
    meeting: Id | None
    papers: tuple[PaperText, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SupplementText:
    """One supplement. `meeting`: the way down to its evidence."""

    text: str
    meeting: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CellText:
    """One cell's quarter. `supplements` stand beside and are added to nothing.

    `theme_day` and `theme_meeting`: of the thematic sitting that was held, if any.
    """

    cell: Id
    name: str
    months: tuple[MonthText, ...]
    theme: str
    theme_day: str
    theme_meeting: str | None
    supplements: tuple[SupplementText, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class TotalText:
    """One state: how many cells in each month."""

    word: str
    months: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingText:
    """One line to look at."""

    name: str
    text: str
    meeting: Id | None


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarterText:
    """The whole page."""

    org: str
    quarter: str
    as_of: str
    standard: str
    months: tuple[str, ...]
    totals: tuple[TotalText, ...]
    sums: tuple[str, ...]
    cells: tuple[CellText, ...]
    findings: tuple[FindingText, ...]


def quarter_text(facts: Mapping[str, Any]) -> QuarterText:
    """Everything people read, from the facts of `oversight.facts`."""
    totals, cells = facts["totals"], facts["cells"]
    quarter = Quarter.parse(facts["quarter"])
    names = {cell["cell"]: cell["name"] for cell in cells}
    return QuarterText(
        org=facts["org_name"],
        quarter=f"quý {quarter.number}/{quarter.year}",
        as_of=moment_text(facts["as_of"]),
        standard=standard_text(facts["standard"]),
        months=tuple(month["spoken"] for month in totals),
        totals=tuple(_totals(totals)),
        sums=tuple(_sum(month, len(cells)) for month in totals),
        cells=tuple(_cell(cell) for cell in cells),
        findings=tuple(
            FindingText(name=names[one["cell"]], text=one["text"], meeting=one["meeting"])
            for one in facts["findings"]
        ),
    )


def _totals(months: Sequence[Mapping[str, Any]]) -> Iterator[TotalText]:
    for row in zip(*(month["states"] for month in months), strict=True):
        yield TotalText(word=row[0]["word"], months=tuple(state["cells"] for state in row))


def _sum(month: Mapping[str, Any], cells: int) -> str:
    return f"{sum(state['cells'] for state in month['states'])}/{cells}"


def _cell(cell: Mapping[str, Any]) -> CellText:
    theme = cell["theme"]
    return CellText(
        cell=cell["cell"],
        name=cell["name"],
        months=tuple(_month(month, cell["cell"]) for month in cell["months"]),
        theme=theme["word"],
        theme_day=day_text(theme["held_on"]) if theme.get("held_on") else "",  # older snapshots have no day
        theme_meeting=theme["meeting"],
        supplements=tuple(
            SupplementText(text=one["text"], meeting=one["meeting"]) for one in cell["supplements"]
        ),
    )


def _month(month: Mapping[str, Any], cell: Id) -> MonthText:
    sitting = month["sitting"]
    lines = [*(_sitting_lines(sitting) if sitting else ()), *_paper_lines(month)]
    return MonthText(
        word=month["word"],
        day=day_text(sitting["held_on"]) if sitting else "",
        rate=sitting["rate"]["text"] if sitting else "",
        lines=tuple(lines),
        meeting=sitting["meeting"] if sitting else None,
        papers=tuple(_scans(month, cell)),
    )


def _scans(month: Mapping[str, Any], cell: Id) -> Iterator[PaperText]:
    for one in month["decisions"]:
        if sha256 := one.get("scan_sha256"):  # older snapshots know of none
            path = f"/api/v1/cells/{cell}/months/{month['month']}/papers/{sha256}"
            yield PaperText(number=one["number"], path=path)


def _sitting_lines(sitting: Mapping[str, Any]) -> Iterator[str]:
    yield _MODES[sitting["mode"]]
    yield f"chính thức tại hội trường {sitting['hall_present']} (mức tối thiểu {sitting['hall_required']})"
    yield f"{sitting['minutes_held']} phút"
    if sitting["entered_late_text"]:
        yield sitting["entered_late_text"]
    yield "biên bản đã ký" if sitting["signed"] else "biên bản chưa ký"
    if sitting.get("results_text"):  # older snapshots have none
        yield sitting["results_text"]


def _paper_lines(month: Mapping[str, Any]) -> Iterator[str]:
    if month["text"]:
        yield month["text"]
    for one in month["decisions"]:
        if not one["lifts_month"]:
            yield f"{one['number']} ngày {day_text(one['issued_on'])} (thí điểm trực tuyến, không tính)"
    for one in month["restatements"]:
        change = f"{one['before']} → {one['after']}" if one["before"] else one["after"]
        yield f"Đính chính {moment_text(one['at'])}: {one['what']}: {change}. Lý do: {one['reason']}"


def day_text(text: str) -> str:
    """24/11/2026."""
    return date_text(date.fromisoformat(text))


def moment_text(moment: str | datetime) -> str:
    """19:52 ngày 24/11/2026, in Việt Nam."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    zone = zone_of(DEFAULT_ZONE)
    return f"{time_text(found, zone)} ngày {date_text(found.astimezone(zone).date())}"
