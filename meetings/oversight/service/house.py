"""Oversight as one service for the composition root."""

from __future__ import annotations

from meetings.db.unit import Units
from meetings.ledger.service import LedgerService
from meetings.oversight.service.cells import CellActs
from meetings.oversight.service.counting import CountingActs
from meetings.oversight.service.evidence import EvidenceActs
from meetings.oversight.service.installs import InstallActs
from meetings.oversight.service.kept_files import FileActs
from meetings.oversight.service.quarters import QuarterActs


class OversightService(QuarterActs, EvidenceActs, CellActs, CountingActs, InstallActs, FileActs):
    """Superiors audit and report; they never write into a cell, but for the note that they looked."""

    def __init__(self, units: Units, ledger: LedgerService) -> None:
        EvidenceActs.__init__(self, units, ledger)
