"""What everybody in a sitting may see happen, as small numbered facts; nobody's own state is ever among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from meetings.agenda import service as agenda
from meetings.agenda.deciding import moved_in
from meetings.agenda.rules import Item, ItemState
from meetings.agenda.speakers import in_turn
from meetings.agenda.speaking import hands
from meetings.attendance import service as attendance
from meetings.convening import service as convening
from meetings.db.unit import UnitOfWork
from meetings.kernel.canonical import Json
from meetings.kernel.ids import Id
from meetings.ledger.rules import Happened
from meetings.ledger.service import happened_after
from meetings.voting import service as voting

MOST_MISSED = 500  # acts; who missed more reads the page anew

_KINDS = {
    "sitting.open": "meeting",
    "sitting.close": "meeting",
    "sitting.parts": "meeting",
    "convening.cancel": "meeting",
    "agenda.plan": "agenda",
    "agenda.start": "agenda",
    "agenda.stop": "agenda",
    "agenda.hand": "hands",
    "agenda.call": "hands",
    "agenda.finish": "hands",
    "agenda.lower": "hands",
    "agenda.draft": "motions",
    "agenda.move": "motions",
    "agenda.decide_motion": "motions",
    "agenda.give_task": "tasks",
    "agenda.report_task": "tasks",
    "attendance.roll": "roll",
    "attendance.correct": "roll",
    "voting.open": "vote.open",
    "voting.close": "vote.close",
    "voting.secret_casting": "vote.open",
    "voting.secret_ended": "vote.close",
    "voting.secret_set_aside": "vote.close",
    "voting.ballot": "tally",
    "voting.assisted": "tally",
}
RESET = "reset"


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """One event of the stream. `number` is the ledger's, so that a stream can go on where it broke."""

    number: int
    kind: str
    facts: Mapping[str, Json]


async def happenings(uow: UnitOfWork, meeting: Id, after: int) -> tuple[list[Happening], int]:
    """What happened after that number, and the newest number read. Facts are those of now, not of then: of
    several answers to one vote, and of several of one kind else, only the last is told."""
    acts = await happened_after(uow, meeting, after, MOST_MISSED + 1)
    if len(acts) > MOST_MISSED:
        return [Happening(number=acts[-1].number, kind=RESET, facts={})], acts[-1].number
    found = [await _told(uow, meeting, act) for act in last_of_each(acts)]
    return found, acts[-1].number if acts else after


def last_of_each(acts: Iterable[Happened]) -> Sequence[Happened]:
    """The newest act per kind and vote, in order; acts that nobody follows are left out."""
    newest: dict[tuple[str, Id | None], Happened] = {}
    for act in acts:
        if kind := _KINDS.get(act.act):
            key = kind, vote_of(act)
            newest.pop(key, None)
            newest[key] = act
    return list(newest.values())


def vote_of(act: Happened) -> Id | None:
    """The vote that an act is about; the subject of a ballot is the ballot, which stays untold."""
    if _KINDS.get(act.act) == "tally":
        return str(act.public["vote"])
    return act.subject if act.act.startswith("voting.") else None


async def _told(uow: UnitOfWork, meeting: Id, act: Happened) -> Happening:
    kind = _KINDS[act.act]
    return Happening(number=act.number, kind=kind, facts=await _facts(uow, meeting, kind, vote_of(act)))


async def _facts(uow: UnitOfWork, meeting: Id, kind: str, vote: Id | None) -> Mapping[str, Json]:
    if kind == "agenda":
        return _agenda(await agenda.items(uow, meeting))
    if kind == "hands":
        return {"waiting": len(in_turn(await hands(uow, meeting)))}
    if kind == "motions":
        return {"waiting": sum(one.state.pending for one in await moved_in(uow, meeting))}
    if kind == "tasks":
        return {}
    if vote is not None:
        result = await _came_out(uow, meeting, vote) if kind == "vote.close" else {}
        return {"vote": vote, "answered": await voting.answered(uow, vote), **result}
    sitting = await convening.sitting(uow, meeting)
    if kind == "roll":
        return {"hall": len(await attendance.hall_confirmed(uow, sitting))}
    return {"state": sitting.state.value}


async def _came_out(uow: UnitOfWork, meeting: Id, vote: Id) -> Mapping[str, Json]:
    """The result of a closed vote; of an election or where the numbers would tell what somebody said in secret, only
    that it ended."""
    stored = next((one for one in await voting.votes(uow, meeting) if one.vote.id == vote), None)
    if stored is None or stored.result is None or stored.result.get("withheld") or stored.vote.slate:
        return {}
    return {name: stored.result[name] for name in ("passed", "in_favour", "against", "abstain")}


def _agenda(items: Sequence[Item]) -> Mapping[str, Json]:
    live = next((item.position for item in items if item.state is ItemState.LIVE), None)
    return {"position": live, "of": len(items)}
