"""Papers beside the minutes: the very paper that was issued is accepted, every other one is not."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pikepdf
import pytest

from meetings.convening.rules import Mode, State
from meetings.minutes.facts import to_bytes as minutes_bytes
from meetings.minutes.handlers import MinutesHandlers
from meetings.minutes.log_proof import KnownPapers
from meetings.minutes.paper_handlers import PaperHandlers
from meetings.minutes.papers.document import ATTACHMENT
from meetings.minutes.papers.facts import to_bytes
from meetings.minutes.papers.records import AnyPaper, Convocation, Counting, Resolution
from meetings.minutes.pdf import print_paper
from meetings.minutes.ports import Workshop
from meetings.minutes.service import Believed, MinutesService, PapersService, SigningKeys
from meetings.minutes.verification import Report, Verdict
from meetings.minutes.verify import meeting_in
from meetings.minutes.work import Known, verify_pdf
from tests.attendance.world import MEMBER, SECRETARY
from tests.browser import Browser, browsing
from tests.minutes import attacks
from tests.minutes.conftest import FORM, INSTALLATION
from tests.minutes.papers.samples import (
    MAKERS,
    attendance,
    convocation,
    counting,
    excerpt,
    question_ballots,
    resolution,
)
from tests.minutes.sittings import hybrid
from tests.minutes.test_apart import attach
from tests.minutes.witnessed import LOG, WITNESS, witnessed
from tests.sitting.holding import Cell

pytestmark = pytest.mark.matrix

ISSUED: dict[str, Callable[[], Counting | Resolution | Convocation]] = {
    "counting": counting,
    "resolution": resolution,
    "convocation": convocation,
}


def judged(pdf: bytes, papers: KnownPapers | None) -> Report:
    return verify_pdf(pdf, Known(root=b"", crl=None, papers=papers))


def known(*papers: AnyPaper) -> KnownPapers:
    issued = tuple(to_bytes(paper) for paper in papers)
    hashes = frozenset(hashlib.sha256(data).hexdigest() for data in issued)
    return KnownPapers(hashes=hashes, issued=issued, minutes=minutes_bytes(hybrid()))


def verdict(report: Report, number: int) -> Verdict:
    return report.rules[number - 1].verdict


@pytest.mark.parametrize("kind", ISSUED)
def test_an_issued_paper_is_accepted(kind: str) -> None:
    paper = ISSUED[kind]()
    report = judged(print_paper(to_bytes(paper)), known(paper))
    assert report.accepted
    assert [verdict(report, number) for number in (8, 9)] == [Verdict.PASSED] * 2
    assert all(verdict(report, number) is Verdict.NOT_APPLIED for number in range(1, 8))
    assert paper.paper.number in report.bottom_line
    assert "Tệp không mang chữ ký" in report.bottom_line


@pytest.mark.parametrize("make", [excerpt, attendance])
def test_what_repeats_the_minutes_is_compared_with_them(make: Callable[[], AnyPaper]) -> None:
    assert judged(print_paper(to_bytes(make())), known()).accepted


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_elsewhere_nothing_is_accepted(make: Callable[[], AnyPaper]) -> None:
    report = judged(print_paper(to_bytes(make())), None)
    assert not report.accepted
    assert verdict(report, 9) is Verdict.PASSED
    assert verdict(report, 8) is Verdict.NOT_APPLIED


def lies() -> dict[str, AnyPaper]:
    """Well-formed papers that nobody issued, printed as ours are."""
    told, shown, seen = excerpt(), resolution(), attendance()
    return {
        "another count": replace(counting(), entitled=15),
        "other words": replace(shown, text="I. Khác\nKhác hẳn."),
        "another number": replace(shown, paper=replace(shown.paper, number="06-NQ/CB")),
        "a letter to somebody else": replace(convocation(), people=("Người Lạ",)),
        "a letter to another place": replace(convocation(), place="Nhà riêng"),
        "an excerpt of other words": replace(told, text="Không có gì."),
        "an excerpt of another place": replace(told, position=1),
        "an excerpt with more people": replace(told, there=99),
        "an excerpt with a number": replace(told, paper=replace(told.paper, number="01-TB/CB")),
        "a list without the last one": replace(
            seen, attendance=replace(seen.attendance, hall=seen.attendance.hall[:-1])
        ),
        "a list of other minutes": replace(seen, minutes="0" * 64),
    }


@pytest.mark.parametrize("lie", lies())
def test_what_was_never_issued_is_refused(lie: str) -> None:
    report = judged(print_paper(to_bytes(lies()[lie])), known(counting(), resolution(), convocation()))
    assert verdict(report, 8) is Verdict.FAILED
    assert verdict(report, 9) is Verdict.PASSED
    assert report.bottom_line.startswith("Không chấp nhận tệp này.")


def test_one_letter_of_many_is_a_copy() -> None:
    whole = convocation()
    assert isinstance(whole, Convocation)
    one = replace(whole, people=whole.people[:1])
    assert judged(print_paper(to_bytes(one)), known(whole)).accepted


def test_ballots_have_nothing_to_be_compared_with() -> None:
    report = judged(print_paper(to_bytes(question_ballots())), known())
    assert (report.accepted, verdict(report, 8)) == (False, Verdict.NOT_APPLIED)


def altered(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        out = io.BytesIO()
        opened.save(out)
    return out.getvalue()


def _other_data(pdf: pikepdf.Pdf) -> None:
    pdf.attachments[ATTACHMENT].obj.EF.F.write(to_bytes(replace(resolution(), text="Khác.")))


def _spoilt_data(pdf: pikepdf.Pdf) -> None:
    pdf.attachments[ATTACHMENT].obj.EF.F.write(to_bytes(resolution()) + b" ")


def _more_data(pdf: pikepdf.Pdf) -> None:
    attach(pdf, b"{}", "bien-ban.json")


def _note(pdf: pikepdf.Pdf) -> None:
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[0, 0, 300, 300])
    pdf.pages[0].obj.Annots = pdf.make_indirect(pikepdf.Array([pdf.make_indirect(note)]))


def _layers(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array(), D=pikepdf.Dictionary())


def _another_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


@pytest.mark.parametrize("change", [_other_data, _spoilt_data, _more_data, _note, _layers, _another_page])
def test_a_changed_file_is_refused(change: Callable[[pikepdf.Pdf], None]) -> None:
    pdf = altered(print_paper(to_bytes(resolution())), change)
    report = judged(pdf, known(resolution()))
    assert not report.accepted


def test_paint_over_a_page_is_seen() -> None:
    report = judged(attacks.overlaid(print_paper(to_bytes(resolution()))), known(resolution()))
    assert verdict(report, 9) is Verdict.FAILED


@pytest.fixture
def logged(cell: Cell, workshop: Workshop) -> MinutesService:
    """Minutes whose verifier believes a log and a witness."""
    units = cell.world.units
    keys = SigningKeys(units, workshop, INSTALLATION)
    believed = Believed(log=str(LOG.key), witnesses=(str(WITNESS.key),))
    return MinutesService(units, workshop, keys, form=FORM, timestamp_url=None, believed=believed)


@pytest.fixture
async def browser(cell: Cell, logged: MinutesService, workshop: Workshop) -> AsyncIterator[Browser]:
    papers = PapersService(cell.world.units, workshop, form=FORM)
    endpoints = [*PaperHandlers(papers).endpoints(), *MinutesHandlers(logged).endpoints()]
    async with browsing(cell.world, endpoints) as made:
        yield made


async def test_the_installation_knows_the_papers_that_it_made(
    cell: Cell, browser: Browser, logged: MinutesService
) -> None:
    """From the file alone: which meeting, what was recorded of it, who witnessed."""
    base = f"/meetings/{(await cell.november()).sitting.id}"
    assert (await browser.post(f"{base}/minutes/approve", SECRETARY)).status == 200
    items = (await browser.get(f"{base}/minutes", MEMBER)).json["minutes"]["facts"]["items"]
    item, vote = items[0], next(vote["id"] for one in items for vote in one["votes"])
    wanted = {"kind": "resolution", "vote": vote, "text": "I. Kết quả\nTốt."}
    made = await browser.post(f"{base}/papers", SECRETARY, wanted)
    assert made.status == 201
    paths = (
        f"/papers/{made.json['id']}.pdf",
        f"{base}/attendance.pdf",
        f"{base}/minutes/items/{item['id']}.pdf",
    )
    files = [(await browser.get(path, MEMBER)).body for path in paths]
    for pdf in files:
        report = await logged.verify(pdf, meeting_in(pdf))
        assert (report.accepted, verdict(report, 7)) == (True, Verdict.NOT_APPLIED)
    await witnessed(cell)
    for pdf in files:
        report = await logged.verify(pdf, meeting_in(pdf))
        assert (report.accepted, verdict(report, 7)) == (True, Verdict.PASSED)
        assert "dang-uy.example" in report.rules[6].explanation


async def test_letters_are_known_by_their_meeting(
    cell: Cell, browser: Browser, logged: MinutesService
) -> None:
    made = await cell.world.meeting(mode=Mode.HYBRID, state=State.CONVENED)
    path = f"/meetings/{made.id}/convocation.pdf"
    draft = (await browser.get(path, SECRETARY)).body
    assert not (await logged.verify(draft, meeting_in(draft))).accepted
    issued = await browser.post(f"/meetings/{made.id}/papers", SECRETARY, {"kind": "convocation"})
    assert issued.status == 201
    assert await logged.knows(made.id)
    for one in (path, f"{path}?member={cell.world.member('o3')}"):
        pdf = (await browser.get(one, SECRETARY)).body
        assert (await logged.verify(pdf, meeting_in(pdf))).accepted
    report = await logged.verify(draft, meeting_in(draft))
    assert verdict(report, 8) is not Verdict.PASSED
