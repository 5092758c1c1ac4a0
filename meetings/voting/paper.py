"""Secret ballots on paper: what the counting board writes down, and its arithmetic (domain.md 2.5).

A ballot on which nothing is marked is valid and gives nobody anything; so it is for one name on it with both boxes
or neither ticked (190-QĐ/TW, 10/10/2024, Điều 15, and 244-QĐ/TW, 09/06/2014, Điều 17).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id


@dataclass(frozen=True, kw_only=True, slots=True)
class Slate:
    """Whom one round of an election puts on the ballot, and how many are to be elected. Names by membership."""

    election: Id
    round: int
    seats: int
    candidates: tuple[tuple[Id, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperLine:
    """Ballots for and against one name; `member` is None where the ballot asks one question."""

    member: Id | None
    in_favour: int
    against: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Protocol:
    """What the counting board wrote down. `board`: the members who counted."""

    issued: int
    returned: int
    valid: int
    invalid: int
    blank: int
    lines: tuple[PaperLine, ...]
    board: tuple[Id, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperCount:
    """A protocol as typed in. The highest `sequence` holds."""

    protocol: Protocol
    by: Id
    at: datetime
    sequence: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Papers:
    """The ballots of a result. `board` by name."""

    issued: int
    returned: int
    valid: int
    invalid: int
    blank: int
    board: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class NameResult:
    """One name after counting. `tied`: reached the share, but stands level at the last seat."""

    member: Id
    name: str
    in_favour: int
    against: int
    elected: bool
    tied: bool


class PaperDoesNotAddUp(Conflict):
    """A protocol whose numbers contradict each other; a negative one among them."""

    code = "paper-does-not-add-up"
    message = "Các số trong biên bản kiểm phiếu chưa khớp nhau. Xin kiểm lại."


class TooManyIssued(PaperDoesNotAddUp):
    """Facts: issued, entitled."""

    code = "too-many-issued"
    message = "Phát ra {issued} phiếu nhưng chỉ có {entitled} đồng chí được bỏ phiếu có mặt."


class TooManyReturned(PaperDoesNotAddUp):
    """Facts: returned, issued."""

    code = "too-many-returned"
    message = "Thu về {returned} phiếu, nhiều hơn {issued} phiếu phát ra."


class NotSorted(PaperDoesNotAddUp):
    """Facts: valid, invalid, returned."""

    code = "ballots-not-sorted"
    message = "{valid} phiếu hợp lệ và {invalid} phiếu không hợp lệ không bằng {returned} phiếu thu về."


class TooManyForName(PaperDoesNotAddUp):
    """Facts: marked, valid."""

    code = "too-many-for-name"
    message = (
        "Một dòng có {marked} phiếu đồng ý và không đồng ý, nhiều hơn số phiếu hợp lệ có đánh dấu ({valid})."
    )


class TooManyMarks(PaperDoesNotAddUp):
    """Facts: marks, most."""

    code = "too-many-marks"
    message = "Tổng số phiếu đồng ý ({marks}) nhiều hơn mức có thể ({most})."


class OtherNames(PaperDoesNotAddUp):
    """The lines are not those of the ballot."""

    code = "other-names"
    message = "Biên bản kiểm phiếu phải có đúng các dòng trên phiếu, mỗi dòng một lần."


class NotOnBoard(Conflict):
    """A counting board is of members in the hall who are not on the ballot."""

    code = "not-on-board"
    message = "Ban kiểm phiếu gồm đảng viên có mặt và không có tên trên phiếu."


class NoPaperCount(Conflict):
    """A secret vote ends with the protocol of its counting board."""

    code = "no-paper-count"
    message = "Cần nhập kết quả kiểm phiếu trước khi kết thúc."


class SecretOnPaper(Conflict):
    """A secret vote takes no answers from devices, nor from the secretary for others."""

    code = "secret-on-paper"
    message = "Nội dung này bỏ phiếu kín bằng phiếu giấy tại hội trường, không gửi ý kiến qua máy."


def check_paper(count: Protocol, slate: Slate | None, entitled: int) -> None:
    """Raises a PaperDoesNotAddUp. `entitled`: members of the base in the hall, who alone get a ballot."""
    numbers = [count.issued, count.returned, count.valid, count.invalid, count.blank]
    if min(numbers + [n for line in count.lines for n in (line.in_favour, line.against)]) < 0:
        raise PaperDoesNotAddUp
    if count.issued > entitled:
        raise TooManyIssued(issued=count.issued, entitled=entitled)
    if count.returned > count.issued:
        raise TooManyReturned(returned=count.returned, issued=count.issued)
    if count.valid + count.invalid != count.returned:
        raise NotSorted(valid=count.valid, invalid=count.invalid, returned=count.returned)
    if count.blank > count.valid:
        raise PaperDoesNotAddUp
    _check_lines(count, slate)


def _check_lines(count: Protocol, slate: Slate | None) -> None:
    wanted = [None] if slate is None else [member for member, _ in slate.candidates]
    if sorted(str(line.member) for line in count.lines) != sorted(map(str, wanted)):
        raise OtherNames
    marked = count.valid - count.blank
    for line in count.lines:
        if line.in_favour + line.against > marked:
            raise TooManyForName(marked=line.in_favour + line.against, valid=marked)
    marks, most = sum(line.in_favour for line in count.lines), marked * (slate.seats if slate else 1)
    if marks > most:
        raise TooManyMarks(marks=marks, most=most)
