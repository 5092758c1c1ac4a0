"""Pure rules of telling people: who is called and how, whom to ring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meetings.committees.rules import Category
from meetings.kernel.errors import Conflict, Invalid, NotFound
from meetings.kernel.ids import Id, derived_id
from meetings.kernel.text import name_key


class NoticeKind(StrEnum):
    """What a notice is about."""

    CONVOCATION = "convocation"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDER = "reminder"
    RESULTS_DUE = "results_due"
    RESULTS_LATE = "results_late"
    RESULTS_ABOVE = "results_above"  # the same, to the overseer


class Channel(StrEnum):
    """How a person was told. The first four are acts of people, recorded by them (rules.md 2.3)."""

    ZALO_TEXT = "zalo_text"
    LETTER = "letter"
    PHONE_CALL = "phone_call"
    BY_WORD = "in_person"
    APP = "app"


class RingReason(StrEnum):
    """Why somebody should be rung up."""

    NO_SMARTPHONE = "no_smartphone"
    NO_ACCOUNT = "no_account"


class NotConvoked(Conflict):
    """A suspended member is neither convoked nor admitted (rules.md 2.3)."""

    code = "suspended-not-convoked"
    message = "Đảng viên đang bị đình chỉ sinh hoạt thì không triệu tập."


class ReasonToLeaveOut(Invalid):
    """Leaving out an entitled member asks for a reason."""

    code = "reason-to-leave-out"
    message = "Không triệu tập một đảng viên thuộc diện dự họp thì phải ghi lý do."


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One message in the outbox. `key` makes a second writing of the same harmless; `to` is a membership or,
    for the overseer, a person. `subject` is mostly the sitting. Times aware UTC."""

    key: Id
    cell: Id
    subject: Id
    to: Id
    kind: NoticeKind
    text: str
    due_at: datetime
    sent_at: datetime | None = None
    tries: int = 0
    read_at: datetime | None = None


class NoSuchNotice(NotFound):
    """Not a notice to the asker."""

    code = "no-such-notice"
    message = "Không có tin báo này."


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How a convoked member can be reached. `told_by_voice`: rung or told in person already."""

    member: Id
    full_name: str
    phone: str | None
    smartphone: bool
    has_account: bool
    told_by_voice: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ToRing:
    """One line of "ai cần gọi điện"; `phone` None: somebody must go there."""

    member: Id
    full_name: str
    phone: str | None
    reason: RingReason


def notice_key(subject: Id, to: Id, kind: NoticeKind, edition: str = "") -> Id:
    """The same for the same sitting, recipient and kind. `edition` tells several moves apart."""
    return derived_id("notice", subject, to, kind.value, edition)


def may_convoke(category: Category) -> None:
    """Raises NotConvoked for a suspended member."""
    if category is Category.SUSPENDED:
        raise NotConvoked


def may_leave_out(category: Category, reason: str) -> None:
    """Raises ReasonToLeaveOut where an entitled member is left out without one."""
    if category is not Category.SUSPENDED and not reason.strip():
        raise ReasonToLeaveOut


def to_ring(people: Iterable[Reach]) -> tuple[ToRing, ...]:
    """The list "ai cần gọi điện", by name."""
    found = (
        ToRing(member=one.member, full_name=one.full_name, phone=one.phone, reason=reason)
        for one in people
        if (reason := _ring_reason(one)) is not None
    )
    return tuple(sorted(found, key=lambda line: (name_key(line.full_name), line.member)))


def _ring_reason(one: Reach) -> RingReason | None:
    if one.told_by_voice:
        return None
    if not one.smartphone:
        return RingReason.NO_SMARTPHONE
    return None if one.has_account else RingReason.NO_ACCOUNT


def ring_word(reason: RingReason) -> str:
    """The reason as the secretary reads it."""
    return {
        RingReason.NO_SMARTPHONE: "không dùng điện thoại thông minh",
        RingReason.NO_ACCOUNT: "chưa mở đường dẫn của mình",
    }[reason]


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """Notices that are due and unsent, since when, those given up; and whether anybody sends any."""

    sends: bool
    count: int
    since: datetime | None
    given_up: int
