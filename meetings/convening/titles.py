"""Pure: what a sitting is called where the secretary writes no name of their own."""

from __future__ import annotations

from meetings.convening.rules import Kind, Mode
from meetings.kernel.months import Month

_NAMES = {
    Kind.REGULAR: "Sinh hoạt chi bộ thường kỳ tháng {month}",
    Kind.REGULAR_WITH_THEMATIC: "Sinh hoạt chi bộ thường kỳ và chuyên đề tháng {month}",
    Kind.THEMATIC: "Sinh hoạt chuyên đề tháng {month}",
    Kind.EXTRAORDINARY: "Sinh hoạt chi bộ bất thường tháng {month}",
    Kind.COMMITTEE: "Họp chi ủy tháng {month}",
    Kind.CONGRESS: "Đại hội chi bộ",
    Kind.CEREMONY: "Lễ của chi bộ tháng {month}",
    Kind.ONLINE_SESSION: "Sinh hoạt bổ trợ trực tuyến tháng {month}",
    Kind.PRACTICE: "Buổi tập (không tính)",
}


# A kind by itself, as one chooses it and as it stands in lists.
KINDS = {
    Kind.REGULAR: "Sinh hoạt thường kỳ",
    Kind.REGULAR_WITH_THEMATIC: "Sinh hoạt thường kỳ và chuyên đề",
    Kind.THEMATIC: "Sinh hoạt chuyên đề",
    Kind.EXTRAORDINARY: "Sinh hoạt bất thường",
    Kind.COMMITTEE: "Họp chi ủy",
    Kind.CONGRESS: "Đại hội chi bộ",
    Kind.CEREMONY: "Lễ của chi bộ",
    Kind.ONLINE_SESSION: "Buổi bổ trợ trực tuyến",
    Kind.PRACTICE: "Buổi tập",
}


def title_of(kind: Kind, mode: Mode, month: Month) -> str:
    """The usual name of a sitting of that kind; an online one says what it is."""
    name = _NAMES[kind].format(month=month.spoken())
    if mode is Mode.ONLINE and kind not in {Kind.ONLINE_SESSION, Kind.PRACTICE}:
        return f"{name} (bổ trợ trực tuyến)"
    return name


def spoken_title(title: str) -> str:
    """The same inside a sentence: its first letter small."""
    return title[:1].lower() + title[1:]
