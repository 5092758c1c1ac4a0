"""Everything the minutes state, gathered from the storeys below. Nothing is typed twice, nothing is added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from meetings.agenda import service as agenda
from meetings.agenda.rules import Item
from meetings.attendance import service as attendance
from meetings.attendance.rules import Absence, AbsenceState, MemberAttendance
from meetings.committees import service as committees
from meetings.committees.policies import PolicyKey
from meetings.committees.powers import Part
from meetings.committees.rules import Category, Member, OrgKind, Role
from meetings.convening import service as convening
from meetings.convening.paper import minutes_held
from meetings.convening.rules import AnySitting, Meeting, Mode, Standing
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.kernel.text import date_text, time_text
from meetings.kernel.months import zone_of
from meetings.ledger import service as ledger
from meetings.minutes.records import (
    Absentee,
    Attendance,
    Attendee,
    Guest,
    Head,
    ItemFacts,
    Layout,
    Minimum,
    MinutesFacts,
    Moment,
    Officer,
    Organisation,
    Share,
    Sitting,
    Supplemented,
    Tally,
    VoteFacts,
    moment_of,
)
from meetings.sitting import service as sittings
from meetings.voting import service as voting
from meetings.voting.store import StoredVote
