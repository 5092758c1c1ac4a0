"""The score of the sitting, as the minutes state it."""

from __future__ import annotations

from meetings.convening.rules import AnySitting
from meetings.db.unit import UnitOfWork
from meetings.kernel.ids import Id
from meetings.kernel.text import percent_text
from meetings.minutes.records import ScoreFacts, ScoreLine
from meetings.minutes.service.results import results_in_time
from meetings.sitting.criteria import Measure
from meetings.sitting.scores import score_of
from meetings.sitting.scoring import Line, Score, completed


async def score_facts(uow: UnitOfWork, meeting: Id) -> ScoreFacts | None:
    """None where the sitting was not scored."""
    score = await score_of(uow, meeting)
    if score is None:
        return None
    return ScoreFacts(
        lines=tuple(_line(line) for line in score.lines),
        total=score.total,
        rank=score.rank,
        citation=score.citation,
        set_by=score.set_by_name,
    )


async def score_now(uow: UnitOfWork, sitting: AnySitting) -> Score | None:
    """The score with what was not known when the sitting was scored, as far as it is known by now."""
    score = await score_of(uow, sitting.id)
    return completed(score, await results_in_time(uow, sitting)) if score else None


def _line(line: Line) -> ScoreLine:
    return ScoreLine(
        title=line.title,
        points=line.points or 0,
        most=line.most,
        measured=measured_text(line),
        note=line.note,
        waits=line.waits,
    )


def measured_text(line: Line) -> str:
    """What was measured, in words; empty where people judged."""
    if line.waits:
        return (
            f"chưa biết khi chấm: kết quả trong hạn được {line.in_time} điểm, quá hạn được {line.late} điểm"
        )
    if line.measure is None or line.part is None or line.of is None:
        return ""
    share = f"{line.part}/{line.of}"
    return {
        Measure.DURATION: f"{share} phút",
        Measure.ATTENDANCE: f"dự {share} = {percent_text(line.part, line.of)}",
        Measure.SPEAKERS: f"phát biểu {share}",
        Measure.NOTICE: f"báo trước {line.part} giờ",
        Measure.DRAFTS: f"có dự thảo trước {line.part} giờ",
        Measure.RESULTS: "kết quả trong hạn" if line.part else "kết quả quá hạn",
        Measure.READ_OUT: "đã đọc lại biên bản tại buổi" if line.part else "chưa đọc lại biên bản tại buổi",
    }[line.measure]
