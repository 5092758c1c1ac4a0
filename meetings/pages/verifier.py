"""Anybody's page: a file is verified by the nine rules and not kept. No sign-in, no script needed."""

from __future__ import annotations

from aiohttp import web
from aiohttp.web_request import FileField

from meetings.http.pace import Pace
from meetings.http.problems import said, status_of
from meetings.kernel.errors import Invalid, Refused
from meetings.minutes.service import OpenVerifier
from meetings.minutes.service.strangers import MOST_FILE, check_size
from meetings.minutes.verification import Report
from meetings.pages.pen import Pen

PATH = "/kiem-tra"
_AROUND = 16 * 1024  # bytes of a form beside its file


class NoFileChosen(Invalid):
    """The form came without a file, or cut off."""

    code = "no-file-chosen"
    message = "Chưa có tệp nào. Xin thả tệp vào ô, hoặc bấm vào ô để chọn tệp, rồi bấm Kiểm tra."


class VerifierPages:
    """`pace`: how often one address may bring a file."""

    def __init__(self, verifier: OpenVerifier, pen: Pen, pace: Pace) -> None:
        self._verifier, self._pen, self._pace = verifier, pen, pace

    def routes(self) -> list[web.RouteDef]:
        """One page that is its own answer: nothing is kept that another address could show."""
        return [web.get(PATH, self.show), web.post(PATH, self.judge)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /kiem-tra."""
        return await self._page(request, None, None)

    async def judge(self, request: web.Request) -> web.StreamResponse:
        """POST /kiem-tra."""
        try:
            self._pace.take(request.remote or "")
            report = await self._verifier.judge(await _file(request))
        except Refused as refusal:
            return await self._page(request, None, refusal)
        return await self._page(request, report, None)

    async def _page(
        self, request: web.Request, report: Report | None, refusal: Refused | None
    ) -> web.StreamResponse:
        context = {
            "report": report,
            "here": PATH,
            "problem": said(request, refusal) if refusal else "",
            "authorities": [one.line() for one in await self._verifier.authorities()],
        }
        return self._pen.page(
            request, "pages/verifier.html", context, status=status_of(refusal) if refusal else 200
        )


async def _file(request: web.Request) -> bytes:
    """Raises NoFileChosen, FileTooLarge."""
    length = request.content_length
    check_size(MOST_FILE + 1 if length is None else length - _AROUND)
    try:
        held = (await request.post()).get("file")
    except (LookupError, ValueError, AssertionError):  # not the parts that its headers promise
        raise NoFileChosen from None
    if not isinstance(held, FileField) or not held.filename:
        raise NoFileChosen
    with held.file as file:
        return file.read(MOST_FILE + 1)
