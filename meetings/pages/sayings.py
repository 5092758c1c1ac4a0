"""What the scripts of a page say, in its language; the braces are filled by them."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from markupsafe import Markup

from meetings.http.language import source
from meetings.pages.words import Words

TIMER = {
    "spent": source("Đã bàn {spent} phút"),
    "over": source("Đã bàn {spent} phút, quá {over} phút"),
}
WRITING = {
    "typing": source("Đang ghi…"),
    "kept": source("Đã lưu {time}"),
    "away": source("Chưa có mạng. Chữ đã giữ trong máy này, có mạng sẽ tự lưu."),
    "not_sent": source("Chưa có mạng nên chưa làm được. Chữ đã giữ trong máy này, có mạng xin bấm lại."),
    "elsewhere": source("Đang ghi ở một cửa sổ khác của máy này."),
    "choose_first": source("Có chỗ vừa được ghi ở máy khác. Xin chọn giữ bản nào trước."),
}


def in_script(words: Words, sayings: Mapping[str, str]) -> Markup:
    """JSON for a script element: nothing in it can end that element."""
    told = {name: words.say(text) for name, text in sayings.items()}
    return Markup(orjson.dumps(told).decode().replace("<", "\\u003c"))  # noqa: S704  escaped just here
