"""Putting a motion to the vote, over HTTP."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, UuidText
from meetings.voting.motions import MotionVotes, Putting
from meetings.voting.rules import Form
from meetings.voting.views import VoteView, vote_view


class PuttingBody(Body):
    """How the meeting votes on it. `minutes`: how long answers from devices are taken."""

    form: Form = Form.HANDS
    minutes: Annotated[int, Field(ge=1, le=60)] = 5
    taking_part: Annotated[tuple[UuidText, ...], Field(max_length=300)] = ()


class MotionVoteHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: MotionVotes) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """The one."""
        return [
            Endpoint(
                method="POST",
                path="/motions/{motion}/vote",
                handler=self.vote_on_motion,
                summary="Đưa đề nghị ra biểu quyết",
                answer=VoteView,
                body=PuttingBody,
                tags=("voting",),
            )
        ]

    async def vote_on_motion(self, call: Call[PuttingBody, Body]) -> VoteView:
        """Its result decides the motion; asked again while it is voted on, that vote."""
        body = call.body
        putting = Putting(form=body.form, minutes=body.minutes, taking_part=body.taking_part)
        return vote_view(await self._service.put(call.asker, call.id("motion"), putting))
