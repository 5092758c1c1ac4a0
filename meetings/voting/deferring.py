"""What may not be decided online becomes an item of the next meeting in a hall."""

from __future__ import annotations

from dataclasses import dataclass

from meetings.agenda import service as agenda
from meetings.agenda.rules import Item
from meetings.committees.powers import Act as Power
from meetings.convening import service as convening
from meetings.convening.rules import AnySitting, Meeting, Mode, State
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id
from meetings.kernel.months import Month

_MONTHS_AHEAD = 3


class NoNextMeeting(Conflict):
    """No meeting in a hall is planned for this month or the next three."""

    code = "no-next-meeting"
    message = "Chưa có buổi họp trực tiếp nào được lên lịch sau buổi này. Xin lên lịch rồi đưa nội dung vào."


@dataclass(frozen=True, kw_only=True, slots=True)
class Deferred:
    """Where the question went."""

    meeting: Id
    item: Item


class DeferringService:
    """Puts a question on the agenda of the cell's next meeting in person."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def defer(self, asker: Asker, meeting: Id, title: str, minutes: int) -> Deferred:
        """Raises NoNextMeeting, NoPower, BadItem, TooManyItems."""
        async with self._units.begin() as uow:
            sitting, actor = await convening.allow_in(uow, asker, Power.AGENDA, meeting)
            following = await _next(uow, sitting)
            locked, _ = await convening.allow_in(uow, asker, Power.CONVENE, following.id, lock=True)
            item = await agenda.append(uow, locked, actor, title, minutes)
            return Deferred(meeting=following.id, item=item)


async def _next(uow: UnitOfWork, sitting: AnySitting) -> Meeting:
    first = last = Month.of(sitting.starts_at, sitting.zone)
    for _ in range(_MONTHS_AHEAD):
        last = last.next()
    for one in await convening.of_cells(uow, [sitting.cell], first, last):
        in_hall = one.mode is not Mode.ONLINE and one.state in {State.DRAFT, State.CONVENED}
        if isinstance(one, Meeting) and in_hall and one.starts_at > sitting.starts_at:
            return one
    raise NoNextMeeting
