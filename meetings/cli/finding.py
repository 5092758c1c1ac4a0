"""What the doctor says of one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one look found: a stable name, whether it is well, and one line in both languages."""

    name: str
    ok: bool
    vi: str
    en: str
