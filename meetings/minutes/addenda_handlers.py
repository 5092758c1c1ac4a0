"""Addenda to minutes over HTTP: what they say and who has signed. Issuing and signing: as of other papers."""

from __future__ import annotations

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, View
from meetings.minutes.addenda_views import AddendumView, addendum_view
from meetings.minutes.service.addenda import AddendaService


class AddendaView(View):
    """In the order of their issue; of two on the same item the later one holds."""

    addenda: list[AddendumView]


class AddendaHandlers:
    """JSON out."""

    def __init__(self, addenda: AddendaService) -> None:
        self._addenda = addenda

    async def list_addenda(self, call: Call[Body, Body]) -> AddendaView:
        """GET /meetings/{meeting}/minutes/addenda."""
        found = await self._addenda.of_meeting(call.asker, call.id("meeting"))
        return AddendaView(addenda=[addendum_view(one) for one in found])

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        return [
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/minutes/addenda",
                handler=self.list_addenda,
                summary="Phụ lục của biên bản",
                answer=AddendaView,
                tags=("minutes",),
            )
        ]
