"""Pure words of people beside the roster: guests, and holders of passes (rules.md 2.5, 2.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from meetings.convening.rules import Mode, Sitting, State
from meetings.kernel.errors import Conflict, Forbidden, NotFound, NotSignedIn
from meetings.kernel.ids import Id

PASS_LIFE = timedelta(hours=12)
ROLL_STATES = frozenset({State.CONVENED, State.OPEN})
_OVER = frozenset({State.CLOSED, State.MINUTED, State.SIGNED, State.CANCELLED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """Somebody invited, or the superior's overseer; outside every base and rate. `by`: who wrote it down."""

    id: Id
    meeting: Id
    full_name: str
    comes_from: str
    overseer: bool
    by: Id
    at: datetime


class PassKind(StrEnum):
    """What a pass opens: a helper marks the roll and shows the hall code, a kiosk only shows the code."""

    HELPER = "helper"
    KIOSK = "kiosk"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pass:
    """A named, expiring pass for one meeting. Only the SHA-256 of its token is kept.

    `issued_by` is the person on whose behalf its holder acts. `revoked_at`: taken back before it expired.
    Times UTC.
    """

    id: Id
    meeting: Id
    kind: PassKind
    name: str
    token_hash: str
    issued_by: Id
    at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedPhone:
    """Members who share one phone in this meeting, declared by the secretary."""

    id: Id
    meeting: Id
    members: tuple[Id, ...]


class PassGone(NotSignedIn):
    """Unknown, expired, taken back, of another meeting, or the meeting is over."""

    code = "pass-gone"
    message = "Giấy giúp việc này không dùng được nữa. Xin bí thư cấp lại."


class NoSuchPass(NotFound):
    """No pass of that meeting."""

    code = "no-such-pass"
    message = "Không có giấy giúp việc này trong buổi họp."


class BeyondPass(Forbidden):
    """A pass is for marks and the hall code only."""

    code = "beyond-pass"
    message = "Giấy giúp việc chỉ dùng để điểm danh và hiện mã hội trường."


class NotShared(Forbidden):
    """A phone says that somebody arrived who was not declared to share it."""

    code = "not-shared"
    message = (
        "Bí thư chưa khai đồng chí này dùng chung máy với đồng chí. Xin bí thư khai, hoặc điểm danh giúp."
    )


class IdReused(Conflict):
    """The same client-made id came with another content."""

    code = "id-reused"
    message = "Mã gửi này đã dùng cho một nội dung khác."


class NoHall(Conflict):
    """An online session has no hall to be in."""

    code = "no-hall"
    message = "Buổi trực tuyến không có hội trường nên không điểm danh tại chỗ."


class NeedsCorrection(Conflict):
    """The confirmed roll says otherwise; changing it asks for a reason."""

    code = "needs-correction"
    message = "Điểm danh đã chốt. Muốn đổi, xin sửa điểm danh và ghi lý do."


class RollNotNow(Conflict):
    """The sitting is not yet convened, or it is over: then only a correction with a reason is possible."""

    code = "roll-not-now"
    message = "Chỉ điểm danh được từ lúc triệu tập đến lúc kết thúc buổi họp."


def check_pass(found: Pass | None, sitting: Sitting, now: datetime) -> Pass:
    """The pass, if it opens this sitting now. Raises PassGone."""
    if found is None or found.meeting != sitting.id or sitting.state in _OVER:
        raise PassGone
    if found.revoked_at is not None or now >= found.expires_at:
        raise PassGone
    return found


def check_roll_time(sitting: Sitting) -> None:
    """Raises NoHall, RollNotNow."""
    if sitting.mode is Mode.ONLINE:
        raise NoHall
    if sitting.state not in ROLL_STATES:
        raise RollNotNow


def on_behalf(helper: str, principal: str) -> str:
    """How an act through a pass is told (rules.md 2.6)."""
    return f"{helper} làm hộ {principal}"
