"""What a client's offer means for what it publishes, and what the server offers in dual mode. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from media_server.sdp import SENDING, Description, Downtrack, Section, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPlan:
    """What a publisher's offer means: mids to receive, sections that start a track by its cid, mids that ended."""

    accepted: frozenset[str]
    started: Mapping[str, Section]
    ended: frozenset[str]


def plan_answer(offer: Description, published: Mapping[str, str], pending: Mapping[str, str]) -> AnswerPlan:
    """Compare an offer with what is known.

    `published` maps mid to the name the track has in its section, `pending` maps announced cids to their kinds.
    """
    sending = {each.mid: each for each in offer.sections if _sends(each)}
    started = _started(sending.values(), published, pending)
    fresh = {each.mid for each in started.values()}
    known = published.keys() & {each.mid for each in offer.sections}
    return AnswerPlan(
        accepted=frozenset(sending.keys() & (fresh | known)),
        started=started,
        ended=frozenset(known & (fresh | (known - sending.keys()))),
    )


def _sends(section: Section) -> bool:
    return section.direction in SENDING and not section.given_up and section.codec() is not None


def _started(
    sending: Iterable[Section], published: Mapping[str, str], pending: Mapping[str, str]
) -> Mapping[str, Section]:
    """The section of each announced track: the one that names it, or else the first new one of its kind.

    Firefox names its tracks in SDP otherwise than it announces them; livekit-server takes any of the kind too.
    """
    changed = [each for each in sending if published.get(each.mid) != each.track]
    started = {each.track: each for each in changed if each.track in pending}
    strange = [each for each in changed if each.track not in pending and each.mid not in published]
    for section in strange:
        waiting = (cid for cid, kind in pending.items() if kind == section.kind and cid not in started)
        cid = next(waiting, None)
        if cid is not None:
            started[cid] = section
    return started


@dataclass(slots=True, kw_only=True)
class _Past:
    """What was in a section: its first track, how many there were, and those that may come again."""

    first: str
    count: int
    tracks: set[str]


class Slots:
    """The sections the server offers to one subscriber: never removed, only emptied and used again."""

    def __init__(self, *, remembers_streams: bool) -> None:
        self._slots: list[Slot] = []
        self._past: dict[str, _Past] = {}  # by mid
        self._remembers = remembers_streams
        self._offer_id = 0
        self._in_flight: list[Slot] | None = None
        self._free: set[str] = set()  # mids the client knows to be empty
        self._dirty = True  # the first offer is sent even without tracks

    def __len__(self) -> int:
        return len(self._slots)

    def place(self, kind: str, track: Downtrack, synced_stream: str = "") -> str:
        """Put a track into a free section of its kind or a new one; return the mid.

        A new section may use `synced_stream`, which joins microphone and camera for lip sync.
        """
        self._dirty = True
        for index, slot in enumerate(self._slots):
            fitting = self._fitting(slot, track) if slot.kind == kind and slot.mid in self._free else None
            if fitting is not None:
                self._free.discard(slot.mid)
                past = self._past[slot.mid]
                past.count += 1
                past.tracks.add(track.track)
                self._slots[index] = replace(slot, track=fitting)
                return slot.mid
        mid = str(len(self._slots) + 1)
        fresh = replace(track, stream=synced_stream or track.stream)
        self._slots.append(Slot(mid=mid, kind=kind, track=fresh))
        self._past[mid] = _Past(first=track.track, count=1, tracks={track.track})
        return mid

    def release(self, mid: str) -> None:
        """Empty a section; it is free for another track once the client has answered."""
        self._dirty = True
        index = int(mid) - 1
        self._slots[index] = replace(self._slots[index], track=None)

    def forget(self, track_sid: str) -> None:
        """This track never comes again."""
        for past in self._past.values():
            past.tracks.discard(track_sid)

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

    def answered(self, offer_id: int) -> list[Slot] | None:
        """What the client now knows; None for an answer to another offer (id 0: it does not tell)."""
        if self._in_flight is None or offer_id not in (0, self._offer_id):
            return None
        known, self._in_flight = self._in_flight, None
        self._free |= {each.mid for each in known if each.track is None and self._is_empty(each.mid)}
        return known

    def _is_empty(self, mid: str) -> bool:
        return self._slots[int(mid) - 1].track is None

    def _fitting(self, slot: Slot, track: Downtrack) -> Downtrack | None:
        """How the track can be named in a used section, if at all.

        Clients built on the Rust SDK never announce the same stream twice in one section. They take the
        track's sid from the stream, or else from the section's first track: so only that one comes again.
        """
        past = self._past[slot.mid]
        if not self._remembers or track.track not in past.tracks:
            return track
        if past.first != track.track:
            return None
        return replace(track, stream=f"{track.stream.partition('|')[0]}|again{past.count}")
