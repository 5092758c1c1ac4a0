"""Pure: what became of work given before, and the work given at this sitting, as two tables of the minutes."""

from __future__ import annotations

from collections.abc import Iterator

from meetings.minutes.blocks import Block, Heading, Table
from meetings.minutes.records import LookedBack, MinutesFacts, Task

_NUMERALS = ("IV", "V", "VI", "VII")


def work_blocks(facts: MinutesFacts) -> Iterator[Block]:
    """The parts that follow the proceedings, numbered as they come; none where there is nothing to tell."""
    parts = [_looked_back(facts.looked_back), _given(facts.tasks)]
    for numeral, table in zip(_NUMERALS, [one for one in parts if one.rows], strict=False):
        yield Heading(f"{numeral}. {table.caption}")
        yield table


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
