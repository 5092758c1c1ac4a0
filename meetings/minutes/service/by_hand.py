"""What signing by hand asks of the roll and of what was kept."""

from __future__ import annotations

from meetings.attendance.service.reading import day_of
from meetings.committees import service as committees
from meetings.committees.rules import Actor
from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.kernel.errors import NotFound
from meetings.kernel.ids import Id
from meetings.ledger import files
from meetings.minutes import store
from meetings.minutes.ink import sha256_hex


class NotOfThisCell(NotFound):
    """The named witness is not on the roll of the sitting's day."""

    code = "not-of-this-cell"
    message = "Người đối chiếu bản chụp phải có tên trong danh sách chi bộ."


async def witness_of(uow: UnitOfWork, sitting: AnySitting, actor: Actor, named: Id | None) -> Id:
    """Who compared scan and paper: the named member, else the actor. Raises NotOfThisCell."""
    if named is None:
        return actor.member_in(sitting.cell) or actor.person
    if named not in {one.id for one in await committees.roster(uow, sitting.cell, day_of(sitting))}:
        raise NotOfThisCell
    return named


async def as_recorded(uow: UnitOfWork, meeting: Id, pdf: bytes) -> bool | None:
    """Whether file and kept scan are those that were signed by hand; None if nothing was."""
    found = await store.ink(uow.session, meeting)
    if found is None:
        return None
    kept, sha = found
    scan = sha256_hex(await files.read(uow, sha))
    return bool(sha256_hex(pdf) == kept["printed"] and scan == kept["scan"])
