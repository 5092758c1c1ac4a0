"""Work given in a hall without a network, told again."""

from __future__ import annotations

from meetings.agenda.tasking import TasksService, WantedTask
from meetings.kernel.asker import Asker
from meetings.offline.rules import KeptTask
from meetings.offline.service.moved import Place


class WorkInHall:
    """Each through the act that gives work on line."""

    def __init__(self, tasks: TasksService, asker: Asker, place: Place) -> None:
        self._tasks, self._asker, self._place = tasks, asker, place

    async def tell(self, task: KeptTask) -> None:
        """Give it."""
        wanted = WantedTask(
            title=task.title, member=task.member, due=task.due, item=self._place.item(task.item)
        )
        await self._tasks.give(self._asker, self._place.meeting, wanted)
