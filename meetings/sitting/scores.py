"""Acts of scoring: a committee sets criteria for all below it; a sitting is scored by those in force."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from meetings.agenda import speaking
from meetings.agenda.deciding import motions_of
from meetings.agenda.speakers import HandState
from meetings.attendance import service as attendance
from meetings.attendance.rules import AbsenceState
from meetings.attendance.service.reading import day_of
from meetings.committees import service as committees
from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.convening.paper import minutes_held
from meetings.convening.rules import AnySitting, Meeting, Mode, Standing, State
from meetings.convening.states import NotOpen
from meetings.db.refusals import refusing
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id, new_id
from meetings.ledger.rules import Act
from meetings.ledger.service import record
from meetings.sitting import score_store, scoring, store
from meetings.sitting.criteria import Criteria, CriteriaTaken, check_criteria, in_force
from meetings.sitting.scoring import Judged, Line, Measured, NoScoreHere, Score

_WRITING = frozenset({State.OPEN, State.CLOSED})  # until the minutes are approved


@dataclass(frozen=True, kw_only=True, slots=True)
class ScoreLook:
    """The criteria in force, every line with what is measured now, and the score that holds."""

    sitting: AnySitting
    criteria: Criteria
    proposed: tuple[Line, ...]
    score: Score | None


async def score_of(uow: UnitOfWork, meeting: Id) -> Score | None:
    """The score that holds, as it was given, for storeys above."""
    return await score_store.score_of(uow.session, meeting)


ResultsInTime = Callable[[UnitOfWork, AnySitting], Awaitable[bool | None]]


async def nobody_knows(_uow: UnitOfWork, _sitting: AnySitting) -> None:
    """No storey above knows of results."""


class ScoringService:
    """Every act is in the ledger. `in_time`: whether the results of a sitting were there in time, None while that can
    still be either."""

    def __init__(self, units: Units, in_time: ResultsInTime = nobody_knows) -> None:
        self._units = units
        self._in_time = in_time

    async def look(self, asker: Asker, meeting: Id) -> ScoreLook:
        """For whoever may view the cell. Raises NoScoreHere."""
        async with self._units.read() as uow:
            sitting, _ = await convening.allow_in(uow, asker, Power.VIEW_CELL, meeting)
            return await self._look(uow, sitting)

    async def score(self, asker: Asker, meeting: Id, said: Mapping[str, Judged]) -> Score:
        """Write down the points, by key; what is measured may be left out. Said again, the last word holds.

        Raises BadPoints, ReasonNeeded, NotKnownYet, NoScoreHere, NotOpen, NoPower.
        """
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.ROLL, meeting, lock=True)
            if sitting.state not in _WRITING:
                raise NotOpen
            look = await self._look(uow, sitting)
            lines = scoring.judged(look.proposed, said)
            score = _score(uow, look, lines, actor.person)
            await score_store.add_score(uow.session, score)
            public: dict[str, Json] = {"total": score.total, "rank": score.rank, "sequence": score.sequence}
            act = Act(
                cell=sitting.cell,
                name="sitting.score",
                actor=actor.person,
                meeting=meeting,
                subject=score.id,
                public=public,
            )
            await record(uow, act)
            return score

    async def _look(self, uow: UnitOfWork, sitting: AnySitting) -> ScoreLook:
        if isinstance(sitting, Meeting) and sitting.standing is Standing.SUPPLEMENT:
            raise NoScoreHere
        criteria, results = await _criteria(uow, sitting.cell, sitting), await self._in_time(uow, sitting)
        measured = replace(await _measured(uow, sitting), results=results)
        score = await score_of(uow, sitting.id)
        return ScoreLook(
            sitting=sitting,
            criteria=criteria,
            proposed=scoring.proposed(criteria, measured),
            score=scoring.completed(score, results) if score else None,
        )

    async def criteria(self, asker: Asker, org: Id) -> Criteria:
        """Those in force today for an organisation, for whoever may look into it."""
        async with self._units.read() as uow:
            await committees.allow_any(uow, asker, (Power.AUDIT, Power.VIEW_CELL, Power.ADMINISTER), org)
            return await _criteria(uow, org, None)

    async def set_criteria(self, asker: Asker, criteria: Criteria) -> Criteria:
        """Set them for the organisation `set_by` and all below it. Raises NoPower, BadCriteria, CriteriaTaken."""
        org = str(criteria.set_by)
        async with self._units.begin() as uow:
            actor = await committees.allow(uow, asker, Power.SET_POLICY, org)
            check_criteria(criteria)
            named = replace(criteria, set_by_name=(await committees.standpoint(uow, org)).org.name)
            with refusing({"uq_score_criteria_day": CriteriaTaken}):
                await score_store.add_criteria(uow.session, named, new_id(), actor.person, uow.now)
            public: dict[str, Json] = {"valid_from": named.valid_from.isoformat(), "lines": len(named.lines)}
            act = Act(cell=org, name="sitting.set_criteria", actor=actor.person, subject=org, public=public)
            await record(uow, act)
            return named


async def _criteria(uow: UnitOfWork, org: Id, sitting: AnySitting | None) -> Criteria:
    """In force on the sitting's day, or today."""
    at = await committees.standpoint(uow, org, day_of(sitting) if sitting else None)
    chain = [version.org for version in at.chain]
    day = day_of(sitting) if sitting else at.today
    return in_force(await score_store.criteria_of(uow.session, chain), chain, day)


async def _measured(uow: UnitOfWork, sitting: AnySitting) -> Measured:
    """As of now; of a closed sitting, of its whole length."""
    found = await attendance.record_of(uow, sitting)
    rate = found.rate()
    there = {
        one for one, seen in found.attendance.items() if _took_part(sitting, seen.hall_confirmed, seen.online)
    }
    hands = await speaking.hands(uow, sitting.id)
    spoke = {one.member for one in hands if one.state in {HandState.DONE, HandState.SPEAKING}}
    opened = sitting.opened_at
    called = [one.at for one in await convening.convoked(uow, sitting.id)]
    unexcused = [one for one in found.absences.values() if one.state is AbsenceState.UNEXCUSED]
    return Measured(
        minutes=minutes_held(opened, sitting.closed_at or uow.now) if opened else 0,
        least=sitting.minimum_minutes,
        came=len(rate.part) if rate else 0,
        expected=len(rate.whole) if rate else 0,
        unexcused=len(unexcused),
        spoke=len(spoke & there),
        there=len(there),
        notice=sitting.starts_at - min(called) if called else None,
        drafted=await _drafted(uow, sitting),
        read_out=await store.read_out(uow.session, sitting.id) is not None,
    )


async def _drafted(uow: UnitOfWork, sitting: AnySitting) -> timedelta | None:
    look = await motions_of(uow, sitting)
    first: dict[Id, datetime] = {}
    for one in look.wordings:
        first.setdefault(one.item, one.at)
    return sitting.starts_at - max(first.values()) if first else None


def _took_part(sitting: AnySitting, in_hall: bool, online: object) -> bool:
    return bool(online) if sitting.mode is Mode.ONLINE else in_hall


def _score(uow: UnitOfWork, look: ScoreLook, lines: tuple[Line, ...], person: Id) -> Score:
    points = scoring.total(lines)
    return Score(
        id=new_id(),
        meeting=look.sitting.id,
        sequence=look.score.sequence + 1 if look.score else 1,
        lines=lines,
        total=points,
        rank=look.criteria.rank(points),
        citation=look.criteria.citation,
        set_by_name=look.criteria.set_by_name or "",
        certainty=look.criteria.certainty.value,
        by=person,
        at=uow.now,
        ranks=look.criteria.ranks,
    )
