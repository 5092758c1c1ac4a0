"""Pure rules of time: stated times, forgotten closing, offline devices, paper (rules.md 1.6-1.7).

The unit is the minute; all moments are aware.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from meetings.convening.rules import Meeting, MeetingPlan, Mode, Practice, Sitting, State, draft
from meetings.convening.states import may_close
from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id
from meetings.kernel.months import Month, zone_of

ASK_AFTER = timedelta(hours=3)  # rules.md 1.7
DEVICE_WINDOW = timedelta(hours=12)  # architecture.md decision 2
LONGEST = timedelta(hours=24)


class BadTimes(Invalid):
    """Opening and closing do not follow each other."""

    code = "bad-times"
    message = "Giờ bắt đầu phải trước giờ kết thúc, và buổi họp không quá 24 giờ."


class InFuture(BadTimes):
    """A stated time has not come yet."""

    code = "time-in-future"
    message = "Giờ ghi vào chưa đến."


class TooFarFromDevice(BadTimes):
    """A stated opening lies more than 12 hours from the moment the device saw."""

    code = "too-far-from-device-time"
    message = "Giờ bắt đầu ghi vào cách giờ máy ghi nhận quá 12 giờ."


class OtherMonth(BadTimes):
    """A stated opening lies in another month than the sitting was opened in."""

    code = "other-month"
    message = "Giờ bắt đầu ghi vào thuộc tháng khác với tháng đã khai mạc trên máy."


class EnterOnPaper(Conflict):
    """What a device kept offline cannot stand as the sitting's times."""

    code = "enter-as-paper"
    message = "Giờ trên máy không khớp lịch đã báo; cần nhập buổi họp này như buổi ghi trên giấy."


class NotOnPaper(Invalid):
    """Only sittings held in person can be entered from paper."""

    code = "not-on-paper"
    message = "Chỉ buổi họp trực tiếp mới được nhập lại từ giấy."


def asks_to_close(sitting: Sitting, now: datetime) -> bool:
    """Whether the page must ask "đã kết thúc chưa?". It never closes by itself (rules.md 1.7)."""
    return (
        sitting.state is State.OPEN and sitting.opened_at is not None and now - sitting.opened_at >= ASK_AFTER
    )


def check_stated(sitting: Sitting, *, opened_at: datetime, closed_at: datetime, now: datetime) -> None:
    """The times a secretary states at closing, beside those of the device. Raises a BadTimes, NotOpen."""
    may_close(sitting)
    _ordered(opened_at, closed_at, now)
    if sitting.device_opened_at is not None and abs(opened_at - sitting.device_opened_at) > DEVICE_WINDOW:
        raise TooFarFromDevice
    if Month.of(opened_at, sitting.zone) != sitting.month:
        raise OtherMonth


def _ordered(opened_at: datetime, closed_at: datetime, now: datetime) -> None:
    if not opened_at < closed_at <= opened_at + LONGEST:
        raise BadTimes
    if closed_at > now:
        raise InFuture


def check_device(
    sitting: Sitting, *, convened_at: datetime | None, opened_at: datetime, closed_at: datetime, now: datetime
) -> None:
    """Whether times kept by an offline device may stand: convened on the server before, both within 12 h of
    the convened start (architecture.md decision 2). `now` is the receipt. Raises EnterOnPaper, a BadTimes."""
    _ordered(opened_at, closed_at, now)
    near = all(abs(moment - sitting.starts_at) <= DEVICE_WINDOW for moment in (opened_at, closed_at))
    if convened_at is None or convened_at > opened_at or not near:
        raise EnterOnPaper


def machine_saw(
    sitting: Sitting, *, convened_at: datetime | None, opened_at: datetime, now: datetime
) -> datetime:
    """When a machine saw a stated opening: `now` where that is near and in the same month. A device that was
    offline may tell of an earlier one, under the conditions of `check_device`; then the stated moment itself.

    Raises InFuture, EnterOnPaper.
    """
    if opened_at > now:
        raise InFuture
    same_month = Month.of(opened_at, sitting.zone) == Month.of(now, sitting.zone)
    if same_month and now - opened_at <= DEVICE_WINDOW:
        return now
    if convened_at is None or convened_at > opened_at or abs(opened_at - sitting.starts_at) > DEVICE_WINDOW:
        raise EnterOnPaper
    return opened_at


def entered_late(
    plan: MeetingPlan, *, sitting: Id, opened_at: datetime, closed_at: datetime, now: datetime
) -> Meeting:
    """A meeting held on paper, as an open sitting of its real opening, ready to be closed with its roll.

    It is marked with the day of entry in the cell's zone for ever and belongs to the month of its opening.
    Raises NotOnPaper, a BadTimes, and what `draft` raises.
    """
    made = draft(plan, sitting=sitting)
    if isinstance(made, Practice) or made.mode is not Mode.IN_PERSON:
        raise NotOnPaper
    _ordered(opened_at, closed_at, now)
    return replace(
        made,
        state=State.OPEN,
        month=Month.of(opened_at, plan.zone),
        opened_at=opened_at,
        entered_late_on=now.astimezone(zone_of(plan.zone)).date(),
    )


def minutes_held(opened_at: datetime, closed_at: datetime) -> int:
    """Whole minutes between opening and closing."""
    return int((closed_at - opened_at) / timedelta(minutes=1))


def short_line(held: int, minimum: int) -> str | None:
    """The one neutral line about a short sitting; nothing is blocked (rules.md 1.7)."""
    if held >= minimum:
        return None
    return f"Thời lượng buổi họp: {held} phút (mức quy định: {minimum} phút)."
