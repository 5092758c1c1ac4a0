"""Pure: secret ballots on devices (rules.md 3.6, signing.md 4): phases, what a result may tell, refusals."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from meetings.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from meetings.kernel.ids import Id
from meetings.voting.rules import Choice, Tally

FEWEST = 5  # with fewer ballots the numbers alone tell who said what (signing.md 4.5)
SEALING = timedelta(seconds=10)  # to write what was held when casting ended
GATHERING = timedelta(seconds=3)  # until every worker has written it: counting waits so long
FEWEST_FOR_MAJORITY = 3  # with two ballots the majority is as good as the numbers


class Phase(StrEnum):
    """Only forward. Issuing ends before casting begins, so that the two orders have nothing in common."""

    ISSUING = "issuing"
    CASTING = "casting"
    CLOSED = "closed"
    SET_ASIDE = "set_aside"  # the meeting took to paper instead


class Mark(StrEnum):
    """A choice as it travels and is kept: one letter each, so that no length tells them apart."""

    FOR = "f"
    AGAINST = "a"
    NONE = "n"

    @property
    def choice(self) -> Choice:
        """As everywhere else."""
        return _CHOICES[self]


_CHOICES = {Mark.FOR: Choice.FOR, Mark.AGAINST: Choice.AGAINST, Mark.NONE: Choice.ABSTAIN}


@dataclass(frozen=True, kw_only=True, slots=True)
class Secrecy:
    """A secret question beside its vote. `modulus` and its SHA-256 are public; the private key is not here."""

    vote: Id
    phase: Phase
    modulus: str
    key: str
    issued: int
    received: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """A ballot: nothing in it leads to a member. `serial`, `prefix`, `signature` are hex, as the phone made them."""

    vote: Id
    serial: str
    prefix: str
    signature: str
    mark: Mark

    @property
    def message(self) -> bytes:
        """What the signature covers: the random prefix, then the serial (RFC 9474, 4.1)."""
        return bytes.fromhex(self.prefix) + bytes.fromhex(self.serial)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A line of the list shown in the room: the hash of a serial, and what it said."""

    receipt: str
    mark: Mark


def receipt_of(serial: str) -> str:
    """SHA-256 of the serial, in hex: who has the serial finds the line, who has the line learns no serial."""
    return hashlib.sha256(bytes.fromhex(serial)).hexdigest()


def code_of(key: str) -> str:
    """Twelve digits of a key's fingerprint, for people to compare: the room's screen and every phone show the same."""
    digits = f"{int(key[:24], 16) % 10**12:012}"
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


def count(marks: Iterable[Mark]) -> Tally:
    """In any order."""
    found = Counter(mark.choice for mark in marks)
    return Tally(in_favour=found[Choice.FOR], against=found[Choice.AGAINST], abstain=found[Choice.ABSTAIN])


def exposes(counted: Tally) -> bool:
    """Whether the numbers tell what somebody said: too few ballots, or all alike."""
    return counted.total < FEWEST or counted.total in {counted.in_favour, counted.against, counted.abstain}


def majority(counted: Tally) -> bool | None:
    """Whether more than half of the ballots are in favour; None where that would tell as much as the numbers."""
    return None if counted.total < FEWEST_FOR_MAJORITY else 2 * counted.in_favour > counted.total


def may_count(secrecy: Secrecy, now: datetime, deadline: datetime | None) -> None:
    """Raises NotCasting before casting, StillGathering while ballots may be on their way to the table."""
    if secrecy.phase is not Phase.CASTING:
        raise NotCasting
    over = deadline is not None and now >= deadline + GATHERING
    if not over and secrecy.received < secrecy.issued:
        raise StillGathering


def in_time(now: datetime, deadline: datetime | None) -> bool:
    """Whether a ballot that arrives now is taken."""
    return deadline is not None and now < deadline


class SecretDeviceOff(Conflict):
    """No committee has enabled it by a dated decision (rules.md 3.6)."""

    code = "secret-device-off"
    message = (
        "Bỏ phiếu kín trên máy chưa được bật: cần quyết định có số và ngày của cấp ủy. "
        "Đồng chí có thể bỏ phiếu kín bằng phiếu giấy."
    )


class SecretDeviceForbidden(Conflict):
    """Statutory matters, and people outside the hall, never. Facts: citation."""

    code = "secret-device-forbidden"
    message = (
        "Nội dung này không được bỏ phiếu kín trên máy. Căn cứ: {citation}. "
        "Bỏ phiếu kín bằng phiếu giấy tại buổi họp trực tiếp."
    )


class NoSuchSecretVote(NotFound):
    """No such vote, or not a secret one on devices."""

    code = "no-such-secret-vote"
    message = "Không tìm thấy nội dung bỏ phiếu kín này."


class NotIssuing(Conflict):
    """Ballots are given out only before casting begins."""

    code = "not-issuing"
    message = "Đã hết lúc nhận phiếu. Đồng chí chưa nhận phiếu thì xin bỏ phiếu giấy."


class NotCasting(Conflict):
    """Before casting began, or after it ended."""

    code = "not-casting"
    message = "Chưa đến lúc bỏ phiếu, hoặc đã hết giờ bỏ phiếu."


class StillGathering(Conflict):
    """Casting is going on, or ended a moment ago."""

    code = "still-gathering"
    message = "Đang thu phiếu. Xin kết thúc bỏ phiếu, chờ vài giây rồi kiểm phiếu."


class NobodyIssued(Conflict):
    """Casting would begin without a single ballot."""

    code = "nobody-issued"
    message = "Chưa có đồng chí nào nhận phiếu."


class AnotherBlinded(Conflict):
    """A member gets one ballot; this request came with another number than the first."""

    code = "another-blinded"
    message = "Đồng chí đã nhận phiếu trên một máy khác. Mỗi đồng chí chỉ có một phiếu."


class NotForThisHall(Forbidden):
    """Only members of the base in the hall get a ballot."""

    code = "not-for-this-hall"
    message = "Phiếu kín trên máy chỉ dành cho đồng chí được biểu quyết có mặt tại hội trường."


class CastWithName(Forbidden):
    """A ballot came with a cookie, which names somebody; nothing of it was kept."""

    code = "cast-with-name"
    message = "Phiếu kín phải gửi không kèm đăng nhập. Phiếu chưa được nhận."


class BadToken(Invalid):
    """The signature is none of this question's key."""

    code = "bad-token"
    message = "Phiếu này không hợp lệ."


class TokenUsed(Conflict):
    """The same token came with another choice; the first stands."""

    code = "token-used"
    message = "Phiếu này đã dùng cho một lựa chọn khác."


class Withheld(Conflict):
    """A list would tell what somebody said."""

    code = "withheld"
    message = (
        "Số phiếu quá ít hoặc giống nhau hết nên không nêu chi tiết, để giữ kín ý kiến của từng đồng chí."
    )


class OnlyInTheRoom(Conflict):
    """The list is shown while the meeting is open, after counting."""

    code = "only-in-the-room"
    message = "Danh sách phiếu chỉ được xem tại phòng họp, sau khi kiểm phiếu."


class CastAlready(Conflict):
    """Ballots are in, so the question is counted and not set aside."""

    code = "cast-already"
    message = "Đã có phiếu được ghi nên không chuyển sang phiếu giấy được nữa; xin kết thúc để kiểm phiếu."
