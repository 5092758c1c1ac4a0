"""Drafts and motions over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from meetings.agenda.deciding import MotionsLook
from meetings.agenda.difference import Change
from meetings.agenda.motions import (
    MOST_LETTERS,
    MOST_OF_MOTION,
    MOST_WORDINGS,
    MotionKind,
    MotionState,
    Moved,
    Wording,
)
from meetings.agenda.moving import MotionsService, WantedMotion
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, LongText, UuidText, View

_TAGS = ("agenda",)
_Number = Annotated[int, Field(ge=0, le=MOST_WORDINGS)]
_Wording = Annotated[LongText, Field(max_length=MOST_LETTERS)]
_Reason = Annotated[LongText, Field(max_length=MOST_OF_MOTION)]


class DraftBody(Body):
    """A draft resolution, written over wording number `after` (0: none yet); empty text takes it away. `id`: made by
    the client."""

    id: UuidText
    after: _Number
    text: _Wording


class MotionBody(Body):
    """What is moved. `text`: the whole new wording of the draft, or a motion in words; `against`: the number of the
    wording it was written against; `member`: for whom the secretary writes; `replaces`: one's own earlier motion."""

    id: UuidText
    kind: MotionKind = MotionKind.AMENDMENT
    text: _Wording
    item: UuidText | None = None
    reason: _Reason = ""
    against: _Number | None = None
    member: UuidText | None = None
    replaces: UuidText | None = None


class DecisionBody(Body):
    """Whether the meeting takes it up, without a vote."""

    taken_up: bool


class PieceView(View):
    """Some text of a difference, and what became of it."""

    change: Change
    text: str


class WordingView(View):
    """The draft's text from then on. `number`: from 1 within its item; `motion`: the amendment it comes from. UTC."""

    id: str
    item: str
    number: int
    text: str
    motion: str | None
    at: dt.datetime


class MotionStepView(View):
    """What became of a motion, written down by whom. Times UTC."""

    state: MotionState
    by: str
    at: dt.datetime
    vote: str | None


class MotionView(View):
    """A motion as it stands. `number`: in the meeting, from 1. Times UTC."""

    id: str
    meeting: str
    item: str | None
    member: str
    number: int
    kind: MotionKind
    against: int | None
    text: str
    reason: str
    replaces: str | None
    state: MotionState
    vote: str | None
    at: dt.datetime
    steps: list[MotionStepView]


class MotionLineView(MotionView):
    """The same in the list. `spoken`: what is moved, in one sentence; `stale`: it waits, and the draft has changed;
    `difference`: of an amendment, against the wording it was written for."""

    name: str
    spoken: str
    stale: bool
    difference: list[PieceView]


class MotionsView(View):
    """The drafts that stand, and everything that was moved, in order."""

    drafts: list[WordingView]
    motions: list[MotionLineView]


class MotionHandlers:
    """Endpoints of drafts and motions."""

    def __init__(self, service: MotionsService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/motions",
                handler=self.get_motions,
                summary="Dự thảo và các đề nghị của buổi họp",
                answer=MotionsView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/motions",
                handler=self.move_motion,
                summary="Đề nghị sửa dự thảo, hoặc đề nghị bằng lời",
                answer=MotionView,
                body=MotionBody,
                own_key=True,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/agenda-items/{item}/draft",
                handler=self.write_draft,
                summary="Ghi dự thảo nghị quyết của một nội dung",
                answer=WordingView,
                body=DraftBody,
                own_key=True,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/motions/{motion}/decision",
                handler=self.decide_motion,
                summary="Ghi cuộc họp tiếp thu hay không tiếp thu, không biểu quyết",
                answer=MotionView,
                body=DecisionBody,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/motions/{motion}/withdraw",
                handler=self.withdraw_motion,
                summary="Rút đề nghị",
                answer=MotionView,
                tags=_TAGS,
            ),
        ]

    async def get_motions(self, call: Call[Body, Body]) -> MotionsView:
        """With what each amendment takes out and puts in."""
        look = await self._service.look(call.asker, call.id("meeting"))
        drafts = [look.draft(item.id) for item in look.items]
        return MotionsView(
            drafts=[_wording(one) for one in drafts if one], motions=[_line(look, one) for one in look.moved]
        )

    async def move_motion(self, call: Call[MotionBody, Body]) -> MotionView:
        """One's own, or, by who leads, what a member moved in the hall."""
        wanted = WantedMotion(**call.body.model_dump())
        moved = await self._service.move(call.asker, call.id("meeting"), wanted)
        return _motion(Moved(motion=moved))

    async def write_draft(self, call: Call[DraftBody, Body]) -> WordingView:
        """Over the wording that was read, no other."""
        body = call.body
        return _wording(
            await self._service.write_draft(call.asker, call.id("item"), body.id, body.text, body.after)
        )

    async def decide_motion(self, call: Call[DecisionBody, Body]) -> MotionView:
        """An amendment taken up is the draft's new wording."""
        taken_up = call.body.taken_up
        return _motion(await self._service.decide(call.asker, call.id("motion"), taken_up=taken_up))

    async def withdraw_motion(self, call: Call[Body, Body]) -> MotionView:
        """Before it is decided."""
        return _motion(await self._service.withdraw(call.asker, call.id("motion")))


def _wording(wording: Wording) -> WordingView:
    return WordingView.model_validate(wording)


def _motion(one: Moved) -> MotionView:
    motion = one.motion
    return MotionView(
        id=motion.id,
        meeting=motion.meeting,
        item=motion.item,
        member=motion.member,
        number=motion.number,
        kind=motion.kind,
        against=motion.against,
        text=motion.text,
        reason=motion.reason,
        replaces=motion.replaces,
        state=one.state,
        vote=one.vote,
        at=motion.at,
        steps=[MotionStepView.model_validate(step) for step in one.steps],
    )


def _line(look: MotionsLook, one: Moved) -> MotionLineView:
    return MotionLineView(
        **_motion(one).model_dump(),
        name=look.names.get(one.motion.member, ""),
        spoken=look.spoken(one),
        stale=look.stale(one),
        difference=[PieceView.model_validate(piece) for piece in look.changes(one)],
    )
