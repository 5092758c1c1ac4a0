"""A helper's own page: the roll of one meeting, opened by the pass in its address; it shows nothing else."""

from __future__ import annotations

from aiohttp import web

from meetings.attendance.guests import PassKind
from meetings.attendance.service import PassToken, RollSheet
from meetings.attendance.service.holders import Hand, take_pen
from meetings.http.problems import said, status_of
from meetings.kernel.clock import real_now
from meetings.kernel.errors import Refused
from meetings.kernel.ids import new_id, parse_id
from meetings.pages.desk import Desk, meeting_of, see
from meetings.pages.filled import Filled
from meetings.pages.once import KEY
from meetings.pages.roll import marks_of, typed_marks
from meetings.pages.roll_look import RollLook, look_at_roll

PATH = "/h/{meeting}/{token}"


class HelperPages:
    """`/h/{meeting}/{token}`: marks are kept as "X làm hộ Y"; only the secretary confirms the roll."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._services = desk, desk.services

    def routes(self) -> list[web.RouteDef]:
        """The list and its one form."""
        return [web.get(PATH, self.show), web.post(PATH, self.mark)]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET: whom to call. Raises PassGone."""
        return await self._roll(request, None, None)

    async def mark(self, request: web.Request) -> web.StreamResponse:
        """POST: the same sheet again gives the first answer."""
        meeting, filled = meeting_of(request), Filled(await request.post())
        _, look = await self._read(request)
        sheet = RollSheet(id=parse_id(filled.get(KEY)), marks=marks_of(filled, look, all_needed=False))
        try:
            await self._services.attendance.roll.mark(_pass(request), meeting, sheet)
        except Refused as refusal:
            return await self._roll(request, filled, refusal)
        return see(f"{request.path}#roll")

    async def _read(self, request: web.Request) -> tuple[Hand, RollLook]:
        kinds = frozenset({PassKind.HELPER})
        async with self._services.units.read() as uow:
            hand = await take_pen(
                uow, _pass(request), meeting_of(request), real_now(), kinds=kinds, lock=False
            )
            return hand, await look_at_roll(uow, hand.sitting)

    async def _roll(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        hand, look = await self._read(request)
        context: dict[str, object] = {
            "sitting": hand.sitting,
            "helper": hand.held.name if hand.held else "",
            "look": look,
            "filled": filled or Filled(typed_marks(look)),
            "key": new_id(),
            "problem": said(request, refusal) if refusal else "",
            "here": request.path,
        }
        status = status_of(refusal) if refusal else 200
        return self._desk.pen.page(request, "pages/helper.html", context, status=status)


def _pass(request: web.Request) -> PassToken:
    return PassToken(request.match_info["token"])
