"""Offer and answer in dual mode. Pure: the client offers what it publishes, the server offers what is subscribed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from media_server.sdp import SENDING, Description, Downtrack, Section, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPlan:
    """What a publisher's offer means: mids to receive, sections that start a track, mids whose track ended."""

    accepted: frozenset[str]
    started: tuple[Section, ...]
    ended: frozenset[str]


def plan_answer(offer: Description, published: Mapping[str, str], pending: Collection[str]) -> AnswerPlan:
    """Compare an offer with what is known. `published` maps mid to cid; `pending` are announced cids."""
    accepted: set[str] = set()
    started: list[Section] = []
    ended: set[str] = set()
    for section in offer.sections:
        sending = section.direction in SENDING and section.port != 0 and section.codec() is not None
        new = section.track in pending and published.get(section.mid) != section.track
        if sending and new:
            started.append(section)
        if section.mid in published and (new or not sending):
            ended.add(section.mid)
        if sending and (new or section.mid in published):
            accepted.add(section.mid)
    return AnswerPlan(accepted=frozenset(accepted), started=tuple(started), ended=frozenset(ended))


class Slots:
    """The sections the server offers to one subscriber. They are never removed, only emptied and used again."""

    def __init__(self) -> None:
        self._slots: list[Slot] = []
        self._offer_id = 0
        self._in_flight: list[Slot] | None = None
        self._free: set[str] = set()  # mids the client knows to be empty
        self._dirty = True  # the first offer is sent even without tracks

    def place(self, kind: str, fresh: Downtrack, again: Downtrack) -> str:
        """Put a track into a free section of its kind (as `again`) or a new one (as `fresh`); return the mid."""
        self._dirty = True
        for index, slot in enumerate(self._slots):
            if slot.kind == kind and slot.mid in self._free:
                self._free.discard(slot.mid)
                self._slots[index] = replace(slot, track=again)
                return slot.mid
        mid = str(len(self._slots) + 1)
        self._slots.append(Slot(mid=mid, kind=kind, track=fresh))
        return mid

    def release(self, mid: str) -> None:
        """Empty a section; it is free for another track once the client has answered."""
        self._dirty = True
        index = int(mid) - 1
        self._slots[index] = replace(self._slots[index], track=None)

    def restart(self) -> None:
        """The answer in flight is lost: offer again."""
        self._in_flight = None
        self._dirty = True

    def next_offer(self) -> tuple[int, list[Slot]] | None:
        """The id and sections of the offer to send now; None if nothing changed or one is in flight."""
        if self._in_flight is not None or not self._dirty:
            return None
        self._in_flight, self._dirty = list(self._slots), False
        self._offer_id += 1
        return self._offer_id, self._in_flight

    def answered(self, offer_id: int) -> set[int] | None:
        """SSRCs the client now knows; None for an answer to another offer (id 0: the client does not tell)."""
        if self._in_flight is None or offer_id not in (0, self._offer_id):
            return None
        known, self._in_flight = self._in_flight, None
        self._free |= {each.mid for each in known if each.track is None and self._is_empty(each.mid)}
        return {each.track.ssrc for each in known if each.track is not None}

    def _is_empty(self, mid: str) -> bool:
        return self._slots[int(mid) - 1].track is None
