"""`chibo sign` with a software token on other papers than minutes: a resolution's one place, an addendum's first."""

from __future__ import annotations

import pytest

from meetings.committees.powers import Part
from meetings.kernel.ids import Id
from meetings.minutes.numbering import PaperKind
from meetings.minutes.papers.corrections import Changes, Stated
from meetings.minutes.ports import Workshop
from meetings.minutes.seating import OfPaper, field_of
from meetings.minutes.service import PapersService
from meetings.minutes.service.papers import Wanted
from meetings.minutes.signature_class import SignatureClass
from meetings.minutes.verification import Verdict
from meetings.minutes.verify import meeting_in
from tests.attendance.world import SECRETARY
from tests.cli.test_sign import Desk, database_template, desk, needs_token, one_database, outside
from tests.minutes.conftest import FORM
from tests.minutes.outside import NAME
from tests.minutes.test_service_papers_signed import TEXT
from tests.sitting.holding import RECORDER

__all__ = ["database_template", "desk", "outside"]
SAID = f"Chữ ký số công cộng, do {NAME} cấp chứng thư"


@pytest.fixture
def papers(desk: Desk, workshop: Workshop) -> PapersService:
    return PapersService(desk.cell.world.units, workshop, form=FORM)


async def resolution(desk: Desk) -> Wanted:
    look = await desk.minutes.look(desk.cell.world.asks(SECRETARY), desk.meeting)
    assert look.minutes is not None
    (vote,) = (one for item in look.minutes.facts.items for one in item.votes)
    return Wanted(kind=PaperKind.RESOLUTION, vote=vote.id, text=TEXT)


async def issued(desk: Desk, papers: PapersService, wanted: Wanted) -> Id:
    return (await papers.issue(desk.cell.world.asks(SECRETARY), desk.meeting, wanted)).id


@needs_token
@one_database
@pytest.mark.timeout(300)  # as of minutes
async def test_a_resolution_is_signed_with_a_token(desk: Desk, papers: PapersService) -> None:
    """The program names the paper; the file that is kept is accepted, and its class is said."""
    secretary = desk.cell.world.asks(SECRETARY)
    paper = await issued(desk, papers, await resolution(desk))
    look = (await papers.of_meeting(secretary, desk.meeting))[paper]
    await desk.token_of(look.places[0].officer.name)
    code = (await desk.tokens.open_code(secretary, desk.meeting, OfPaper(paper=paper))).code
    status, said = await desk.sign(code)
    assert status == 0, said
    assert "Nghị quyết số 01-NQ/CB" in said
    assert SAID in said
    pdf = (await papers.pdf(secretary, paper))[1]
    report = await desk.minutes.verify(pdf, meeting_in(pdf))
    assert report.accepted, report.lines()
    assert [line.kind for line in report.signatures] == [SignatureClass.PUBLIC]
    assert (await desk.sign(code))[0] != 0  # once


@needs_token
@one_database
@pytest.mark.timeout(300)
async def test_the_recorder_signs_an_addendum_with_a_token(desk: Desk, papers: PapersService) -> None:
    """It then waits for the chair, and is not accepted before."""
    changes = Changes(words={}, remarks={Stated.OPENING: "Lời."}, reason="Ghi thiếu", found_by="Chủ trì")
    paper = await issued(desk, papers, Wanted(kind=PaperKind.ADDENDUM, changes=changes))
    recorder = desk.cell.world.asks(RECORDER)
    await desk.token_of(await desk.recorder())
    place = OfPaper(paper=paper, field=field_of(Part.RECORDER))
    status, said = await desk.sign((await desk.tokens.open_code(recorder, desk.meeting, place)).code)
    assert status == 0, said
    look = (await papers.of_meeting(recorder, desk.meeting))[paper]
    assert [one.signed_at is not None for one in look.places] == [True, False]
    pdf = (await papers.pdf(recorder, paper))[1]
    report = await desk.minutes.verify(pdf, meeting_in(pdf))
    assert [line.kind for line in report.signatures] == [SignatureClass.PUBLIC]
    assert [rule.number for rule in report.rules if rule.verdict is Verdict.FAILED] == [1, 4, 6]
