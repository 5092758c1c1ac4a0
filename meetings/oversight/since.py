"""Pure: what arrived after a quarter was frozen, named line by line (rules.md 1.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from meetings.kernel.ids import Id
from meetings.kernel.text import date_text


@dataclass(frozen=True, kw_only=True, slots=True)
class Since:
    """One figure that differs from the frozen report. `month` None: a figure of the quarter."""

    cell: Id
    name: str
    month: str | None
    what: str
    before: str
    after: str


def since_frozen(frozen: Mapping[str, Any], live: Mapping[str, Any]) -> tuple[Since, ...]:
    """Every difference between two reports of one quarter, in the order of cells and months."""
    before = {cell["cell"]: _lines(cell) for cell in frozen["cells"]}
    after = {cell["cell"]: _lines(cell) for cell in live["cells"]}
    names = {cell["cell"]: cell["name"] for cell in (*frozen["cells"], *live["cells"])}
    return tuple(
        Since(cell=cell, name=name, month=month, what=what, before=old, after=new)
        for cell, name in names.items()
        for month, what, old, new in _changes(before.get(cell, {}), after.get(cell, {}))
    )


_Lines = dict[tuple[str | None, str], str]


def _changes(before: _Lines, after: _Lines) -> Iterator[tuple[str | None, str, str, str]]:
    for month, what in dict.fromkeys((*before, *after)):
        old, new = before.get((month, what), "–"), after.get((month, what), "–")
        if old != new:
            yield month, what, old, new


def _lines(cell: Mapping[str, Any]) -> _Lines:
    lines: _Lines = {(None, "chuyên đề"): cell["theme"]["word"]}
    for month in cell["months"]:
        key = month["month"]
        lines[key, "trạng thái"] = month["word"]
        lines[key, "số lần đính chính"] = str(len(month["restatements"]))
        lines[key, "văn bản của cấp trên"] = "; ".join(one["number"] for one in month["decisions"]) or "–"
        lines |= _of_sitting(key, month["sitting"])
    for one in cell["supplements"]:
        lines[one["month"], f"bổ trợ {one['meeting']}"] = one["text"]
    return lines


def _of_sitting(key: str, sitting: Mapping[str, Any] | None) -> _Lines:
    if sitting is None:
        return {}
    return {
        (key, "buổi họp"): _day(sitting["held_on"]),
        (key, "tại hội trường"): f"{sitting['hall_present']} (mức tối thiểu {sitting['hall_required']})",
        (key, "tỷ lệ dự họp"): sitting["rate"]["text"],
        (key, "nhập sau"): sitting["entered_late_text"] or "–",
        (key, "biên bản"): "đã ký" if sitting["signed"] else "chưa ký",
    }


def _day(text: str | None) -> str:
    return date_text(date.fromisoformat(text)) if text else "–"
