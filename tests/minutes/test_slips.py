"""Ballots on sheets: exactly as many as asked, all alike, never on two sides."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from meetings.minutes.papers.ballots import footer
from meetings.minutes.papers.document import compose
from meetings.minutes.papers.facts import to_bytes
from meetings.minutes.papers.records import Ballots
from meetings.minutes.pdf import draw, print_paper
from meetings.minutes.slips import BallotTooLong
from tests.minutes.papers.samples import even_ballots, question_ballots, surplus_ballots
from tests.minutes.test_pdf import extracted


def pages(ballots: Ballots) -> int:
    with pikepdf.open(io.BytesIO(draw(compose(ballots)).pdf)) as opened:
        return len(opened.pages)


@pytest.mark.parametrize(("copies", "sheets"), [(1, 1), (4, 1), (5, 2), (14, 4), (250, 63)])
def test_four_to_a_sheet(copies: int, sheets: int) -> None:
    assert pages(question_ballots(copies)) == sheets


@pytest.mark.parametrize("ballots", [question_ballots(7), even_ballots(), surplus_ballots()])
def test_as_many_as_asked_and_nothing_tells_them_apart(ballots: Ballots, tmp_path: Path) -> None:
    alone = words(replace(ballots, copies=1), tmp_path)
    assert words(ballots, tmp_path) == Counter(
        {word: count * ballots.copies for word, count in alone.items()}
    )


def words(ballots: Ballots, folder: Path) -> Counter[str]:
    """Every word on the slips, without what stands outside them."""
    text = extracted(print_paper(to_bytes(ballots)), folder)
    return Counter(text.replace(footer(ballots), "").split())


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
