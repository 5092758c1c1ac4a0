"""The storey as its root wires it: all acts in one object."""

from __future__ import annotations

from meetings.convening.service.calling import CallingActs
from meetings.convening.service.convoking import ConvokingActs
from meetings.convening.service.entering import EnteringActs
from meetings.convening.service.holidays import HolidayActs
from meetings.convening.service.months import MonthActs
from meetings.convening.service.planning import PlanningActs


class ConveningService(CallingActs, PlanningActs, ConvokingActs, EnteringActs, MonthActs, HolidayActs):
    """`ConveningService(units, agenda=…)`. Each group of acts stands in a file of its own."""
