"""Pure words of the speakers' list: hands that are up, whose turn it is, how long somebody spoke.

No instrument rules the order; who has not spoken in this sitting yet comes first (a rule of this project).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from meetings.kernel.errors import Conflict, Forbidden, NotFound
from meetings.kernel.ids import Id

MOST_HANDS = 2000  # of one sitting, lowered ones too


class HandState(StrEnum):
    """A hand waits, then its member speaks and is done; or it is lowered before."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    DONE = "done"
    LOWERED = "lowered"


UP = frozenset({HandState.WAITING, HandState.SPEAKING})


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """Somebody's wish to speak. `member`: a membership, or, of a `guest`, who was written down as one; `number`: in
    the order of asking, from 1; `by`: the person who put it on the list; `item`: what was being discussed when they
    were called. Times UTC."""

    id: Id
    meeting: Id
    member: Id
    number: int
    by: Id
    asked_at: datetime
    state: HandState = HandState.WAITING
    item: Id | None = None
    called_at: datetime | None = None
    ended_at: datetime | None = None
    guest: bool = False


class NoSuchHand(NotFound):
    """Not on any list that the asker may see."""

    code = "no-such-hand"
    message = "Không tìm thấy lượt phát biểu này."


class HandDiffers(Conflict):
    """The same id was used for somebody else, or in another sitting."""

    code = "hand-differs"
    message = "Mã này đã dùng cho một lượt phát biểu khác."


class HandDown(Conflict):
    """It is not waiting any more."""

    code = "hand-down"
    message = "Lượt phát biểu này đã xong hoặc đã hạ tay."


class NotSpeaking(Conflict):
    """Only who has the floor can end."""

    code = "not-speaking"
    message = "Đồng chí này chưa được mời phát biểu."


class MayNotSpeak(Forbidden):
    """Only who is called to the sitting, or is its guest, is put on its list."""

    code = "may-not-speak"
    message = "Chỉ đảng viên được triệu tập và khách dự buổi họp mới được ghi vào danh sách phát biểu."


class TooManyHands(Conflict):
    """More than one sitting can hold."""

    code = "too-many-hands"
    message = "Danh sách phát biểu đã đầy."


def put_up(hands: Sequence[Hand], new: Hand) -> Hand:
    """The hand as it then stands: the one sent before under this id, the one that is up already, or the new
    one with its number. Raises HandDiffers, TooManyHands."""
    for one in hands:
        if one.id == new.id:
            if one.member != new.member:
                raise HandDiffers
            return one
    if standing := up_of(hands, new.member):
        return standing
    if len(hands) >= MOST_HANDS:
        raise TooManyHands
    return replace(new, number=max((one.number for one in hands), default=0) + 1)


def up_of(hands: Sequence[Hand], member: Id) -> Hand | None:
    """The member's hand that is up: waiting or speaking."""
    return next((one for one in hands if one.member == member and one.state in UP), None)


def in_turn(hands: Sequence[Hand]) -> tuple[Hand, ...]:
    """Who waits, in the order in which they should be called: first who has not spoken yet, then as asked."""
    before = {one.member for one in hands if one.state is HandState.DONE}
    waiting = [one for one in hands if one.state is HandState.WAITING]
    return tuple(sorted(waiting, key=lambda one: (one.member in before, one.number)))


def speaking(hands: Sequence[Hand]) -> Hand | None:
    """Who has the floor."""
    return next((one for one in hands if one.state is HandState.SPEAKING), None)


def call(hands: Sequence[Hand], hand: Id, item: Id | None, now: datetime) -> tuple[Hand, ...]:
    """What changes when this one is given the floor: whoever had it ends. Nothing where they have it already.

    Anybody who waits may be called: the order is advice to the chair. Raises NoSuchHand, HandDown.
    """
    wanted = hand_of(hands, hand)
    if wanted.state is HandState.SPEAKING:
        return ()
    _check_waiting(wanted)
    called = replace(wanted, state=HandState.SPEAKING, called_at=now, item=item)
    return (*end(hands, now), called)


def end(hands: Sequence[Hand], now: datetime) -> tuple[Hand, ...]:
    """Whoever has the floor, done; nothing where nobody has it."""
    had = speaking(hands)
    return (_done(had, now),) if had else ()


def finish(hands: Sequence[Hand], hand: Id, now: datetime) -> tuple[Hand, ...]:
    """The hand, done; nothing where it was done before. Raises NoSuchHand, NotSpeaking."""
    wanted = hand_of(hands, hand)
    if wanted.state is HandState.DONE:
        return ()
    if wanted.state is not HandState.SPEAKING:
        raise NotSpeaking
    return (_done(wanted, now),)


def lower(hands: Sequence[Hand], hand: Id) -> tuple[Hand, ...]:
    """The hand, lowered; nothing where it was lowered before. Raises NoSuchHand, HandDown."""
    wanted = hand_of(hands, hand)
    if wanted.state is HandState.LOWERED:
        return ()
    _check_waiting(wanted)
    return (replace(wanted, state=HandState.LOWERED),)


def hand_of(hands: Sequence[Hand], hand: Id) -> Hand:
    """Raises NoSuchHand."""
    for one in hands:
        if one.id == hand:
            return one
    raise NoSuchHand


def seconds_used(hand: Hand, now: datetime) -> int:
    """How long they have spoken, in whole seconds; never below nothing, whatever a clock was set to."""
    if hand.called_at is None:
        return 0
    return max(0, int(((hand.ended_at or now) - hand.called_at).total_seconds()))


def who_spoke(hands: Sequence[Hand], item: Id | None) -> tuple[Id, ...]:
    """Members who had the floor on an item, each once, in the order of their first turn."""
    turns = [(one.called_at, one.number, one.member) for one in hands if one.called_at and one.item == item]
    return tuple(dict.fromkeys(member for _, _, member in sorted(turns)))


def _done(hand: Hand, now: datetime) -> Hand:
    ended = max(now, hand.called_at) if hand.called_at else now
    return replace(hand, state=HandState.DONE, ended_at=ended)


def _check_waiting(hand: Hand) -> None:
    if hand.state is not HandState.WAITING:
        raise HandDown
