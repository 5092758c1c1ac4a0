"""The protocol of a counting board, typed in after the ballots of paper were counted."""

from __future__ import annotations

from collections.abc import Sequence

from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import record
from meetings.voting import paper_store
from meetings.voting.paper import NotOnBoard, PaperCount, Protocol, check_paper
from meetings.voting.refusals import FormNotAllowed
from meetings.voting.rules import Form, StoredVote
from meetings.voting.running import act_of, may_run, there
from meetings.voting.tally import may_close


class CountingService:
    """Protocols are appended; the last one before the end holds."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def count_paper(self, asker: Asker, vote: Id, counted: Protocol) -> StoredVote:
        """Keep a protocol.

        Raises a PaperDoesNotAddUp, NotOnBoard, FormNotAllowed where the vote is not on paper, VoteMoved, NoPower.
        """
        async with self._units.begin() as uow:
            stored, person = await may_run(uow, asker, vote)
            if stored.vote.form is not Form.PAPER:
                raise FormNotAllowed
            may_close(stored.vote)
            check_paper(counted, stored.vote.slate, len(await there(uow, stored)))
            _check_board(stored, counted.board)
            before = await paper_store.count_of(uow.session, vote)
            sequence = before.sequence + 1 if before else 1
            kept = PaperCount(protocol=counted, by=person, at=uow.now, sequence=sequence)
            await paper_store.add_count(uow.session, vote, kept, new_id())
            names = ("issued", "returned", "valid", "invalid", "blank")
            facts = {name: getattr(counted, name) for name in names} | {"sequence": sequence}
            await record(uow, act_of("voting.paper", stored.cell, stored.vote, person, public=facts))
            return stored


async def board_of(uow: UnitOfWork, vote: Id) -> tuple[Id, ...]:
    """Who counted, as the protocol that holds has it; nobody before there is one."""
    counted = await paper_store.count_of(uow.session, vote)
    return counted.protocol.board if counted else ()


def _check_board(stored: StoredVote, board: Sequence[Id]) -> None:
    if not board or not (stored.base.present - stored.vote.on_ballot).issuperset(board):
        raise NotOnBoard
