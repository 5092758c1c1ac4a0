"""Pure: within how many days a sitting's results are due (domain.md 1.3), and how late they are.

42-HD/BTCTW of 28/10/2025 as second-hand sources quote it: the finished papers are there within two days of the
sitting and reported upwards. The figure is dated data (`PolicyKey.RESULTS_DEADLINE`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from meetings.convening.rules import State
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text

TOLD_AHEAD = timedelta(hours=24)


class Stage(StrEnum):
    """When people are told; each once."""

    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """The results of one sitting: signed minutes, or the photo of a page held on paper. Days are local to the cell.

    `within`: days from the sitting's own day, `last_day` the last of them; `done_on` None: not yet. `late`: days after
    the last one, on which they were done, or that have begun by now.
    """

    within: int
    last_day: date
    done_on: date | None
    late: int
    citation: str = ""


def results_of(
    *,
    closed_at: datetime,
    zone: str,
    within: int,
    done_at: datetime | None,
    now: datetime,
    citation: str = "",
) -> Results:
    """Where they stand at `now`. The day of the closing is not counted. Aware instants."""
    local = zone_of(zone)
    last_day = closed_at.astimezone(local).date() + timedelta(days=within)
    done_on = done_at.astimezone(local).date() if done_at else None
    late = max(0, ((done_on or now.astimezone(local).date()) - last_day).days)
    return Results(within=within, last_day=last_day, done_on=done_on, late=late, citation=citation)


def stage_of(results: Results, zone: str, now: datetime) -> Stage | None:
    """What people are to be told now; None: nothing yet, or it is done."""
    if results.done_on is not None:
        return None
    if results.late:
        return Stage.LATE
    end = datetime.combine(results.last_day + timedelta(days=1), time.min, zone_of(zone))
    return Stage.SOON if now >= end - TOLD_AHEAD else None


def results_text(results: Results) -> str:
    """One line for those above, without names."""
    limit = f"hạn: hết ngày {date_text(results.last_day)}"
    if results.done_on is not None:
        how = f"chậm {results.late} ngày" if results.late else "đúng hạn"
        return f"kết quả hoàn thành ngày {date_text(results.done_on)}, {how} ({limit})"
    if results.late:
        return f"kết quả chưa hoàn thành, đã quá hạn {results.late} ngày ({limit})"
    return f"kết quả chưa hoàn thành ({limit})"


def reminder_text(results: Results, stage: Stage, state: State, title: str) -> str:
    """What those who must act are told."""
    what = "đọc lại và chốt biên bản" if state is State.CLOSED else "ký biên bản"
    last = date_text(results.last_day)
    if stage is Stage.SOON:
        return f"{title}: xin {what} trong hôm nay. Kết quả cần xong trước hết ngày {last}."
    return f"{title}: kết quả đã quá hạn ngày {last}. Xin {what} khi đồng chí làm được."


def late_above_text(results: Results, cell: str, title: str) -> str:
    """What the overseer is told."""
    return f"{cell}: kết quả {title} chưa hoàn thành, hạn là hết ngày {date_text(results.last_day)}."
