"""What the worker process does of a signature in two steps. The heavy libraries are imported there."""

# ruff: noqa: PLC0415  imports inside functions are the point of this file
from __future__ import annotations

from meetings.minutes.deferred import DeferredPen, Filling, Prepared


def prepare(pdf: bytes, pen: DeferredPen) -> Prepared:
    """Raises OutOfTurn, FontMissing."""
    from meetings.minutes.deferred_pdf import prepare as work

    return work(pdf, pen)


def complete(prepared: Prepared, filling: Filling) -> bytes:
    """The signed file. Raises WrongSignature, SpoiledPending."""
    from meetings.minutes.deferred_pdf import complete as work

    return work(prepared, filling)
