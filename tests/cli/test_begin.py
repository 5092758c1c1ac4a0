"""Four questions at a keyboard: one that is answered wrongly is asked again, alone."""

from __future__ import annotations

import io

import pytest

from meetings.cli.begin import NothingBegun, asked

GOOD = ("Đảng ủy xã Thử", "Chi bộ thôn Thử", "Nguyễn Văn Thử")


def _typed(*lines: str) -> io.StringIO:
    return io.StringIO("".join(f"{line}\n" for line in lines))


def test_a_refused_card_number_is_asked_again_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    answers = asked(_typed(*GOOD, "123", "số không rõ", "99.000.001"))
    assert (answers.org_name, answers.cell_name, answers.secretary_name) == GOOD
    assert answers.secretary_card == "99.000.001"
    said = capsys.readouterr().out
    assert said.count("Số thẻ đảng viên của bí thư") == 3
    assert said.count("từ 8 đến 12 chữ số") == 2
    assert said.count("Tên chi bộ") == 1


def test_an_empty_card_is_an_answer_and_an_empty_name_is_none() -> None:
    answers = asked(_typed("", GOOD[0], *GOOD[1:], ""))
    assert (answers.org_name, answers.secretary_card) == (GOOD[0], None)


def test_enter_where_a_name_is_needed_is_answered_by_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    asked(_typed(GOOD[0], "", "x" * 300, *GOOD[1:], ""))
    said = capsys.readouterr().out
    assert said.count("Xin gõ tên rồi bấm Enter") == 1
    assert said.count("quá dài") == 1


def test_a_keyboard_that_goes_away_begins_nothing() -> None:
    with pytest.raises(NothingBegun):
        asked(_typed(*GOOD))
