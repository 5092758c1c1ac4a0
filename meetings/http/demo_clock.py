"""Moves the demonstration's clock forward. The route exists only where the clock is a demonstration's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Moment, View
from meetings.kernel.clock import ShiftedClock


class ClockBody(Body):
    """Where to go on from; an earlier moment changes nothing."""

    to: Moment


class ClockView(View):
    """The demonstration's moment."""

    now: datetime


class DemoClockHandlers:
    """`keep` writes the clock down, so that a restart goes on from it."""

    def __init__(self, clock: ShiftedClock, keep: Callable[[ShiftedClock], None]) -> None:
        self._clock, self._keep = clock, keep

    async def move_demo_clock(self, call: Call[ClockBody, Body]) -> ClockView:
        """POST /demo-clock."""
        self._clock.jump_to(call.body.to)
        self._keep(self._clock)
        return ClockView(now=self._clock.now())

    def endpoints(self) -> list[Endpoint]:
        """One route."""
        return [
            Endpoint(
                method="POST",
                path="/demo-clock",
                handler=self.move_demo_clock,
                summary="Đẩy đồng hồ trình diễn tới",
                body=ClockBody,
                answer=ClockView,
                tags=("demonstration",),
            )
        ]
