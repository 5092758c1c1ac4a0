"""A resolution is signed by whoever stands under it, with any kind of key, once; the verifier says so."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from meetings.committees.powers import Part
from meetings.db.refusals import constraint_of
from meetings.db.types import load
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id
from meetings.ledger import service as ledger
from meetings.minutes.numbering import IssuedPaper, PaperKind
from meetings.minutes.ports import Workshop
from meetings.minutes.seating import OfPaper
from meetings.minutes.service import DeferredSigning, MinutesService, PapersService
from meetings.minutes.service.made import MinutesMoved
from meetings.minutes.service.paper_seats import NoSuchPaper, NotYourPaper
from meetings.minutes.service.papers import Wanted
from meetings.minutes.service.signers import AlreadySigned
from meetings.minutes.verification import Report, Verdict
from meetings.minutes.verify import meeting_in
from meetings.minutes.work import verify_pdf
from meetings.oversight.reconcile import reconcile
from tests.attendance.world import MEMBER, SECRETARY
from tests.minutes import attacks
from tests.minutes.conftest import FORM
from tests.minutes.device import Device
from tests.minutes.office import PASSPHRASE
from tests.minutes.witnessed import exported
from tests.sitting.holding import RECORDER, Cell

pytestmark = pytest.mark.matrix

TEXT = "I. Phương hướng\nTập trung vụ đông."


@pytest.fixture
def papers(cell: Cell, workshop: Workshop) -> PapersService:
    return PapersService(cell.world.units, workshop, form=FORM)


@pytest.fixture
async def issued(cell: Cell, minutes: MinutesService, papers: PapersService) -> IssuedPaper:
    """The resolution of November, with its number."""
    secretary, sitting = cell.world.asks(SECRETARY), (await cell.november()).sitting
    await minutes.approve(secretary, sitting.id)
    standing = await minutes.look(secretary, sitting.id)
    assert standing.minutes is not None
    (vote,) = (one for item in standing.minutes.facts.items for one in item.votes)
    return await papers.issue(
        secretary, sitting.id, Wanted(kind=PaperKind.RESOLUTION, vote=vote.id, text=TEXT)
    )


def place(paper: IssuedPaper) -> OfPaper:
    return OfPaper(paper=paper.id)


async def judged(minutes: MinutesService, pdf: bytes) -> Report:
    return await minutes.verify(pdf, meeting_in(pdf))


def verdicts(report: Report) -> dict[int, Verdict]:
    return {rule.number: rule.verdict for rule in report.rules}


async def test_signed_with_the_passphrase_and_verified(
    cell: Cell, minutes: MinutesService, papers: PapersService, issued: IssuedPaper
) -> None:
    secretary = cell.world.asks(SECRETARY)
    before = (await papers.pdf(secretary, issued.id))[1]
    await minutes.sign(secretary, issued.meeting, place(issued), PASSPHRASE)
    pdf = (await papers.pdf(cell.world.asks(MEMBER), issued.id))[1]
    report = await judged(minutes, pdf)
    assert report.accepted
    seen = verdicts(report)
    assert {number for number, one in seen.items() if one is Verdict.PASSED} == {1, 2, 3, 4, 6, 8, 9}
    assert "Nghị quyết số 01-NQ/CB" in report.bottom_line
    assert "Không phải chữ ký số" in report.bottom_line
    assert (
        await judged(minutes, before)
    ).accepted  # the print without signature stays true, and says what it is
    assert "Tệp không mang chữ ký" in (await judged(minutes, before)).bottom_line
    assert await reconcile(cell.world.units) == []


async def test_the_act_is_in_the_ledger(cell: Cell, minutes: MinutesService, issued: IssuedPaper) -> None:
    await minutes.sign(cell.world.asks(SECRETARY), issued.meeting, place(issued), PASSPHRASE)
    async with cell.world.units.read() as uow:
        acts = [load(one.leaf)["act"] for one in await ledger.of_meeting(uow, issued.cell, issued.meeting)]
    assert acts.count("papers.sign") == 1
    assert "minutes.sign" not in acts


async def test_a_key_on_ones_own_device(
    cell: Cell,
    minutes: MinutesService,
    signing: DeferredSigning,
    papers: PapersService,
    issued: IssuedPaper,
    device: Device,
) -> None:
    secretary = cell.world.asks(SECRETARY)
    made = await minutes.keys.certify_ahead(secretary, device.request(secretary.person))
    await minutes.keys.keep_certified(secretary, made)
    begun = await signing.begin_ahead(secretary, issued.meeting, place(issued))
    waiting = await signing.begin(secretary, begun)
    value = device.sign(waiting.pending.prepared.attributes)
    finished = await signing.finish_ahead(secretary, issued.meeting, waiting.pending.id, value)
    await signing.finish(secretary, finished)
    report = await judged(minutes, (await papers.pdf(secretary, issued.id))[1])
    assert report.accepted
    assert "khóa nằm trên máy người ký" in report.bottom_line
    with pytest.raises(AlreadySigned):
        await signing.begin(secretary, begun)


async def test_it_stands_beside_the_minutes_own_places(
    cell: Cell, minutes: MinutesService, issued: IssuedPaper
) -> None:
    """A signature on the resolution is none on the minutes, and the other way round."""
    secretary, recorder = cell.world.asks(SECRETARY), cell.world.asks(RECORDER)
    await minutes.sign(secretary, issued.meeting, place(issued), PASSPHRASE)
    assert (await minutes.look(secretary, issued.meeting)).signatures == ()
    await minutes.sign(recorder, issued.meeting, Part.RECORDER, PASSPHRASE)
    await minutes.sign(secretary, issued.meeting, Part.CHAIR, PASSPHRASE)
    assert len((await minutes.look(secretary, issued.meeting)).signatures) == 2


async def test_two_finish_the_same_signature(
    cell: Cell, minutes: MinutesService, issued: IssuedPaper
) -> None:
    secretary = cell.world.asks(SECRETARY)
    both = [await minutes.sign_ahead(secretary, issued.meeting, place(issued), PASSPHRASE) for _ in range(2)]
    kept = await asyncio.gather(
        *(minutes.keep_signed(secretary, one) for one in both), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in kept) == ["Approved", MinutesMoved.__name__]
    assert await reconcile(cell.world.units) == []


@pytest.mark.parametrize("who", [RECORDER, MEMBER])
async def test_nobody_signs_for_another(
    cell: Cell, minutes: MinutesService, issued: IssuedPaper, who: str
) -> None:
    with pytest.raises(NotYourPaper):
        await minutes.sign_ahead(cell.world.asks(who), issued.meeting, place(issued), PASSPHRASE)


async def test_only_papers_of_that_meeting(cell: Cell, minutes: MinutesService, issued: IssuedPaper) -> None:
    strange: list[tuple[Id, OfPaper]] = [(issued.meeting, OfPaper(paper=issued.meeting))]
    for meeting, part in strange:
        with pytest.raises(NoSuchPaper):
            await minutes.sign_ahead(cell.world.asks(SECRETARY), meeting, part, PASSPHRASE)


@pytest.mark.parametrize("attack", ["flipped", "overlaid", "noted", "another's record"])
async def test_a_touched_file_is_refused(
    cell: Cell, minutes: MinutesService, papers: PapersService, issued: IssuedPaper, attack: str
) -> None:
    secretary = cell.world.asks(SECRETARY)
    signed = await minutes.sign_ahead(secretary, issued.meeting, place(issued), PASSPHRASE)
    if attack == "another's record":  # signed by the right key, but never kept here
        await minutes.sign(secretary, issued.meeting, place(issued), PASSPHRASE)
        report = await judged(minutes, signed.pdf)
        assert {n for n, one in verdicts(report).items() if one is Verdict.FAILED} == {7}
        return
    await minutes.keep_signed(secretary, signed)
    pdf = (await papers.pdf(secretary, issued.id))[1]
    spoilt = {
        "flipped": lambda: pdf[:4000] + bytes([pdf[4000] ^ 1]) + pdf[4001:],
        "overlaid": lambda: attacks.overlaid(pdf),
        "noted": lambda: attacks.annotated(pdf),
    }[attack]()
    report = await judged(minutes, spoilt)
    assert not report.accepted


async def test_a_wrong_passphrase_signs_nothing(
    cell: Cell, minutes: MinutesService, issued: IssuedPaper
) -> None:
    with pytest.raises(Refused) as refused:
        await minutes.sign(cell.world.asks(SECRETARY), issued.meeting, place(issued), "khong phai cau nay")
    assert refused.value.code == "wrong-passphrase"


@pytest.mark.parametrize(
    ("statement", "guard"),
    [
        ("UPDATE paper_signature SET fingerprint = 'x'", "paper_signature_unchanged"),
        ("DELETE FROM paper_signature", "paper_signature_kept"),
    ],
)
async def test_the_database_keeps_what_was_signed(
    cell: Cell, minutes: MinutesService, issued: IssuedPaper, statement: str, guard: str
) -> None:
    await minutes.sign(cell.world.asks(SECRETARY), issued.meeting, place(issued), PASSPHRASE)
    with pytest.raises(IntegrityError) as caught:
        async with cell.world.units.database.connection() as connection:
            await connection.execute(text(statement))
    assert constraint_of(caught.value) == guard


async def test_it_is_judged_by_an_exported_log_without_the_installation(
    cell: Cell, minutes: MinutesService, papers: PapersService, issued: IssuedPaper, tmp_path: Path
) -> None:
    """With the root and the list that whoever verifies trusts; a witness makes rule 7 pass."""
    secretary = cell.world.asks(SECRETARY)
    await minutes.sign(secretary, issued.meeting, place(issued), PASSPHRASE)
    pdf = (await papers.pdf(secretary, issued.id))[1]
    known = await exported(cell, minutes, issued, tmp_path / "export")
    report = await asyncio.to_thread(verify_pdf, pdf, known)
    assert report.accepted, report.lines()
    assert verdicts(report)[7] is Verdict.PASSED
    stranger = await asyncio.to_thread(verify_pdf, pdf, replace(known, root=b"", crl=None))
    assert verdicts(stranger)[3] is Verdict.FAILED
