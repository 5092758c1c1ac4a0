"""Who is speaking, from the audio levels in RTP headers (RFC 6464, December 2011). Pure; as in LiveKit 1.13."""

from __future__ import annotations

import math
from dataclasses import dataclass

INTERVAL_S = 0.4  # how often changes are told, and how long a level is observed
LOUD_DBOV = 35  # 0 is the loudest; a packet at or under this is speech
SPEAKING_SHARE = 0.4  # of the interval must be loud
SMOOTHING = 2 / 3  # weight of the newest interval: an average of two
STALE_S = 2 * INTERVAL_S  # who sent nothing for so long is silent
STEPS = 8  # levels are told in eighths, so that small changes stay silent
CLOCK_RATE = 48000
SILENCE = 127


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """A change to tell: level 0..1."""

    sid: str
    level: float
    active: bool


class Loudness:
    """The level of one audio track. `timestamp` is RTP time, `now` monotonic seconds."""

    def __init__(self) -> None:
        self._smoothed = 0.0
        self._loudest = SILENCE
        self._loud = 0  # RTP ticks
        self._observed = 0
        self._newest: int | None = None
        self._last_at = 0.0

    def observe(self, level: int, timestamp: int, now: float) -> None:
        """One packet: level 0 (loudest) to 127 (silence), in -dBov. Late ones do not count."""
        passed = 0 if self._newest is None else (timestamp - self._newest) & 0xFFFFFFFF
        if passed >= 1 << 31:
            return
        self._newest, self._last_at = timestamp, now
        self._observed += passed
        if level <= LOUD_DBOV:
            self._loud += passed
            self._loudest = min(self._loudest, level)
        if self._observed >= INTERVAL_S * CLOCK_RATE:
            self._reset(self._smooth())

    def level(self, now: float) -> float:
        """0..1 if it is speech, else 0."""
        if now - self._last_at >= STALE_S:
            self._reset(0.0)
        return self._smoothed if self._smoothed >= linear(LOUD_DBOV) else 0.0

    def _smooth(self) -> float:
        share = min(1.0, self._loud / (INTERVAL_S * CLOCK_RATE))
        if share < SPEAKING_SHARE:
            return 0.0
        current = (
            linear(self._loudest) * share
        )  # who was loud for a part of the time only is told as less loud
        return self._smoothed + (current - self._smoothed) * SMOOTHING

    def _reset(self, smoothed: float) -> None:
        self._smoothed, self._loudest = smoothed, SILENCE
        self._loud = self._observed = 0


class Speakers:
    """Levels of one room: of each participant its loudest track, by sids."""

    def __init__(self) -> None:
        self._tracks: dict[str, dict[str, Loudness]] = {}
        self._told: dict[str, float] = {}

    def observe(self, sid: str, track_sid: str, level: int, timestamp: int, now: float) -> None:
        """One audio packet of a participant."""
        tracks = self._tracks.setdefault(sid, {})
        if track_sid not in tracks:
            tracks[track_sid] = Loudness()
        tracks[track_sid].observe(level, timestamp, now)

    def forget(self, sid: str) -> None:
        """The participant is gone: nobody needs to be told."""
        self._tracks.pop(sid, None)
        self._told.pop(sid, None)

    def forget_track(self, sid: str, track_sid: str) -> None:
        """The track ended."""
        self._tracks.get(sid, {}).pop(track_sid, None)

    def changes(self, now: float) -> list[Speaking]:
        """What changed since the last call, which should be `INTERVAL_S` ago. Loudest first."""
        loudest = {sid: _loudest(tracks, now) for sid, tracks in self._tracks.items()}
        heard = {sid: math.ceil(level * STEPS) / STEPS for sid, level in loudest.items() if level}
        changed = [Speaking(sid=s, level=v, active=True) for s, v in heard.items() if self._told.get(s) != v]
        changed += [Speaking(sid=s, level=0.0, active=False) for s in self._told if s not in heard]
        self._told = heard
        return sorted(changed, key=lambda each: -each.level)

    def speaking(self) -> list[Speaking]:
        """Who speaks now, for someone who just came in."""
        return [Speaking(sid=s, level=v, active=True) for s, v in self._told.items()]


def linear(level: float) -> float:
    """-dBov as a share of full scale."""
    return float(10 ** (-level / 20))


def _loudest(tracks: dict[str, Loudness], now: float) -> float:
    return max((each.level(now) for each in tracks.values()), default=0.0)
