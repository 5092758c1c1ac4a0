"""Work given, and what became of it, over HTTP."""

from __future__ import annotations

import datetime as dt

from meetings.agenda.tasking import Found, TasksLook, TasksService, WantedTask
from meetings.agenda.tasks import Followed, Outcome
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Line, LongText, UuidText, View

_TAGS = ("agenda",)


class TaskBody(Body):
    """Work for a member, until a last day; `item` of the sitting's agenda."""

    title: Line
    member: UuidText
    due: dt.date
    item: UuidText | None = None


class TaskReportBody(Body):
    """What the sitting found. `due`: the new last day of an extension, and of nothing else."""

    outcome: Outcome
    due: dt.date | None = None
    note: LongText = ""


class TaskReportView(View):
    """What one sitting found; the last one of a sitting holds. Times UTC."""

    meeting: str
    outcome: Outcome
    due: dt.date | None
    note: str
    at: dt.datetime


class TaskView(View):
    """Work given. `due`: the last day now, `first_due` as first said."""

    id: str
    meeting: str
    item: str | None
    member: str
    title: str
    first_due: dt.date
    due: dt.date
    open: bool
    reports: list[TaskReportView]


class TaskLineView(TaskView):
    """The same in a list. `overdue`: open after its last day."""

    name: str
    overdue: bool


class TasksView(View):
    """The work of a sitting: `asked` was given before it, `given` at it."""

    asked: list[TaskLineView]
    given: list[TaskLineView]


class OpenTasksView(View):
    """The open work of a cell; what falls due next comes first."""

    tasks: list[TaskLineView]


class TaskHandlers:
    """Endpoints of work given."""

    def __init__(self, service: TasksService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        tasks = "/meetings/{meeting}/tasks"
        return [
            Endpoint(
                method="GET",
                path=tasks,
                handler=self.get_tasks,
                summary="Việc được kiểm điểm và việc được giao ở buổi họp",
                answer=TasksView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=tasks,
                handler=self.give_task,
                summary="Giao việc, có người làm và hạn",
                answer=TaskView,
                body=TaskBody,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=f"{tasks}/{{task}}/reports",
                handler=self.report_task,
                summary="Ghi kết quả kiểm điểm một việc đã giao",
                answer=TaskView,
                body=TaskReportBody,
                tags=_TAGS,
            ),
            Endpoint(
                method="GET",
                path="/cells/{cell}/tasks",
                handler=self.get_open_tasks,
                summary="Việc chưa xong của chi bộ",
                answer=OpenTasksView,
                tags=_TAGS,
            ),
        ]

    async def get_tasks(self, call: Call[Body, Body]) -> TasksView:
        """What the sitting asks after, and what it gave."""
        found = await self._service.look(call.asker, call.id("meeting"))
        return TasksView(
            asked=[_line(found, one) for one in found.asked], given=[_line(found, one) for one in found.given]
        )

    async def give_task(self, call: Call[TaskBody, Body]) -> TaskView:
        """Until the minutes are approved."""
        body = call.body
        wanted = WantedTask(title=body.title, member=body.member, due=body.due, item=body.item)
        return _view(await self._service.give(call.asker, call.id("meeting"), wanted))

    async def report_task(self, call: Call[TaskReportBody, Body]) -> TaskView:
        """Said again, the last word of a sitting holds."""
        found = Found(outcome=call.body.outcome, due=call.body.due, note=call.body.note)
        return _view(await self._service.report(call.asker, call.id("meeting"), call.id("task"), found))

    async def get_open_tasks(self, call: Call[Body, Body]) -> OpenTasksView:
        """What nobody has ended yet."""
        found = await self._service.of_cell(call.asker, call.id("cell"))
        return OpenTasksView(tasks=[_line(found, one) for one in found.asked])


def _view(followed: Followed) -> TaskView:
    task = followed.task
    return TaskView(
        id=task.id,
        meeting=task.meeting,
        item=task.item,
        member=task.member,
        title=task.title,
        first_due=task.due,
        due=followed.due,
        open=followed.open,
        reports=[TaskReportView.model_validate(one) for one in followed.reports],
    )


def _line(look: TasksLook, followed: Followed) -> TaskLineView:
    return TaskLineView(
        **_view(followed).model_dump(),
        name=look.names.get(followed.task.member, ""),
        overdue=followed.overdue(look.day),
    )
