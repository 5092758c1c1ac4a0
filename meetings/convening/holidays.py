"""Days off in Viet Nam as data, 2026 to 2031, each with its source and how sure it is (domain.md 9).

Labour Code 45/2019/QH14 of 20/11/2019, article 112: 1/1; five days of Tết; 10th of the third lunar month;
30/4; 1/5; 2/9 and one day beside it; a day off on a weekend is made up on the next working day (111.3).
Which days of Tết and which neighbour of 2/9 is fixed each year by the government: likely here, unsure.
24/11 (Resolution 80-NQ/TW of 7/1/2026) is off in principle; whether in force is unsure, so it is not counted.
What is fixed for a year a committee enters after its paper (`DayDecision`); it stands above this
table. Lunar dates by the UTC+7 rule: 2030 differs from the Chinese calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from meetings.kernel.ids import Id

FIRST_YEAR, LAST_YEAR = 2026, 2031
SATURDAY = 5  # as `date.weekday` counts

_LABOUR = "Bộ luật Lao động số 45/2019/QH14 ngày 20/11/2019, Điều 112"
_MADE_UP = "Bộ luật Lao động số 45/2019/QH14 ngày 20/11/2019, Điều 111 khoản 3"
_CULTURE = "Nghị quyết số 80-NQ/TW ngày 07/01/2026"

# First day of the lunar year and Giỗ Tổ, computed for UTC+7 (domain.md 9).
_TET = (
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 2),
    date(2031, 1, 23),
)
_HUNG_KINGS = (
    date(2026, 4, 26),
    date(2027, 4, 16),
    date(2028, 4, 4),
    date(2029, 4, 23),
    date(2030, 4, 12),
    date(2031, 4, 1),
)
# The neighbour of 2/9 that makes the longer rest; a guess except for 2026.
_BESIDE_NATIONAL_DAY = (
    date(2026, 9, 1),
    date(2027, 9, 3),
    date(2028, 9, 1),
    date(2029, 9, 3),
    date(2030, 9, 3),
    date(2031, 9, 1),
)
_SURE_TET = range(3)  # the first three days are always among the five
_LIKELY_TET = (-1, 3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Holiday:
    """One day off. `counts`: whether a date rolls over it; `sure`: whether the source settles it."""

    day: date
    name: str
    citation: str
    sure: bool = True
    counts: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class DayDecision:
    """What a committee entered about one day, for itself and all below: a day off, or (`off` False) a day of work,
    though it be a weekend or stand in our table. `citation`: number AND date of the paper; `at`: when entered."""

    id: Id
    org: Id
    org_name: str
    day: date
    off: bool
    name: str
    citation: str
    at: datetime


class HolidayTable:
    """Days off by date. `working`: days of work whatever weekday they are. Immutable."""

    __slots__ = ("_days", "_working")

    def __init__(self, days: Iterable[Holiday], *, working: Iterable[date] = ()) -> None:
        self._working = frozenset(working)
        self._days: Mapping[date, Holiday] = {one.day: one for one in days if one.day not in self._working}

    def __iter__(self) -> Iterator[Holiday]:
        return iter(sorted(self._days.values(), key=_day))

    def on(self, day: date) -> Holiday | None:
        """What that day is, counted or not."""
        return self._days.get(day)

    def is_off(self, day: date) -> bool:
        """Whether a date rolls over that day."""
        found = self._days.get(day)
        return found is not None and found.counts

    def is_free(self, day: date) -> bool:
        """Whether it is a day of work, on which nothing has to give way."""
        return day in self._working or (day.weekday() < SATURDAY and not self.is_off(day))

    def knows(self, year: int) -> bool:
        """Whether the table reaches that year at all."""
        return any(day.year == year for day in self._days)


def vietnam(decisions: Iterable[DayDecision] = ()) -> HolidayTable:
    """The table we ship, and above it what stands of a year's own decisions, one for each day (`standing`)."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    days = [one for index, year in enumerate(years) for one in _of_year(index, year)]
    told = list(decisions)
    extra = [Holiday(day=one.day, name=one.name, citation=one.citation) for one in told if one.off]
    return HolidayTable([*days, *_made_up(days), *extra], working=[one.day for one in told if not one.off])


def standing(decisions: Iterable[DayDecision], chain: Sequence[Id]) -> list[DayDecision]:
    """What holds for the first organisation of `chain` (nearest first): of each day, what the nearest one that spoke
    of it entered last; by day."""
    rank = {org: number for number, org in enumerate(chain)}
    found: dict[date, DayDecision] = {}
    for one in sorted(decisions, key=lambda one: (one.at, one.id)):
        known = found.get(one.day)
        if one.org in rank and (known is None or rank[one.org] <= rank[known.org]):
            found[one.day] = one
    return sorted(found.values(), key=lambda one: one.day)


def _of_year(index: int, year: int) -> list[Holiday]:
    tet, beside = _TET[index], _BESIDE_NATIONAL_DAY[index]
    return [
        Holiday(day=date(year, 1, 1), name="Tết Dương lịch", citation=_LABOUR),
        *(_tet(tet, offset, sure=True) for offset in _SURE_TET),
        *(_tet(tet, offset, sure=year == FIRST_YEAR) for offset in _LIKELY_TET),
        Holiday(day=_HUNG_KINGS[index], name="Giỗ Tổ Hùng Vương", citation=_LABOUR),
        Holiday(day=date(year, 4, 30), name="Ngày Chiến thắng", citation=_LABOUR),
        Holiday(day=date(year, 5, 1), name="Ngày Quốc tế lao động", citation=_LABOUR),
        Holiday(day=date(year, 9, 2), name="Quốc khánh", citation=_LABOUR),
        Holiday(day=beside, name="Nghỉ liền Quốc khánh", citation=_LABOUR, sure=False),
        Holiday(
            day=date(year, 11, 24),
            name="Ngày Văn hóa Việt Nam",
            citation=_CULTURE,
            sure=False,
            counts=False,
        ),
    ]


def _tet(first: date, offset: int, *, sure: bool) -> Holiday:
    return Holiday(day=first + timedelta(days=offset), name="Tết Nguyên đán", citation=_LABOUR, sure=sure)


def _made_up(days: Iterable[Holiday]) -> Iterator[Holiday]:
    taken = {one.day for one in days if one.counts}
    for one in sorted((one for one in days if one.counts), key=_day):
        if one.day.weekday() < SATURDAY:
            continue
        free = one.day
        while free in taken or free.weekday() >= SATURDAY:
            free += timedelta(days=1)
        taken.add(free)
        yield Holiday(day=free, name=f"Nghỉ bù {one.name}", citation=_MADE_UP, sure=one.sure)


def _day(one: Holiday) -> date:
    return one.day
