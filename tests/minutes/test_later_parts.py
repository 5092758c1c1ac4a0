"""Work given before and now, and the score, as the minutes print them."""

from __future__ import annotations

from dataclasses import replace

from meetings.minutes.blocks import Heading, Paragraph, Table
from meetings.minutes.later_parts import later_blocks
from meetings.minutes.records import LookedBack, ScoreFacts, ScoreLine
from tests.minutes.sittings import hybrid

FACTS = hybrid().facts
ASKED = LookedBack(
    title="Rà soát", assignee="Đặng Hữu Ẩn", due="01/12/2026", found="chậm, chưa xong", note="Ốm"
)
SCORE = ScoreFacts(
    lines=(
        ScoreLine(title="Thời lượng", points=4, most=5, measured="80/90 phút"),
        ScoreLine(title="Tổ chức", points=90, most=95, note="Sôi nổi"),
    ),
    total=94,
    rank="Tốt",
    citation="Hướng dẫn mẫu số 5",
    set_by="Đảng ủy xã Mẫu",
)


def headings(*blocks: object) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Heading)]


def test_parts_are_numbered_as_they_come() -> None:
    bare = replace(FACTS, tasks=())
    assert list(later_blocks(bare)) == []
    assert headings(*later_blocks(FACTS)) == ["IV. Phân công nhiệm vụ"]
    everything = replace(FACTS, looked_back=(ASKED,), score=SCORE)
    assert headings(*later_blocks(everything)) == [
        "IV. Kiểm điểm việc đã giao",
        "V. Phân công nhiệm vụ",
        "VI. Chấm điểm buổi sinh hoạt",
    ]
    assert headings(*later_blocks(replace(bare, score=SCORE))) == ["IV. Chấm điểm buổi sinh hoạt"]


def test_what_was_found_and_how_it_scored_stand_in_tables() -> None:
    blocks = list(later_blocks(replace(FACTS, tasks=(), looked_back=(ASKED,), score=SCORE)))
    asked, scored = [block for block in blocks if isinstance(block, Table)]
    assert asked.rows == (("1", "Rà soát", "Đặng Hữu Ẩn", "01/12/2026", "chậm, chưa xong: Ốm"),)
    assert scored.rows == (
        ("1", "Thời lượng", "80/90 phút", "4/5"),
        ("2", "Tổ chức", "Sôi nổi", "90/95"),
        ("", "Tổng điểm", "Xếp loại: Tốt", "94/100"),
    )
    assert sum(scored.widths) == sum(asked.widths) == 100
    assert isinstance(blocks[-1], Paragraph)
    assert "Đảng ủy xã Mẫu" in blocks[-1].runs[0].text


def test_default_criteria_are_said_to_be_the_softwares() -> None:
    last = list(later_blocks(replace(FACTS, score=replace(SCORE, set_by=""))))[-1]
    assert isinstance(last, Paragraph)
    assert "mặc định của phần mềm" in last.runs[0].text
