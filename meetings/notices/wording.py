"""Pure texts: the exact sentences of rules.md 6.1 and 6.2, and what calls people to a sitting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from meetings.kernel.months import DEFAULT_ZONE, Month, zone_of
from meetings.kernel.text import date_text

HYBRID_COMES = "Tôi sẽ đến hội trường"
HYBRID_PHONE = "Báo vắng và dự qua điện thoại (bổ trợ)"
HYBRID_IN_ROOM = "Đang dự qua điện thoại (bổ trợ), không tính có mặt"

# rules.md 6.1 and 6.2 word for word; the functions below fill the braces.
SUPPLEMENT_NOTICE = (
    "BUỔI BỔ TRỢ. Buổi sinh hoạt này trên phần mềm chỉ có tính chất bổ trợ, không thay thế sinh hoạt "
    "chi bộ định kỳ (thường kỳ) và không được tính là buổi sinh hoạt thường kỳ tháng {month}."
)
PRACTICE_NOTICE = "BUỔI TẬP. Chỉ để làm quen, không tính vào đâu cả."
SUPPLEMENT_LINK = "Bổ trợ cho buổi thường kỳ ngày {day}."
SUPPLEMENT_ALONE = "Không gắn với buổi thường kỳ nào."
HYBRID_NOTICE = (
    "Buổi thường kỳ họp tại {place}. Nếu dự qua điện thoại, đồng chí nghe và phát biểu được, "
    "nhưng không được tính là có mặt; ý kiến của đồng chí không tính vào kết quả biểu quyết "
    "tại hội trường. Đồng chí vẫn cần báo vắng và nêu lý do."
)

WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What people are told about a sitting. Names no member.

    `title` as in the calendar ("sinh hoạt chi bộ thường kỳ tháng 11/2026"), `starts_at` aware,
    `supplement` for an online session, `supplements_on` the day of the sitting it supplements, if any; `practice`
    for one that counts for nothing.
    """

    cell_name: str
    title: str
    starts_at: datetime
    place: str
    month: Month
    zone: str = DEFAULT_ZONE
    hybrid: bool = False
    supplement: bool = False
    supplements_on: date | None = None
    agenda: tuple[str, ...] = ()
    practice: bool = False


def supplement_notice(month: Month) -> str:
    """rules.md 6.1, the notice on every page and paper of a supplement."""
    return SUPPLEMENT_NOTICE.format(month=month.spoken())


def supplement_link(day: date | None) -> str:
    """rules.md 6.1: which regular sitting is supplemented, or that none is."""
    if day is None:
        return SUPPLEMENT_ALONE
    return SUPPLEMENT_LINK.format(day=date_text(day))


def hybrid_notice(place: str) -> str:
    """rules.md 6.2, shown before joining a hybrid sitting by phone."""
    return HYBRID_NOTICE.format(place=place)


def spoken_time(moment: datetime, zone: str = DEFAULT_ZONE) -> str:
    """19 giờ 30, thứ Ba ngày 24/11/2026; local."""
    local = moment.astimezone(zone_of(zone))
    minutes = f" {local.minute:02d}" if local.minute else ""
    return f"{local.hour} giờ{minutes}, {WEEKDAYS[local.weekday()]} ngày {date_text(local.date())}"


def zalo_text(call: Call) -> str:
    """The convocation to paste into the cell's group."""
    return "\n".join([f"Kính mời các đồng chí dự {call.title}.", *_body(call), call.cell_name])


def letter_text(call: Call, full_name: str) -> str:
    """The convocation as a letter for one member: the only text that names the person it is for."""
    return "\n".join(
        [
            f"Kính gửi đồng chí {full_name},",
            f"Kính mời đồng chí dự {call.title}.",
            *_body(call),
            call.cell_name,
        ]
    )


def overseer_text(call: Call) -> str:
    """What the superior's assigned overseer is told (42-HD/BTCTW of 28/10/2025; domain.md 1.3)."""
    return "\n".join(
        [f"{call.cell_name} kính báo đồng chí lịch {call.title}.", *_when_and_where(call), *_items(call)]
    )


def moved_text(call: Call, before: datetime) -> str:
    """A sitting moved to another time or place."""
    old = spoken_time(before, call.zone)
    return "\n".join([f"Đổi lịch {call.title} (trước đây: {old}).", *_body(call), call.cell_name])


def cancelled_text(call: Call, reason: str) -> str:
    """A sitting that will not be held."""
    when = spoken_time(call.starts_at, call.zone)
    return f"Hủy {call.title} ({when}). Lý do: {reason}\n{call.cell_name}"


def _body(call: Call) -> list[str]:
    lines = [*_when_and_where(call), *_items(call), *_standing(call)]
    if not call.hybrid and not call.practice:
        lines.append("Đồng chí nào vắng, xin báo lý do trước với bí thư chi bộ.")
    return lines


def _when_and_where(call: Call) -> list[str]:
    return [f"Thời gian: {spoken_time(call.starts_at, call.zone)}.", f"Địa điểm: {call.place}."]


def _items(call: Call) -> list[str]:
    if not call.agenda:
        return []
    return ["Nội dung:", *(f"{number}. {item}" for number, item in enumerate(call.agenda, start=1))]


def _standing(call: Call) -> list[str]:
    if call.practice:
        return [PRACTICE_NOTICE]
    if call.supplement:
        return [supplement_notice(call.month), supplement_link(call.supplements_on)]
    return [hybrid_notice(call.place)] if call.hybrid else []
