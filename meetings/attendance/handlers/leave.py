"""Leave, decisions and contests over HTTP."""

from __future__ import annotations

from datetime import datetime

from meetings.attendance.leave import member_text, secretary_text
from meetings.attendance.rules import Absence, Decision, Reason
from meetings.attendance.service import AskedLeave, AttendanceService
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, LongText, UuidText, View

_TAGS = ("attendance",)


class LeaveBody(Body):
    """Made by the phone under an `id` of its own. `member`: for whom, if not for oneself."""

    id: UuidText
    member: UuidText | None = None
    reason: Reason
    note: LongText = ""


class LeaveDecisionBody(Body):
    """Có lý do / không có lý do. Without `reason` the one that was asked with stands."""

    decision: Decision
    reason: Reason | None = None


class ContestBody(Body):
    """Why to look again."""

    note: LongText = ""


class AbsenceView(View):
    """Where an absence stands: `text` for the member, `secretary_text` for the secretary's list; `asked_before`: leave
    was asked for this other start only, before the sitting was moved."""

    member: str
    state: str
    reason: str | None
    asked: bool
    asked_before: datetime | None
    contested: bool
    text: str
    secretary_text: str


class ComingView(View):
    """The member said that they will come to the hall; presence is found out there."""

    meeting: str
    member: str


class LeaveHandlers:
    """Endpoints of leave."""

    def __init__(self, service: AttendanceService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        leave = "/meetings/{meeting}/leave"
        return [
            Endpoint(
                method="POST",
                path=leave,
                handler=self.ask_leave,
                summary="Báo vắng",
                answer=AbsenceView,
                body=LeaveBody,
                own_key=True,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/coming",
                handler=self.say_coming,
                summary="Tôi sẽ đến hội trường",
                answer=ComingView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=f"{leave}/{{member}}/decision",
                handler=self.decide_leave,
                summary="Ghi vắng có lý do hoặc không có lý do",
                answer=AbsenceView,
                body=LeaveDecisionBody,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=f"{leave}/{{member}}/contest",
                handler=self.contest_leave,
                summary="Đề nghị xem lại",
                answer=AbsenceView,
                body=ContestBody,
                tags=_TAGS,
            ),
        ]

    async def ask_leave(self, call: Call[LeaveBody, Body]) -> AbsenceView:
        """Ask, for oneself or on behalf."""
        body = call.body
        asked = AskedLeave(id=body.id, member=body.member, reason=body.reason, note=body.note)
        return absence_view(await self._service.leave.ask(call.asker, call.id("meeting"), asked))

    async def say_coming(self, call: Call[Body, Body]) -> ComingView:
        """An answer to the call; safe to repeat."""
        meeting = call.id("meeting")
        return ComingView(meeting=meeting, member=await self._service.leave.come(call.asker, meeting))

    async def decide_leave(self, call: Call[LeaveDecisionBody, Body]) -> AbsenceView:
        """Decide."""
        meeting, member = call.id("meeting"), call.id("member")
        decided = await self._service.leave.decide(
            call.asker, meeting, member, call.body.decision, call.body.reason
        )
        return absence_view(decided)

    async def contest_leave(self, call: Call[ContestBody, Body]) -> AbsenceView:
        """Ask to look again."""
        meeting, member = call.id("meeting"), call.id("member")
        return absence_view(await self._service.leave.contest(call.asker, meeting, member, call.body.note))


def absence_view(absence: Absence) -> AbsenceView:
    """An absence as people read it."""
    return AbsenceView(
        member=absence.member,
        state=absence.state.value,
        reason=absence.reason.value if absence.reason else None,
        asked=absence.asked,
        asked_before=absence.asked_before,
        contested=absence.contested,
        text=member_text(absence),
        secretary_text=secretary_text(absence),
    )
