"""One person at a time: admission, recognition, removal and discipline name whom they are about, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from meetings.committees.rules import Category
from meetings.db.refusals import GuardedByDatabase
from meetings.ledger.service import of_meeting
from meetings.voting.instruments import ABOUT_ONE, RULES, rule_on
from meetings.voting.paper import NotOnBoard, PaperLine, Protocol
from meetings.voting.persons import (
    NobodyConcerned,
    NotThisPerson,
    OnePersonOnly,
    PersonMissing,
    concerned,
)
from meetings.voting.rules import Certainty, Concerned, DecisionKind, Form
from meetings.voting.service import Question, VotingService
from meetings.voting.subjects import KINDS, NAMED, subject
from tests.attendance.world import HALL, SECRETARY, World
from tests.cell_s import member

TODAY = date(2026, 11, 24)
OFFICIAL, PROBATIONARY = member(Category.OFFICIAL, 1), member(Category.PROBATIONARY, 2)
ROSTER = (OFFICIAL, PROBATIONARY)
NEWCOMER = Concerned(name="Lường Thị Mẫu")
REMOVAL = Question(
    question="Xóa tên trong danh sách đảng viên",
    kind=DecisionKind.REMOVAL,
    form=Form.PAPER,
    item=None,
    minutes=30,
)


def who(kind: DecisionKind, asked: Concerned | None) -> Concerned | None:
    return concerned(rule_on(kind, TODAY), asked, ROSTER)


def test_the_seven_kinds_and_no_other_are_about_one_person_by_a_dated_paper() -> None:
    assert {kind.value for kind in ABOUT_ONE} == {
        *("admission", "recognition", "removal"),
        *("reprimand", "warning", "dismissal", "expulsion"),
    }
    assert set(NAMED) == ABOUT_ONE
    for kind in ABOUT_ONE:
        for rule in RULES[kind]:
            assert rule.person is not None and rule.person.citation.dated <= rule.effective_from
    read = {kind for kind in ABOUT_ONE if _certainty(kind) is Certainty.SEEN}
    assert read == {DecisionKind.ADMISSION}, "the others were not read on this and say so"


def _certainty(kind: DecisionKind) -> Certainty | None:
    one = rule_on(kind, TODAY).person
    return one.citation.certainty if one else None


@pytest.mark.parametrize("kind", sorted(ABOUT_ONE))
def test_nobody_named_is_refused_with_the_source(kind: DecisionKind) -> None:
    with pytest.raises(PersonMissing, match="ngày"):
        who(kind, None)


@pytest.mark.parametrize(
    "name", ["Mẫu, Mực", "Mẫu; Mực", "Mẫu và Mực", "Mẫu/Mực", "Mẫu & Mực", "Mẫu cùng với Mực"]
)
def test_two_names_are_not_one_person(name: str) -> None:
    with pytest.raises(OnePersonOnly):
        who(DecisionKind.ADMISSION, Concerned(name=name))


def test_a_name_beside_a_member_is_not_one_person() -> None:
    with pytest.raises(OnePersonOnly):
        who(DecisionKind.WARNING, Concerned(name="Mẫu", member=OFFICIAL.id))


def test_who_fits_which_kind() -> None:
    assert who(DecisionKind.ADMISSION, NEWCOMER) == NEWCOMER
    assert who(DecisionKind.ADMISSION, Concerned(name="Hờ Và Tủa")) is not None
    known = Concerned(name="", member=PROBATIONARY.id)
    assert who(DecisionKind.RECOGNITION, known) == replace(known, name=PROBATIONARY.full_name)
    for kind in (DecisionKind.REMOVAL, DecisionKind.EXPULSION):
        assert who(kind, known) == replace(known, name=PROBATIONARY.full_name)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (DecisionKind.ADMISSION, Concerned(name="", member=OFFICIAL.id)),
        (DecisionKind.RECOGNITION, Concerned(name="", member=OFFICIAL.id)),
        (DecisionKind.RECOGNITION, NEWCOMER),
        (DecisionKind.REMOVAL, NEWCOMER),
        (DecisionKind.REPRIMAND, Concerned(name="", member=member(Category.OFFICIAL, 9).id)),
    ],
)
def test_whom_a_kind_cannot_be_about(kind: DecisionKind, asked: Concerned) -> None:
    with pytest.raises(NotThisPerson):
        who(kind, asked)


def test_other_kinds_name_nobody() -> None:
    assert who(DecisionKind.RESOLUTION, None) is None
    with pytest.raises(NobodyConcerned):
        who(DecisionKind.RESOLUTION, NEWCOMER)


def test_what_is_decided_is_said_with_the_name() -> None:
    assert subject(DecisionKind.RESOLUTION, None) == KINDS[DecisionKind.RESOLUTION]
    for kind in ABOUT_ONE:
        vietnamese, english = subject(kind, NEWCOMER)
        assert NEWCOMER.name in vietnamese and NEWCOMER.name in english


async def test_the_person_stays_in_the_base_and_off_the_counting_board(
    world: World, voting: VotingService
) -> None:
    sitting, secretary = await world.meeting(), world.asks(SECRETARY)
    await world.roll(sitting.id, HALL)
    with pytest.raises(PersonMissing):
        await voting.open_vote(secretary, sitting.id, REMOVAL)
    about = Concerned(name="", member=world.member("o4"))
    stored = await voting.open_vote(secretary, sitting.id, replace(REMOVAL, person=about))
    vote = stored.vote
    assert vote.person == Concerned(name="Người Thử O4", member=world.member("o4"))
    assert world.member("o4") in stored.base.present
    protocol = Protocol(
        issued=13,
        returned=13,
        valid=13,
        invalid=0,
        blank=0,
        lines=(PaperLine(member=None, in_favour=13, against=0),),
        board=(world.member("o4"),),
    )
    with pytest.raises(NotOnBoard):
        await voting.counting.count_paper(secretary, vote.id, protocol)
    board = (world.member("o5"),)
    await voting.counting.count_paper(secretary, vote.id, replace(protocol, board=board))
    result = (await voting.close_vote(secretary, vote.id)).result or {}
    assert "Đề nghị xóa tên đồng chí Người Thử O4 được thông qua." in result["explanation"]
    assert "The proposal to remove Người Thử O4 from the roll is passed." in result["explanation_en"]
    assert any("vẫn ở trong số làm căn cứ tính" in note for note in result["notes"])


async def test_the_name_is_personal_in_the_ledger_and_stays_in_the_question(
    world: World, voting: VotingService
) -> None:
    sitting, secretary = await world.meeting(), world.asks(SECRETARY)
    await world.roll(sitting.id, HALL)
    asked = replace(REMOVAL, kind=DecisionKind.ADMISSION, person=NEWCOMER)
    stored = await voting.open_vote(secretary, sitting.id, asked)
    async with world.units.read() as uow:
        [opened] = [
            one for one in await of_meeting(uow, stored.cell, sitting.id) if "voting.open" in one.leaf
        ]
    assert "Lường" not in opened.leaf
    for statement in ("UPDATE vote SET person = NULL", "UPDATE vote SET person = '{}'"):
        with pytest.raises(GuardedByDatabase):
            async with world.units.begin() as uow:
                await uow.session.execute(text(statement))
