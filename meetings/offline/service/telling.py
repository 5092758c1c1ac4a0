"""Tells a kept sitting again, act by act through the very services of the house, each at its own moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meetings.agenda import service as agenda
from meetings.agenda.service import AgendaService
from meetings.attendance.service import AttendanceService, Mark, RollSheet
from meetings.committees.rules import Actor
from meetings.convening import service as convening
from meetings.db.unit import UnitOfWork, retold
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, derived_id
from meetings.minutes.service import MinutesService
from meetings.offline.rules import Kept, KeptItem, KeptMark, KeptVote, Step, Thing, first_marks, steps
from meetings.sitting.service import SittingService
from meetings.voting.rules import StoredVote
from meetings.voting.service import Question, VotingService

_MINUTES = 5  # how long devices would have been asked; there were none


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """The services whose acts are told again: whatever they refuse, they refuse here too."""

    attendance: AttendanceService
    agenda: AgendaService
    voting: VotingService
    sitting: SittingService
    minutes: MinutesService


class Telling:
    """One kept sitting, told within one unit of work on behalf of who kept it."""

    def __init__(self, uow: UnitOfWork, doors: Doors, asker: Asker, meeting: Id, kept: Kept) -> None:
        self._uow, self._doors, self._asker = uow, doors, asker
        self._meeting, self._kept = meeting, kept
        self._items: dict[Id, Id] = {}
        self._votes: dict[KeptVote, StoredVote] = {}
        self.results: list[tuple[KeptVote, Mapping[str, Any]]] = []

    async def tell(self, actor: Actor) -> None:
        """Everything in its order. Raises whatever the acts raise."""
        acts = {
            Step.ROLL: self._roll,
            Step.OPEN: self._open,
            Step.LEAVE: self._leave,
            Step.PARTS: self._parts,
            Step.READ: self._read_out,
            Step.CLOSE: self._close,
        }
        await self._know_items(actor)
        for at, step, thing in steps(self._kept):
            with retold(self._uow, at):
                if step in acts:
                    await acts[step]()
                else:
                    await self._thing(step, thing)

    async def _know_items(self, actor: Actor) -> None:
        """An item that came up in the hall, or that is gone from the agenda meanwhile, stands at its end."""
        sitting = await convening.sitting(self._uow, self._meeting)
        known = {one.id for one in await agenda.items(self._uow, self._meeting)}
        for item in self._kept.items:
            if item.id in known:
                self._items[item.id] = item.id
            else:
                made = await agenda.append(self._uow, sitting, actor, item.title, item.planned_minutes)
                self._items[item.id] = made.id

    async def _roll(self) -> None:
        kept = self._kept
        sheet = RollSheet(
            id=derived_id(kept.id, "roll"),
            marks=tuple(_mark(one) for one in first_marks(kept)),
            head_count=kept.head_count,
            confirm=True,
            device_at=kept.confirmed_at,
        )
        await self._doors.attendance.roll.mark(self._asker, self._meeting, sheet)

    async def _open(self) -> None:
        await self._doors.sitting.open(self._asker, self._meeting, None)

    async def _leave(self) -> None:
        for one in self._kept.absences:
            decide = self._doors.attendance.leave.decide
            await decide(self._asker, self._meeting, one.member, one.decision, one.reason)

    async def _parts(self) -> None:
        kept, sitting = self._kept, self._doors.sitting
        await sitting.name_parts(self._asker, self._meeting, kept.chair, kept.recorder)
        if kept.fees is not None:
            await sitting.state_fees(self._asker, self._meeting, kept.fees)

    async def _thing(self, step: Step, thing: Thing) -> None:
        if isinstance(thing, KeptMark):
            await self._later(thing)
        elif isinstance(thing, KeptItem):
            await self._item(step, thing)
        elif isinstance(thing, KeptVote):
            await (self._ask(thing) if step is Step.ASK else self._count(thing))

    async def _later(self, mark: KeptMark) -> None:
        name = f"{mark.member} {mark.kind.value} {mark.at.isoformat()}"
        sheet = RollSheet(id=derived_id(self._kept.id, name), marks=(_mark(mark),))
        await self._doors.attendance.roll.mark(self._asker, self._meeting, sheet)

    async def _item(self, step: Step, item: KeptItem) -> None:
        known = self._items[item.id]
        if step is Step.START:
            await self._doors.agenda.start(self._asker, known)
        else:
            await self._doors.agenda.stop(self._asker, known, item.conclusion)

    async def _ask(self, vote: KeptVote) -> None:
        question = Question(
            question=vote.question,
            kind=vote.kind,
            form=vote.form,
            item=self._items.get(vote.item, vote.item) if vote.item else None,
            minutes=_MINUTES,
            taking_part=vote.taking_part,
            excused=vote.excused,
        )
        self._votes[vote] = await self._doors.voting.open_vote(self._asker, self._meeting, question)

    async def _count(self, vote: KeptVote) -> None:
        asked = self._votes[vote].vote.id
        hands = (vote.in_favour, vote.against, vote.abstain)
        await self._doors.voting.count_hands(self._asker, asked, hands)
        ended = await self._doors.voting.close_vote(self._asker, asked)
        self.results.append((vote, ended.result or {}))

    async def _read_out(self) -> None:
        await self._doors.sitting.read_out(self._asker, self._meeting, None)

    async def _close(self) -> None:
        texts = {self._items[one.id]: one.words for one in self._kept.items if one.words}
        texts |= {self._meeting: self._kept.words} if self._kept.words else {}
        for place, words in texts.items():
            await self._doors.minutes.write(self._asker, self._meeting, place, words)
        await self._doors.sitting.close(self._asker, self._meeting, None)


def _mark(kept: KeptMark) -> Mark:
    return Mark(member=kept.member, kind=kept.kind, device_at=kept.at)
