"""A paper is tried from a form, looked at, and issued under its number once."""

from __future__ import annotations

from aiohttp import web

from meetings.minutes.numbering import IssuedPaper
from meetings.minutes.service.papers import Tried, Wanted
from meetings.pages.desk import Desk, meeting_of, see
from meetings.pages.forms import asker_of


async def issue(desk: Desk, request: web.Request, wanted: Wanted, before: str) -> web.Response:
    """Fixed under its number; then to where it is signed. A form sent again leads to where the papers stand, `before`.

    Raises what PapersService raises.
    """
    papers, asker, meeting = desk.services.papers, asker_of(request), meeting_of(request)
    made: list[IssuedPaper] = []

    async def keep(tried: Tried) -> None:
        made.append(await papers.keep_issued(asker, tried))

    await desk.once.do_ahead(request, lambda: papers.issue_ahead(asker, meeting, wanted), keep)
    return see(f"/papers/{made[0].id}/sign" if made else before)


async def preview(desk: Desk, request: web.Request, wanted: Wanted, name: str) -> web.Response:
    """How it would be printed, under this name of a file; keeps nothing. Raises what PapersService raises."""
    pdf = await desk.services.papers.preview(asker_of(request), meeting_of(request), wanted)
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return web.Response(body=pdf, content_type="application/pdf", headers=headers)
