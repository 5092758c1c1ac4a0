"""What a paper is called in a list and in a verdict. Pure."""

from __future__ import annotations

from meetings.minutes.papers.records import AnyPaper, Excerpt

_TITLES = {
    "Ballots": "Phiếu kín để in",
    "Convocation": "Giấy mời",
    "Counting": "Biên bản kiểm phiếu",
    "Resolution": "Nghị quyết",
    "Excerpt": "Trích biên bản",
    "AttendanceList": "Danh sách điểm danh",
    "Addendum": "Phụ lục biên bản",
}


def title_in(paper: AnyPaper) -> str:
    """As Nghị quyết số 05-NQ/CB, or Trích biên bản, nội dung thứ 2."""
    number = f" số {paper.paper.number}" if paper.paper.number else ""
    item = f", nội dung thứ {paper.position}" if isinstance(paper, Excerpt) else ""
    return f"{_TITLES[type(paper).__name__]}{number}{item}"
