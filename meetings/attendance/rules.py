"""Pure words of attendance: evidence, what it folds into, leave and absence (rules.md 2).

Evidence is append-only and never edited; attendance is computed from it by `fold.fold`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from meetings.kernel.errors import Conflict, Invalid
from meetings.kernel.ids import Id
from meetings.rooms.rules import Seat


class Source(StrEnum):
    """Where a piece of evidence comes from."""

    WEBHOOK = "webhook"
    POLL = "poll"
    HEARTBEAT = "heartbeat"
    HALL_QR = "hall_qr"
    KIOSK = "kiosk"
    ROLL_CALL = "roll_call"
    CORRECTION = "correction"


MACHINES = frozenset({Source.WEBHOOK, Source.POLL, Source.HEARTBEAT})
SCANS = frozenset({Source.HALL_QR, Source.KIOSK})
ROLLS = frozenset({Source.ROLL_CALL, Source.CORRECTION})


class EvidenceKind(StrEnum):
    """What it says. The sources that may say it stand in `SAYS`."""

    JOINED = "joined"
    LEFT = "left"
    SEEN = "seen"  # connected at `at`, or all the time from `at` to `until`
    LISTED = "listed"  # a complete list of the room: who is not in `seats` was not there
    ROOM_ENDED = "room_ended"
    SCANNED = "scanned"
    PRESENT = "present"
    ABSENT = "absent"
    LATE = "late"  # present in the hall since `at`
    LEFT_EARLY = "left_early"  # was in the hall, left it at `at`
    CONFIRMED = "confirmed"  # the whole roll, by the secretary; no member


_ROLL_KINDS = frozenset(
    {EvidenceKind.PRESENT, EvidenceKind.ABSENT, EvidenceKind.LATE, EvidenceKind.LEFT_EARLY}
)
SAYS: dict[Source, frozenset[EvidenceKind]] = {
    Source.WEBHOOK: frozenset({EvidenceKind.JOINED, EvidenceKind.LEFT, EvidenceKind.ROOM_ENDED}),
    Source.POLL: frozenset({EvidenceKind.LISTED}),
    Source.HEARTBEAT: frozenset({EvidenceKind.SEEN}),
    Source.HALL_QR: frozenset({EvidenceKind.SCANNED}),
    Source.KIOSK: frozenset({EvidenceKind.SCANNED}),
    Source.ROLL_CALL: _ROLL_KINDS | {EvidenceKind.CONFIRMED},
    Source.CORRECTION: _ROLL_KINDS,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One fact about one meeting. All times aware, UTC.

    `at` is when it happened in domain time and alone decides; `received_at` and `device_at` are kept for
    auditors. `since` is the media server's own joined_at of that connection. `until` lets heartbeats of one
    connection share a row. `sequence` orders the secretary's marks (roll and corrections share one counter).
    """

    id: Id
    meeting: Id
    source: Source
    kind: EvidenceKind
    at: datetime
    received_at: datetime
    member: Id | None = None
    participant_sid: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    seats: tuple[Seat, ...] = ()
    device_at: datetime | None = None
    by: Id | None = None
    reason: str | None = None
    sequence: int = 0


@dataclass(frozen=True, order=True, slots=True)
class Interval:
    """From `since` up to, not including, `until`; None means still going on."""

    since: datetime
    until: datetime | None

    def covers(self, moment: datetime) -> bool:
        """Whether the moment lies inside."""
        return self.since <= moment and (self.until is None or moment < self.until)


class Channel(StrEnum):
    """Where a member took part. Only a confirmed roll makes hall or both."""

    NONE = "none"
    HALL = "hall"
    ONLINE = "online"
    BOTH = "both"


class Finding(StrEnum):
    """How pieces of evidence disagree; listed, never silently resolved (rules.md 2.1)."""

    SCANNED_BUT_MARKED_ABSENT = "scanned_but_marked_absent"
    SCANNED_NOT_CONFIRMED = "scanned_not_confirmed"
    CORRECTED = "corrected"
    BANNED_BUT_SEEN = "banned_but_seen"
    SUSPENDED_BUT_SEEN = "suspended_but_seen"
    MARKED_WITHOUT_HALL = "marked_without_hall"

    @property
    def text(self) -> str:
        """One Vietnamese line for the secretary and the auditor."""
        return _FINDINGS[self]


_FINDINGS = {
    Finding.SCANNED_BUT_MARKED_ABSENT: "Có quét mã tại hội trường nhưng điểm danh ghi vắng; theo điểm danh.",
    Finding.SCANNED_NOT_CONFIRMED: "Có quét mã sau khi chốt điểm danh, chưa được xác nhận.",
    Finding.CORRECTED: "Điểm danh đã được sửa sau khi chốt.",
    Finding.BANNED_BUT_SEEN: "Đã được mời ra khỏi phòng nhưng vẫn thấy kết nối; không tính.",
    Finding.SUSPENDED_BUT_SEEN: "Đang đình chỉ sinh hoạt nhưng có dấu hiệu tham dự; không tính.",
    Finding.MARKED_WITHOUT_HALL: "Được điểm danh có mặt trong buổi không có hội trường; không tính.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Disagreement:
    """One finding with the evidence it rests on, in a stable order."""

    finding: Finding
    evidence: tuple[Id, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberAttendance:
    """What the evidence says about one member. Times inside the sitting, UTC.

    `scanned` is evidence for the hall, not presence; `hall_confirmed` is presence. `late` and `left_early`
    speak of the hall for those confirmed there, otherwise of the connection.
    """

    member: Id
    hall_confirmed: bool = False
    scanned: bool = False
    hall: Interval | None = None
    online: tuple[Interval, ...] = ()
    late: bool = False
    left_early: bool = False
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def channel(self) -> Channel:
        """Hall, online, both or none."""
        if self.hall_confirmed:
            return Channel.BOTH if self.online else Channel.HALL
        return Channel.ONLINE if self.online else Channel.NONE


class Reason(StrEnum):
    """Why somebody is absent: short choices (rules.md 2.4)."""

    ILL = "ill"
    ON_DUTY = "on_duty"
    WORKING_AWAY = "working_away"
    FAMILY = "family"
    OTHER = "other"

    @property
    def text(self) -> str:
        """As people read it."""
        return _REASONS[self]


_REASONS = {
    Reason.ILL: "ốm đau",
    Reason.ON_DUTY: "công tác",
    Reason.WORKING_AWAY: "đi làm xa",
    Reason.FAMILY: "việc gia đình",
    Reason.OTHER: "khác",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveRequest:
    """Somebody asks leave, or the secretary writes down a call (`by` differs from the member's person). `starts_at`: of
    the sitting at that moment; what is said is about that start."""

    id: Id
    meeting: Id
    member: Id
    reason: Reason
    note: str
    by: Id
    at: datetime
    starts_at: datetime


class Decision(StrEnum):
    """What the secretary decided about an absence."""

    EXCUSED = "excused"
    UNEXCUSED = "unexcused"


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveDecision:
    """Append-only; the highest `sequence` of a member in a meeting holds, of those about one start."""

    id: Id
    meeting: Id
    member: Id
    decision: Decision
    reason: Reason | None
    by: Id
    at: datetime
    starts_at: datetime
    sequence: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Contest:
    """The member asks to look again at the decision with that sequence."""

    id: Id
    meeting: Id
    member: Id
    against: int
    note: str
    at: datetime


class AbsenceState(StrEnum):
    """Undecided until the secretary decides; some members need no reason at all."""

    UNDECIDED = "undecided"
    EXCUSED = "excused"
    UNEXCUSED = "unexcused"
    NOT_REQUIRED = "not_required"


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """Where one absent member stands. `asked_before`: leave was asked for this other start only, before the sitting was
    moved."""

    member: Id
    state: AbsenceState
    reason: Reason | None = None
    asked: bool = False
    contested: bool = False
    asked_before: datetime | None = None


class BadEvidence(Invalid):
    """A source that cannot say this, or a fact without what it needs."""

    code = "bad-evidence"
    message = "Dữ liệu điểm danh gửi lên chưa đúng."


class NothingToContest(Conflict):
    """There is no decision of absence without reason to look at again."""

    code = "nothing-to-contest"
    message = "Chưa có quyết định nào để đề nghị xem lại."


class RollNotConfirmed(Conflict):
    """The roll must be confirmed by the secretary before this."""

    code = "roll-not-confirmed"
    message = "Cần chốt điểm danh trước."


class AbsencesUndecided(Conflict):
    """Nobody closes a sitting with undecided names (rules.md 2.4). Fact: how many."""

    code = "absences-undecided"
    message = (
        "Còn {count} đồng chí chưa rõ lý do vắng. Xin chọn có lý do hoặc không có lý do trước khi kết thúc."
    )


def check_evidence(evidence: Evidence) -> None:
    """Raises BadEvidence: every store and door asks this before it keeps a row."""
    if evidence.kind not in SAYS[evidence.source] or not _complete(evidence):
        raise BadEvidence
    if evidence.until is not None and evidence.until < evidence.at:
        raise BadEvidence


def _complete(evidence: Evidence) -> bool:
    if evidence.source in ROLLS and (evidence.by is None or evidence.sequence < 1):
        return False
    if evidence.source is Source.CORRECTION and not evidence.reason:
        return False
    if evidence.kind in {EvidenceKind.LISTED, EvidenceKind.ROOM_ENDED, EvidenceKind.CONFIRMED}:
        return evidence.member is None
    if evidence.source in MACHINES:
        return evidence.participant_sid is not None
    return evidence.member is not None
