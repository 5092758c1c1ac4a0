"""Drafts and motions on pages: members read, amend and move; who leads writes drafts and what became of motions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from meetings.agenda.deciding import MotionsLook, motions_of
from meetings.agenda.difference import Piece, difference
from meetings.agenda.motions import (
    MOST_LETTERS,
    MOST_OF_MOTION,
    DraftMoved,
    MotionKind,
    MotionState,
    Moved,
    NoSuchMotion,
    motion_of,
)
from meetings.agenda.moving import WantedMotion
from meetings.agenda.rules import Item, item_of
from meetings.committees.powers import Act, NoPower
from meetings.committees.rules import Category, Member
from meetings.convening import service as convening
from meetings.convening.rules import State
from meetings.db.unit import UnitOfWork
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, new_id, parse_id
from meetings.pages.desk import Desk, Frame, meeting_of
from meetings.pages.filled import FILL_IN, Filled
from meetings.pages.forms import asker_of
from meetings.pages.run_look import look_at_run
from meetings.voting.motions import Putting
from meetings.voting.rules import Form

_AFTER = 300  # of wordings
_DRAFTING = frozenset({State.DRAFT, State.CONVENED, State.OPEN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Floor:
    """What these pages show. `leads`: the asker may write for others and decide; `own`: their membership here;
    `here`: members present."""

    frame: Frame
    look: MotionsLook
    leads: bool
    own: Id | None
    here: tuple[Member, ...]

    @property
    def open(self) -> bool:
        """Whether things may be moved now."""
        return self.frame.sitting.state is State.OPEN

    @property
    def moves(self) -> bool:
        """Whether the asker may move something."""
        return self.open and (self.leads or self.own is not None)

    @property
    def drafts(self) -> bool:
        """Whether the asker may write drafts."""
        return self.leads and self.frame.sitting.state in _DRAFTING

    def may_withdraw(self, one: Moved) -> bool:
        """Whether the asker may take it back."""
        waits = one.state is MotionState.PROPOSED and self.open
        return waits and (self.leads or one.motion.member == self.own)


class MotionPages:
    """`/m/{meeting}/motions…`."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._motions = desk, desk.services.agenda.motions

    def routes(self) -> list[web.RouteDef]:
        """The list, its forms, and what becomes of a motion."""
        one = "/m/{meeting}/motions"
        return [
            web.get(one, self.show),
            web.get(f"{one}/say", self.show_say),
            web.post(f"{one}/say", self.say),
            web.get(f"{one}/amend/{{item}}", self.show_amend),
            web.post(f"{one}/amend/{{item}}", self.amend),
            web.get(f"{one}/draft/{{item}}", self.show_draft),
            web.post(f"{one}/draft/{{item}}", self.write_draft),
            web.post(f"{one}/{{motion}}", self.decide),
            web.get(f"{one}/{{motion}}/vote", self.show_vote),
            web.post(f"{one}/{{motion}}/vote", self.vote),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /m/{meeting}/motions."""
        return await self._list(request, None, None)

    async def show_say(self, request: web.Request) -> web.StreamResponse:
        """GET …/motions/say: a motion in words."""
        return await self._say(request, None, None)

    async def say(self, request: web.Request) -> web.StreamResponse:
        """POST …/motions/say."""
        asker, meeting = asker_of(request), meeting_of(request)

        async def act(filled: Filled) -> None:
            floor = await self._floor(request)
            wanted = WantedMotion(
                id=new_id(),
                kind=MotionKind.WORDS,
                text=_needed(filled, "text", MOST_OF_MOTION),
                item=filled.among("item", [one.id for one in floor.look.items], empty=True) or None,
                member=_for(filled, floor),
            )
            filled.check()
            await self._motions.move(asker, meeting, wanted)

        return await self._post(request, act, self._say)

    async def show_amend(self, request: web.Request) -> web.StreamResponse:
        """GET …/motions/amend/{item}: the draft, to be rewritten."""
        return await self._amend(request, None, None)

    async def amend(self, request: web.Request) -> web.StreamResponse:
        """POST …/motions/amend/{item}."""
        asker, meeting, item = asker_of(request), meeting_of(request), parse_id(request.match_info["item"])

        async def act(filled: Filled) -> None:
            floor = await self._floor(request)
            wanted = WantedMotion(
                id=new_id(),
                kind=MotionKind.AMENDMENT,
                text=_needed(filled, "text", MOST_LETTERS),
                item=item,
                reason=filled.long("reason", most=MOST_OF_MOTION),
                against=filled.number("against", 0, _AFTER),
                member=_for(filled, floor),
                replaces=parse_id(filled.get("replaces")) if filled.get("replaces") else None,
            )
            filled.check()
            await self._motions.move(asker, meeting, wanted)

        return await self._post(request, act, self._amend)

    async def show_draft(self, request: web.Request) -> web.StreamResponse:
        """GET …/motions/draft/{item}."""
        return await self._draft(request, None, None)

    async def write_draft(self, request: web.Request) -> web.StreamResponse:
        """POST …/motions/draft/{item}: by who leads."""
        asker, item = asker_of(request), parse_id(request.match_info["item"])

        async def act(filled: Filled) -> None:
            text, after = filled.long("text", most=MOST_LETTERS), filled.number("against", 0, _AFTER)
            filled.check()
            await self._motions.write_draft(asker, item, new_id(), text, after)

        return await self._post(request, act, self._draft)

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """POST …/motions/{motion}: taken up, not taken up, or taken back, by the button that was pressed."""
        asker, motion = asker_of(request), parse_id(request.match_info["motion"])

        async def act(filled: Filled) -> None:
            chosen = filled.get("do")
            if chosen == "withdraw":
                await self._motions.withdraw(asker, motion)
            elif chosen in {"accept", "reject"}:
                await self._motions.decide(asker, motion, taken_up=chosen == "accept")

        return await self._post(request, act, self._list)

    async def show_vote(self, request: web.Request) -> web.StreamResponse:
        """GET …/motions/{motion}/vote: how the meeting votes on it."""
        return await self._vote(request, None, None)

    async def vote(self, request: web.Request) -> web.StreamResponse:
        """POST …/motions/{motion}/vote."""
        asker, meeting = asker_of(request), meeting_of(request)
        motion = parse_id(request.match_info["motion"])

        async def act(filled: Filled) -> str:
            floor = await self._floor(request)
            putting = Putting(
                form=filled.chosen("form", Form, Form.HANDS),
                minutes=filled.number("minutes", 1, 60),
                taking_part=[one.id for one in _exempt(floor) if filled.get(f"part-{one.id}")],
            )
            filled.check()
            made = await self._desk.services.voting.motions.put(asker, motion, putting)
            return f"/m/{meeting}/questions/{made.vote.id}"

        return await self._desk.post(
            request, act, lambda *told: self._vote(request, *told), f"/m/{meeting}/run"
        )

    async def _post(
        self,
        request: web.Request,
        act: Callable[[Filled], Awaitable[None]],
        again: Callable[[web.Request, Filled | None, Refused | None], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        to = f"/m/{meeting_of(request)}/motions"
        return await self._desk.post(request, act, lambda *told: again(request, *told), to)

    async def _floor(self, request: web.Request) -> Floor:
        async with self._desk.services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.VIEW_CELL)
            sitting = frame.sitting
            _, actor = await convening.allow_in(uow, asker_of(request), Act.VIEW_CELL, sitting.id)
            leads = await _leads(uow, request)
            return Floor(
                frame=frame,
                look=await motions_of(uow, sitting),
                leads=leads,
                own=actor.member_in(sitting.cell),
                here=(await look_at_run(uow, sitting)).here if leads else (),
            )

    async def _list(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        floor = await self._floor(request)
        return self._page(request, "motions.html", floor, {"MotionState": MotionState}, filled, refusal)

    async def _say(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        floor = await self._floor(request)
        return self._page(request, "motion_say.html", floor, {"most": MOST_OF_MOTION}, filled, refusal)

    async def _amend(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        """The draft as it is now, to be rewritten; an earlier motion's words where it is moved anew."""
        floor = await self._floor(request)
        item = item_of(floor.look.items, request.match_info["item"])
        before = _before(request, floor, filled)
        first = filled or Filled(
            text=before.motion.text if before else _text(floor, item),
            reason=before.motion.reason if before else "",
            member=before.motion.member if before else "",
            replaces=before.motion.id if before else "",
        )
        facts = {"writing": "amend", "before": before}
        return self._writing(request, floor, item, facts, first, refusal)

    async def _draft(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        floor = await self._floor(request)
        if not floor.leads:
            raise NoPower
        item = item_of(floor.look.items, request.match_info["item"])
        first = filled or Filled(text=_text(floor, item))
        return self._writing(request, floor, item, {"writing": "draft", "before": None}, first, refusal)

    def _writing(
        self,
        request: web.Request,
        floor: Floor,
        item: Item,
        facts: Mapping[str, object],
        first: Filled,
        refusal: Refused | None,
    ) -> web.StreamResponse:
        """What was typed stands against the draft as it is now, where the two differ without the writer's doing."""
        current = floor.look.draft(item.id)
        moved_on = isinstance(refusal, DraftMoved) or facts["before"] is not None
        if refusal is None or isinstance(refusal, DraftMoved):
            first.values["against"] = str(floor.look.last(item.id))
        pieces: tuple[Piece, ...] = ()
        if moved_on and current is not None:
            pieces = difference(current.text, first.get("text"))
        told = {"item": item, "current": current, "pieces": pieces, "most": MOST_LETTERS, **facts}
        return self._page(request, "motion_write.html", floor, told, first, refusal)

    async def _vote(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        floor = await self._floor(request)
        if not floor.leads:
            raise NoPower
        one = motion_of(floor.look.moved, request.match_info["motion"])
        first = filled or Filled(form=Form.HANDS.value, minutes="5")
        told = {"one": one, "exempt": _exempt(floor)}
        return self._page(request, "motion_vote.html", floor, told, first, refusal)

    def _page(
        self,
        request: web.Request,
        template: str,
        floor: Floor,
        facts: Mapping[str, object],
        filled: Filled | None,
        refusal: Refused | None,
    ) -> web.StreamResponse:
        sitting = floor.frame.sitting
        context = {
            "frame": floor.frame,
            "sitting": sitting,
            "floor": floor,
            "look": floor.look,
            "all": f"/m/{sitting.id}/motions",
            "here": request.path,
            **facts,
        }
        return self._desk.page(request, template, context, filled=filled, refusal=refusal)


async def _leads(uow: UnitOfWork, request: web.Request) -> bool:
    try:
        await convening.allow_in(uow, asker_of(request), Act.AGENDA, meeting_of(request))
    except NoPower:
        return False
    return True


def _before(request: web.Request, floor: Floor, filled: Filled | None) -> Moved | None:
    """The motion that is moved anew. Raises NoSuchMotion."""
    told = filled.get("replaces") if filled else request.query.get("replaces", "")
    if not told:
        return None
    found = motion_of(floor.look.moved, parse_id(told))
    if not floor.may_withdraw(found):
        raise NoSuchMotion
    return found


def _text(floor: Floor, item: Item) -> str:
    draft = floor.look.draft(item.id)
    return draft.text if draft else ""


def _exempt(floor: Floor) -> list[Member]:
    return [one for one in floor.here if one.category is Category.EXEMPT]


def _for(filled: Filled, floor: Floor) -> Id | None:
    """For whom who leads writes; everybody else writes for themselves."""
    if not floor.leads or not filled.get("member"):
        return None
    return filled.among("member", list(floor.look.names))


def _needed(filled: Filled, name: str, most: int) -> str:
    text = filled.long(name, most=most)
    if not text:
        filled.wrong(name, FILL_IN)
    return text
