"""What the pages ask: the services of the house, as the composition root wires them."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.agenda.service import AgendaService
from meetings.attendance.service import AttendanceService
from meetings.committees.service import CommitteesService
from meetings.convening.service import ConveningService
from meetings.db.unit import Units
from meetings.health.service import HealthService
from meetings.minutes.service import ArchiveService, MinutesService, OpenVerifier, PapersService, TokenSigning
from meetings.notices.service import NoticesService
from meetings.sitting.live import LiveSittings
from meetings.sitting.service import SittingService
from meetings.voting.service import VotingService


@dataclass(frozen=True, kw_only=True, slots=True)
class PageServices:
    """The very services behind the JSON API: a form does what its endpoint does."""

    units: Units
    committees: CommitteesService
    notices: NoticesService
    convening: ConveningService
    attendance: AttendanceService
    agenda: AgendaService
    voting: VotingService
    sitting: SittingService
    minutes: MinutesService
    live: LiveSittings
    papers: PapersService
    verifier: OpenVerifier
    archive: ArchiveService
    tokens: TokenSigning
    health: HealthService
