"""Pure: what follows the proceedings in the minutes: work given before and now, and the sitting's score."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.minutes.blocks import Block, Heading, Table, plain
from meetings.minutes.records import LookedBack, MinutesFacts, ScoreFacts, ScoreLine, Task

_NUMERALS = ("IV", "V", "VI")


def later_blocks(facts: MinutesFacts) -> Iterator[Block]:
    """The parts in order, numbered as they come; none where there is nothing to tell."""
    tables = [_looked_back(facts.looked_back), _given(facts.tasks)]
    if facts.score:
        tables.append(_score(facts.score))
    for numeral, table in zip(_NUMERALS, [one for one in tables if one.rows], strict=False):
        yield Heading(f"{numeral}. {table.caption}")
        yield table
    if facts.score:
        yield plain(_whose(facts.score))


def _looked_back(found: tuple[LookedBack, ...]) -> Table:
    rows = tuple(
        (str(n), one.title, one.assignee, one.due, f"{one.found}: {one.note}" if one.note else one.found)
        for n, one in enumerate(found, 1)
    )
    head = ("TT", "Nhiệm vụ", "Người thực hiện", "Thời hạn", "Kết quả")
    return Table(caption="Kiểm điểm việc đã giao", head=head, rows=rows, widths=(7, 33, 21, 16, 23))


def _given(tasks: tuple[Task, ...]) -> Table:
    rows = tuple((str(n), task.title, task.assignee, task.due) for n, task in enumerate(tasks, 1))
    head = ("TT", "Nhiệm vụ", "Người thực hiện", "Thời hạn")
    return Table(caption="Phân công nhiệm vụ", head=head, rows=rows, widths=(8, 46, 27, 19))


def _score(score: ScoreFacts) -> Table:
    rows = tuple(
        (str(n), line.title, _beside(line), f"{'...' if line.waits else line.points}/{line.most}")
        for n, line in enumerate(score.lines, 1)
    )
    waiting = sum(line.most for line in score.lines if line.waits)
    rank = f"Xếp loại: {score.rank}" + (f", chưa kể {waiting} điểm tính sau" if waiting else "")
    last = ("", "Tổng điểm", rank, f"{score.total}/{100 - waiting}")
    head = ("TT", "Tiêu chí", "Số liệu, ghi chú", "Điểm")
    return Table(
        caption="Chấm điểm buổi sinh hoạt",
        head=head,
        rows=(*rows, last),
        widths=(8, 46, 30, 16),
        numbers=(3,),
    )


def _beside(line: ScoreLine) -> str:
    return "; ".join(part for part in (line.measured, line.note) if part)


def _whose(score: ScoreFacts) -> str:
    if score.set_by:
        return f"Tiêu chí chấm điểm do {score.set_by} quy định, theo {score.citation}."
    return f"Tiêu chí chấm điểm là mặc định của phần mềm, theo khung của {score.citation}; cấp ủy có thể quy định khác."
