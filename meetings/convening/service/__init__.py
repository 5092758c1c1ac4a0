"""Acts of convening: functions for higher storeys inside their unit, a service for handlers."""

from meetings.convening.service.calling import Calling
from meetings.convening.service.convoking import Letter, Texts
from meetings.convening.service.entering import OnPaper
from meetings.convening.service.holidays import DaysSaid, YearOfDays, cautions_of
from meetings.convening.service.house import ConveningService
from meetings.convening.service.months import (
    Correction,
    MonthStatus,
    Paper,
    QuarterStatus,
    decisions_of,
    month_states,
    quarter_states,
    restate,
    restatements_of,
    status_text,
)
from meetings.convening.service.planning import FixedDay
from meetings.convening.service.sittings import (
    NoSuchMeeting,
    allow_in,
    close_sitting,
    convened_at,
    convoked,
    forgotten,
    mark_minuted,
    mark_signed,
    of_cells,
    open_sitting,
    owe,
    paper_of,
    parts_of,
    save,
    set_part,
    sitting,
)

__all__ = [
    "Calling",
    "ConveningService",
    "Correction",
    "DaysSaid",
    "FixedDay",
    "Letter",
    "MonthStatus",
    "NoSuchMeeting",
    "OnPaper",
    "Paper",
    "QuarterStatus",
    "Texts",
    "YearOfDays",
    "allow_in",
    "cautions_of",
    "close_sitting",
    "convened_at",
    "convoked",
    "decisions_of",
    "forgotten",
    "mark_minuted",
    "mark_signed",
    "month_states",
    "of_cells",
    "open_sitting",
    "owe",
    "paper_of",
    "parts_of",
    "quarter_states",
    "restate",
    "restatements_of",
    "save",
    "set_part",
    "sitting",
    "status_text",
]
