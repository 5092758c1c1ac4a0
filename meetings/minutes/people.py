"""Who was there, in words: the hall alone counts.

Those on the phone stand apart and among the absent (rules.md 1.3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from meetings.committees.rules import Category
from meetings.convening.rules import Mode, Standing
from meetings.kernel.months import Month
from meetings.kernel.text import percent_text
from meetings.minutes.blocks import Block, Heading, Notice, Table, labelled, plain
from meetings.minutes.records import Absentee, Attendance, Attendee, Minimum, MinutesFacts, Sitting

CATEGORY_NAMES = {
    Category.OFFICIAL: "chính thức",
    Category.PROBATIONARY: "dự bị",
    Category.TEMPORARY_ARRIVED: "sinh hoạt tạm thời",
    Category.TEMPORARY_AWAY: "giới thiệu sinh hoạt tạm thời nơi khác",
    Category.EXEMPT: "được miễn công tác và sinh hoạt đảng",
    Category.SUSPENDED: "bị đình chỉ sinh hoạt đảng",
}


def attendance_blocks(facts: MinutesFacts) -> Iterator[Block]:
    """Part II: numbers of the whole cell, of those there, of those not there with names and reasons."""
    seen = facts.attendance
    yield Heading("II. Số lượng đảng viên")
    yield labelled("Tổng số đảng viên của chi bộ:", counted_by_category(seen.roll))
    if facts.sitting.mode is Mode.ONLINE:
        yield from _online(seen, supplement=facts.supplement)
    else:
        yield from _in_hall(facts)
    if seen.away_absent:
        yield plain(f"Đang sinh hoạt tạm thời nơi khác, không dự: {seen.away_absent} đồng chí.")
    if seen.exempt_absent:
        yield plain(f"Được miễn công tác và sinh hoạt đảng, không dự: {seen.exempt_absent} đồng chí.")


def _online(seen: Attendance, *, supplement: bool) -> Iterator[Block]:
    label = "Tham dự trực tuyến (bổ trợ):" if supplement else "Tham dự trực tuyến:"
    yield labelled(label, counted_by_category(_categories(seen.by_phone)))
    if seen.absent:
        yield labelled("Không tham dự:", f"{len(seen.absent)} đồng chí: {_names(seen.absent)}.")


def _in_hall(facts: MinutesFacts) -> Iterator[Block]:
    seen = facts.attendance
    yield labelled("Có mặt tại hội trường:", counted_by_category(_categories(seen.hall)))
    if facts.sitting.mode is Mode.HYBRID:
        names = _names(seen.by_phone)
        said = (
            f"{len(seen.by_phone)} đồng chí{': ' if names else ''}{names}. Không tính có mặt tại hội trường."
        )
        yield labelled("Dự qua điện thoại (bổ trợ):", said)
    yield from _absent(seen.absent)
    if seen.rate:
        share = percent_text(seen.rate.part, seen.rate.whole)
        yield labelled("Tỷ lệ dự sinh hoạt:", f"{seen.rate.part}/{seen.rate.whole} ({share}).")
    yield from _month(facts.sitting, seen.minimum)


def _absent(absent: tuple[Absentee, ...]) -> Iterator[Block]:
    if not absent:
        yield labelled("Vắng mặt:", "không có.")
        return
    yield labelled("Vắng mặt:", f"{len(absent)} đồng chí.")
    away = [one for one in absent if not one.by_phone]
    for label, excused in (("Có lý do:", True), ("Không có lý do:", False)):
        names = "; ".join(_with_reason(one) for one in away if one.excused is excused)
        count = sum(one.excused is excused for one in away)
        yield labelled(label, f"{count} đồng chí{': ' if names else ''}{names}.", listed=True)
    if phone := [one for one in absent if one.by_phone]:
        names = "; ".join(_by_phone(one) for one in phone)
        yield labelled(
            "Vắng mặt tại hội trường, dự qua điện thoại (bổ trợ):",
            f"{len(phone)} đồng chí: {names}.",
            listed=True,
        )


def _with_reason(one: Absentee) -> str:
    return f"{one.name} ({one.reason})" if one.reason else one.name


def _by_phone(one: Absentee) -> str:
    reason = f": {one.reason}" if one.reason else ""
    return f"{one.name} ({'có lý do' if one.excused else 'không có lý do'}{reason})"


def _month(sitting: Sitting, minimum: Minimum | None) -> Iterator[Block]:
    """What the sitting means for its month, in the words of rules.md 6.7 when too few came."""
    if minimum is None or sitting.standing is not Standing.MANDATORY:
        return
    month = Month.parse(sitting.month)
    source = (
        f"Mức này do {minimum.set_by} quy định." if minimum.set_by else "Mức này là mặc định của phần mềm."
    )
    if minimum.present < minimum.required:
        yield Notice(
            f"Đã họp trực tiếp ngày {sitting.opened.day}, nhưng số đảng viên chính thức tại hội trường "
            f"({minimum.present}) thấp hơn mức tối thiểu ({minimum.required}). Buổi họp được lưu đầy đủ; "
            f"tháng {month.number} chưa được tính là hoàn thành sinh hoạt thường kỳ. {source}"
        )
    elif sitting.fulfils_obligation:
        yield plain(
            f"Buổi họp được tính là buổi sinh hoạt thường kỳ tháng {month.spoken()}: {minimum.present} "
            f"đảng viên chính thức tại hội trường, mức tối thiểu {minimum.required}. {source}"
        )


def _categories(people: Iterable[Attendee]) -> Mapping[str, int]:
    return Counter(one.category.value for one in people)


def counted_by_category(counts: Mapping[str, int]) -> str:
    """28 đồng chí: chính thức 19, dự bị 2, …"""
    parts = [f"{CATEGORY_NAMES[each]} {counts[each]}" for each in Category if counts.get(each)]
    return f"{sum(counts.values())} đồng chí{': ' if parts else ''}{', '.join(parts)}."


def _names(people: Iterable[Attendee | Absentee]) -> str:
    return ", ".join(one.name for one in people)


def list_of_those_present(seen: Attendance, mode: Mode) -> Iterator[Block]:
    """The annex: names, hall and phone in tables of their own."""
    online = mode is Mode.ONLINE
    phone = (
        "Danh sách tham dự trực tuyến"
        if online
        else "Danh sách dự qua điện thoại (bổ trợ), không tính có mặt"
    )
    for caption, people in (("Danh sách có mặt tại hội trường", seen.hall), (phone, seen.by_phone)):
        if people:
            yield Heading(caption)
            rows = tuple(
                (str(number), one.name, CATEGORY_NAMES[one.category], one.note)
                for number, one in enumerate(people, 1)
            )
            head = ("TT", "Họ và tên", "Đảng viên", "Ghi chú")
            yield Table(caption=caption, head=head, rows=rows, widths=(8, 40, 32, 20), numbers=(0,))
