"""Acts of attendance, and what the evidence says for higher storeys."""

from meetings.attendance.service.check_ins import CheckIn, HallCode, Receipt, Scan, TwoNames, two_names
from meetings.attendance.service.holders import Issued, PassToken
from meetings.attendance.service.house import AttendanceService
from meetings.attendance.service.leave import AskedLeave
from meetings.attendance.service.looks import Line, Look, LookBack
from meetings.attendance.service.reading import (
    SittingRecord,
    absences,
    attendance,
    coming,
    counts,
    evidence_hash,
    evidence_of,
    guests,
    hall_confirmed,
    has_answered_leave,
    head_count,
    leave_of,
    record_of,
    roll_confirmed,
    undecided,
)
from meetings.attendance.service.roll import Correction, Mark, RollSheet
from meetings.attendance.service.sharing import Sharer
from meetings.attendance.store.rolls import Roll

__all__ = [
    "AskedLeave",
    "AttendanceService",
    "CheckIn",
    "Correction",
    "HallCode",
    "Issued",
    "Line",
    "Look",
    "LookBack",
    "Mark",
    "PassToken",
    "Receipt",
    "Roll",
    "RollSheet",
    "Scan",
    "Sharer",
    "SittingRecord",
    "TwoNames",
    "absences",
    "attendance",
    "coming",
    "counts",
    "evidence_hash",
    "evidence_of",
    "guests",
    "hall_confirmed",
    "has_answered_leave",
    "head_count",
    "leave_of",
    "record_of",
    "roll_confirmed",
    "two_names",
    "undecided",
]
