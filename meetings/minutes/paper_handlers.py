"""The other papers of a sitting over HTTP."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated

from aiohttp import web
from pydantic import Field

from meetings.http.endpoint import Call, Endpoint, Handler
from meetings.http.shapes import Body, Line, LongText, UuidText, View, checked
from meetings.kernel.text import clean_line
from meetings.minutes.numbering import IssuedPaper, PaperKind, Term
from meetings.minutes.papers.corrections import Changes, Stated
from meetings.minutes.service import PapersService
from meetings.minutes.service.ballot_sheets import Ahead
from meetings.minutes.service.paper_seats import PaperLook
from meetings.minutes.service.papers import Tried, Wanted
from meetings.voting.handlers import ConcernedBody, whom
from meetings.voting.rules import DecisionKind

_PDF = "application/pdf"
_TAGS = ("papers",)
LastNumber = Annotated[int, Field(ge=0, le=9999)]


class CopiesQuery(Body):
    """How many ballots; without it as many as members of the base are in the hall."""

    copies: Annotated[int, Field(ge=1, le=500)] | None = None


class AheadBody(CopiesQuery):
    """Ballots of a question that is not put yet; without `copies` as many as members are expected to vote. `person`:
    where one is decided about."""

    question: Line
    kind: DecisionKind
    person: ConcernedBody | None = None


class LetterQuery(Body):
    """For whom; without it a letter for everyone who was called."""

    member: UuidText | None = None


class CorrectedBody(Body):
    """The words to be read instead of the recorder's on an item of the minutes (or, by its id, the whole sitting)."""

    item: UuidText
    words: LongText


class RemarkBody(Body):
    """Words beside a part that comes from the record; they change no figure."""

    part: Stated
    text: LongText


class IssueBody(Body):
    """A paper to issue, under the next number where its kind has numbers. `vote`: for counting-board minutes and
    resolutions; `item`: for an excerpt; `text` (parts begin with I., II. …) and `recipients`: of a resolution; the rest
    of an addendum to approved minutes."""

    kind: PaperKind
    vote: UuidText | None = None
    item: UuidText | None = None
    text: LongText = ""
    recipients: Annotated[tuple[Line, ...], Field(max_length=10)] = ()
    corrections: Annotated[tuple[CorrectedBody, ...], Field(max_length=100)] = ()
    remarks: Annotated[tuple[RemarkBody, ...], Field(max_length=len(Stated))] = ()
    reason: LongText = ""
    found_by: Annotated[str, checked(partial(clean_line, empty=True)), Field(max_length=200)] = ""

    def wanted(self) -> Wanted:
        """For the service."""
        changes = Changes(
            words={one.item: one.words for one in self.corrections},
            remarks={one.part: one.text for one in self.remarks},
            reason=self.reason,
            found_by=self.found_by,
        )
        return Wanted(
            kind=self.kind,
            vote=self.vote,
            item=self.item,
            text=self.text,
            recipients=self.recipients,
            changes=changes,
        )


class IssuedPaperView(View):
    """An issued paper. `about`: the meeting, the vote or the item; `number` as 05-NQ/CB, null in a practice sitting and
    where its kind has none. `signed_at`: by keys in every place, or by hand with a scan (`in_ink`); null: not yet."""

    id: str
    meeting: str
    kind: PaperKind
    about: str
    number: str | None
    day: dt.date
    issued_at: dt.datetime
    signed_at: dt.datetime | None
    in_ink: bool


class IssuedPapersView(View):
    """The issued papers of a meeting in the order of their issue."""

    papers: list[IssuedPaperView]


class TermBody(Body):
    """A term of the committee from `since` on. The last numbers given before this cell numbered here."""

    name: Line
    since: Annotated[dt.date, Field(ge=dt.date(1930, 2, 3), le=dt.date(2200, 12, 31), strict=False)]
    last_resolution: LastNumber = 0
    last_counting: LastNumber = 0
    last_convocation: LastNumber = 0
    last_addendum: LastNumber = 0


class TermView(View):
    """A term; numbers of every kind of paper run from its first day."""

    name: str
    since: dt.date
    last_resolution: int
    last_counting: int
    last_convocation: int
    last_addendum: int


class TermsView(View):
    """The terms of a cell in order."""

    terms: list[TermView]


class PaperHandlers:
    """JSON in, JSON or PDF out."""

    def __init__(self, service: PapersService) -> None:
        self._service = service

    async def print_ballots_ahead(self, call: Call[AheadBody, Body]) -> web.Response:
        """POST /meetings/{meeting}/ballots.pdf: what is asked, and about whom, stands in no address."""
        body = call.body
        ahead = Ahead(question=body.question, kind=body.kind, person=whom(body.person), copies=body.copies)
        return _pdf(await self._service.ballots.ahead(call.asker, call.id("meeting"), ahead), "phieu")

    async def get_election_ballots_pdf(self, call: Call[Body, CopiesQuery]) -> web.Response:
        """GET /elections/{election}/ballots.pdf."""
        pdf = await self._service.ballots.of_election(call.asker, call.id("election"), call.query.copies)
        return _pdf(pdf, "phieu-bau")

    async def get_ballots_pdf(self, call: Call[Body, CopiesQuery]) -> web.Response:
        """GET /votes/{vote}/ballots.pdf."""
        pdf = await self._service.ballots.of_vote(call.asker, call.id("vote"), call.query.copies)
        return _pdf(pdf, "phieu")

    async def get_excerpt_pdf(self, call: Call[Body, Body]) -> web.Response:
        """GET /meetings/{meeting}/minutes/items/{item}.pdf."""
        pdf = await self._service.excerpt(call.asker, call.id("meeting"), call.id("item"))
        return _pdf(pdf, _NAMES[PaperKind.EXCERPT])

    async def get_attendance_pdf(self, call: Call[Body, Body]) -> web.Response:
        """GET /meetings/{meeting}/attendance.pdf."""
        pdf = await self._service.attendance_list(call.asker, call.id("meeting"))
        return _pdf(pdf, _NAMES[PaperKind.ATTENDANCE])

    async def get_letters_pdf(self, call: Call[Body, LetterQuery]) -> web.Response:
        """GET /meetings/{meeting}/convocation.pdf."""
        pdf = await self._service.letters(call.asker, call.id("meeting"), call.query.member)
        return _pdf(pdf, _NAMES[PaperKind.CONVOCATION])

    async def try_paper(self, call: Call[IssueBody, Body]) -> Tried:
        """Before POST /meetings/{meeting}/papers: whether it can be printed."""
        return await self._service.issue_ahead(call.asker, call.id("meeting"), call.body.wanted())

    async def issue_paper(self, call: Call[IssueBody, Body]) -> IssuedPaperView:
        """POST /meetings/{meeting}/papers."""
        return _view(await self._service.keep_issued(call.asker, call.prepared))

    async def list_papers(self, call: Call[Body, Body]) -> IssuedPapersView:
        """GET /meetings/{meeting}/papers."""
        looks = await self._service.of_meeting(call.asker, call.id("meeting"))
        return IssuedPapersView(papers=[_view(one.issued, one) for one in looks.values()])

    async def get_paper_pdf(self, call: Call[Body, Body]) -> web.Response:
        """GET /papers/{paper}.pdf."""
        paper, pdf = await self._service.pdf(call.asker, call.id("paper"))
        return _pdf(pdf, _NAMES[paper.kind])

    async def begin_document_term(self, call: Call[TermBody, Body]) -> TermsView:
        """POST /cells/{cell}/document-terms."""
        body = call.body
        used = {
            PaperKind.RESOLUTION: body.last_resolution,
            PaperKind.COUNTING: body.last_counting,
            PaperKind.CONVOCATION: body.last_convocation,
            PaperKind.ADDENDUM: body.last_addendum,
        }
        term = Term(name=body.name, since=body.since, used=used)
        return _terms(await self._service.begin_term(call.asker, call.id("cell"), term))

    async def list_document_terms(self, call: Call[Body, Body]) -> TermsView:
        """GET /cells/{cell}/document-terms."""
        return _terms(await self._service.terms(call.asker, call.id("cell")))

    def endpoints(self) -> list[Endpoint]:
        """What this storey serves beside the minutes."""
        meeting = "/meetings/{meeting}"
        return [
            _file("/votes/{vote}/ballots.pdf", self.get_ballots_pdf, "Phiếu kín để in", CopiesQuery),
            Endpoint(
                method="POST",
                path=f"{meeting}/ballots.pdf",
                handler=self.print_ballots_ahead,
                summary="Phiếu kín in trước, không lưu lại",
                body=AheadBody,
                media=_PDF,
                own_key=True,
                tags=_TAGS,
            ),
            _file(
                "/elections/{election}/ballots.pdf",
                self.get_election_ballots_pdf,
                "Phiếu bầu in trước",
                CopiesQuery,
            ),
            _file(f"{meeting}/minutes/items/{{item}}.pdf", self.get_excerpt_pdf, "Trích biên bản"),
            _file(f"{meeting}/attendance.pdf", self.get_attendance_pdf, "Danh sách điểm danh để in"),
            _file(f"{meeting}/convocation.pdf", self.get_letters_pdf, "Giấy mời để in", LetterQuery),
            _file("/papers/{paper}.pdf", self.get_paper_pdf, "Văn bản đã ban hành"),
            Endpoint(
                method="GET",
                path=f"{meeting}/papers",
                handler=self.list_papers,
                summary="Văn bản đã ban hành của buổi họp",
                answer=IssuedPapersView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=f"{meeting}/papers",
                handler=self.issue_paper,
                prepare=self.try_paper,
                summary="Ban hành văn bản, lấy số",
                body=IssueBody,
                answer=IssuedPaperView,
                status=201,
                tags=_TAGS,
            ),
            *self._about_terms(),
        ]

    def _about_terms(self) -> list[Endpoint]:
        path = "/cells/{cell}/document-terms"
        return [
            Endpoint(
                method="GET",
                path=path,
                handler=self.list_document_terms,
                summary="Nhiệm kỳ đánh số văn bản",
                answer=TermsView,
                tags=_TAGS,
            ),
            Endpoint(
                method="POST",
                path=path,
                handler=self.begin_document_term,
                summary="Bắt đầu một nhiệm kỳ, đánh số lại từ đầu",
                body=TermBody,
                answer=TermsView,
                status=201,
                tags=_TAGS,
            ),
        ]


_NAMES = {
    PaperKind.CONVOCATION: "giay-moi",
    PaperKind.COUNTING: "bien-ban-kiem-phieu",
    PaperKind.RESOLUTION: "nghi-quyet",
    PaperKind.ADDENDUM: "phu-luc-bien-ban",
    PaperKind.EXCERPT: "trich-bien-ban",
    PaperKind.ATTENDANCE: "danh-sach-diem-danh",
}


def _file(path: str, handler: Handler, summary: str, query: type[Body] = Body) -> Endpoint:
    return Endpoint(
        method="GET", path=path, handler=handler, summary=summary, query=query, media=_PDF, tags=_TAGS
    )


def _pdf(content: bytes, name: str) -> web.Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return web.Response(body=content, content_type=_PDF, headers=headers)


def _view(paper: IssuedPaper, look: PaperLook | None = None) -> IssuedPaperView:
    return IssuedPaperView(
        id=paper.id,
        meeting=paper.meeting,
        kind=paper.kind,
        about=paper.about,
        number=paper.number_text or None,
        day=paper.day,
        issued_at=paper.at,
        signed_at=look.signed_at if look else None,
        in_ink=look is not None and look.ink_at is not None,
    )


def _terms(found: list[Term]) -> TermsView:
    return TermsView(
        terms=[
            TermView(
                name=term.name,
                since=term.since,
                last_resolution=term.used.get(PaperKind.RESOLUTION, 0),
                last_counting=term.used.get(PaperKind.COUNTING, 0),
                last_convocation=term.used.get(PaperKind.CONVOCATION, 0),
                last_addendum=term.used.get(PaperKind.ADDENDUM, 0),
            )
            for term in found
        ]
    )
