"""Acts of oversight: reports, evidence, and the figures behind them."""

from meetings.oversight.service.cells import CellAudit, CellsOnly, MonthLook, SittingLook
from meetings.oversight.service.counting import CountingActs, Difference, recount, recount_sitting
from meetings.oversight.service.evidence import LedgerLook, LeftOut, MeetingEvidence, MemberLine
from meetings.oversight.service.house import OversightService
from meetings.oversight.service.installs import Installs
from meetings.oversight.service.kept_files import KeptFile, NoSuchFile
from meetings.oversight.service.quarters import (
    AlreadyFrozen,
    CommitteesOnly,
    Frozen,
    NotFrozen,
    QuarterLook,
    QuarterRuns,
)
from meetings.oversight.service.reporting import ReportDoesNotSum, facts_of

__all__ = [
    "AlreadyFrozen",
    "CellAudit",
    "CellsOnly",
    "CommitteesOnly",
    "CountingActs",
    "Difference",
    "Frozen",
    "Installs",
    "KeptFile",
    "LedgerLook",
    "LeftOut",
    "MeetingEvidence",
    "MemberLine",
    "MonthLook",
    "NoSuchFile",
    "NotFrozen",
    "OversightService",
    "QuarterLook",
    "QuarterRuns",
    "ReportDoesNotSum",
    "SittingLook",
    "facts_of",
    "recount",
    "recount_sitting",
]
