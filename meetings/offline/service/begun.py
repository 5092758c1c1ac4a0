"""An open sitting as it stands on the server: taken along, and not told a second time."""

from __future__ import annotations

from meetings.agenda import service as agenda
from meetings.attendance import service as attendance
from meetings.attendance.hall import Hall, read_hall
from meetings.attendance.leave import last_decision
from meetings.attendance.rules import EvidenceKind
from meetings.committees.powers import Part
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.offline.order import SoFar
from meetings.offline.rules import KeptAbsence, KeptMark, StillVoting
from meetings.sitting import service as sittings
from meetings.voting import service as voting
from meetings.voting.rules import StoredVote, VoteState


async def so_far(uow: UnitOfWork, sitting: AnySitting) -> SoFar:
    """As of now. Only for an open sitting."""
    assert sitting.opened_at is not None  # noqa: S101  the database holds no open sitting without it
    hall = read_hall(await attendance.evidence_of(uow, sitting.id), uow.now)
    parts = dict(await convening.parts_of(uow, sitting.id))
    items = await agenda.items(uow, sitting.id)
    record = await attendance.record_of(uow, sitting)
    names = [one.id for one in record.roster]
    return SoFar(
        opened_at=sitting.opened_at,
        confirmed_at=hall.confirmed_at,
        marks=tuple(mark for name in names if (mark := _mark(hall, name, sitting)) is not None),
        absences=await _decided(uow, sitting, names),
        chair=parts.get(Part.CHAIR),
        recorder=parts.get(Part.RECORDER),
        fees=await sittings.opening_of(uow, sitting.id),
        read_at=await sittings.read_out_at(uow, sitting.id),
        started={one.id: one.started_at for one in items if one.started_at},
        ended={one.id: one.ended_at for one in items if one.ended_at},
    )


def _mark(hall: Hall, member: Id, sitting: AnySitting) -> KeptMark | None:
    """The last word on a name; who is on no confirmed roll was not there."""
    said = hall.verdict(member)
    if said.present is None and hall.confirmed_at is None:
        return None
    at = said.left or said.arrived or hall.confirmed_at or sitting.opened_at or sitting.starts_at
    if not said.present:
        kind = EvidenceKind.ABSENT
    elif said.left:
        kind = EvidenceKind.LEFT_EARLY
    else:
        kind = EvidenceKind.LATE if said.arrived and not said.by_scan else EvidenceKind.PRESENT
    return KeptMark(member=member, kind=kind, at=at)


async def _decided(uow: UnitOfWork, sitting: AnySitting, names: list[Id]) -> tuple[KeptAbsence, ...]:
    made = (await attendance.leave_of(uow, sitting)).decisions
    found = [last for name in names if (last := last_decision(made, name)) is not None]
    return tuple(KeptAbsence(member=one.member, decision=one.decision, reason=one.reason) for one in found)


async def votes_held(uow: UnitOfWork, meeting: Id) -> tuple[StoredVote, ...]:
    """The votes that have ended. Raises StillVoting."""
    held = await voting.votes(uow, meeting)
    if any(one.vote.state is VoteState.OPEN for one in held):
        raise StillVoting
    return tuple(one for one in held if one.result is not None)
