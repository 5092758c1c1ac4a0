"""Tells a kept sitting again, act by act through the very services of the house, each at its own moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from meetings.agenda import service as agenda
from meetings.agenda.service import AgendaService
from meetings.attendance import service as attendance
from meetings.attendance.rules import Decision, Reason
from meetings.attendance.service import AttendanceService, Correction, Mark, RollSheet
from meetings.committees.rules import Actor, Category, Member
from meetings.convening import service as convening
from meetings.db.unit import UnitOfWork, retold
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, derived_id
from meetings.minutes.service import MinutesService
from meetings.offline.order import SoFar, Step, Thing, aligned, first_marks, steps
from meetings.offline.rules import (
    Kept,
    KeptGuest,
    KeptItem,
    KeptMark,
    KeptPapers,
    KeptReport,
    KeptTask,
    KeptVote,
)
from meetings.offline.service.moved import MovedInHall, Place
from meetings.offline.service.work import WorkInHall
from meetings.sitting.service import SittingService
from meetings.voting.motions import Putting
from meetings.voting.paper import PaperLine, Protocol
from meetings.voting.rules import StoredVote
from meetings.voting.service import Question, VotingService

OTHER_DRAFT = "Dự thảo ghi trên máy không có mạng: "
OTHER_WORDS = "Ghi trên máy không có mạng:"
OTHER_CONCLUSION = "Kết luận ghi trên máy không có mạng: "
_MINUTES = 5  # how long devices would have been asked; there were none


@dataclass(frozen=True, kw_only=True, slots=True)
class Doors:
    """The services whose acts are told again: whatever they refuse, they refuse here too."""

    attendance: AttendanceService
    agenda: AgendaService
    voting: VotingService
    sitting: SittingService
    minutes: MinutesService


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What is told. `begun`: of a sitting that was open when it was taken along, what was done on the server;
    `taken`: its words then."""

    kept: Kept
    begun: SoFar | None
    taken: Mapping[Id, str]

    def told(self, step: Step, thing: Thing) -> bool:
        """Whether the server has it already."""
        item = thing.id if isinstance(thing, KeptItem) else None
        return self.begun is not None and self.begun.told(step, item)


class Telling:
    """One kept sitting, told within one unit of work on behalf of who kept it."""

    def __init__(self, uow: UnitOfWork, doors: Doors, asker: Asker, meeting: Id, record: Record) -> None:
        self._uow, self._doors, self._asker = uow, doors, asker
        self._meeting, self._kept, self._record = meeting, record.kept, record
        self._items: dict[Id, Id] = {}
        self._votes: dict[KeptVote, StoredVote] = {}
        self._place = Place(meeting, record.kept.id, self._items)
        self._moved = MovedInHall(uow, doors.agenda.motions, asker, self._place)
        self.work = WorkInHall(uow, doors.agenda.tasks, asker, self._place)
        self.not_on_device: list[tuple[Member, bool]] = []  # written into the list meanwhile; whether called
        self.guests_there: list[KeptGuest] = []  # whom somebody wrote down on the server meanwhile
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
        begun = self._record.begun
        for at, step, thing in steps(aligned(self._kept, begun) if begun else self._kept):
            if self._record.told(step, thing):
                continue
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
        begun = self._record.begun
        for one in self._kept.absences:
            if begun is not None and one in begun.absences:
                continue
            decide = self._doors.attendance.leave.decide
            await decide(self._asker, self._meeting, one.member, one.decision, one.reason)

    async def _parts(self) -> None:
        kept, sitting, begun = self._kept, self._doors.sitting, self._record.begun
        if begun is None or (begun.chair, begun.recorder) != (kept.chair, kept.recorder):
            await sitting.name_parts(self._asker, self._meeting, kept.chair, kept.recorder)
        if kept.fees is not None and (begun is None or begun.fees != kept.fees):
            await sitting.state_fees(self._asker, self._meeting, kept.fees)

    async def _thing(self, step: Step, thing: Thing) -> None:
        if isinstance(thing, KeptMark):
            await self._later(thing)
        elif isinstance(thing, KeptGuest):
            await self._guest(thing)
        elif isinstance(thing, KeptItem):
            await self._item(step, thing)
        elif isinstance(thing, KeptVote):
            await (self._ask(thing) if step is Step.ASK else self._count(thing))
        elif isinstance(thing, KeptTask | KeptReport):
            await self.work.tell(thing)
        elif thing is not None:
            await self._moved.tell(step, thing)

    async def _later(self, mark: KeptMark) -> None:
        roll = self._doors.attendance.roll
        mine = derived_id(self._kept.id, f"{mark.member} {mark.kind.value} {mark.at.isoformat()}")
        if not mark.reason:
            await roll.mark(self._asker, self._meeting, RollSheet(id=mine, marks=(_mark(mark),)))
            return
        told = Correction(id=mine, member=mark.member, kind=mark.kind, reason=mark.reason, at=mark.since)
        await roll.correct(self._asker, self._meeting, told)

    async def _item(self, step: Step, item: KeptItem) -> None:
        known = self._items[item.id]
        if step is Step.START:
            await self._doors.agenda.start(self._asker, known)
        else:
            await self._doors.agenda.stop(self._asker, known, item.conclusion)

    async def _guest(self, guest: KeptGuest) -> None:
        """Once: who was written down on the server too is not written down again."""
        there = await attendance.guests(self._uow, self._meeting)
        if (guest.full_name, guest.comes_from) in {(one.full_name, one.comes_from) for one in there}:
            self.guests_there.append(guest)
            return
        await self._doors.attendance.guests.welcome(
            self._asker,
            self._meeting,
            full_name=guest.full_name,
            comes_from=guest.comes_from,
            overseer=guest.overseer,
        )

    async def _ask(self, vote: KeptVote) -> None:
        if vote.motion is not None:
            putting = Putting(form=vote.form, minutes=_MINUTES, taking_part=vote.taking_part)
            motion = await self._moved.to_be_voted(vote.motion)
            self._votes[vote] = await self._doors.voting.motions.put(self._asker, motion, putting)
            return
        question = Question(
            question=vote.question,
            kind=vote.kind,
            form=vote.form,
            item=self._place.item(vote.item),
            minutes=_MINUTES,
            taking_part=vote.taking_part,
            excused=vote.excused,
            person=vote.person,
        )
        self._votes[vote] = await self._doors.voting.open_vote(self._asker, self._meeting, question)

    async def _count(self, vote: KeptVote) -> None:
        asked = self._votes[vote].vote.id
        if vote.papers is None:
            hands = (vote.in_favour, vote.against, vote.abstain)
            await self._doors.voting.count_hands(self._asker, asked, hands, vote.tellers)
        else:
            protocol = _protocol(vote, vote.papers)
            await self._doors.voting.counting.count_paper(self._asker, asked, protocol)
        ended = await self._doors.voting.close_vote(self._asker, asked)
        self.results.append((vote, ended.result or {}))

    async def _read_out(self) -> None:
        await self._doors.sitting.read_out(self._asker, self._meeting, None)

    async def _close(self) -> None:
        there = (await self._doors.minutes.look(self._asker, self._meeting)).texts
        for place, words in (await self._texts()).items():
            if words != self._record.taken.get(place, ""):
                whole = self._beside(there.get(place, ""), place, words)
                await self._doors.minutes.write(self._asker, self._meeting, place, whole)
        await self._name_those_not_on_device()
        await self._doors.sitting.close(self._asker, self._meeting, None)

    async def _name_those_not_on_device(self) -> None:
        """Whom nobody could mark is named to whoever sends the record; who was called is excused, so that it can close.
        Of a sitting that was taken along open, the marks do not tell whom the device knew."""
        record = await attendance.record_of(self._uow, await convening.sitting(self._uow, self._meeting))
        known = {one.member for one in self._kept.marks} | {one.member for one in self._kept.absences}
        owing = set(record.undecided()) - known
        listed = {one.id for one in record.roster if one.category is not Category.SUSPENDED}
        others = listed - known if self._record.begun is None else owing
        self.not_on_device = [(one, one.id in owing) for one in record.roster if one.id in others]
        for member in owing:
            await self._doors.attendance.leave.decide(
                self._asker, self._meeting, member, Decision.EXCUSED, Reason.OTHER
            )

    def _beside(self, there: str, place: Id, words: str) -> str:
        """Words that somebody wrote on the server meanwhile stay, and those of the device stand below them."""
        if there in {"", words, self._record.taken.get(place, "")}:
            return words
        return f"{there}\n\n{OTHER_WORDS}\n{words}"

    async def _texts(self) -> dict[Id, str]:
        """By place; with them what the server has otherwise: the conclusion of an item, the wording of a draft."""
        told = {one.id: one.conclusion for one in await agenda.items(self._uow, self._meeting)}
        texts = {self._items[one.id]: one.words for one in self._kept.items if one.words}
        for one in self._kept.items:
            place = self._items[one.id]
            if one.conclusion and one.conclusion != told[place]:
                texts[place] = f"{texts.get(place, '')}\n{OTHER_CONCLUSION}{one.conclusion}".strip()
        for place, words in self._moved.written_apart:
            texts[place] = f"{texts.get(place, '')}\n{OTHER_DRAFT}{words}".strip()
        general = "\n".join(filter(None, [self._kept.words, *self.work.found_apart]))
        return texts | ({self._meeting: general} if general else {})


def _mark(kept: KeptMark) -> Mark:
    return Mark(member=kept.member, kind=kept.kind, device_at=kept.at)


def _protocol(vote: KeptVote, papers: KeptPapers) -> Protocol:
    return Protocol(
        issued=papers.issued,
        returned=papers.returned,
        valid=papers.valid,
        invalid=papers.invalid,
        blank=papers.blank,
        lines=(PaperLine(member=None, in_favour=vote.in_favour, against=vote.against),),
        board=papers.board,
    )
