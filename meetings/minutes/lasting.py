"""Pure: when signed minutes need a stamp of the archive, and why one may be missing (PAdES B-LTA, signing.md 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from meetings.kernel.errors import Busy, Conflict

RENEW_AFTER = timedelta(days=365)
"""A stamp is made anew each year, long before the authority's certificate ends: policy of this program."""


class ArchiveState(StrEnum):
    """Where a meeting's minutes stand with the archive."""

    NOT_SIGNED = "not_signed"
    NO_AUTHORITY = "no_authority"
    WAITING = "waiting"
    KEPT = "kept"


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveStanding:
    """`stamped_at`: the newest stamp; `due_at`: when the next one is due."""

    state: ArchiveState
    stamped_at: datetime | None = None
    due_at: datetime | None = None


class AuthorityAway(Busy):
    """The time-stamp authority does not answer; ask it later."""

    code = "timestamp-authority-away"
    message = "Nơi cấp dấu thời gian chưa trả lời. Máy sẽ tự xin lại sau."


class NotLasting(Conflict):
    """A signature or stamp in the file does not hold today: stamping over it would preserve nothing."""

    code = "not-lasting"
    message = "Tệp có chữ ký hoặc dấu thời gian không còn kiểm được, nên chưa đóng được dấu lưu trữ."


def standing(*, signed: bool, authority: bool, newest: datetime | None, now: datetime) -> ArchiveStanding:
    """What is to be said. `newest`: the last stamp."""
    due = None if newest is None else newest + RENEW_AFTER
    if not signed:
        return ArchiveStanding(state=ArchiveState.NOT_SIGNED)
    if due is not None and now < due:
        return ArchiveStanding(state=ArchiveState.KEPT, stamped_at=newest, due_at=due)
    state = ArchiveState.WAITING if authority else ArchiveState.NO_AUTHORITY
    return ArchiveStanding(state=state, stamped_at=newest, due_at=due)
