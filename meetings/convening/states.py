"""Pure life of a sitting: which act is possible in which state, and what each act makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from meetings.convening.rules import (
    ENDED,
    LEAST_MINUTES,
    LEAST_MINUTES_COMBINED,
    AnySitting,
    Closing,
    Kind,
    Meeting,
    Sitting,
    Standing,
    State,
    can_be_mandatory,
    serves_theme,
)
from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.months import Month

S = TypeVar("S", bound=Sitting)


class NotInThisState(Conflict):
    """The act does not fit the state of the sitting."""

    code = "wrong-state"
    message = "Buổi họp đang ở bước khác nên chưa làm được việc này."


class AlreadyConvened(NotInThisState):
    """It was convened before, or is past that."""

    code = "already-convened"
    message = "Buổi họp này đã được báo họp."


class NotConvened(NotInThisState):
    """It cannot open without having been convened."""

    code = "not-convened"
    message = "Cần báo họp trước khi khai mạc."


class AlreadyOpen(NotInThisState):
    """It was opened before."""

    code = "already-open"
    message = "Buổi họp này đã khai mạc."


class NotMoved(Conflict):
    """Nobody waits to be told of a new time."""

    code = "not-moved"
    message = "Buổi họp này chưa đổi lịch sau khi báo, nên không cần báo lại."


class NotOpen(NotInThisState):
    """It is not open."""

    code = "not-open"
    message = "Buổi họp chưa khai mạc hoặc đã kết thúc."


class AlreadyClosed(NotInThisState):
    """It was closed before."""

    code = "already-closed"
    message = "Buổi họp này đã kết thúc."


class NotClosed(NotInThisState):
    """Minutes come after closing."""

    code = "not-closed"
    message = "Cần kết thúc buổi họp trước khi lập biên bản."


class NotMinuted(NotInThisState):
    """Signing comes after the minutes."""

    code = "not-minuted"
    message = "Cần có biên bản đã thông qua trước khi ký."


class WasCancelled(NotInThisState):
    """A cancelled sitting stays so."""

    code = "cancelled"
    message = "Buổi họp này đã hủy."


class TooLateToCancel(NotInThisState):
    """From opening on a sitting can no longer be cancelled."""

    code = "too-late-to-cancel"
    message = "Buổi họp đã khai mạc nên không hủy được."


class TooLateToMove(NotInThisState):
    """From opening on time, place, kind and mode stand."""

    code = "too-late-to-change"
    message = "Buổi họp đã khai mạc nên không đổi được ngày giờ, địa điểm."


class ReasonNeeded(Invalid):
    """Cancelling asks for a reason."""

    code = "reason-needed"
    message = "Cần ghi lý do hủy buổi họp."


class BadCount(Invalid):
    """Hall counts below zero, or a required number below one."""

    code = "bad-hall-count"
    message = "Số đảng viên tại hội trường chưa đúng."


_STARTED = ENDED | {State.OPEN}


def _alive(sitting: Sitting) -> None:
    if sitting.state is State.CANCELLED:
        raise WasCancelled


def may_convene(sitting: Sitting) -> None:
    """From draft only. Raises AlreadyConvened, WasCancelled."""
    _alive(sitting)
    if sitting.state is not State.DRAFT:
        raise AlreadyConvened


def may_move(sitting: Sitting) -> None:
    """Time and place may change until the opening. Raises TooLateToMove, WasCancelled."""
    _alive(sitting)
    if sitting.state in _STARTED:
        raise TooLateToMove


def may_cancel(sitting: Sitting, reason: str) -> None:
    """From draft or convened, with a reason. Raises TooLateToCancel, WasCancelled, ReasonNeeded."""
    _alive(sitting)
    if sitting.state in _STARTED:
        raise TooLateToCancel
    if not reason.strip():
        raise ReasonNeeded


def may_open(sitting: Sitting) -> None:
    """From convened only. Raises NotConvened, AlreadyOpen, AlreadyClosed, WasCancelled."""
    _alive(sitting)
    if sitting.state is State.DRAFT:
        raise NotConvened
    if sitting.state is State.OPEN:
        raise AlreadyOpen
    if sitting.state in ENDED:
        raise AlreadyClosed


def may_close(sitting: Sitting) -> None:
    """From open only. Raises NotOpen, AlreadyClosed, WasCancelled."""
    _alive(sitting)
    if sitting.state in ENDED:
        raise AlreadyClosed
    if sitting.state is not State.OPEN:
        raise NotOpen


def may_minute(sitting: Sitting) -> None:
    """From closed only. Raises NotClosed, WasCancelled, NotInThisState where minutes exist."""
    _alive(sitting)
    if sitting.state in {State.DRAFT, State.CONVENED, State.OPEN}:
        raise NotClosed
    if sitting.state is not State.CLOSED:
        raise NotInThisState


def may_sign(sitting: Sitting) -> None:
    """From minuted only. Raises NotMinuted, WasCancelled, NotInThisState where signed."""
    _alive(sitting)
    if sitting.state is State.SIGNED:
        raise NotInThisState
    if sitting.state is not State.MINUTED:
        raise NotMinuted


def convened(sitting: S) -> S:
    """The sitting after convening."""
    may_convene(sitting)
    return replace(sitting, state=State.CONVENED)


def moved(sitting: S, *, starts_at: datetime, place: str) -> S:
    """The sitting at another time or place; its month follows the new start. A move across months is allowed:
    the obligation belongs to the month of the opening, and the month left behind stays unfulfilled."""
    may_move(sitting)
    return replace(sitting, starts_at=starts_at, place=place, month=Month.of(starts_at, sitting.zone))


def cancelled(sitting: S, reason: str) -> S:
    """The sitting after cancelling."""
    may_cancel(sitting, reason)
    return replace(sitting, state=State.CANCELLED, cancelled_reason=reason.strip())


def opened(sitting: S, at: datetime) -> S:
    """The sitting after opening: its month is now the month of this moment in the cell's zone, for ever."""
    may_open(sitting)
    return replace(
        sitting, state=State.OPEN, opened_at=at, device_opened_at=at, month=Month.of(at, sitting.zone)
    )


def decide_closing(meeting: AnySitting, *, hall_present: int, hall_required: int) -> Closing:
    """What the hall counts make of the sitting (architecture.md decision 2). Raises BadCount."""
    if hall_present < 0 or hall_required < 1:
        raise BadCount
    enough = hall_present >= hall_required
    standing = meeting.standing if isinstance(meeting, Meeting) else Standing.NONE
    # Kind and mode are asked again although standing_of made the standing: a record may come from anywhere.
    mandatory = standing is Standing.MANDATORY and can_be_mandatory(meeting.kind, meeting.mode)
    theme = standing in {Standing.MANDATORY, Standing.ADDITIONAL} and serves_theme(meeting.kind, meeting.mode)
    return Closing(
        hall_present=hall_present,
        hall_required=hall_required,
        fulfils=mandatory and enough,
        fulfils_theme=theme and enough,
        below_minimum=(mandatory or theme) and not enough,
    )


def closed(
    meeting: AnySitting, closing: Closing, *, at: datetime, device_at: datetime | None = None
) -> AnySitting:
    """The sitting after closing at that moment; `device_at`: when the machine saw it (default: the same)."""
    may_close(meeting)
    seen = device_at or at
    if not isinstance(meeting, Meeting):
        return replace(meeting, state=State.CLOSED, closed_at=at, device_closed_at=seen)
    return replace(
        meeting,
        state=State.CLOSED,
        closed_at=at,
        device_closed_at=seen,
        hall_present=closing.hall_present,
        hall_required=closing.hall_required,
        fulfils=closing.fulfils,
        fulfils_theme=closing.fulfils_theme,
    )


def minuted(sitting: S) -> S:
    """The sitting once its minutes are approved."""
    may_minute(sitting)
    return replace(sitting, state=State.MINUTED)


def signed(sitting: S) -> S:
    """The sitting once its minutes are signed, by keys or in ink."""
    may_sign(sitting)
    return replace(sitting, state=State.SIGNED)


def least_minutes(kind: Kind, *, set_by_committee: int | None = None) -> int:
    """Shortest duration that fits the rule: the committee's own figure, else 90 or 120 minutes
    (42-HD/BTCTW of 28/10/2025; domain.md 1.2)."""
    if set_by_committee is not None:
        return set_by_committee
    return LEAST_MINUTES_COMBINED if kind is Kind.REGULAR_WITH_THEMATIC else LEAST_MINUTES


def hall_required(*, base: int, official_strength: int, wanted: int | None = None) -> int:
    """How many of the vote base must be in the hall: `wanted` by the committee's policy, else more than half
    of the base; never below 3, or the cell's official strength where that is smaller; never below 1."""
    floor = max(1, min(3, official_strength))
    return max(base // 2 + 1 if wanted is None else wanted, floor)
