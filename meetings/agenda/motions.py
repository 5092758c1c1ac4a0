"""Pure: the wording of a draft resolution, and what members move: amendments to it, or motions in words.

Wordings are numbered from 1 within their item. An amendment is written against one of them; when the draft has
another wording by then it is stale, and only a person can say what it should mean now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meetings.agenda.difference import Piece, difference, in_words
from meetings.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from meetings.kernel.ids import Id

MOST_LETTERS = 8000  # of a wording
MOST_OF_MOTION = 2000  # of a motion in words, and of a reason
MOST_MOTIONS = 200  # of one sitting
MOST_OF_ONE = 20  # of one member in one sitting
MOST_WORDINGS = 300  # of one item


class MotionKind(StrEnum):
    """What is moved: another wording of the draft, or something in words."""

    AMENDMENT = "amendment"
    WORDS = "words"


class MotionState(StrEnum):
    """Moved, perhaps put to the vote, then decided once; who moved may take it back before."""

    PROPOSED = "proposed"
    VOTING = "voting"
    ACCEPTED = "accepted"  # by the meeting, without a vote
    REJECTED = "rejected"
    ADOPTED = "adopted"  # by a vote
    DEFEATED = "defeated"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"  # moved anew against the draft as it then stood

    @property
    def pending(self) -> bool:
        """Whether it still waits for a decision."""
        return self in {MotionState.PROPOSED, MotionState.VOTING}

    @property
    def taken_up(self) -> bool:
        """Whether the meeting agreed to it."""
        return self in {MotionState.ACCEPTED, MotionState.ADOPTED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The draft's text as it stood from then on. `motion`: the amendment it comes from, None where the secretary
    wrote it. Empty: there is no draft any more."""

    id: Id
    meeting: Id
    item: Id
    number: int
    text: str
    by: Id
    at: datetime
    motion: Id | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Motion:
    """What a member moved. `number`: in the sitting, from 1; `against`: the wording an amendment was written against
    (its number); `text`: the new wording, or the motion's words; `by`: who wrote it down; `replaces`: one before it."""

    id: Id
    meeting: Id
    item: Id | None
    member: Id
    number: int
    kind: MotionKind
    against: int | None
    text: str
    reason: str
    by: Id
    at: datetime
    replaces: Id | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What became of a motion, when, written down by whom; counted from 1. `vote`: where it was put to one."""

    id: Id
    motion: Id
    sequence: int
    state: MotionState
    by: Id
    at: datetime
    vote: Id | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Moved:
    """A motion and what became of it."""

    motion: Motion
    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> MotionState:
        """As it stands."""
        return self.steps[-1].state if self.steps else MotionState.PROPOSED

    @property
    def vote(self) -> Id | None:
        """The vote it was last put to."""
        return next((one.vote for one in reversed(self.steps) if one.vote), None)


class NoSuchMotion(NotFound):
    """Not a motion of a sitting that the asker may see."""

    code = "no-such-motion"
    message = "Không tìm thấy đề nghị này."


class MotionDiffers(Conflict):
    """The same id came with something else."""

    code = "motion-differs"
    message = "Mã này đã dùng cho một đề nghị hoặc một bản dự thảo khác."


class MotionDecided(Conflict):
    """What was decided or taken back stays so."""

    code = "motion-decided"
    message = "Đề nghị này đã có kết quả hoặc đã rút."


class MotionVoting(Conflict):
    """While the meeting votes, nobody else decides."""

    code = "motion-voting"
    message = "Đề nghị này đang được biểu quyết. Xin kết thúc biểu quyết trước."


class DraftMoved(Conflict):
    """The draft has another wording than the one in hand: a person must look at both."""

    code = "draft-moved"
    message = "Dự thảo đã đổi từ lúc đồng chí mở ra. Xin xem bản hiện nay rồi viết lại trên bản đó."


class NoDraft(Conflict):
    """There is nothing to amend."""

    code = "no-draft"
    message = "Nội dung này chưa có dự thảo để sửa. Đồng chí có thể đề nghị bằng lời."


class NothingChanged(Invalid):
    """An amendment that leaves the draft as it is, or a motion without words."""

    code = "nothing-changed"
    message = "Đề nghị chưa có gì khác với dự thảo. Xin sửa chỗ cần sửa rồi gửi."


class DraftVoting(Conflict):
    """While an amendment is voted on, the draft stays as it is."""

    code = "draft-voting"
    message = "Đang biểu quyết một đề nghị sửa dự thảo này. Xin kết thúc biểu quyết trước."


class MayNotMove(Forbidden):
    """Only who is called to the sitting moves something in it."""

    code = "may-not-move"
    message = "Chỉ đảng viên được triệu tập dự buổi họp mới nêu đề nghị."


class TooManyMotions(Conflict):
    """More than one sitting, one member or one draft can hold."""

    code = "too-many-motions"
    message = "Buổi họp này đã có quá nhiều đề nghị hoặc bản dự thảo."


class OnlyNoted(Conflict):
    """A supplement has opinions and no verdict (rules.md 3.2)."""

    code = "only-noted"
    message = "Buổi bổ trợ chỉ ghi lại đề nghị. Việc quyết định để ở buổi họp trực tiếp."


def wording_of(wordings: Sequence[Wording], item: Id) -> Wording | None:
    """The draft of an item as it stands; None where there is none, or none any more."""
    found = [one for one in wordings if one.item == item]
    last = max(found, key=lambda one: one.number, default=None)
    return last if last and last.text else None


def next_wording(wordings: Sequence[Wording], new: Wording, after: int) -> Wording:
    """`new` as it will be kept: written over wording `after` (0: the first). Sent again it is what was kept.

    Raises MotionDiffers, DraftMoved, TooManyMotions.
    """
    for one in wordings:
        if one.id == new.id:
            if (one.item, one.text, one.number) != (new.item, new.text, after + 1):
                raise MotionDiffers
            return one
    last = max((one.number for one in wordings if one.item == new.item), default=0)
    if last != after:
        raise DraftMoved
    if last >= MOST_WORDINGS:
        raise TooManyMotions
    return new


def check_new(moved: Sequence[Moved], wordings: Sequence[Wording], new: Motion) -> None:
    """Raises NothingChanged, NoDraft, DraftMoved, TooManyMotions."""
    mine = [one for one in moved if one.motion.member == new.member]
    if len(moved) >= MOST_MOTIONS or len(mine) >= MOST_OF_ONE:
        raise TooManyMotions
    if new.kind is MotionKind.WORDS:
        if not new.text:
            raise NothingChanged
        return
    draft = wording_of(wordings, new.item) if new.item else None
    if draft is None:
        raise NoDraft
    if draft.number != new.against:
        raise DraftMoved
    if not new.text or draft.text == new.text:
        raise NothingChanged


def same_again(before: Motion, new: Motion) -> bool:
    """Whether it is the same sent again. Raises MotionDiffers for another one under its id."""
    told = (
        (one.meeting, one.item, one.member, one.kind, one.against, one.text, one.reason, one.replaces)
        for one in (before, new)
    )
    if next(told) != next(told):
        raise MotionDiffers
    return True


def stale(motion: Motion, wordings: Sequence[Wording]) -> bool:
    """Whether the draft has another wording than the one an amendment was written against."""
    if motion.kind is not MotionKind.AMENDMENT or motion.item is None:
        return False
    draft = wording_of(wordings, motion.item)
    return draft is None or draft.number != motion.against


def changes(motion: Motion, wordings: Sequence[Wording]) -> tuple[Piece, ...]:
    """What an amendment takes out and puts in, against the wording it was written against; else nothing."""
    was = [one for one in wordings if one.item == motion.item and one.number == motion.against]
    return difference(was[0].text, motion.text) if was else ()


def spoken(motion: Motion, wordings: Sequence[Wording]) -> str:
    """What is moved, in one sentence: the changes, or its words."""
    if motion.kind is MotionKind.WORDS:
        return " ".join(motion.text.split())
    return f"Sửa dự thảo: {in_words(changes(motion, wordings))}"


def may_decide(one: Moved, wordings: Sequence[Wording], to: MotionState) -> bool:
    """Whether there is something to write down; False where it already stands so.

    Raises MotionDecided, MotionVoting, DraftMoved where a stale amendment would be agreed to.
    """
    if one.state is to:
        return False
    if one.state is MotionState.VOTING:
        raise MotionVoting
    if not one.state.pending:
        raise MotionDecided
    if (to.taken_up or to is MotionState.VOTING) and stale(one.motion, wordings):
        raise DraftMoved
    return True


def check_not_voting(moved: Sequence[Moved], item: Id | None) -> None:
    """Raises DraftVoting: a draft stays as it is while an amendment to it is voted on."""
    for one in moved:
        amends = one.motion.kind is MotionKind.AMENDMENT and one.motion.item == item
        if amends and one.state is MotionState.VOTING:
            raise DraftVoting


def motion_of(moved: Sequence[Moved], motion: Id) -> Moved:
    """Raises NoSuchMotion."""
    for one in moved:
        if one.motion.id == motion:
            return one
    raise NoSuchMotion
