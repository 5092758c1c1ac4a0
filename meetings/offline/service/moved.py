"""Drafts and motions of a hall without a network, told again; never over what somebody else wrote or decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from meetings.agenda import deciding
from meetings.agenda.deciding import MotionsLook
from meetings.agenda.motions import MotionKind, MotionState, motion_of
from meetings.agenda.moving import MotionsService, WantedMotion
from meetings.convening import service as convening
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, derived_id
from meetings.offline.order import Step
from meetings.offline.rules import KeptBefore, KeptDraft, KeptMotion

OTHER_WORDING = "Sửa dự thảo (viết trên bản khác với bản trên máy chủ): "
OTHER_OUTCOME = "Đề nghị số {number}, quyết định trên máy không có mạng: "


@dataclass(frozen=True, slots=True)
class Place:
    """The sitting, the record, and where its items stand on the server."""

    meeting: Id
    record: Id
    items: Mapping[Id, Id]

    def item(self, item: Id | None) -> Id | None:
        """The server's."""
        return self.items.get(item, item) if item else None


class MovedInHall:
    """`written_apart`: wordings of drafts, by item, that could not stand over another one on the server."""

    def __init__(self, uow: UnitOfWork, motions: MotionsService, asker: Asker, place: Place) -> None:
        self._uow, self._motions, self._asker, self._place = uow, motions, asker, place
        self._apart: set[Id | None] = set()  # items whose draft reads otherwise here than on the device
        self._own: set[Id] = set()
        self.written_apart: list[tuple[Id, str]] = []

    async def tell(self, step: Step, thing: KeptDraft | KeptMotion | KeptBefore) -> None:
        """Write a draft, move, take back, or decide without a vote."""
        if isinstance(thing, KeptDraft):
            await self._write(thing)
        elif isinstance(thing, KeptMotion) and step is Step.MOVE:
            await self._move(thing)
        elif thing.withdrawn_at is not None:
            await self._withdraw(thing.id)
        else:
            await self._decide(thing.id, taken_up=thing.taken_up is True)

    async def to_be_voted(self, motion: Id) -> Id:
        """What the hall voted on: that motion, or its words moved anew."""
        return await self._standing(await self._look(), motion, agrees=True)

    async def _look(self) -> MotionsLook:
        return await deciding.motions_of(self._uow, await convening.sitting(self._uow, self._place.meeting))

    async def _write(self, draft: KeptDraft) -> None:
        item = self._place.items.get(draft.item, draft.item)
        if item in self._apart or (await self._look()).last(item) != draft.after:
            self._apart.add(item)
            self.written_apart.append((item, draft.text))
        else:
            await self._motions.write_draft(self._asker, item, draft.id, draft.text, draft.after)

    async def _move(self, motion: KeptMotion) -> None:
        """An amendment of a draft that reads otherwise on the server is kept as words: only people can say what it
        should mean there, and what was moved and decided in the hall stays."""
        item = self._place.item(motion.item)
        wanted = WantedMotion(
            id=motion.id,
            kind=motion.kind,
            text=motion.text,
            item=item,
            reason=motion.reason,
            against=motion.against,
            member=motion.member,
        )
        if motion.kind is MotionKind.AMENDMENT and not await self._fits(item, motion):
            self._apart.add(item)
            text = f"{OTHER_WORDING}{motion.text}"
            wanted = replace(wanted, kind=MotionKind.WORDS, text=text, against=None)
        await self._motions.move(self._asker, self._place.meeting, wanted)
        self._own.add(motion.id)

    async def _fits(self, item: Id | None, motion: KeptMotion) -> bool:
        if item is None or item in self._apart:
            return False
        draft = (await self._look()).draft(item)
        return draft is not None and draft.number == motion.against and draft.text != motion.text

    async def _withdraw(self, motion: Id) -> None:
        """What was decided on the server meanwhile can no longer be taken back: it stays."""
        if motion_of((await self._look()).moved, motion).state is MotionState.PROPOSED:
            await self._motions.withdraw(self._asker, motion)

    async def _decide(self, motion: Id, *, taken_up: bool) -> None:
        look = await self._look()
        same = MotionState.ACCEPTED if taken_up else MotionState.REJECTED
        if motion_of(look.moved, motion).state is same:
            return
        standing = await self._standing(look, motion, agrees=taken_up)
        await self._motions.decide(self._asker, standing, taken_up=taken_up)

    async def _standing(self, look: MotionsLook, motion: Id, *, agrees: bool) -> Id:
        """The motion itself while it waits on the server as well. Decided there meanwhile, or on a draft that reads
        otherwise by now, it stays as it is there, and the hall's decision is one on its words. Raises NoSuchMotion."""
        one = motion_of(look.moved, motion)
        if motion in self._own or (one.state is MotionState.PROPOSED and not (agrees and look.stale(one))):
            return motion
        if one.motion.kind is MotionKind.AMENDMENT:
            self._apart.add(one.motion.item)
        anew = WantedMotion(
            id=derived_id(self._place.record, motion),
            kind=MotionKind.WORDS,
            text=f"{OTHER_OUTCOME.format(number=one.motion.number)}{one.motion.text}",
            item=one.motion.item,
            member=one.motion.member,
        )
        await self._motions.move(self._asker, self._place.meeting, anew)
        return anew.id
