"""What all pages of the secretary share: who may, the frame around them, post-redirect-get done once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiohttp import web

from meetings.committees import service as committees
from meetings.committees.powers import Act, can
from meetings.convening import service as convening
from meetings.convening.rules import ENDED, AnySitting, Mode
from meetings.db.unit import UnitOfWork
from meetings.http.problems import said, status_of
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, new_id, parse_id
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.once import Once
from meetings.pages.pen import Pen
from meetings.pages.services import PageServices
from meetings.sitting.rules import Step

_PAGES = {
    Step.CALL: "call",
    Step.ROLL: "roll",
    Step.MEET: "run",
    Step.READ: "review",
    Step.SIGN: "sign",
}
Show = Callable[[Filled, Refused | None], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """The sitting a page is about. `leads`: the asker convenes for the cell, not only for this sitting."""

    sitting: AnySitting
    cell_name: str
    leads: bool

    @property
    def over(self) -> bool:
        """Whether it is closed."""
        return self.sitting.state in ENDED

    @property
    def has_hall(self) -> bool:
        """Whether there is a roll of a hall."""
        return self.sitting.mode is not Mode.ONLINE


def step_path(sitting: AnySitting, step: Step) -> str:
    """Where a step is done. An online session has no roll to call."""
    if sitting.mode is Mode.ONLINE and step is Step.ROLL:
        step = Step.MEET
    return f"/m/{sitting.id}/{_PAGES[step]}"


class Desk:
    """`framed` asks for the power first: a page shows nothing to whoever may not do what it is for."""

    def __init__(self, services: PageServices, pen: Pen, once: Once) -> None:
        self.services, self.pen, self.once = services, pen, once

    async def framed(self, uow: UnitOfWork, request: web.Request, act: Act) -> Frame:
        """The sitting of the address. Raises NotSignedIn, NoSuchMeeting, NoPower."""
        sitting, actor = await convening.allow_in(uow, asker_of(request), act, meeting_of(request))
        at = await committees.standpoint(uow, sitting.cell)
        leads = can(actor, Act.CONVENE, at.place(), at.today)
        return Frame(sitting=sitting, cell_name=at.org.name, leads=leads)

    async def post(
        self, request: web.Request, act: Callable[[Filled], Awaitable[str | None]], show: Show, to: str
    ) -> web.StreamResponse:
        """Do what the form asks, once, and go `to` there, or where `act` says; what is refused is said on the
        page that `show` makes, with everything typed kept. A form sent again only goes on."""
        asker_of(request)
        filled = Filled(await request.post())
        gone: list[str | None] = []

        async def run() -> None:
            gone.append(await act(filled))

        try:
            await self.once.do(request, run)
        except Refused as refusal:
            return await show(filled, refusal)
        return see((gone[0] if gone else None) or to)

    def page(
        self,
        request: web.Request,
        template: str,
        context: Mapping[str, object],
        *,
        filled: Filled | None = None,
        refusal: Refused | None = None,
    ) -> web.StreamResponse:
        """A page of the secretary; `here`, its own address, is for the change of language."""
        shared: dict[str, object] = {
            "filled": filled or Filled(),
            "key": new_id(),
            "problem": said(request, refusal) if refusal else "",
        }
        status = status_of(refusal) if refusal else 200
        return self.pen.page(request, f"pages/{template}", {**shared, **context}, status=status)


def meeting_of(request: web.Request) -> Id:
    """The sitting of the address. Raises BadId."""
    return parse_id(request.match_info["meeting"])


def see(path: str) -> web.Response:
    """Go there."""
    return web.Response(status=303, headers={"Location": path})
