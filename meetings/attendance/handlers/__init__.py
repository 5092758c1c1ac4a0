"""Attendance over HTTP."""

from __future__ import annotations

from meetings.attendance.handlers.check_ins import CheckInHandlers
from meetings.attendance.handlers.leave import LeaveHandlers
from meetings.attendance.handlers.looks import LookHandlers
from meetings.attendance.handlers.people import PeopleHandlers
from meetings.attendance.handlers.roll import RollHandlers
from meetings.attendance.service import AttendanceService
from meetings.http.endpoint import Endpoint

__all__ = ["AttendanceHandlers"]


class AttendanceHandlers:
    """`public_url`: the address people type, for the QR code; empty: that of the request."""

    def __init__(self, service: AttendanceService, public_url: str) -> None:
        self._parts = (
            CheckInHandlers(service, public_url),
            RollHandlers(service),
            LeaveHandlers(service),
            LookHandlers(service),
            PeopleHandlers(service),
        )

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [endpoint for part in self._parts for endpoint in part.endpoints()]
