"""Pure rules of the act of opening and closing: parts, fee line, guests, what is missing, the next step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meetings.convening.rules import State
from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id


class NotPresent(Conflict):
    """Chair and recorder come from those present (rules.md 2.2)."""

    code = "part-not-present"
    message = "Chủ trì và thư ký phải là đảng viên đang có mặt."


class SamePerson(Conflict):
    """One person cannot both chair and record: two people sign the minutes."""

    code = "same-person"
    message = "Chủ trì và thư ký phải là hai đồng chí khác nhau."


class BadFeeLine(Invalid):
    """More have paid than are on the line, or a number is below zero."""

    code = "bad-fee-line"
    message = "Số đã nộp đảng phí phải từ 0 đến tổng số."


class ReadOutside(Invalid):
    """The minutes are read out and approved in the sitting itself, between its opening and its close."""

    code = "read-outside"
    message = "Giờ đọc lại biên bản phải nằm trong buổi họp, từ lúc khai mạc đến lúc kết thúc."


class NotReady(Conflict):
    """Something is missing before the sitting can be closed."""

    code = "not-ready-to-close"
    message = "Chưa kết thúc được buổi họp."


class RollNotConfirmed(NotReady):
    """The roll decides; it must have been confirmed (rules.md 2.1)."""

    code = "roll-not-confirmed"
    message = "Cần xác nhận điểm danh trước khi kết thúc."


class NamesUndecided(NotReady):
    """Nobody closes a sitting with undecided names (rules.md 2.4). `names`: how many."""

    code = "names-undecided"
    message = "Còn {names} đồng chí chưa rõ lý do vắng."


class NoChair(NotReady):
    """No chair was named."""

    code = "no-chair"
    message = "Chưa ghi ai chủ trì buổi họp."


class NoRecorder(NotReady):
    """No recorder was named."""

    code = "no-recorder"
    message = "Chưa ghi ai làm thư ký buổi họp."


class VoteOpen(NotReady):
    """A vote is still open. `votes`: how many."""

    code = "vote-open"
    message = "Còn {votes} biểu quyết chưa kết thúc."


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """Who chairs and who records this sitting (memberships). Roles of the sitting, not mandates."""

    chair: Id
    recorder: Id


@dataclass(frozen=True, kw_only=True, slots=True)
class FeeLine:
    """How many of how many have paid the party fee, as typed; no money is handled (rules.md 2.5)."""

    paid: int
    of: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Guest:
    """A guest or the superior's overseer; stands outside every base and rate."""

    full_name: str
    comes_from: str
    overseer: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class EndFacts:
    """What closing asks of attendance, voting and the sitting itself. Counts are of people and votes."""

    roll_confirmed: bool
    undecided: int
    open_votes: int
    chair: Id | None = None
    recorder: Id | None = None


class Step(StrEnum):
    """The five steps of the secretary's page (rules.md 5)."""

    CALL = "Báo họp"
    ROLL = "Điểm danh"
    MEET = "Họp"
    READ = "Đọc lại biên bản"
    SIGN = "Ký và gửi"


def name_parts(*, chair: Id, recorder: Id, present: Collection[Id]) -> Parts:
    """Chair and recorder named from those present. Raises NotPresent, SamePerson."""
    if chair == recorder:
        raise SamePerson
    if chair not in present or recorder not in present:
        raise NotPresent
    return Parts(chair=chair, recorder=recorder)


def fee_line(*, paid: int, of: int) -> FeeLine:
    """The fee line of the opening block. Raises BadFeeLine."""
    if not 0 <= paid <= of:
        raise BadFeeLine
    return FeeLine(paid=paid, of=of)


def read_inside(read_at: datetime, *, opened_at: datetime | None, until: datetime) -> datetime:
    """The moment at which the minutes were read out in the sitting; `until`: its close, now while it is open.
    Raises ReadOutside."""
    if opened_at is None or not opened_at <= read_at <= until:
        raise ReadOutside
    return read_at


def missing(facts: EndFacts) -> tuple[NotReady, ...]:
    """Everything that stands between this sitting and its close, in the order a secretary mends it."""
    found: list[NotReady] = []
    if not facts.roll_confirmed:
        found.append(RollNotConfirmed())
    if facts.undecided > 0:
        found.append(NamesUndecided(names=facts.undecided))
    if facts.chair is None:
        found.append(NoChair())
    if facts.recorder is None:
        found.append(NoRecorder())
    if facts.open_votes > 0:
        found.append(VoteOpen(votes=facts.open_votes))
    return tuple(found)


def may_end(facts: EndFacts) -> None:
    """Raises the first NotReady of `missing`."""
    for refusal in missing(facts):
        raise refusal


def next_step(state: State, *, roll_confirmed: bool) -> Step | None:
    """The one step the secretary's page shows; None when all is done or cancelled."""
    steps = {
        State.DRAFT: Step.CALL,
        State.CONVENED: Step.ROLL,
        State.OPEN: Step.MEET if roll_confirmed else Step.ROLL,
        State.CLOSED: Step.READ,
        State.MINUTED: Step.SIGN,
    }
    return steps.get(state)
