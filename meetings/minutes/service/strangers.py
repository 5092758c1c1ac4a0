"""Files that anybody brings to be verified: read once, judged apart, kept nowhere."""

from __future__ import annotations

from asyncio import Semaphore

from meetings.kernel.errors import Busy, Invalid
from meetings.kernel.ids import Id
from meetings.minutes.apart import Bounds, judge
from meetings.minutes.listed import Listed
from meetings.minutes.service.house import MinutesService
from meetings.minutes.verification import Report, signed_by_hand
from meetings.minutes.work import Known

MOST_FILE = 4 * 1024 * 1024  # bytes; signed minutes of a large cell have a tenth of it
_BEGINS = b"%PDF-"
_HEAD = 1024  # readers look for the beginning that far into a file
_AT_ONCE, _WAITING = 1, 4


class NotAPdf(Invalid):
    """Another kind of file, or none."""

    code = "not-a-pdf"
    message = "Xin chọn tệp biên bản PDF, chính tệp đã ký. Ảnh chụp hay tệp Word thì máy không kiểm tra được."


class FileTooLarge(Invalid):
    """Larger than signed minutes ever are."""

    code = "file-too-large"
    message = "Tệp lớn quá {most} MB nên máy không nhận. Biên bản do phần mềm lập nhỏ hơn nhiều."


class VerifierBusy(Busy):
    """Too many files wait already."""

    code = "verifier-busy"
    message = "Đang có nhiều tệp chờ kiểm tra. Xin chờ khoảng một phút rồi gửi lại."


class OpenVerifier:
    """One file at a time, a few wait, the rest are asked to come again: judging costs seconds of a processor."""

    def __init__(self, minutes: MinutesService, bounds: Bounds | None = None) -> None:
        self._minutes, self._bounds = minutes, bounds or Bounds()
        self._turn, self._here = Semaphore(_AT_ONCE), 0

    async def authorities(self) -> tuple[Listed, ...]:
        """Whose certificates are believed here besides the internal authority's."""
        return await self._minutes.authorities()

    async def judge(self, pdf: bytes) -> Report:
        """The nine rules on this file. Raises FileTooLarge, NotAPdf, VerifierBusy, Unreadable."""
        check_size(len(pdf))
        if _BEGINS not in pdf[:_HEAD]:
            raise NotAPdf
        if self._here >= _AT_ONCE + _WAITING:
            raise VerifierBusy
        self._here += 1
        try:
            async with self._turn:
                return await self._judged(pdf)
        finally:
            self._here -= 1

    async def _judged(self, pdf: bytes) -> Report:
        by_hand: list[bool | None] = [None]

        async def known_for(meeting: Id | None) -> Known:
            known, by_hand[0] = await self._minutes.evidence(pdf, meeting)
            return known

        report = await judge(pdf, known_for, self._bounds)
        return report if by_hand[0] is None else signed_by_hand(report, same=by_hand[0])


def check_size(size: int) -> None:
    """Raises FileTooLarge."""
    if size > MOST_FILE:
        raise FileTooLarge(most=MOST_FILE // 1024 // 1024)
