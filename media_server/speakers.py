"""Who is speaking, from the audio levels in RTP headers (RFC 6464, December 2011). Pure."""

from __future__ import annotations

from dataclasses import dataclass

INTERVAL_S = 0.5  # how often changes are told
LOUD_DBOV = 30  # 0 is the loudest; a packet at or under this is speech
PACKET_S = 0.02
SPEAKING_SHARE = 0.4  # of the interval must be loud
STEPS = 8  # levels are told in eighths, so that small changes stay silent


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """A change to tell: level 0..1."""

    sid: str
    level: float
    active: bool


class Speakers:
    """Levels of one room, by participant sid."""

    def __init__(self) -> None:
        self._loud: dict[str, list[int]] = {}
        self._told: dict[str, float] = {}

    def observe(self, sid: str, level: int) -> None:
        """One audio packet: level 0 (loudest) to 127 (silence), in -dBov."""
        if level <= LOUD_DBOV:
            self._loud.setdefault(sid, []).append(level)

    def forget(self, sid: str) -> None:
        """The participant is gone: nobody needs to be told."""
        self._loud.pop(sid, None)
        self._told.pop(sid, None)

    def changes(self) -> list[Speaking]:
        """What changed since the last call, which should be `INTERVAL_S` ago. Loudest first."""
        now = {sid: _level(levels) for sid, levels in self._loud.items() if _is_speech(levels)}
        self._loud.clear()
        changed = [Speaking(sid=s, level=v, active=True) for s, v in now.items() if self._told.get(s) != v]
        changed += [Speaking(sid=s, level=0.0, active=False) for s in self._told if s not in now]
        self._told = now
        return sorted(changed, key=lambda each: -each.level)

    def speaking(self) -> list[Speaking]:
        """Who speaks now, for someone who just came in."""
        return [Speaking(sid=s, level=v, active=True) for s, v in self._told.items()]


def _is_speech(levels: list[int]) -> bool:
    return len(levels) * PACKET_S >= INTERVAL_S * SPEAKING_SHARE


def _level(levels: list[int]) -> float:
    linear: float = 10 ** (-(sum(levels) / len(levels)) / 20)
    return max(1, round(linear * STEPS)) / STEPS
