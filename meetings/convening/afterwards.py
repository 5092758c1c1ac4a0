"""Pure: what is told after a sitting. It never changes whether a month is fulfilled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetings.convening.rules import ENDED, Sitting
from meetings.convening.states import NotInThisState
from meetings.kernel.ids import Id


class NothingToRestate(NotInThisState):
    """Before closing, facts are corrected where they stand."""

    code = "nothing-to-restate"
    message = "Buổi họp chưa kết thúc; xin sửa trực tiếp, chưa cần bổ sung."


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperEntry:
    """What the paper of a meeting held without any device says. Times aware; `photo_sha256` in hex."""

    meeting: Id
    opened_at: datetime
    closed_at: datetime
    photo_sha256: str
    at: datetime
    by: Id


@dataclass(frozen=True, kw_only=True, slots=True)
class Restatement:
    """A dated correction of a closed sitting: `what` was said `before` and is said `after`, and why."""

    id: Id
    meeting: Id
    what: str
    before: str
    after: str
    reason: str
    at: datetime
    by: Id


def may_restate(sitting: Sitting) -> None:
    """From closing on. Raises NothingToRestate."""
    if sitting.state not in ENDED:
        raise NothingToRestate
