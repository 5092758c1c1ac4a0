"""A cell's months and sittings as people read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from meetings.attendance.service.reading import day_of
from meetings.convening.obligations import MonthState, month_word
from meetings.convening.rules import Meeting, Mode, Standing, State
from meetings.convening.titles import KINDS
from meetings.kernel.ids import Id
from meetings.kernel.months import Month
from meetings.kernel.text import date_text
from meetings.oversight.service import CellAudit, MonthLook, SittingLook
from meetings.oversight.service.cells import back_from
from meetings.oversight.store import Paperwork

_MODES = {
    Mode.IN_PERSON: "trực tiếp",
    Mode.HYBRID: "trực tiếp, có người dự qua điện thoại (bổ trợ)",
    Mode.ONLINE: "trực tuyến (bổ trợ)",
}
_STATES = {
    State.CONVENED: "đã triệu tập",
    State.OPEN: "đang họp",
    State.CLOSED: "đã họp",
    State.MINUTED: "đã họp",
    State.SIGNED: "đã họp",
    State.CANCELLED: "đã hoãn, hủy",
}
_WELL = frozenset({MonthState.HELD, MonthState.BY_SUPERIOR_DECISION})


@dataclass(frozen=True, kw_only=True, slots=True)
class SittingText:
    """One row. `meeting`: the way to its evidence."""

    meeting: Id
    day: str
    kind: str
    state: str
    attended: tuple[str, ...]
    minutes: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthText:
    """One month: its state in words; `lines`: what stands beside it and counts nothing; `decision`: where a superior's
    paper about it is entered, for who may."""

    spoken: str
    word: str
    well: bool
    lines: tuple[str, ...]
    sittings: tuple[SittingText, ...]
    decision: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CellText:
    """The whole page. `earlier` and `later`: last months of the pages before and after; empty where there is none."""

    cell: Id
    name: str
    first: str
    last: str
    months: tuple[MonthText, ...]
    earlier: str
    later: str


def cell_text(found: CellAudit) -> CellText:
    """Everything people read about a cell's year."""
    last, first = found.months[0].status.month, found.months[-1].status.month
    return CellText(
        cell=found.cell,
        name=found.name,
        first=first.spoken(),
        last=last.spoken(),
        months=tuple(_month(one, found) for one in found.months),
        earlier=str(back_from(first)[-2]) if first > found.begun else "",
        later=str(min(_a_year_on(last), found.newest)) if last < found.newest else "",
    )


def _a_year_on(month: Month) -> Month:
    return Month(month.year + 1, month.number)


def _month(look: MonthLook, found: CellAudit) -> MonthText:
    status = look.status
    decisions = [
        f"{one.number} ngày {date_text(one.issued_on)} (thí điểm trực tuyến, không tính)"
        for one in status.decisions
        if not one.lifts_month
    ]
    return MonthText(
        spoken=status.month.spoken(),
        word=month_word(status.state),
        well=status.state in _WELL,
        lines=(*([look.text] if look.text else []), *decisions),
        sittings=tuple(_sitting(one) for one in look.sittings),
        decision=f"/c/{found.cell}/months/{status.month}/decision" if found.decides else "",
    )


def _sitting(look: SittingLook) -> SittingText:
    meeting = look.meeting
    late = meeting.entered_late_on
    return SittingText(
        meeting=meeting.id,
        day=date_text(day_of(meeting)),
        kind=f"{KINDS[meeting.kind]}, {_MODES[meeting.mode]}",
        state=_STATES[meeting.state] + (f", nhập sau, ngày {date_text(late)}" if late else ""),
        attended=tuple(_attended(look)),
        minutes="" if look.figures is None else minutes_text(look.paperwork),
    )


def _attended(look: SittingLook) -> Iterator[str]:
    """Those in the hall and those on the phone, never one number."""
    meeting, figures = look.meeting, look.figures
    if figures is None:
        return
    if meeting.mode is not Mode.ONLINE:
        yield f"tại hội trường {figures.rate.text()}"
        yield from _least(meeting)
    if meeting.mode is not Mode.IN_PERSON:
        yield f"qua điện thoại (bổ trợ, không cộng) {figures.joined}"


def _least(meeting: Meeting) -> Iterator[str]:
    if meeting.standing is Standing.MANDATORY:
        yield f"chính thức tại hội trường {meeting.hall_present} (mức tối thiểu {meeting.hall_required})"


def minutes_text(work: Paperwork) -> str:
    """How far the minutes are, in a few words."""
    if work.ink_at is not None:
        return "đã ký tay, kèm bản chụp"
    if work.signatures:
        return "đã ký" if len(work.signatures) > 1 else "mới có 1/2 chữ ký"
    return "đã thông qua, chưa ký" if work.approved_at else "chưa thông qua"
