"""Opinions that are reserved, over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, LongText, UuidText, View
from meetings.voting.reserved import MOST_WORDS
from meetings.voting.reserving import Reserving, ReservingService

_TAGS = ("voting",)


class ReservationBody(Body):
    """An opinion to be kept in the record, about one vote or one item. `id`: made by the client; `member`: for whom
    the recorder writes; empty words take back what was said."""

    id: UuidText
    words: Annotated[LongText, Field(max_length=MOST_WORDS)]
    vote: UuidText | None = None
    item: UuidText | None = None
    member: UuidText | None = None


class ReservationView(View):
    """What a member reserved. Times UTC."""

    id: str
    meeting: str
    member: str
    vote: str | None
    item: str | None
    words: str
    at: datetime


class ReservationsView(View):
    """What holds of what was reserved in a meeting."""

    reservations: list[ReservationView]


class ReservedHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: ReservingService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """Both."""
        path = "/meetings/{meeting}/reservations"
        return [
            Endpoint(
                method="GET",
                path=path,
                handler=self.get_reservations,
                summary="Ý kiến bảo lưu",
                answer=ReservationsView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=path,
                handler=self.reserve_opinion,
                summary="Bảo lưu ý kiến",
                answer=ReservationView,
                body=ReservationBody,
                own_key=True,
                tags=_TAGS,
            ),
        ]

    async def get_reservations(self, call: Call[Body, Body]) -> ReservationsView:
        """As they will stand in the minutes."""
        found = await self._service.look(call.asker, call.id("meeting"))
        return ReservationsView(reservations=[ReservationView.model_validate(one) for one in found])

    async def reserve_opinion(self, call: Call[ReservationBody, Body]) -> ReservationView:
        """One's own, or by the recorder for somebody."""
        body = call.body
        wanted = Reserving(id=body.id, words=body.words, vote=body.vote, item=body.item, member=body.member)
        return ReservationView.model_validate(
            await self._service.reserve(call.asker, call.id("meeting"), wanted)
        )
