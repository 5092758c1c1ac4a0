"""A sitting with every paper that is issued as it stands: lists, excerpts, counting-board minutes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from meetings.convening.rules import AnySitting
from meetings.kernel.ids import Id
from meetings.minutes.numbering import IssuedPaper, PaperKind
from meetings.minutes.service import MinutesService, PapersService
from meetings.minutes.service.papers import Wanted
from meetings.voting.paper import PaperLine, Protocol
from meetings.voting.rules import Concerned, DecisionKind, Form
from meetings.voting.running import Question
from tests.attendance.world import SECRETARY
from tests.sitting.holding import RECORDER, Cell

BOARD = ("o8", "o9")


@dataclass(frozen=True, kw_only=True)
class Evening:
    """A sitting with approved minutes. `labels`: who signs its papers, by place, as people of the cell."""

    cell: Cell
    papers: PapersService
    sitting: AnySitting
    vote: Id
    item: Id
    labels: dict[PaperKind, tuple[str, ...]] = field(
        default_factory=lambda: {
            PaperKind.COUNTING: BOARD,
            PaperKind.ATTENDANCE: (RECORDER, SECRETARY),
            PaperKind.EXCERPT: (SECRETARY,),
            PaperKind.CONVOCATION: (SECRETARY,),
        }
    )

    def wanted(self, kind: PaperKind) -> Wanted:
        """The one paper of that kind."""
        vote = self.vote if kind is PaperKind.COUNTING else None
        return Wanted(kind=kind, vote=vote, item=self.item if kind is PaperKind.EXCERPT else None)

    async def issue(self, kind: PaperKind) -> IssuedPaper:
        """Issued by the secretary."""
        return await self.papers.issue(self.cell.world.asks(SECRETARY), self.sitting.id, self.wanted(kind))


async def evening(cell: Cell, minutes: MinutesService, papers: PapersService) -> Evening:
    """An admission on paper ballots, counted by two, in a sitting whose minutes are approved."""
    sitting, world = await cell.opened(), cell.world
    await cell.roll(sitting)
    await cell.phone_in(sitting)
    await cell.decide(sitting)
    secretary = world.asks(SECRETARY)
    asked = Question(
        question="Đề nghị kết nạp quần chúng Mẫu",
        kind=DecisionKind.ADMISSION,
        form=Form.PAPER,
        item=None,
        minutes=30,
        person=Concerned(name="Quần Chúng Mẫu"),
    )
    vote = (await cell.voting.open_vote(secretary, sitting.id, asked)).vote.id
    numbers = {"issued": 13, "returned": 13, "valid": 13, "invalid": 0, "blank": 0}
    lines = (PaperLine(member=None, in_favour=13, against=0),)
    protocol = Protocol(**numbers, lines=lines, board=tuple(map(world.member, BOARD)))
    await cell.voting.counting.count_paper(secretary, vote, protocol)
    await cell.voting.close_vote(secretary, vote)
    world.clock.move(timedelta(minutes=95))
    await cell.close(sitting)
    await minutes.approve(secretary, sitting.id)
    look = await minutes.look(secretary, sitting.id)
    assert look.minutes is not None
    item = look.minutes.facts.items[0].id
    return Evening(cell=cell, papers=papers, sitting=sitting, vote=vote, item=item)
