"""A form as somebody filled it in: what was typed stays, what does not fit is said next to its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar

from meetings.http.language import source
from meetings.kernel.errors import Invalid
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.kernel.text import BadText, clean_line, clean_text

E = TypeVar("E", bound=StrEnum)

FILL_IN = source("Xin điền chỗ này.")
TOO_LONG = source("Chữ nhập vào quá dài hoặc có ký tự lạ. Xin viết ngắn lại.")
NO_DATE = source("Xin ghi ngày theo kiểu 24/11/2026.")
NO_SUCH_DAY = source("Lịch không có ngày này. Xin ghi ngày theo kiểu 24/11/2026.")
NO_TIME = source("Xin ghi giờ theo kiểu 19:30.")
NO_NUMBER = source("Xin ghi một số từ {least} đến {most}.")
NONE_IS_ZERO = source("Xin ghi một số; không có thì ghi 0.")
CHOOSE = source("Xin chọn một ô.")

_DAY = re.compile(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*", re.ASCII)
_ISO = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*", re.ASCII)
_CLOCK = re.compile(r"\s*(\d{1,2})\s*[:hHgG.]\s*(\d{2})?\s*", re.ASCII)


class Unfit(Invalid):
    """Something in the form does not fit; each field says what."""

    code = "form-unfit"
    message = (
        "Có chỗ chưa đúng. Xin tìm dòng chữ đỏ bắt đầu bằng dấu chấm than; những gì đã điền vẫn còn nguyên."
    )


class Filled:
    """What was typed, by field. Reading a field notes what is wrong with it; `check` refuses at the end.

    `problems`: (source text, its facts) by field.
    """

    def __init__(self, typed: Mapping[str, object] | None = None, **first: str) -> None:
        given = typed or {}
        self.values = {name: value for name, value in given.items() if isinstance(value, str)} or dict(first)
        self.problems: dict[str, tuple[str, Mapping[str, object]]] = {}

    def get(self, name: str) -> str:
        """As typed."""
        return self.values.get(name, "")

    def wrong(self, name: str, text: str, **facts: object) -> None:
        """Note what does not fit; the first word on a field stands."""
        self.problems.setdefault(name, (text, facts))

    def check(self) -> None:
        """Raises Unfit where anything was noted."""
        if self.problems:
            raise Unfit

    def line(self, name: str, *, most: int = 200, empty: bool = False) -> str:
        """One line of words."""
        return self._words(name, lambda text: clean_line(text, most=most, empty=True), empty=empty)

    def long(self, name: str, *, most: int = 20_000) -> str:
        """Several lines of words, or none."""
        return self._words(name, lambda text: clean_text(text, most=most), empty=True)

    def number(self, name: str, least: int, most: int, *, default: int | None = None) -> int:
        """A whole number; an empty field counts as `default` where there is one."""
        text = self.get(name).strip()
        if not text and default is not None:
            return default
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1
        if not least <= number <= most:
            self.wrong(name, NO_NUMBER, least=least, most=most)
            return least
        return number

    def count(self, name: str, most: int) -> int:
        """How many, from none; an empty field might mean none, and is asked about."""
        if not self.get(name).strip():
            self.wrong(name, NONE_IS_ZERO)
        return self.number(name, 0, most, default=0)

    def chosen(self, name: str, choices: type[E], otherwise: E) -> E:
        """One of the choices."""
        try:
            return choices(self.get(name))
        except ValueError:
            self.wrong(name, CHOOSE)
            return otherwise

    def among(self, name: str, known: Iterable[Id], *, empty: bool = False) -> Id:
        """One of these ids."""
        text = self.get(name)
        if text not in set(known) and not (empty and not text):
            self.wrong(name, CHOOSE)
        return text

    def day(self, name: str) -> date:
        """A day (24/11/2026)."""
        text = self.get(name)
        if (found := _day(text)) is None:
            self.wrong(name, NO_SUCH_DAY if _DAY.fullmatch(text) else NO_DATE)
        return found or date(2000, 1, 1)

    def moment(self, day: str, clock: str, zone: str) -> datetime:
        """A day (24/11/2026) and a time (19:30, 19h30) of that zone."""
        found, hour = self.day(day), _clock(self.get(clock))
        if hour is None:
            self.wrong(clock, NO_TIME)
        return datetime.combine(found, hour or time(0), zone_of(zone))

    def _words(self, name: str, clean: Callable[[str], str], *, empty: bool) -> str:
        try:
            text = clean(self.get(name))
        except BadText:
            self.wrong(name, TOO_LONG)
            return ""
        if not text and not empty:
            self.wrong(name, FILL_IN)
        return text


def _day(text: str) -> date | None:
    if found := _DAY.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    elif found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year, month, day) if 2000 <= year < 2200 else None
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    if (found := _CLOCK.fullmatch(text)) is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
