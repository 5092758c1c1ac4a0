"""Pure: the attempt to make a sitting the month's meeting, with the reason why not (rules.md 1.1)."""

from __future__ import annotations

from meetings.convening.obligations import counts_for_month
from meetings.convening.rules import ENDED, AnySitting, Practice, Standing
from meetings.kernel.errors import Conflict
from meetings.kernel.ids import Id
from meetings.kernel.months import Month


class NeverFulfils(Conflict):
    """This sitting cannot be the month's regular meeting."""

    code = "never-fulfils"
    message = "Buổi này không thể tính là buổi sinh hoạt thường kỳ của tháng."


class SupplementNeverFulfils(NeverFulfils):
    """A supplement is asked to stand for the month."""

    code = "supplement-never-fulfils"
    message = (
        "Buổi sinh hoạt này trên phần mềm chỉ có tính chất bổ trợ, không thay thế sinh hoạt chi bộ định kỳ "
        "(thường kỳ) và không được tính là buổi sinh hoạt thường kỳ tháng {month}."
    )


class AdditionalNeverFulfils(NeverFulfils):
    """A thematic, extraordinary, committee or other sitting is asked to stand for the month."""

    code = "additional-never-fulfils"
    message = "Chỉ buổi sinh hoạt thường kỳ họp trực tiếp mới được tính cho tháng {month}."


class PracticeNeverFulfils(NeverFulfils):
    """A practice sitting is asked to stand for the month."""

    code = "practice-never-fulfils"
    message = "Buổi tập không được tính cho tháng {month}."


class OtherCellNeverFulfils(NeverFulfils):
    """Another cell's meeting is asked to stand for the month."""

    code = "other-cell-never-fulfils"
    message = "Buổi họp của chi bộ khác không được tính cho chi bộ này."


class OtherMonthNeverFulfils(NeverFulfils):
    """Another month's meeting is asked to stand for the month."""

    code = "other-month-never-fulfils"
    message = "Buổi họp khai mạc trong tháng khác không được tính cho tháng {month}."


class NotClosedYet(NeverFulfils):
    """Only what was held and closed counts."""

    code = "not-closed-yet"
    message = "Buổi họp chưa kết thúc nên chưa được tính cho tháng {month}."


class BelowMinimum(NeverFulfils):
    """Too few of the vote base were in the hall."""

    code = "below-minimum"
    message = (
        "Số đảng viên chính thức tại hội trường ({present}) thấp hơn mức tối thiểu ({required}); "
        "tháng {month} chưa được tính là hoàn thành sinh hoạt thường kỳ."
    )


class AlreadyFulfilled(Conflict):
    """Another meeting fulfils the month already; that never changes."""

    code = "already-fulfilled"
    message = "Tháng {month} đã có buổi sinh hoạt thường kỳ."


def may_fulfil(sitting: AnySitting, cell: Id, month: Month) -> None:
    """Whether this sitting is the closed mandatory meeting of that cell and month. Raises a NeverFulfils."""
    spoken = month.spoken()
    if isinstance(sitting, Practice):
        raise PracticeNeverFulfils(month=spoken)
    if sitting.standing is Standing.SUPPLEMENT:
        raise SupplementNeverFulfils(month=spoken)
    if sitting.standing is not Standing.MANDATORY:
        raise AdditionalNeverFulfils(month=spoken)
    _check_place(sitting, cell, month)
    if sitting.state not in ENDED:
        raise NotClosedYet(month=spoken)
    if not counts_for_month(sitting):
        raise BelowMinimum(month=spoken, present=sitting.hall_present, required=sitting.hall_required)


def _check_place(sitting: AnySitting, cell: Id, month: Month) -> None:
    if sitting.cell != cell:
        raise OtherCellNeverFulfils
    if sitting.month != month:
        raise OtherMonthNeverFulfils(month=month.spoken())
