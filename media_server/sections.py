"""Which tracks sit in which sections when only the client offers (single mode). Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from media_server.sdp import MOST_SECTIONS, RECEIVING, Description, Downtrack

KINDS = ("audio", "video")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """How many more sections the client must offer; none at all only asks for another offer."""

    audios: int
    videos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    kind: str
    track: Downtrack
    synced_stream: str


@dataclass(slots=True, kw_only=True)
class _Past:
    """How many tracks were in a section, and the names of their streams that could come again."""

    count: int = 0
    streams: set[str] = field(default_factory=set)


class Sections:
    """The sections one client offers to receive in: never removed, only emptied and used again.

    One request for an offer is in flight at a time. The client's first offer comes unasked.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, _Wish] = {}  # by track sid, in the order of the subscriptions
        self._placed: dict[str, _Wish] = {}  # by mid
        self._told: set[str] = set()  # mids that held a track in the last answer
        self._open: dict[str, str] = {}  # kind by mid: what the last offer is willing to receive
        self._past: dict[str, _Past] = {}  # by mid
        self._asked = dict.fromkeys(KINDS, 0)
        self._in_flight = True
        self._dirty = False

    def place(self, kind: str, track: Downtrack, synced_stream: str = "") -> None:
        """Let a track in with the next offer that has room for it."""
        self._waiting[track.track] = _Wish(kind=kind, track=track, synced_stream=synced_stream)

    def release(self, track_sid: str) -> None:
        """Take a track out; its section is free for another one once the client saw it empty."""
        if self._waiting.pop(track_sid, None) is None:
            held = [mid for mid, wish in self._placed.items() if wish.track.track == track_sid]
            for mid in held:
                del self._placed[mid]
            self._dirty = self._dirty or bool(held)

    def forget(self, track_sid: str) -> None:
        """This track never comes again."""
        self._forget(lambda stream: stream.endswith(f"|{track_sid}"))

    def forget_publisher(self, publisher_sid: str) -> None:
        """No track of this participant comes again."""
        self._forget(lambda stream: stream.startswith(f"{publisher_sid}|"))

    def restart(self) -> None:
        """The client came back and will offer by itself: what was asked before is void."""
        self._asked = dict.fromkeys(KINDS, 0)
        self._in_flight = True

    def requirement(self) -> Requirement | None:
        """What to ask of the client now; None if nothing changed, or if it has not yet answered."""
        if self._in_flight or not (self._dirty or self._waiting):
            return None
        self._in_flight, self._dirty = True, False
        self._asked = {kind: self._lacking(kind) for kind in KINDS}
        return Requirement(audios=self._asked["audio"], videos=self._asked["video"])

    def fill(self, offer: Description, publishing: Collection[str]) -> dict[str, Downtrack]:
        """Take an offer: the tracks to answer with, by mid. In `publishing` sections the client sends."""
        self._take(offer, publishing)
        for mid in self._placed.keys() - self._open.keys():
            wish = self._placed.pop(mid)
            self._waiting[wish.track.track] = wish
        for mid, kind in self._open.items():
            if mid not in self._placed and mid not in self._told:
                self._seat(mid, kind)
        self._told = set(self._placed)
        self._dirty = False
        return {mid: wish.track for mid, wish in self._placed.items()}

    def __len__(self) -> int:
        return len(self._open)

    def _take(self, offer: Description, publishing: Collection[str]) -> None:
        former = self._open
        self._open = {
            each.mid: each.kind
            for each in offer.sections
            if each.direction in RECEIVING
            and not each.given_up
            and each.mid not in publishing
            and each.codec() is not None
        }
        for kind in KINDS:
            brought = sum(self._open[mid] == kind for mid in self._open.keys() - former.keys())
            self._asked[kind] = max(0, self._asked[kind] - brought)
        self._in_flight = any(self._asked.values())

    def _seat(self, mid: str, kind: str) -> None:
        wish = next((each for each in self._waiting.values() if each.kind == kind), None)
        if wish is None:
            return
        del self._waiting[wish.track.track]
        past = self._past.setdefault(mid, _Past())
        name = _fresh_name(wish, past)
        self._placed[mid] = replace(wish, track=replace(wish.track, stream=name))

    def _forget(self, is_gone: Callable[[str], bool]) -> None:
        for past in self._past.values():
            past.streams = {each for each in past.streams if not is_gone(each)}

    def _lacking(self, kind: str) -> int:
        waiting = sum(each.kind == kind for each in self._waiting.values())
        free = sum(self._open[mid] == kind for mid in self._open.keys() - self._placed.keys())
        return min(max(0, waiting - free), (MOST_SECTIONS - len(self._open)) // len(KINDS))


def _fresh_name(wish: _Wish, past: _Past) -> str:
    """A stream name not yet seen in the section: clients never announce the same one twice in it.

    One that is made up has a number that comes once only, and need not be remembered.
    """
    made_up = f"{wish.track.stream.partition('|')[0]}|again{past.count}"
    past.count += 1
    for each in (wish.synced_stream, wish.track.stream):
        if each and each not in past.streams:
            past.streams.add(each)
            return each
    return made_up
