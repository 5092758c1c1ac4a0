"""A meeting held on paper is entered afterwards (rules.md 1.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.convening import states
from meetings.convening.afterwards import PaperEntry
from meetings.convening.paper import entered_late
from meetings.convening.rules import Kind, Meeting, Mode, draft
from meetings.convening.service.acts import Acts, note
from meetings.convening.service.calling import Calling, plan_of
from meetings.convening.service.convoking import call_roster
from meetings.convening.service.sittings import owe, save
from meetings.convening.store import meetings, papers
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.ledger import files
from meetings.notices.rules import Channel


@dataclass(frozen=True, kw_only=True, slots=True)
class OnPaper:
    """What the paper says: real times (aware), place; `photo`: the signed page, as PDF, JPEG or PNG."""

    kind: Kind
    place: str
    opened_at: datetime
    closed_at: datetime
    photo: bytes
    title: str | None = None


class EnteringActs(Acts):
    """Acts of who leads the cell."""

    async def enter_paper(self, asker: Asker, cell: Id, said: OnPaper) -> Meeting:
        """The meeting of its real opening, open, its roster recorded as called in person: the roll, the hand
        counts and the closing at `PaperEntry.closed_at` follow as for any sitting.

        It carries the day of entry for ever. Raises NoPower, NotOnPaper, a BadTimes, ScanTooLarge, NotAScan.
        """
        async with self._units.begin() as uow:
            actor = await committees.allow(uow, asker, Act.ENTER_LATE, cell)
            calling = Calling(
                kind=said.kind,
                mode=Mode.IN_PERSON,
                starts_at=said.opened_at,
                place=said.place,
                title=said.title,
            )
            plan = await plan_of(uow, cell, calling)
            begun = entered_late(
                plan, sitting=new_id(), opened_at=said.opened_at, closed_at=said.closed_at, now=uow.now
            )
            planned = draft(plan, sitting=begun.id)
            await meetings.add(uow.session, planned)
            await save(uow, states.convened(planned))
            await call_roster(uow, begun, {}, how=Channel.BY_WORD, by=actor.person)
            await save(uow, begun)
            await owe(uow, begun)
            entry = PaperEntry(
                meeting=begun.id,
                opened_at=said.opened_at,
                closed_at=said.closed_at,
                photo_sha256=await files.keep_scan(uow, said.photo),
                at=uow.now,
                by=actor.person,
            )
            await papers.add_paper(uow.session, entry)
            facts = {"opened_at": said.opened_at.isoformat(), "closed_at": said.closed_at.isoformat()}
            await note(uow, "enter_paper", begun, actor.person, public=facts | {"photo": entry.photo_sha256})
            return begun
