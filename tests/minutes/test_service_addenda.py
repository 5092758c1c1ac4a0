"""A signed addendum stands beside minutes that stay as they are; on both databases."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from meetings.committees.powers import NoPower, Part
from meetings.convening.rules import AnySitting, State
from meetings.convening.verdict import VerdictInSupplement
from meetings.db.refusals import constraint_of
from meetings.db.types import load
from meetings.kernel.errors import Refused
from meetings.kernel.ids import new_id
from meetings.ledger import service as ledger
from meetings.minutes.numbering import IssuedPaper, PaperKind
from meetings.minutes.papers.corrections import Changes, NothingCorrected, NotInMinutes, Stated
from meetings.minutes.papers.reading import from_json
from meetings.minutes.papers.records import Addendum
from meetings.minutes.ports import Workshop
from meetings.minutes.seating import OfPaper, field_of
from meetings.minutes.service import DeferredSigning, MinutesService, PapersService
from meetings.minutes.service.made import NoMinutes
from meetings.minutes.service.paper_seats import NotYourPaper
from meetings.minutes.service.papers import Wanted
from meetings.minutes.service.signers import AlreadySigned
from meetings.minutes.verification import Report, Verdict
from meetings.minutes.verify import meeting_in
from meetings.minutes.work import verify_pdf
from meetings.oversight.reconcile import reconcile
from tests.attendance.world import MEMBER, SECRETARY, STRANGER
from tests.minutes import attacks
from tests.minutes.conftest import FORM
from tests.minutes.device import Device
from tests.minutes.office import PASSPHRASE
from tests.minutes.witnessed import exported
from tests.sitting.holding import RECORDER, Cell

pytestmark = pytest.mark.matrix

WORDS = "Đồng chí nêu 5 hộ cần giúp ngày công, không phải 3 hộ."


@pytest.fixture
def papers(cell: Cell, workshop: Workshop) -> PapersService:
    return PapersService(cell.world.units, workshop, form=FORM)


@pytest.fixture
async def sitting(cell: Cell, minutes: MinutesService) -> AnySitting:
    """November, its minutes approved."""
    held = (await cell.november()).sitting
    await minutes.approve(cell.world.asks(SECRETARY), held.id)
    return held


async def drawn_up(
    cell: Cell, papers: PapersService, sitting: AnySitting, words: str = WORDS, who: str = SECRETARY
) -> IssuedPaper:
    asker = cell.world.asks(who)
    known = await papers.addenda.correctable(asker, sitting.id)
    changes = Changes(
        words={known.places[0].item: words},
        remarks={Stated.OPENING: "Tên đầy đủ của địa điểm ghi ở giấy mời."},
        reason="Ghi nhầm số hộ",
        found_by="Đồng chí thư ký",
    )
    return await papers.issue(asker, sitting.id, Wanted(kind=PaperKind.ADDENDUM, changes=changes))


def place(paper: IssuedPaper, part: Part) -> OfPaper:
    return OfPaper(paper=paper.id, field=field_of(part))


async def signed(cell: Cell, minutes: MinutesService, paper: IssuedPaper) -> None:
    for who, part in ((RECORDER, Part.RECORDER), (SECRETARY, Part.CHAIR)):
        await minutes.sign(cell.world.asks(who), paper.meeting, place(paper, part), PASSPHRASE)


async def judged(minutes: MinutesService, pdf: bytes) -> Report:
    return await minutes.verify(pdf, meeting_in(pdf))


def verdicts(report: Report, wanted: Verdict) -> set[int]:
    return {rule.number for rule in report.rules if rule.verdict is wanted}


async def test_recorder_then_chair_and_the_verifier_accepts_it(
    cell: Cell, minutes: MinutesService, papers: PapersService, sitting: AnySitting
) -> None:
    issued = await drawn_up(cell, papers, sitting)
    assert issued.number_text == "01-PL/CB"
    await signed(cell, minutes, issued)
    pdf = (await papers.pdf(cell.world.asks(MEMBER), issued.id))[1]
    report = await judged(minutes, pdf)
    assert report.accepted, report.lines()
    assert verdicts(report, Verdict.PASSED) == {1, 2, 3, 4, 6, 8, 9}
    assert [line.field for line in report.signatures] == ["NguoiGhi", "ChuTri"]
    assert "Phụ lục biên bản số 01-PL/CB" in report.bottom_line
    assert await reconcile(cell.world.units) == []


async def test_it_names_the_original_which_stays_as_it_is(
    cell: Cell, minutes: MinutesService, papers: PapersService, sitting: AnySitting
) -> None:
    asker = cell.world.asks(SECRETARY)
    for who, part in ((RECORDER, Part.RECORDER), (SECRETARY, Part.CHAIR)):
        await minutes.sign(cell.world.asks(who), sitting.id, part, PASSPHRASE)
    before = await minutes.pdf(asker, sitting.id)
    told = await minutes.look(asker, sitting.id)
    issued = await drawn_up(cell, papers, sitting)
    await signed(cell, minutes, issued)
    facts = from_json(issued.data)
    assert isinstance(facts, Addendum)
    assert told.approved is not None
    assert facts.minutes == hashlib.sha256(told.approved.data).hexdigest()
    assert facts.file == hashlib.sha256(before).hexdigest()
    assert await minutes.pdf(asker, sitting.id) == before
    assert await minutes.look(asker, sitting.id) == told
    assert (await judged(minutes, before)).accepted
    async with cell.world.units.read() as uow:
        acts = [load(one.leaf)["act"] for one in await ledger.of_meeting(uow, sitting.cell, sitting.id)]
    assert (acts.count("papers.issue"), acts.count("papers.sign")) == (1, 2)


async def test_it_is_shown_beside_the_minutes_and_says_whether_it_holds(
    cell: Cell, minutes: MinutesService, papers: PapersService, sitting: AnySitting
) -> None:
    member = cell.world.asks(MEMBER)
    assert "phụ lục" not in (await minutes.html(member, sitting.id)).lower()
    issued = await drawn_up(cell, papers, sitting, words=f"{WORDS} <b>&")
    waiting = await minutes.html(member, sitting.id)
    assert "chưa phải là đính chính" in waiting
    await signed(cell, minutes, issued)
    page = await minutes.html(member, sitting.id)
    assert page.index("Phụ lục biên bản số 01-PL/CB") < page.index("<h1>BIÊN BẢN")
    assert f"{WORDS} &lt;b&gt;&amp;" in page
    assert "chưa phải là đính chính" not in page
    (added,) = await papers.addenda.of_meeting(member, sitting.id)
    assert added.look.signed_at is not None


async def test_who_reads_the_minutes_reads_it_and_nobody_else(
    cell: Cell, papers: PapersService, sitting: AnySitting
) -> None:
    issued = await drawn_up(cell, papers, sitting)
    stranger = cell.world.asks(STRANGER)
    for look in (papers.addenda.of_meeting(stranger, sitting.id), papers.pdf(stranger, issued.id)):
        with pytest.raises(Refused):
            await look
    with pytest.raises(NoPower):
        await drawn_up(cell, papers, sitting, who=MEMBER)
    recorders = await drawn_up(cell, papers, sitting, words="Lời khác nữa.", who=RECORDER)
    assert recorders.number == 2


async def test_only_what_differs_can_be_corrected(
    cell: Cell, papers: PapersService, sitting: AnySitting
) -> None:
    asker = cell.world.asks(SECRETARY)
    await drawn_up(cell, papers, sitting)
    known = await papers.addenda.correctable(asker, sitting.id)
    assert known.places[0].now == WORDS
    again = Changes(words={known.places[0].item: WORDS}, remarks={}, reason="Vì thế", found_by="Bí thư")
    for changes, refusal in (
        (again, NothingCorrected),
        (replace(again, words={new_id(): "Lời."}), NotInMinutes),
    ):
        with pytest.raises(refusal):
            await papers.issue(asker, sitting.id, Wanted(kind=PaperKind.ADDENDUM, changes=changes))


async def test_nothing_is_added_to_a_draft(cell: Cell, papers: PapersService) -> None:
    held = (await cell.november()).sitting
    with pytest.raises(NoMinutes):
        await papers.addenda.correctable(cell.world.asks(SECRETARY), held.id)
    changes = Changes(words={}, remarks={Stated.WORK: "Lời."}, reason="Vì thế", found_by="Bí thư")
    with pytest.raises(NoMinutes):
        await papers.issue(
            cell.world.asks(SECRETARY), held.id, Wanted(kind=PaperKind.ADDENDUM, changes=changes)
        )


async def test_a_supplement_keeps_its_notice_and_stays_one(
    cell: Cell, minutes: MinutesService, papers: PapersService
) -> None:
    held = (await cell.supplement()).sitting
    await minutes.approve(cell.world.asks(SECRETARY), held.id)
    with pytest.raises(VerdictInSupplement):
        await drawn_up(cell, papers, held, words="Chi bộ nhất trí thông qua.")
    issued = await drawn_up(cell, papers, held)
    await signed(cell, minutes, issued)
    report = await judged(minutes, (await papers.pdf(cell.world.asks(MEMBER), issued.id))[1])
    assert report.accepted, report.lines()
    facts = from_json(issued.data)
    assert facts.paper.standing.value == "supplement"
    async with cell.world.units.database.connection() as connection:
        rows = (await connection.execute(text("SELECT fulfils FROM meeting"))).scalars().all()
        months = (
            await connection.execute(text("SELECT count(*) FROM obligation WHERE fulfilled_by IS NOT NULL"))
        ).scalar_one()
    assert (set(rows), months) == ({0}, 0)


async def test_the_chair_signs_second_and_each_in_their_own_place(
    cell: Cell, minutes: MinutesService, papers: PapersService, sitting: AnySitting
) -> None:
    issued = await drawn_up(cell, papers, sitting)
    secretary, recorder = cell.world.asks(SECRETARY), cell.world.asks(RECORDER)
    with pytest.raises(Refused) as refused:
        await minutes.sign(secretary, sitting.id, place(issued, Part.CHAIR), PASSPHRASE)
    assert refused.value.code == "signing-out-of-turn"
    for asker, part in (
        (secretary, Part.RECORDER),
        (recorder, Part.CHAIR),
        (cell.world.asks(MEMBER), Part.CHAIR),
    ):
        with pytest.raises(NotYourPaper):
            await minutes.sign(asker, sitting.id, place(issued, part), PASSPHRASE)
    with pytest.raises(NotYourPaper):
        await minutes.sign(secretary, sitting.id, OfPaper(paper=issued.id), PASSPHRASE)
    await minutes.sign(recorder, sitting.id, place(issued, Part.RECORDER), PASSPHRASE)
    with pytest.raises(Refused):
        await minutes.sign(recorder, sitting.id, place(issued, Part.RECORDER), PASSPHRASE)
    await minutes.sign(secretary, sitting.id, place(issued, Part.CHAIR), PASSPHRASE)


async def test_a_touched_addendum_is_refused(
    cell: Cell, minutes: MinutesService, papers: PapersService, sitting: AnySitting
) -> None:
    issued, recorder = await drawn_up(cell, papers, sitting), cell.world.asks(RECORDER)
    await minutes.sign(recorder, sitting.id, place(issued, Part.RECORDER), PASSPHRASE)
    half = (await papers.pdf(recorder, issued.id))[1]
    await minutes.sign(cell.world.asks(SECRETARY), sitting.id, place(issued, Part.CHAIR), PASSPHRASE)
    pdf = (await papers.pdf(recorder, issued.id))[1]
    for spoilt, rules in (
        (half, {1, 4, 6, 7}),  # the chair's signature cut off
        (attacks.flipped(pdf, 4000), {3}),
        (attacks.overlaid(pdf), {2, 9}),
        (attacks.annotated(pdf), {2, 9}),
    ):
        report = await judged(minutes, spoilt)
        assert not report.accepted
        assert rules <= verdicts(report, Verdict.FAILED)


async def test_the_chair_signs_on_their_own_device(
    cell: Cell,
    minutes: MinutesService,
    signing: DeferredSigning,
    papers: PapersService,
    sitting: AnySitting,
    device: Device,
) -> None:
    issued, secretary = await drawn_up(cell, papers, sitting), cell.world.asks(SECRETARY)
    await minutes.sign(cell.world.asks(RECORDER), sitting.id, place(issued, Part.RECORDER), PASSPHRASE)
    made = await minutes.keys.certify_ahead(secretary, device.request(secretary.person))
    await minutes.keys.keep_certified(secretary, made)
    begun = await signing.begin_ahead(secretary, sitting.id, place(issued, Part.CHAIR))
    waiting = await signing.begin(secretary, begun)
    value = device.checked(waiting.pending.prepared)
    finished = await signing.finish_ahead(secretary, sitting.id, waiting.pending.id, value)
    await signing.finish(secretary, finished)
    report = await judged(minutes, (await papers.pdf(secretary, issued.id))[1])
    assert report.accepted, report.lines()
    with pytest.raises(AlreadySigned):
        await signing.begin(secretary, begun)


async def test_the_minutes_themselves_wait_for_their_own_signatures(
    cell: Cell, minutes: MinutesService, papers: PapersService, sitting: AnySitting
) -> None:
    """An addendum to minutes that are approved but not signed signs nothing but itself."""
    await signed(cell, minutes, await drawn_up(cell, papers, sitting))
    look = await minutes.look(cell.world.asks(SECRETARY), sitting.id)
    assert (look.signatures, look.sitting.state) == ((), State.MINUTED)


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        (
            (
                "INSERT INTO issued_paper (id, cell_id, meeting_id, kind, about_id, term, number, day, data, by_id, at)"
                " SELECT 'x', cell_id, 'elsewhere', kind, 'x', term, 99, day, data, by_id, at FROM issued_paper"
            ),
            "issued_paper_of_minutes",
        ),
        (
            (
                "INSERT INTO paper_signature"
                " (id, paper_id, sequence, places, role, person_id, fingerprint, pdf, at, signed_at)"
                " SELECT 'x', id, 2, 2, 'ChuTri', by_id, 'x', 'x', at, at FROM issued_paper"
            ),
            "paper_signature_in_turn",
        ),
        (
            (
                "INSERT INTO paper_signature"
                " (id, paper_id, sequence, places, role, person_id, fingerprint, pdf, at, signed_at)"
                " SELECT 'x', id, 1, 1, 'NguoiKy', by_id, 'x', 'x', at, at FROM issued_paper"
            ),
            "paper_signature_in_place",
        ),
        ("UPDATE issued_paper SET data = 'x'", "issued_paper_unchanged"),
        ("DELETE FROM issued_paper", "issued_paper_kept"),
    ],
)
async def test_the_database_refuses_what_no_addendum_is(
    cell: Cell, papers: PapersService, sitting: AnySitting, statement: str, guard: str
) -> None:
    await drawn_up(cell, papers, sitting)
    with pytest.raises(IntegrityError) as caught:
        async with cell.world.units.database.connection() as connection:
            await connection.execute(text(statement))
    assert constraint_of(caught.value) == guard


async def test_an_exported_log_and_a_witness_are_enough_to_judge_it(
    cell: Cell, minutes: MinutesService, papers: PapersService, sitting: AnySitting, tmp_path: Path
) -> None:
    issued = await drawn_up(cell, papers, sitting)
    await signed(cell, minutes, issued)
    pdf = (await papers.pdf(cell.world.asks(SECRETARY), issued.id))[1]
    known = await exported(cell, minutes, issued, tmp_path / "export")
    report = await asyncio.to_thread(verify_pdf, pdf, known)
    assert report.accepted, report.lines()
    assert 7 in verdicts(report, Verdict.PASSED)
