"""Work given in a hall without a network, and what was found there of earlier work, told again."""

from __future__ import annotations

from datetime import datetime

from meetings.agenda.tasking import Found, TasksService, WantedTask, task_of
from meetings.agenda.tasks import Followed, Report
from meetings.convening import service as convening
from meetings.db.unit import UnitOfWork
from meetings.kernel.asker import Asker
from meetings.kernel.text import date_text
from meetings.offline.order import Work
from meetings.offline.rules import Difference, KeptReport, KeptTask, difference
from meetings.offline.service.moved import Place
from meetings.offline.words import LATER_REPORT, OTHER_REPORT

OTHER_FOUND = "Kiểm điểm việc “{title}” trên máy không có mạng: {device}."


class WorkInHall:
    """Each through the act that does it on line. `differences`: what was found on the server meanwhile;
    `found_apart`: words on findings that could not stand beside those of a later sitting."""

    def __init__(self, uow: UnitOfWork, tasks: TasksService, asker: Asker, place: Place) -> None:
        self._uow, self._tasks, self._asker, self._place = uow, tasks, asker, place
        self.differences: list[Difference] = []
        self.found_apart: list[str] = []

    async def tell(self, work: Work) -> None:
        """Give it, or write down what was found of it."""
        if isinstance(work, KeptTask):
            await self._give(work)
        else:
            await self._report(work)

    async def _give(self, task: KeptTask) -> None:
        item = self._place.item(task.item)
        wanted = WantedTask(title=task.title, member=task.member, due=task.due, item=item)
        await self._tasks.give(self._asker, self._place.meeting, wanted)

    async def _report(self, report: KeptReport) -> None:
        known = await task_of(self._uow, await convening.sitting(self._uow, self._place.meeting), report.task)
        last = known.reports[-1] if len(known.reports) > report.after else None
        found = Found(outcome=report.outcome, due=report.due, note=report.note)
        if last is None or not self._stays(known, last, found, report.at):
            await self._tasks.report(self._asker, self._place.meeting, report.task, found)

    def _stays(self, known: Followed, last: Report, found: Found, at: datetime) -> bool:
        """What was found meanwhile holds if it says the same here, or if another sitting ended the work or asked
        after it later than this one did."""
        there = Found(outcome=last.outcome, due=last.due, note=last.note)
        here = last.meeting == self._place.meeting
        if here and there == found:
            return True
        stays = not here and (last.at > at or not known.open)
        said = {"title": known.task.title, "device": _text(found), "server": _text(there)}
        self.differences.append(difference(LATER_REPORT if stays else OTHER_REPORT, **said))
        if stays:
            self.found_apart.append(OTHER_FOUND.format(**said))
        return stays


def _text(found: Found) -> str:
    """As the minutes have it."""
    until = f" đến {date_text(found.due)}" if found.due else ""
    note = f" ({found.note})" if found.note else ""
    return f"{found.outcome.text}{until}{note}"
