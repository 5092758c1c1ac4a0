"""Lists, excerpts, counting-board minutes and letters are issued, and signed by those whom their layout names: by
keys, or by hand with a scan; the verifier says so, with stamps of the archive too."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from meetings.db.refusals import GuardedByDatabase
from meetings.db.types import load
from meetings.kernel.ids import Id, new_id
from meetings.ledger import service as ledger
from meetings.minutes import archive_store, paper_signatures, store
from meetings.minutes.ink import OwnWitness
from meetings.minutes.lasting import RENEW_AFTER, ArchiveState
from meetings.minutes.numbering import IssuedPaper, PaperKind
from meetings.minutes.paper_signatures import Step
from meetings.minutes.papers.facts import to_bytes
from meetings.minutes.papers.places import places_of
from meetings.minutes.papers.reading import from_json
from meetings.minutes.papers.records import AttendanceList
from meetings.minutes.pdf import print_paper
from meetings.minutes.ports import Workshop
from meetings.minutes.seating import OfPaper
from meetings.minutes.service import ArchiveService, Believed, MinutesService, PapersService, SigningKeys
from meetings.minutes.service.made import NoMinutes
from meetings.minutes.service.paper_seats import NoSuchPaper, NotYourPaper, SignedByHand
from meetings.minutes.service.papers import AlreadyIssued, Wanted
from meetings.minutes.service.signers import AlreadySigned
from meetings.minutes.signing import OutOfTurn
from meetings.minutes.store import Signature
from meetings.minutes.verification import Report, Verdict
from meetings.minutes.verify import meeting_in
from meetings.minutes.work import Stamps, verify_pdf
from meetings.oversight.reconcile import reconcile
from tests.attendance.world import MEMBER, SECRETARY
from tests.minutes import attacks
from tests.minutes.conftest import FORM, INSTALLATION
from tests.minutes.issued import BOARD, Evening, evening
from tests.minutes.office import PASSPHRASE
from tests.minutes.stamping import StampAuthority, stamp_authority
from tests.minutes.witnessed import exported
from tests.scans import picture
from tests.sitting.holding import Cell

pytestmark = pytest.mark.matrix

SCAN = picture("PNG")
TITLES = {
    PaperKind.COUNTING: "Biên bản kiểm phiếu số 01-BB/CB",
    PaperKind.ATTENDANCE: "Danh sách điểm danh",
    PaperKind.EXCERPT: "Trích biên bản, nội dung thứ 1",
    PaperKind.CONVOCATION: "Giấy mời số 01-GM/CB",
}


@pytest.fixture(scope="module")
def authority() -> Iterator[StampAuthority]:
    with stamp_authority() as made:
        yield made


@pytest.fixture
def papers(cell: Cell, workshop: Workshop) -> PapersService:
    return PapersService(cell.world.units, workshop, form=FORM)


@pytest.fixture
async def held(cell: Cell, minutes: MinutesService, papers: PapersService) -> Evening:
    return await evening(cell, minutes, papers)


async def sign(held: Evening, minutes: MinutesService, paper: IssuedPaper, most: int = 99) -> None:
    """In every place in order, or in the first `most`."""
    people = zip(held.labels[paper.kind], places_of(from_json(paper.data)), strict=True)
    for label, field in list(people)[:most]:
        who = held.cell.world.asks(label)
        if label in BOARD:
            await minutes.keys.make(who, PASSPHRASE)
        await minutes.sign(who, paper.meeting, OfPaper(paper=paper.id, field=field), PASSPHRASE)


async def file(held: Evening, paper: IssuedPaper) -> bytes:
    return (await held.papers.pdf(held.cell.world.asks(MEMBER), paper.id))[1]


async def judged(minutes: MinutesService, pdf: bytes) -> Report:
    return await minutes.verify(pdf, meeting_in(pdf))


def verdicts(report: Report, verdict: Verdict) -> set[int]:
    return {rule.number for rule in report.rules if rule.verdict is verdict}


@pytest.mark.parametrize("kind", TITLES)
async def test_signed_by_all_whom_the_layout_names(
    held: Evening, minutes: MinutesService, tmp_path: Path, kind: PaperKind
) -> None:
    paper = await held.issue(kind)
    before = await file(held, paper)
    await sign(held, minutes, paper)
    pdf = await file(held, paper)
    report = await judged(minutes, pdf)
    assert report.accepted, report.lines()
    assert verdicts(report, Verdict.PASSED) == {1, 2, 3, 4, 6, 8, 9}
    assert len(report.signatures) == len(held.labels[kind])
    assert report.bottom_line.startswith(TITLES[kind])
    assert (await judged(minutes, before)).accepted, "the print without signatures stays true"
    assert await reconcile(held.cell.world.units) == []
    known = await exported(held.cell, minutes, paper, tmp_path / "export")
    elsewhere = await asyncio.to_thread(verify_pdf, pdf, known)
    assert elsewhere.accepted, elsewhere.lines()
    assert 7 in verdicts(elsewhere, Verdict.PASSED)


async def test_papers_without_number_take_none(held: Evening) -> None:
    made = [await held.issue(kind) for kind in (PaperKind.ATTENDANCE, PaperKind.EXCERPT, PaperKind.COUNTING)]
    assert [one.number_text for one in made] == ["", "", "01-BB/CB"]
    for kind in (PaperKind.ATTENDANCE, PaperKind.EXCERPT, PaperKind.COUNTING):
        with pytest.raises(AlreadyIssued):
            await held.issue(kind)


async def test_what_repeats_minutes_is_issued_after_their_approval(cell: Cell, papers: PapersService) -> None:
    sitting = (await cell.november()).sitting
    for wanted in (Wanted(kind=PaperKind.ATTENDANCE), Wanted(kind=PaperKind.EXCERPT, item=new_id())):
        with pytest.raises(NoMinutes):
            await papers.issue(cell.world.asks(SECRETARY), sitting.id, wanted)


async def test_only_in_turn_and_in_ones_own_place(held: Evening, minutes: MinutesService) -> None:
    paper = await held.issue(PaperKind.COUNTING)
    first, second = (OfPaper(paper=paper.id, field=field) for field in places_of(from_json(paper.data)))
    for label in BOARD:
        await minutes.keys.make(held.cell.world.asks(label), PASSPHRASE)
    with pytest.raises(NotYourPaper):
        await minutes.sign(held.cell.world.asks(BOARD[1]), paper.meeting, first, PASSPHRASE)
    with pytest.raises(OutOfTurn):
        await minutes.sign(held.cell.world.asks(BOARD[1]), paper.meeting, second, PASSPHRASE)
    with pytest.raises(NotYourPaper):
        await minutes.sign(
            held.cell.world.asks(SECRETARY), paper.meeting, OfPaper(paper=paper.id), PASSPHRASE
        )


async def test_half_signed_is_refused_and_says_why(held: Evening, minutes: MinutesService) -> None:
    paper = await held.issue(PaperKind.COUNTING)
    await sign(held, minutes, paper, most=1)
    report = await judged(minutes, await file(held, paper))
    assert not report.accepted
    assert 1 in verdicts(report, Verdict.FAILED)
    look = (await held.papers.of_meeting(held.cell.world.asks(MEMBER), paper.meeting))[paper.id]
    assert (look.signed_at, [one.role for one in look.awaited]) == (None, ["teller-2"])


@pytest.mark.parametrize("attack", ["overlaid", "noted", "a list with one less"])
async def test_a_touched_list_is_refused(held: Evening, minutes: MinutesService, attack: str) -> None:
    paper = await held.issue(PaperKind.ATTENDANCE)
    await sign(held, minutes, paper)
    pdf, facts = await file(held, paper), from_json(paper.data)
    assert isinstance(facts, AttendanceList)
    less = replace(facts, attendance=replace(facts.attendance, hall=facts.attendance.hall[1:]))
    spoilt = {
        "overlaid": lambda: attacks.overlaid(pdf),
        "noted": lambda: attacks.annotated(pdf),
        "a list with one less": lambda: print_paper(to_bytes(less)),
    }[attack]()
    assert not (await judged(minutes, spoilt)).accepted


async def ink(held: Evening, paper: IssuedPaper, witness: str = MEMBER, scan: bytes = SCAN) -> None:
    world = held.cell.world
    await held.papers.by_hand.sign(
        world.asks(SECRETARY), paper.meeting, paper.id, scan, world.member(witness)
    )


@pytest.mark.parametrize("kind", TITLES)
async def test_signed_by_hand_with_a_scan(held: Evening, minutes: MinutesService, kind: PaperKind) -> None:
    paper = await held.issue(kind)
    with pytest.raises(OwnWitness):
        await ink(held, paper, held.labels[kind][0])
    await ink(held, paper)
    report = await judged(minutes, await file(held, paper))
    assert report.accepted, report.lines()
    assert "Chữ ký tay trên giấy, kèm bản chụp. Bản in và bản chụp đúng" in report.bottom_line
    assert report.bottom_line.startswith(TITLES[kind])
    look = (await held.papers.of_meeting(held.cell.world.asks(MEMBER), paper.meeting))[paper.id]
    assert (look.signed_at, look.next) == (look.ink_at, None)
    with pytest.raises(SignedByHand):
        await ink(held, paper)
    with pytest.raises(SignedByHand):
        await sign(held, minutes, paper)
    assert await reconcile(held.cell.world.units) == []
    async with held.cell.world.units.read() as uow:
        entries = [load(one.leaf) for one in await ledger.of_meeting(uow, paper.cell, paper.meeting)]
    (said,) = (one["p"] for one in entries if one["act"] == "papers.ink")
    assert said["scan"] == hashlib.sha256(SCAN).hexdigest()
    assert said["data"] == hashlib.sha256(paper.data).hexdigest()


async def test_what_keys_signed_is_not_signed_by_hand(held: Evening, minutes: MinutesService) -> None:
    paper = await held.issue(PaperKind.ATTENDANCE)
    await sign(held, minutes, paper, most=1)
    await sign_rest(held, minutes, paper)
    with pytest.raises(AlreadySigned):
        await ink(held, paper)
    with pytest.raises(NoSuchPaper):
        await ink(held, replace(paper, id=new_id()))


async def sign_rest(held: Evening, minutes: MinutesService, paper: IssuedPaper) -> None:
    place = OfPaper(paper=paper.id, field="ChuTri")
    await minutes.sign(held.cell.world.asks(SECRETARY), paper.meeting, place, PASSPHRASE)


async def test_another_scan_than_the_logged_one_is_told(held: Evening, minutes: MinutesService) -> None:
    """Whoever owns the database swaps record and scan; the entry still names the first."""
    paper = await held.issue(PaperKind.EXCERPT)
    await ink(held, paper)
    async with held.cell.world.units.database.connection() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("the owner of this database is not the one who serves")
        await connection.execute(text("DROP TRIGGER ink_signature_unchanged"))
        others = "SELECT sha256 FROM stored_file WHERE sha256 NOT IN (SELECT scan FROM ink_signature) LIMIT 1"
        other = await connection.execute(text(others))
        await connection.execute(
            text("UPDATE ink_signature SET scan = :other"), {"other": other.scalar_one()}
        )
        await connection.commit()
    report = await judged(minutes, await file(held, paper))
    assert not report.accepted
    assert "không còn đúng như đã ghi" in report.bottom_line


@pytest.mark.parametrize(
    ("kind", "number", "role", "guard"),
    [
        (PaperKind.EXCERPT, 1, "ChuTri", "paper_signature_in_place"),
        (PaperKind.COUNTING, 1, "KiemPhieu2", "paper_signature_in_place"),
        (PaperKind.COUNTING, 2, "KiemPhieu2", "paper_signature_in_turn"),
    ],
)
async def test_the_database_keeps_places_in_order(
    held: Evening, kind: PaperKind, number: int, role: str, guard: str
) -> None:
    paper = await held.issue(kind)
    signature = Signature(role=role, person=new_id(), fingerprint="x", at=paper.at, signed_at=paper.at)
    with pytest.raises(GuardedByDatabase) as refused:
        async with held.cell.world.units.begin() as uow:
            step = Step(number=number, of=2)
            await paper_signatures.add(uow.session, paper.id, new_id(), signature, "x", step)
    assert refused.value.facts["guard"] == guard


async def test_the_database_keeps_keys_and_hands_apart(held: Evening, minutes: MinutesService) -> None:
    signed, by_hand = await held.issue(PaperKind.EXCERPT), await held.issue(PaperKind.ATTENDANCE)
    await sign(held, minutes, signed)
    await ink(held, by_hand)
    signature = Signature(
        role="NguoiGhi", person=new_id(), fingerprint="x", at=signed.at, signed_at=signed.at
    )
    with pytest.raises(GuardedByDatabase):
        async with held.cell.world.units.begin() as uow:
            await store.add_ink(uow.session, signed.id, {}, "x", signed.at)
    with pytest.raises(GuardedByDatabase):
        async with held.cell.world.units.begin() as uow:
            step = Step(number=1, of=2)
            await paper_signatures.add(uow.session, by_hand.id, new_id(), signature, "x", step)


async def test_stamps_of_the_archive_on_a_list(
    cell: Cell, papers: PapersService, workshop: Workshop, authority: StampAuthority
) -> None:
    """Stamped once when all have signed, and again after a year; each file stays accepted."""
    trust, units = authority.trust, cell.world.units
    believed = Believed(stamps=Stamps(root=trust.roots[0], crl=trust.crls[0]))
    keys = SigningKeys(units, workshop, INSTALLATION)
    minutes = MinutesService(units, workshop, keys, form=FORM, timestamp_url=authority.url, believed=believed)
    archive = ArchiveService(units, workshop, minutes, url=authority.url)
    held = await evening(cell, minutes, papers)
    paper = await held.issue(PaperKind.ATTENDANCE)
    await sign(held, minutes, paper, most=1)
    assert await archive.stamp_due() == 0
    await sign_rest(held, minutes, paper)
    assert await state(cell, archive, paper.id) is ArchiveState.WAITING
    files = [await file(held, paper)]
    assert await archive.stamp_due() == 1
    assert await archive.stamp_due() == 0
    assert await state(cell, archive, paper.id) is ArchiveState.KEPT
    files.append(await file(held, paper))
    await archive.stamp(paper.id)
    files.append(await file(held, paper))
    assert all(new.startswith(old) for old, new in pairwise(files))
    for pdf in files:
        report = await judged(minutes, pdf)
        assert report.accepted, report.lines()
        assert {5, 8, 9} <= verdicts(report, Verdict.PASSED)
    assert await reconcile(units) == []
    async with units.read() as uow:
        newest = await archive_store.newest_stamp(uow.session, paper.id)
        due = await archive_store.without_stamp_since(
            uow.session, newest.at + RENEW_AFTER if newest else paper.at
        )
    assert due == [paper.id]


async def state(cell: Cell, archive: ArchiveService, paper: Id) -> ArchiveState:
    return (await archive.of_paper(cell.world.asks(MEMBER), paper)).state


async def test_offered_is_what_can_be_issued_and_is_not_yet(held: Evening) -> None:
    secretary = held.cell.world.asks(SECRETARY)

    async def kinds() -> list[PaperKind]:
        return [one.kind for one in await held.papers.offers.of_meeting(secretary, held.sitting.id)]

    assert set(await kinds()) == set(TITLES)
    await held.issue(PaperKind.COUNTING)
    assert set(await kinds()) == set(TITLES) - {PaperKind.COUNTING}
