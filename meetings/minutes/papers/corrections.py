"""What a signed addendum corrects. Pure.

Only the recorder's own words can be replaced. What the minutes state from the record (times, people, votes, results,
work) cannot: an addendum may remark on it, and the remark changes no figure. Attendance is corrected by its own act.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id
from meetings.minutes.records import Minutes

WHOLE = 0  # the place of what was written on no single item


class NothingCorrected(Invalid):
    """An addendum says something that the minutes, with the addenda so far, do not say."""

    code = "nothing-corrected"
    message = "Chưa có chỗ nào khác với biên bản và các phụ lục đã lập. Xin sửa lời ở ít nhất một mục, hoặc ghi chú."


class NoReason(Invalid):
    """Why, and who found it."""

    code = "no-reason-for-addendum"
    message = "Cần ghi lý do đính chính và người phát hiện."


class NotInMinutes(Conflict):
    """Words can be corrected only on what the minutes have."""

    code = "not-in-minutes"
    message = "Mục này không có trong biên bản đã chốt."


class Stated(StrEnum):
    """Parts of minutes that come from the record."""

    OPENING = "opening"
    ATTENDANCE = "attendance"
    VOTES = "votes"
    WORK = "work"


@dataclass(frozen=True, kw_only=True, slots=True)
class Correction:
    """The recorder's words on one item (`position` from 1; 0: on the sitting as a whole), as they stand in the
    approved minutes and as they are to be read."""

    item: Id
    position: int
    title: str
    was: str
    now: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Words beside a part that comes from the record."""

    part: Stated
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """What somebody wants to correct: the words to be read instead, by item, remarks by part, why, and who found it."""

    words: Mapping[Id, str]
    remarks: Mapping[Stated, str]
    reason: str
    found_by: str


NO_CHANGES = Changes(words={}, remarks={}, reason="", found_by="")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place whose words can be corrected. `now`: as the addenda so far leave them."""

    item: Id
    position: int
    title: str
    was: str
    now: str


def places(minutes: Minutes, before: Iterable[tuple[Correction, ...]]) -> tuple[Place, ...]:
    """Every item of the minutes, then the sitting as a whole. `before`: of each earlier addendum, in order."""
    latest = {one.item: one.now for each in before for one in each}
    facts = minutes.facts
    titled = [(one.id, number, one.title) for number, one in enumerate(facts.items, 1)]
    if all(one.id != facts.sitting.id for one in facts.items):
        titled.append((facts.sitting.id, WHOLE, ""))
    words = minutes.texts
    return tuple(
        Place(
            item=item,
            position=position,
            title=title,
            was=words.get(item, ""),
            now=latest.get(item, words.get(item, "")),
        )
        for item, position, title in titled
    )


def decide_corrections(known: tuple[Place, ...], changes: Changes) -> tuple[Correction, ...]:
    """What really differs from the words so far. Raises NotInMinutes."""
    if set(changes.words) - {one.item for one in known}:
        raise NotInMinutes
    return tuple(
        Correction(
            item=one.item, position=one.position, title=one.title, was=one.was, now=changes.words[one.item]
        )
        for one in known
        if changes.words.get(one.item, one.now) != one.now
    )


def decide_remarks(changes: Changes) -> tuple[Remark, ...]:
    """Those with words, in the order of the parts."""
    wanted = [(part, changes.remarks.get(part, "").strip()) for part in Stated]
    return tuple(Remark(part=part, text=text) for part, text in wanted if text)


def may_draw_up(corrections: tuple[Correction, ...], remarks: tuple[Remark, ...], changes: Changes) -> None:
    """Raises NothingCorrected, NoReason."""
    if not corrections and not remarks:
        raise NothingCorrected
    if not changes.reason.strip() or not changes.found_by.strip():
        raise NoReason
