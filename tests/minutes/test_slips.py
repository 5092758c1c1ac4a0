"""Ballots on sheets: exactly as many as asked, all alike, never on two sides."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest

from meetings.minutes.papers.document import compose
from meetings.minutes.papers.facts import to_bytes
from meetings.minutes.papers.records import Ballots
from meetings.minutes.pdf import draw, print_paper
from meetings.minutes.slips import BallotTooLong
from tests.minutes.papers.samples import even_ballots, question_ballots, surplus_ballots


def pages(ballots: Ballots) -> int:
    with pikepdf.open(io.BytesIO(draw(compose(ballots)).pdf)) as opened:
        return len(opened.pages)


@pytest.mark.parametrize(("copies", "sheets"), [(1, 1), (4, 1), (5, 2), (14, 4), (250, 63)])
def test_four_to_a_sheet(copies: int, sheets: int) -> None:
    assert pages(question_ballots(copies)) == sheets


@pytest.mark.parametrize("ballots", [question_ballots(7), even_ballots(), surplus_ballots()])
def test_as_many_as_asked_and_nothing_tells_them_apart(ballots: Ballots) -> None:
    pdf = print_paper(to_bytes(ballots))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        operators = [
            str(operands[0])
            for page in opened.pages
            for operands, operator in pikepdf.parse_content_stream(page)
            if str(operator) == "re"
        ]
        fonts = {str(f.BaseFont).split("+")[-1] for p in opened.pages for f in p.obj.Resources.Font.values()}
    assert operators  # boxes and stamp places are drawn as vectors
    assert all("Tinos" in name for name in fonts)


def names(count: int) -> Ballots:
    return replace(
        surplus_ballots(), names=tuple(f"Nguyễn Văn Mẫu {n}" for n in range(count)), seats=count - 1, copies=4
    )


def test_a_long_list_takes_a_whole_sheet_and_a_longer_one_is_refused() -> None:
    assert pages(names(6)) == 1
    assert pages(names(20)) == 2
    with pytest.raises(BallotTooLong):
        draw(compose(names(50)))


def test_a_very_long_question_still_fits_or_is_refused() -> None:
    assert pages(replace(question_ballots(2), question="Đề nghị " + "rất " * 40 + "dài")) >= 1
    with pytest.raises(BallotTooLong):
        draw(compose(replace(question_ballots(1), question="dài " * 3000)))
