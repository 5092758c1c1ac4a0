"""Answers that the secretary enters for members without a device: assisted, and recorded as such."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.voting import ballot_store, store
from meetings.voting.paper import SecretOnPaper
from meetings.voting.refusals import BallotDiffers, MarkTooLate, NotEntitled
from meetings.voting.rules import Ballot, Choice, StoredVote, body_hash
from meetings.voting.running import may_run
from meetings.voting.tally import may_close


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """What a member said aloud. `id` is made by the device that sends it."""

    id: Id
    member: Id
    choice: Choice


class AssistingService:
    """The member's own later answer is the next version and counts instead."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def mark(self, asker: Asker, vote: Id, mark: Mark) -> Ballot:
        """Enter an answer; the same again gives the first ballot.

        Raises NotEntitled, SecretOnPaper, MarkTooLate, VoteMoved, BallotDiffers, VersionTaken, NoPower.
        """
        async with self._units.begin() as uow:
            stored, person = await may_run(uow, asker, vote)
            if stored.vote.form.secret:
                raise SecretOnPaper
            mine = await store.ballots(uow.session, vote, mark.member)
            if (known := await _known(uow, mark)) is not None:
                return _same(known, vote, mark)
            _may_mark(uow, stored, mark)
            version = 1 + max((one.version for one in mine), default=0)
            ballot = _ballot(uow, vote, mark, version)
            await ballot_store.write(uow.session, [_row(ballot)], uow.now)
            await store.add_assisted(uow.session, vote, ballot.id, person, uow.now)
            await record(uow, _act(stored, ballot, person))
            return ballot


def _may_mark(uow: UnitOfWork, stored: StoredVote, mark: Mark) -> None:
    may_close(stored.vote)  # open, not ended
    if stored.vote.deadline is None or uow.now >= stored.vote.deadline:
        raise MarkTooLate
    if mark.member not in stored.base.entitled:
        raise NotEntitled


async def _known(uow: UnitOfWork, mark: Mark) -> Ballot | None:
    found = (await ballot_store.standing(uow.session, [mark.id])).get(mark.id)
    if found is None:
        return None
    return Ballot(
        id=found.id,
        vote=found.vote,
        member=found.member,
        version=found.version,
        choice=found.choice,
        body_hash=found.body_hash,
        received_at=found.received_at,
    )


def _same(known: Ballot, vote: Id, mark: Mark) -> Ballot:
    if (known.vote, known.member, known.choice) != (vote, mark.member, mark.choice):
        raise BallotDiffers
    return known


def _ballot(uow: UnitOfWork, vote: Id, mark: Mark, version: int) -> Ballot:
    return Ballot(
        id=mark.id,
        vote=vote,
        member=mark.member,
        version=version,
        choice=mark.choice,
        body_hash=body_hash(vote=vote, member=mark.member, version=version, choice=mark.choice),
        received_at=uow.now,
    )


def _row(ballot: Ballot) -> dict[str, object]:
    return {
        "id": ballot.id,
        "vote_id": ballot.vote,
        "member_id": ballot.member,
        "version": ballot.version,
        "choice": ballot.choice.value,
        "body_hash": ballot.body_hash,
    }


def _act(stored: StoredVote, ballot: Ballot, person: Id) -> Act:
    return Act(
        cell=stored.cell,
        name="voting.assisted",
        actor=person,
        meeting=stored.vote.meeting,
        subject=ballot.id,
        public={"vote": ballot.vote},
        personal={"member": ballot.member, "version": ballot.version, "choice": ballot.choice.value},
    )
