"""Calendar months and quarters of a cell's own zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from meetings.kernel.errors import Invalid

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"


class BadMonth(Invalid):
    """Not a month in the form 2026-11."""

    code = "bad-month"
    message = "Tháng phải viết như 2026-11."


class BadQuarter(Invalid):
    """Not a quarter in the form 2026-Q4."""

    code = "bad-quarter"
    message = "Quý phải viết như 2026-Q4."


class BadZone(Invalid):
    """Not a time zone of the IANA database."""

    code = "bad-zone"
    message = "Múi giờ không đúng."


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A calendar quarter, written 2026-Q4."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Raises BadQuarter."""
        if not (found := re.fullmatch(r"(20[0-9]{2})-Q([1-4])", text)):
            raise BadQuarter
        return cls(int(found[1]), int(found[2]))

    def months(self) -> tuple[Month, Month, Month]:
        """Its three months in order."""
        first = 3 * self.number - 2
        return (Month(self.year, first), Month(self.year, first + 1), Month(self.year, first + 2))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, written 2026-11."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Raises BadMonth."""
        if not (found := re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text)):
            raise BadMonth
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, moment: datetime, zone: str = DEFAULT_ZONE) -> Month:
        """The month in which the moment lies for people of that zone."""
        local = moment.astimezone(zone_of(zone))
        return cls(local.year, local.month)

    @classmethod
    def of_day(cls, day: date) -> Month:
        """The month of a calendar day."""
        return cls(day.year, day.month)

    @property
    def quarter(self) -> Quarter:
        """The quarter it belongs to."""
        return Quarter(self.year, (self.number + 2) // 3)

    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    def next(self) -> Month:
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    def spoken(self) -> str:
        """As written in papers: 11/2026."""
        return f"{self.number:02d}/{self.year}"


def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises BadZone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, such as Asia
        raise BadZone from None
