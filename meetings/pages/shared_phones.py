"""One phone handed round: the secretary says beforehand who uses which phone together (rules.md 2.6)."""

from __future__ import annotations

from aiohttp import web

from meetings.attendance.guests import SharedPhone
from meetings.committees import service as committees
from meetings.committees.powers import Act
from meetings.committees.rules import Category, Member
from meetings.convening import service as convening
from meetings.db.unit import UnitOfWork
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id
from meetings.pages.desk import Desk, Frame, meeting_of
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of

PATH = "/m/{meeting}/shared-phones"
TWO = source("Xin chọn ít nhất hai đồng chí.")
_MOST = 20


class SharedPhonePages:
    """`/m/{meeting}/shared-phones`, for who may call the roll."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """The list and its one form."""
        return [web.get(PATH, self.show), web.post(PATH, self.declare)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET: who shares, and whom one may still name."""
        return await self._page(request, None, None)

    async def declare(self, request: web.Request) -> web.StreamResponse:
        """POST: these use one phone."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> None:
            _, roster, _ = await self._read(request)
            together = [one.id for one in roster if filled.get(f"with-{one.id}")]
            if not 2 <= len(together) <= _MOST:
                filled.wrong("with", TWO)
            filled.check()
            await self._services.attendance.shared_phones.declare(asker, meeting, together)

        to = f"/m/{meeting}/shared-phones"
        return await self._desk.post(request, act, lambda *told: self._page(request, *told), to)

    async def _page(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        declared = await self._services.attendance.shared_phones.declared(
            asker_of(request), meeting_of(request)
        )
        frame, roster, contacts = await self._read(request)
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "roster": [(one, contacts[one.person].smartphone) for one in roster],
            "shared": _named(declared, roster),
            "here": f"/m/{frame.sitting.id}/shared-phones",
        }
        return self._desk.page(request, "shared_phones.html", context, filled=filled, refusal=refusal)

    async def _read(self, request: web.Request) -> tuple[Frame, list[Member], dict[Id, committees.Contact]]:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.ROLL)
            return frame, await _roster(uow, frame), await committees.contacts(uow, frame.sitting.cell)


async def _roster(uow: UnitOfWork, frame: Frame) -> list[Member]:
    """Everybody of that day but the suspended."""
    found = await convening.roster_of(uow, frame.sitting)
    return [one for one in found if one.category is not Category.SUSPENDED]


def _named(declared: list[SharedPhone], roster: list[Member]) -> list[list[str]]:
    names = {one.id: one.full_name for one in roster}
    return [[names[who] for who in one.members if who in names] for one in declared]
