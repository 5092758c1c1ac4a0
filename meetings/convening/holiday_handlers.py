"""Days off and days of work over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from meetings.convening.service import ConveningService, DaysSaid
from meetings.http.endpoint import Call, Endpoint
from meetings.http.shapes import Body, Line, View

_TAGS = ("convening",)
Day = Annotated[dt.date, Field(ge=dt.date(2020, 1, 1), le=dt.date(2200, 12, 31))]


class DaysBody(Body):
    """What a paper says of the days from `first` to `last`, both included, for this committee and all below it.
    `off` false: days of work, weekend or not. `citation`: number and date of the paper."""

    first: Day
    last: Day
    off: bool
    name: Line
    citation: Line


class YearQuery(Body):
    """Of which year."""

    year: Annotated[int, Field(ge=2020, le=2200)]


class HolidayView(View):
    """One day off. `counts`: a date gives way to it; `sure`: its source settles it."""

    day: dt.date
    name: str
    citation: str
    sure: bool
    counts: bool


class DayDecisionView(View):
    """One day as a committee entered it."""

    org: str
    org_name: str
    day: dt.date
    off: bool
    name: str
    citation: str
    at: dt.datetime


class YearOfDaysView(View):
    """What holds there in that year: days off, and what committees entered; of each day the nearest one's last."""

    holidays: list[HolidayView]
    decided: list[DayDecisionView]


class DaysView(View):
    """What was entered."""

    decided: list[DayDecisionView]


class HolidayHandlers:
    """JSON in, JSON out."""

    def __init__(self, service: ConveningService) -> None:
        self._service = service

    async def decide_days(self, call: Call[DaysBody, Body]) -> DaysView:
        """POST /orgs/{org}/holidays."""
        said = DaysSaid(**dict(call.body))
        made = await self._service.decide_days(call.asker, call.id("org"), said)
        return DaysView(decided=[DayDecisionView.model_validate(one) for one in made])

    async def list_holidays(self, call: Call[Body, YearQuery]) -> YearOfDaysView:
        """GET /orgs/{org}/holidays."""
        found = await self._service.year_of_days(call.asker, call.id("org"), call.query.year)
        return YearOfDaysView.model_validate(found)

    def endpoints(self) -> list[Endpoint]:
        """What is served."""
        path = "/orgs/{org}/holidays"
        return [
            Endpoint(
                method="GET",
                path=path,
                handler=self.list_holidays,
                summary="Ngày nghỉ, ngày làm bù trong năm",
                query=YearQuery,
                answer=YearOfDaysView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=path,
                handler=self.decide_days,
                summary="Nhập văn bản về ngày nghỉ, ngày làm bù",
                body=DaysBody,
                answer=DaysView,
                tags=_TAGS,
            ),
        ]
