"""Looking at attendance over HTTP, now and at any past second."""

from __future__ import annotations

from datetime import datetime

from meetings.attendance.handlers.leave import AbsenceView, absence_view
from meetings.attendance.rules import Channel
from meetings.attendance.service import AttendanceService, Line, Look, LookBack
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Moment, View
from meetings.kernel.ids import Id

_TAGS = ("attendance",)


class MomentQuery(Body):
    """Any second of the sitting."""

    moment: Moment


class IntervalView(View):
    """From `since` up to `until`; without an end it is still going on."""

    since: datetime
    until: datetime | None


class FindingView(View):
    """Where evidence disagrees."""

    finding: str
    text: str
    evidence: list[str]


class AttendanceLineView(View):
    """One member. `scanned` is evidence for the hall, not presence; `coming`: the member said so before, or for
    another start, `coming_before`, after which the sitting was moved."""

    member: str
    full_name: str
    category: str
    convoked: bool
    channel: str
    scanned: bool
    hall: IntervalView | None
    online: list[IntervalView]
    late: bool
    left_early: bool
    absence: AbsenceView | None
    coming: bool
    coming_before: datetime | None
    findings: list[FindingView]


class PresenceRateView(View):
    """Attendance as a/b: `text` is 15/22 = 68,18 %."""

    part: int
    whole: int
    text: str


class GuestView(View):
    """A guest or overseer."""

    id: str
    full_name: str
    comes_from: str
    overseer: bool


class TwoNamesView(View):
    """One browser, several names."""

    members: list[str]
    text: str


class AttendanceView(View):
    """Two counts that are never added: in the hall, and by phone (a supplement where the sitting has a hall).

    A plain member sees the counts and, in `lines`, only themself. An online session has no `rate`.
    """

    meeting: str
    roll_confirmed: bool
    in_hall: int
    online: int
    undecided: int
    rate: PresenceRateView | None
    counts: dict[str, dict[str, int]]
    lines: list[AttendanceLineView]
    guests: list[GuestView]
    two_names: list[TwoNamesView]


class PlaceView(View):
    """Where one member was. `entitled`: in the hall with a vote."""

    member: str
    full_name: str
    channel: str
    entitled: bool


class AttendanceAtView(View):
    """Who was where at that second."""

    meeting: str
    moment: datetime
    in_hall: int
    online: int
    entitled: int
    lines: list[PlaceView]


class LookHandlers:
    """Endpoints for looking."""

    def __init__(self, service: AttendanceService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/attendance",
                handler=self.get_attendance,
                summary="Ai có mặt, ai vắng",
                answer=AttendanceView,
                tags=_TAGS,
            ),
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/attendance/at",
                handler=self.get_attendance_at,
                summary="Ai có mặt ở đâu tại một thời điểm",
                answer=AttendanceAtView,
                query=MomentQuery,
                tags=_TAGS,
            ),
        ]

    async def get_attendance(self, call: Call[Body, Body]) -> AttendanceView:
        """As of now."""
        return _view(await self._service.looks.now(call.asker, call.id("meeting")))

    async def get_attendance_at(self, call: Call[Body, MomentQuery]) -> AttendanceAtView:
        """As of that second, by the evidence held today."""
        return _back(await self._service.looks.at(call.asker, call.id("meeting"), call.query.moment))


def _view(look: Look) -> AttendanceView:
    found = look.record
    rate, people = found.rate(), found.attendance.values()
    return AttendanceView(
        meeting=found.sitting.id,
        roll_confirmed=found.roll_confirmed,
        in_hall=sum(one.hall_confirmed for one in people),
        online=sum(bool(one.online) for one in people),
        undecided=len(found.undecided()),
        rate=PresenceRateView(part=len(rate.part), whole=len(rate.whole), text=rate.text()) if rate else None,
        counts={category.value: row for category, row in found.counts().items()},
        lines=[_line(line, found.convoked) for line in look.lines],
        guests=[GuestView.model_validate(guest) for guest in look.guests],
        two_names=[TwoNamesView(members=list(one.members), text=one.text) for one in look.two_names],
    )


def _line(line: Line, convoked: frozenset[Id]) -> AttendanceLineView:
    there = line.attendance
    return AttendanceLineView(
        member=line.member.id,
        full_name=line.member.full_name,
        category=line.member.category.value,
        convoked=line.member.id in convoked,
        channel=there.channel.value,
        scanned=there.scanned,
        hall=IntervalView.model_validate(there.hall) if there.hall else None,
        online=[IntervalView.model_validate(spell) for spell in there.online],
        late=there.late,
        left_early=there.left_early,
        absence=absence_view(line.absence) if line.absence else None,
        coming=line.coming,
        coming_before=line.coming_before,
        findings=[
            FindingView(finding=one.finding.value, text=one.finding.text, evidence=list(one.evidence))
            for one in there.disagreements
        ],
    )


def _back(back: LookBack) -> AttendanceAtView:
    return AttendanceAtView(
        meeting=back.look.record.sitting.id,
        moment=back.moment,
        in_hall=len(back.hall),
        online=len(back.online),
        entitled=len(back.entitled),
        lines=[
            PlaceView(
                member=line.member.id,
                full_name=line.member.full_name,
                channel=_channel(line.member.id, back).value,
                entitled=line.member.id in back.entitled,
            )
            for line in back.look.lines
        ],
    )


def _channel(member: Id, back: LookBack) -> Channel:
    if member in back.hall:
        return Channel.BOTH if member in back.online else Channel.HALL
    return Channel.ONLINE if member in back.online else Channel.NONE
