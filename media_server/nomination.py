"""Which of its paths a client means, when it has nominated several. Pure.

Most clients nominate the one path they use, after it was checked (RFC 8445, July 2018, section 8.1.1): the last word
counts. Firefox nominates with the first check of every path and then uses the best one ("aggressive nomination",
RFC 5245, April 2010, section 8.1.1.2); an ICE-lite server would follow whichever check came last.
"""

from __future__ import annotations

from dataclasses import dataclass

from media_server.checks import BindingRequest

GIVEN_UP_S = 8.0  # clients check the path they use every 2.5 s (libwebrtc) or 4 to 6 s (Firefox)
MOVED_S = 1.0  # a path as good as one unchecked for so long has taken its place: a NAT has moved the client


@dataclass(slots=True, kw_only=True)
class Standing:
    """What the checks on one path said. Times are `time.monotonic()` seconds.

    `rank` is what the best path has most of: how many ICE restarts the client knew of, and the pair's priority.
    """

    eager: bool  # nominated at first sight
    nominated: bool = False
    rank: tuple[int, int] = (0, 0)
    checked_at: float = 0.0

    def note(self, request: BindingRequest, own_priority: int, restarts: int, now: float) -> None:
        """A check came on this path; `own_priority` is that of the server's candidate."""
        self.checked_at = now
        if request.nominated:
            self.nominated, self.rank = True, (restarts, pair_priority(request.priority, own_priority))


def pair_priority(controlling: int, controlled: int) -> int:
    """RFC 8445 section 6.1.2.3; the client controls an ICE-lite server."""
    least, most = sorted((controlling, controlled))
    return (least << 32) + 2 * most + (controlling > controlled)


def replaces(path: Standing, used: Standing, *, nominated: bool, now: float) -> bool:
    """Whether to use this path, just checked and maybe nominated, instead of the one in use."""
    idle = now - used.checked_at
    if idle > GIVEN_UP_S:
        return True
    if not nominated:
        return False
    if not path.eager or not used.nominated:
        return True
    return path.rank > used.rank or (path.rank == used.rank and idle > MOVED_S)
