"""Which papers of a sitting can be issued as they stand: nothing has to be written for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meetings.committees import service as committees
from meetings.committees.powers import Act as Power
from meetings.committees.powers import can
from meetings.convening import service as convening
from meetings.convening.rules import State
from meetings.db.unit import Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.minutes import paper_store, store
from meetings.minutes.numbering import PaperKind
from meetings.minutes.reading import from_json
from meetings.minutes.records import Minutes
from meetings.voting.rules import Form, StoredVote
from meetings.voting.service import votes

_CALLED = frozenset({State.CONVENED, State.OPEN, State.CLOSED, State.MINUTED, State.SIGNED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A paper that is not issued yet. `about`: the vote or the item, or the meeting; `what`: which, in its words;
    `position`: of the item, from 1."""

    kind: PaperKind
    about: Id
    what: str = ""
    position: int = 0


def offers(
    meeting: Id, state: State, voted: Sequence[StoredVote], minutes: Minutes | None, *, calls: bool
) -> Iterator[Offer]:
    """In the order of a sitting. `minutes`: the approved ones; `calls`: whoever asks may call people to it."""
    if calls and state in _CALLED:
        yield Offer(kind=PaperKind.CONVOCATION, about=meeting)
    for one in voted:
        if one.result is not None and one.vote.form is Form.PAPER:
            yield Offer(kind=PaperKind.COUNTING, about=one.vote.id, what=one.vote.question)
    if minutes is None:
        return
    yield Offer(kind=PaperKind.ATTENDANCE, about=meeting)
    for position, item in enumerate(minutes.facts.items, 1):
        yield Offer(kind=PaperKind.EXCERPT, about=item.id, what=item.title, position=position)


class OfferService:
    """Looks at what can be issued; it is issued as other papers are."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def of_meeting(self, asker: Asker, meeting: Id) -> list[Offer]:
        """What of this meeting is not issued yet. Raises NoSuchMeeting, NoPower."""
        async with self._units.read() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.MINUTES, meeting)
            at = await committees.standpoint(uow, sitting.cell)
            approved = await store.approved(uow.session, meeting)
            minutes = None if approved is None else from_json(approved.data)
            issued = await paper_store.papers_of_meeting(uow.session, meeting)
            given = {(one.kind, one.about) for one in issued}
            calls = can(actor, Power.CONVENE, at.place(), at.today)
            found = offers(meeting, sitting.state, await votes(uow, meeting), minutes, calls=calls)
            return [one for one in found if (one.kind, one.about) not in given]
