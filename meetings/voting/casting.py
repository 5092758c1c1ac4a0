"""The ballot box: many ballots, one transaction; each learns its own fate. Acknowledged means committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from meetings.db.batch import Batcher
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.errors import NotFound, Refused
from meetings.kernel.ids import Id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.voting import ballot_store as store
from meetings.voting.ballot_store import Question, Voter, Written
from meetings.voting.paper import SecretOnPaper
from meetings.voting.refusals import BallotDiffers, NotEntitled, VotingNotOpen
from meetings.voting.rules import Choice, Form, VoteState, body_hash


class NoSuchVote(NotFound):
    """No such vote, or the asker may not know of it."""

    code = "no-such-vote"
    message = "Không tìm thấy nội dung biểu quyết này."


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    """What a person's device sends. `id` is made by the device; `version` counts from 1."""

    id: Id
    vote: Id
    person: Id
    version: int
    choice: Choice


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What the voter reads: the first answer under this id. `late`: kept as late, never counted."""

    cast: Cast
    at: datetime
    late: bool
    in_hall: bool
    question: Question


Fate = Receipt | Refused


class BallotBox:
    """`put` answers once the ballot is durable."""

    def __init__(self, units: Units, *, waiting: int = 20_000) -> None:
        self._units = units
        self._batcher: Batcher[Cast, Fate] = Batcher(self._write, waiting=waiting)

    def start(self) -> None:
        """Begin to write."""
        self._batcher.start()

    async def stop(self) -> None:
        """Write what was accepted, then end."""
        await self._batcher.stop()

    async def put(self, cast: Cast) -> Receipt:
        """The receipt of the first ballot under this id.

        Raises NoSuchVote, VotingNotOpen, NotEntitled, BallotDiffers, VersionTaken, Busy.
        """
        fate = await self._batcher.put(cast)
        if isinstance(fate, Refused):
            raise fate
        return fate

    async def _write(self, casts: Sequence[Cast]) -> Sequence[Fate]:
        async with self._units.begin(timed=False) as uow:
            return await _Batch(uow, casts, self._units).write()


class _Batch:
    """One transaction's worth of ballots."""

    def __init__(self, uow: UnitOfWork, casts: Sequence[Cast], units: Units) -> None:
        self._uow, self._casts, self._units = uow, casts, units
        self._voters: Mapping[tuple[Id, Id], Voter] = {}
        self._late: Mapping[Id, tuple[datetime, str]] = {}
        self._rows: Mapping[Cast, Mapping[str, object]] = {}

    async def write(self) -> list[Fate]:
        session = self._uow.session
        pairs = [(cast.vote, cast.person) for cast in self._casts]
        questions, self._voters, told = await store.asked(session, pairs)  # held: no closing comes between
        self._uow.now = self._units.clock.at(told) if told else await self._units.moment(session)
        entitled = [cast for cast in self._casts if (cast.vote, cast.person) in self._voters]
        self._rows = {cast: self._make_row(cast) for cast in entitled}
        new = await store.write(session, [self._row(cast) for cast in entitled], self._uow.now)
        standing = await self._standing(new)
        missed = [cast for cast in entitled if cast.id not in standing and _over(questions.get(cast.vote))]
        late, self._late = await store.keep_late(session, [self._row(cast) for cast in missed], self._uow.now)
        await self._record(new, late, questions)
        return [self._fate(cast, standing.get(cast.id), questions.get(cast.vote)) for cast in self._casts]

    async def _standing(self, new: set[Id]) -> dict[Id, Written]:
        """What stands under each id: read back, unless this very batch wrote it."""
        written: dict[Id, Written] = {}
        for cast in self._casts:
            if cast.id in new and cast.id not in written:
                written[cast.id] = self._written(cast)
        repeated = {cast.id for cast in self._casts} - new
        return written | (await store.standing(self._uow.session, repeated) if repeated else {})

    def _written(self, cast: Cast) -> Written:
        row = self._row(cast)
        return Written(
            id=cast.id,
            vote=cast.vote,
            member=str(row["member_id"]),
            version=cast.version,
            choice=cast.choice,
            body_hash=str(row["body_hash"]),
            received_at=self._uow.now,
        )

    def _row(self, cast: Cast) -> Mapping[str, object]:
        return self._rows[cast]

    def _make_row(self, cast: Cast) -> dict[str, object]:
        member = self._voters[cast.vote, cast.person].member
        said = body_hash(vote=cast.vote, member=member, version=cast.version, choice=cast.choice)
        return {
            "id": cast.id,
            "vote_id": cast.vote,
            "member_id": member,
            "version": cast.version,
            "choice": cast.choice.value,
            "body_hash": said,
        }

    def _fate(self, cast: Cast, written: Written | None, question: Question | None) -> Fate:
        if question is None:
            return NoSuchVote()
        voter = self._voters.get((cast.vote, cast.person))
        if voter is None:
            return SecretOnPaper() if Form(question.form).secret else NotEntitled()
        late = written is None
        first = self._late.get(cast.id) if written is None else (written.received_at, written.body_hash)
        if first is None:
            return VotingNotOpen()
        if first[1] != self._row(cast)["body_hash"]:  # covers vote, member, version and choice
            return BallotDiffers()
        return Receipt(cast=cast, at=first[0], late=late, in_hall=voter.in_hall, question=question)

    async def _record(self, new: set[Id], late: set[Id], questions: Mapping[Id, Question]) -> None:
        acts: list[Act] = []
        for cast in self._casts:
            if cast.id in new:
                new.discard(cast.id)
                acts.append(self._act("voting.ballot", cast, questions[cast.vote]))
            elif cast.id in late:
                late.discard(cast.id)
                acts.append(self._act("voting.late", cast, questions[cast.vote]))
        await record(self._uow, *acts)

    def _act(self, name: str, cast: Cast, question: Question) -> Act:
        member = self._voters[cast.vote, cast.person].member
        return Act(
            cell=question.cell,
            name=name,
            actor=cast.person,
            meeting=question.meeting,
            subject=cast.id,
            public={"vote": cast.vote},
            personal={"member": member, "version": cast.version, "choice": cast.choice.value},
        )


def _over(question: Question | None) -> bool:
    return question is not None and question.state != VoteState.PREPARED.value
