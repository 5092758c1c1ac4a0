"""The roll and its corrections over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from meetings.attendance.handlers.holder import holder_of
from meetings.attendance.rules import EvidenceKind
from meetings.attendance.service import AttendanceService, Correction, Mark, Roll, RollSheet
from meetings.committees.members import CountsAs
from meetings.committees.rules import Category
from meetings.convening.rosters import RosterNote
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Count, Line, Moment, UuidText, View

_TAGS = ("attendance",)
MOST_MARKS = 500


class RollMark(StrEnum):
    """What can be said about one name."""

    PRESENT = "present"
    ABSENT = "absent"
    LATE = "late"
    LEFT_EARLY = "left_early"


class RollMarkBody(Body):
    """One name. `device_at`: when it was marked, by the device's clock."""

    member: UuidText
    mark: RollMark
    device_at: Moment | None = None


class RollBody(Body):
    """A sheet made by the device under an `id` of its own. `head_count`: members counted in the hall."""

    id: UuidText
    marks: Annotated[tuple[RollMarkBody, ...], Field(max_length=MOST_MARKS)] = ()
    head_count: Count | None = None
    confirm: bool = False
    device_at: Moment | None = None


class CorrectionBody(Body):
    """One changed mark with its reason; `at`: when they came or left."""

    id: UuidText
    member: UuidText
    mark: RollMark
    reason: Line
    at: Moment | None = None


class RosterCorrectionBody(Body):
    """The member counts as what is known of them now; why."""

    member: UuidText
    reason: Line


class CountsAsView(View):
    """What somebody counts as. `official`: the standing in the party itself."""

    category: Category
    official: bool


class RosterNoteView(View):
    """A member who was entered, ended or changed after the close, or corrected since: as what they counted at the
    close, count, and are known now (null: not of the cell that day); why, by whom and when it was corrected."""

    member: str
    full_name: str
    at_close: CountsAsView | None
    counts: CountsAsView | None
    known: CountsAsView | None
    reason: str | None
    by: str | None
    at: datetime | None


class RosterNotesView(View):
    """By name. Whoever is not here counts as at the close, and nothing else is known of them."""

    notes: list[RosterNoteView]


class RollView(View):
    """What stands after it. `differs`: the head count is not the number of members in the hall by the roll."""

    id: str
    marks: int
    last_sequence: int
    confirmed: bool
    in_hall: int
    head_count: int | None
    differs: bool


class RollHandlers:
    """Endpoints of the roll."""

    def __init__(self, service: AttendanceService) -> None:
        self._service = service

    def endpoints(self) -> list[Endpoint]:
        """All of them."""
        return [
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/roll",
                handler=self.post_roll,
                summary="Điểm danh, chốt điểm danh",
                answer=RollView,
                body=RollBody,
                anyone=True,
                own_key=True,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/corrections",
                handler=self.post_correction,
                summary="Sửa điểm danh, có lý do",
                answer=RollView,
                body=CorrectionBody,
                own_key=True,
                tags=_TAGS,
            ),
            Endpoint(
                method="GET",
                path="/meetings/{meeting}/roster-notes",
                handler=self.read_roster_notes,
                summary="Danh sách đảng viên ghi khác từ khi buổi họp kết thúc",
                answer=RosterNotesView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path="/meetings/{meeting}/roster-corrections",
                handler=self.post_roster_correction,
                summary="Tính một đảng viên trong buổi họp đã kết thúc theo danh sách đang ghi, có lý do",
                answer=RosterNotesView,
                body=RosterCorrectionBody,
                tags=_TAGS,
            ),
        ]

    async def post_roll(self, call: Call[RollBody, Body]) -> RollView:
        """Keep a sheet; by the secretary, the chair, the recorder or a helper's pass."""
        body = call.body
        marks = tuple(
            Mark(member=one.member, kind=EvidenceKind(one.mark.value), device_at=one.device_at)
            for one in body.marks
        )
        sheet = RollSheet(
            id=body.id,
            marks=marks,
            head_count=body.head_count,
            confirm=body.confirm,
            device_at=body.device_at,
        )
        return _view(await self._service.roll.mark(holder_of(call), call.id("meeting"), sheet))

    async def post_correction(self, call: Call[CorrectionBody, Body]) -> RollView:
        """Change one mark."""
        body = call.body
        correction = Correction(
            id=body.id,
            member=body.member,
            kind=EvidenceKind(body.mark.value),
            reason=body.reason,
            at=body.at,
        )
        return _view(await self._service.roll.correct(call.asker, call.id("meeting"), correction))

    async def read_roster_notes(self, call: Call[Body, Body]) -> RosterNotesView:
        """For who may call the roll."""
        return roster_notes_view(await self._service.roster.notes(call.asker, call.id("meeting")))

    async def post_roster_correction(self, call: Call[RosterCorrectionBody, Body]) -> RosterNotesView:
        """By who leads the cell."""
        body = call.body
        found = await self._service.roster.correct(call.asker, call.id("meeting"), body.member, body.reason)
        return roster_notes_view(found)


def roster_notes_view(found: Iterable[RosterNote]) -> RosterNotesView:
    """As it is read, also by auditors."""
    return RosterNotesView(notes=[_note(one) for one in found])


def _note(one: RosterNote) -> RosterNoteView:
    said = one.correction
    return RosterNoteView(
        member=one.member,
        full_name=one.full_name,
        at_close=_counts(one.at_close),
        counts=_counts(one.counts),
        known=_counts(one.known),
        reason=said.reason if said else None,
        by=said.by if said else None,
        at=said.at if said else None,
    )


def _counts(one: CountsAs | None) -> CountsAsView | None:
    return CountsAsView(category=one.category, official=one.official) if one else None


def _view(roll: Roll) -> RollView:
    return RollView(
        id=roll.id,
        marks=roll.marks,
        last_sequence=roll.last_sequence,
        confirmed=roll.confirmed,
        in_hall=roll.in_hall,
        head_count=roll.head_count,
        differs=roll.head_count is not None and roll.head_count != roll.in_hall,
    )
