"""The JSON of an addendum."""

from __future__ import annotations

import datetime as dt

from meetings.http.shapes import View
from meetings.minutes.papers.corrections import Stated
from meetings.minutes.service.addenda import Added


class CorrectionView(View):
    """The recorder's words on an item as the minutes have them, and as they are to be read. `position` from 1; 0: on
    the sitting as a whole."""

    item: str
    position: int
    title: str
    was: str
    now: str


class RemarkView(View):
    """Words beside a part that comes from the record; they change no figure."""

    part: Stated
    text: str


class AddendumPlaceView(View):
    """A place for a signature: recorder, then chair."""

    role: str
    name: str
    signed_at: dt.datetime | None


class AddendumNoteView(View):
    """That there is an addendum. `signed_at` null: it still lacks a signature by key."""

    id: str
    number: str | None
    day: dt.date
    signed_at: dt.datetime | None


class AddendumView(View):
    """An addendum. `minutes_sha256`: of the minutes' data, `file_sha256`: of their PDF when this was drawn up.
    `signed_at` null: it still lacks a signature by key, and corrects nothing yet unless it is signed by hand. The
    file: /papers/{id}.pdf."""

    id: str
    number: str | None
    day: dt.date
    issued_at: dt.datetime
    minutes_sha256: str
    file_sha256: str
    corrections: list[CorrectionView]
    remarks: list[RemarkView]
    reason: str
    found_by: str
    places: list[AddendumPlaceView]
    signed_at: dt.datetime | None


def addendum_view(one: Added) -> AddendumView:
    """For whoever may read the minutes."""
    issued, facts = one.issued, one.facts
    return AddendumView(
        id=issued.id,
        number=issued.number_text or None,
        day=issued.day,
        issued_at=issued.at,
        minutes_sha256=facts.minutes,
        file_sha256=facts.file,
        corrections=[CorrectionView.model_validate(each) for each in facts.corrections],
        remarks=[RemarkView.model_validate(each) for each in facts.remarks],
        reason=facts.reason,
        found_by=facts.found_by,
        places=[
            AddendumPlaceView(
                role=place.role,
                name=place.officer.name,
                signed_at=place.signed_at,
            )
            for place in one.look.places
        ],
        signed_at=one.look.signed_at,
    )


def addendum_note(one: Added) -> AddendumNoteView:
    """For whoever oversees the cell without reading its minutes."""
    issued = one.issued
    return AddendumNoteView(
        id=issued.id, number=issued.number_text or None, day=issued.day, signed_at=one.look.signed_at
    )
