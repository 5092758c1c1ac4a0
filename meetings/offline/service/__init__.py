"""What a device takes along, and what it brings back."""

from __future__ import annotations

from meetings.offline.service.bringing import BroughtIn, OfflineService, brought_of
from meetings.offline.service.kit import Kit, KitMember, QuestionRule, question_of
from meetings.offline.service.telling import Doors
from meetings.offline.store import Brought

__all__ = [
    "Brought",
    "BroughtIn",
    "Doors",
    "Kit",
    "KitMember",
    "OfflineService",
    "QuestionRule",
    "brought_of",
    "question_of",
]
