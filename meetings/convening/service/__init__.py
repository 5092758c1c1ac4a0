"""Acts of convening: functions for higher storeys inside their unit, a service for handlers."""

from meetings.convening.service.sittings import (
    NoSuchMeeting,
    allow_in,
    close_sitting,
    convoked,
    forgotten,
    mark_minuted,
    mark_signed,
    of_cells,
    open_sitting,
    owe,
    paper_of,
    parts_of,
    save,
    set_part,
    sitting,
)

__all__ = [
    "NoSuchMeeting",
    "allow_in",
    "close_sitting",
    "convoked",
    "forgotten",
    "mark_minuted",
    "mark_signed",
    "of_cells",
    "open_sitting",
    "owe",
    "paper_of",
    "parts_of",
    "save",
    "set_part",
    "sitting",
]
