"""Pure states of a month and a quarter as seen from above (rules.md 1.4-1.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import assert_never

from meetings.convening.rules import ENDED, Meeting, Standing, can_be_mandatory, serves_theme
from meetings.kernel.ids import Id
from meetings.kernel.months import DEFAULT_ZONE, Month, Quarter, zone_of
from meetings.kernel.text import date_text


class MonthState(StrEnum):
    """What is known about one cell's regular meeting of one month."""

    HELD = "held"
    HELD_BELOW_MINIMUM = "held_below_minimum"
    NOT_HELD = "not_held"
    BY_SUPERIOR_DECISION = "by_superior_decision"
    NO_DATA_YET = "no_data_yet"


class ThemeState(StrEnum):
    """What is known about one cell's thematic sitting of one quarter. No decision lifts it."""

    HELD = "held"
    HELD_BELOW_MINIMUM = "held_below_minimum"
    NOT_HELD = "not_held"
    NO_DATA_YET = "no_data_yet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A superior's paper about a cell's month; with `lifts_month` False a permission to pilot online meetings
    (03-HD/TW of 27/12/2022). Shown beside the month, counts nothing (rules.md 1.5). `number` as printed,
    with its kind ("Công văn số 45-CV/ĐU"); `issuer` is the committee's name at that time.
    """

    id: Id
    cell: Id
    month: Month
    number: str
    issued_on: date
    issuer: str
    reason: str
    lifts_month: bool = True
    scan_sha256: str | None = None


def month_word(state: MonthState) -> str:
    """As people read it."""
    match state:
        case MonthState.HELD:
            return "đã họp"
        case MonthState.HELD_BELOW_MINIMUM:
            return "đã họp, dưới mức tối thiểu"
        case MonthState.NOT_HELD:
            return "không họp"
        case MonthState.BY_SUPERIOR_DECISION:
            return "không tổ chức theo văn bản của cấp trên"
        case MonthState.NO_DATA_YET:
            return "chưa có số liệu"
        case _:
            assert_never(state)


def deadline(last_day: date, days_after: int, zone: str = DEFAULT_ZONE) -> datetime:
    """When a month or quarter with that last day must be reported: the end of the day so many days on."""
    return datetime.combine(last_day + timedelta(days=days_after + 1), time(0), tzinfo=zone_of(zone))


def last_day(month: Month) -> date:
    """The month's last day."""
    return month.next().first_day() - timedelta(days=1)


def counts_for_month(meeting: Meeting) -> bool:
    """Whether this sitting fulfils its month. Asks every fact again and does not trust the flag alone."""
    return (
        meeting.fulfils
        and _ended(meeting)
        and meeting.standing is Standing.MANDATORY
        and can_be_mandatory(meeting.kind, meeting.mode)
        and meeting.hall_present >= meeting.hall_required >= 1
    )


def counts_for_theme(meeting: Meeting) -> bool:
    """Whether this sitting fulfils its quarter's thematic obligation. Does not trust the flag alone."""
    return (
        meeting.fulfils_theme
        and _thematic_in_hall(meeting)
        and meeting.hall_present >= meeting.hall_required >= 1
    )


def _thematic_in_hall(meeting: Meeting) -> bool:
    in_hall = meeting.standing in {Standing.MANDATORY, Standing.ADDITIONAL}
    return _ended(meeting) and in_hall and serves_theme(meeting.kind, meeting.mode)


def fulfilling(meetings: Iterable[Meeting], month: Month) -> Meeting | None:
    """The sitting that fulfils the month: the first closed of them. Practice sittings cannot be asked."""
    found = [one for one in meetings if one.month == month and counts_for_month(one)]
    return min(found, key=_closing_key, default=None)


def below_minimum(meetings: Iterable[Meeting], month: Month) -> Meeting | None:
    """The best attended mandatory sitting of the month that fell short of the hall minimum."""
    short = [
        one
        for one in meetings
        if one.month == month
        and one.standing is Standing.MANDATORY
        and _ended(one)
        and not counts_for_month(one)
    ]
    return max(short, key=lambda one: (one.hall_present, one.id), default=None)


def month_state(
    meetings: Iterable[Meeting],
    month: Month,
    *,
    decisions: Iterable[Decision] = (),
    due: datetime,
    now: datetime,
    known: bool = True,
) -> MonthState:
    """One state for one cell and month, whatever is given. `due`: the committee's dated deadline; `known`:
    whether the cell was in this software by the month's end, for silence says nothing about earlier months."""
    mine = tuple(meetings)
    if fulfilling(mine, month):
        return MonthState.HELD
    if below_minimum(mine, month):
        return MonthState.HELD_BELOW_MINIMUM
    if any(one.month == month and one.lifts_month for one in decisions):
        return MonthState.BY_SUPERIOR_DECISION
    return MonthState.NO_DATA_YET if now < due or not known else MonthState.NOT_HELD


def theme_state(meetings: Iterable[Meeting], quarter: Quarter, *, due: datetime, now: datetime) -> ThemeState:
    """One state for one cell and quarter; a supplement never serves it (rules.md 1.2)."""
    held = [one for one in meetings if one.month.quarter == quarter and _thematic_in_hall(one)]
    if any(counts_for_theme(one) for one in held):
        return ThemeState.HELD
    if held:
        return ThemeState.HELD_BELOW_MINIMUM
    return ThemeState.NO_DATA_YET if now < due else ThemeState.NOT_HELD


def tally(states: Iterable[MonthState]) -> Mapping[MonthState, int]:
    """How many cells stand in each of the five states; all five are present and sum to the cells."""
    counted = Counter(states)
    return {state: counted[state] for state in MonthState}


def _ended(meeting: Meeting) -> bool:
    return meeting.state in ENDED


def _closing_key(meeting: Meeting) -> tuple[float, Id]:
    return (meeting.closed_at.timestamp() if meeting.closed_at else float("inf"), meeting.id)


def below_minimum_text(meeting: Meeting, *, set_by: str, running: bool) -> str:
    """rules.md 6.7. `set_by`: the sentence of `policies.set_by_text`; `running`: the month is not over."""
    opened = (meeting.opened_at or meeting.starts_at).astimezone(zone_of(meeting.zone)).date()
    text = (
        f"Đã họp trực tiếp ngày {date_text(opened)}, nhưng số đảng viên chính thức tại hội trường "
        f"({meeting.hall_present}) thấp hơn mức tối thiểu ({meeting.hall_required}). "
        f"Buổi họp được lưu đầy đủ; tháng {meeting.month.number} chưa được tính là hoàn thành "
        f"sinh hoạt thường kỳ. {set_by}"
    )
    return f"{text} Đồng chí có thể triệu tập lại trong tháng." if running else text


def decision_text(decision: Decision) -> str:
    """rules.md 6.8."""
    return (
        f"Tháng {decision.month.spoken()}: không tổ chức sinh hoạt thường kỳ, theo {decision.number} "
        f"ngày {date_text(decision.issued_on)} của {decision.issuer}. Không tính là đã họp."
    )
