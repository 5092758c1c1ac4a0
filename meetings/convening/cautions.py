"""What the secretary should look at before people are told, in words. It blocks nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from meetings.convening.calendar import Caution, unsure_between
from meetings.convening.holidays import HolidayTable
from meetings.http.language import source
from meetings.kernel.text import date_text

SHORT = source("Tháng này không có ngày đã định, nên lấy ngày cuối tháng: {day}.")
LEFT = source("Dời qua ngày nghỉ thì sang tháng sau, nên lấy ngày làm việc trước đó: {day}.")
DAY_OFF = source("Ngày {day} là ngày nghỉ: {name}.")
WEEKEND = source("Ngày {day} là cuối tuần.")
UNSURE = source(
    "Ngày {day} ({name}) có nghỉ hay không còn tùy văn bản của năm đó; cấp ủy chưa nhập văn bản nào."
)
NO_TABLE = source("Phần mềm chưa có lịch nghỉ của năm {year}; xin đối chiếu lịch.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One caution. `source`: its sentence with braces, for the catalogue; `facts` fill them."""

    caution: Caution
    source: str
    facts: Mapping[str, str]

    @property
    def text(self) -> str:
        """In Vietnamese."""
        return self.source.format(**self.facts)


def told(cautions: Collection[Caution], wanted: date, day: date, table: HolidayTable) -> tuple[Told, ...]:
    """The cautions of a meeting wanted on one day and held on another (or the same), in words."""
    return tuple(_say(one, wanted, day, table) for one in Caution if one in cautions)


def _say(caution: Caution, wanted: date, day: date, table: HolidayTable) -> Told:
    facts = {"day": date_text(day)}
    match caution:
        case Caution.SHORT_MONTH:
            return Told(caution=caution, source=SHORT, facts=facts)
        case Caution.LEFT_MONTH:
            return Told(caution=caution, source=LEFT, facts=facts)
        case Caution.ON_DAY_OFF:
            if (off := table.on(day)) is not None and off.counts:
                return Told(caution=caution, source=DAY_OFF, facts=facts | {"name": off.name})
            return Told(caution=caution, source=WEEKEND, facts=facts)
        case Caution.UNSURE_HOLIDAY:
            unsure = next(unsure_between(wanted, day, table))
            about = {"day": date_text(unsure.day), "name": unsure.name}
            return Told(caution=caution, source=UNSURE, facts=about)
        case Caution.NO_TABLE:
            return Told(caution=caution, source=NO_TABLE, facts={"year": str(day.year)})
