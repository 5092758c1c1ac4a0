"""What the worker process does of a certificate from outside. The heavy libraries are imported there."""

# ruff: noqa: PLC0415  imports inside functions are the point of this file
from __future__ import annotations

from datetime import datetime

from meetings.minutes.listed import Listed


def fit_to_sign(
    certificate: bytes, beside: tuple[bytes, ...], listed: tuple[Listed, ...], now: datetime
) -> Listed:
    """Under which authority it may sign now. Raises UnfitKey, NotInForce, Untrusted, TakenBack, NoRevocations."""
    from meetings.minutes.external import fit_to_sign as work

    return work(certificate, beside, listed, now)
