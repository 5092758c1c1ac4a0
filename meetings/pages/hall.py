"""Around the hall: the code on the screen, helpers and their passes, the printable folder."""

from __future__ import annotations

import io

import segno
from aiohttp import web
from markupsafe import Markup

from meetings.agenda import service as agenda
from meetings.attendance.guests import PassKind
from meetings.attendance.service import Issued
from meetings.committees.powers import Act
from meetings.committees.rules import Category
from meetings.convening import service as convening
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import parse_id
from meetings.pages.desk import Desk, meeting_of, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.roll_look import look_at_roll

TOLD = source(
    "Giấy này đã cấp rồi; đường dẫn chỉ hiện một lần. Nếu chưa kịp lưu, xin thu hồi và cấp giấy khác."
)


class HallPages:
    """`/m/{meeting}/kiosk`, `/passes…`, `/folder`, for who may call the roll."""

    def __init__(self, desk: Desk, public_url: str) -> None:
        self._desk, self._services = desk, desk.services
        self._public_url = public_url.rstrip("/")

    def routes(self) -> list[web.RouteDef]:
        """The code, the passes, the folder."""
        one = "/m/{meeting}"
        return [
            web.get(f"{one}/kiosk", self.kiosk),
            web.get(f"{one}/passes", self.passes),
            web.post(f"{one}/passes", self.issue),
            web.post(f"{one}/passes/{{pass}}/revoke", self.revoke),
            web.get(f"{one}/folder", self.folder),
        ]

    async def kiosk(self, request: web.Request) -> web.StreamResponse:
        """GET …/kiosk: the code of this moment; the page loads itself anew before it runs out."""
        meeting = meeting_of(request)
        shown = await self._services.attendance.check_ins.hall_code(asker_of(request), meeting)
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.ROLL)
            look = await look_at_roll(uow, frame.sitting)
        link = f"{self._address(request)}/meetings/{meeting}/check-in?code={shown.code}"
        scanned = sum(
            one.present is True or (one.present is None and one.at is not None) for one in look.lines
        )
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "picture": qr(link, scale=8),
            "domain": self._address(request).partition("//")[2],
            "scanned": scanned,
            "here": f"/m/{meeting}/kiosk",
        }
        return self._desk.page(request, "kiosk.html", context)

    async def passes(self, request: web.Request) -> web.StreamResponse:
        """GET …/passes."""
        return await self._passes(request, None, None)

    async def issue(self, request: web.Request) -> web.StreamResponse:
        """POST …/passes: told once, on the answer to the form."""
        meeting, asker = meeting_of(request), asker_of(request)
        filled, made = Filled(await request.post()), list[Issued]()

        async def act() -> None:
            name = filled.line("name", most=100)
            filled.check()
            issue = self._services.attendance.passes.issue
            made.append(await issue(asker, meeting, PassKind.HELPER, name))

        try:
            await self._desk.once.do(request, act)
        except Refused as refusal:
            return await self._passes(request, filled, refusal)
        return await self._passes(request, None, None, made[0] if made else None, again=not made)

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        """POST …/revoke: repeating it changes nothing."""
        meeting, held = meeting_of(request), parse_id(request.match_info["pass"])
        await self._services.attendance.passes.revoke(asker_of(request), meeting, held)
        return see(f"/m/{meeting}/passes")

    async def _passes(
        self,
        request: web.Request,
        filled: Filled | None,
        refusal: Refused | None,
        issued: Issued | None = None,
        *,
        again: bool = False,
    ) -> web.StreamResponse:
        meeting = meeting_of(request)
        held = await self._services.attendance.passes.held(asker_of(request), meeting)
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.ROLL)
        link = f"{self._address(request)}/h/{meeting}/{issued.token}" if issued else ""
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "held": [one for one in held if one.kind is PassKind.HELPER],
            "issued": issued,
            "link": link,
            "picture": qr(link, scale=6) if link else "",
            "again": again,
            "told": TOLD,
            "here": f"/m/{meeting}/passes",
        }
        return self._desk.page(request, "passes.html", context, filled=filled, refusal=refusal)

    async def folder(self, request: web.Request) -> web.StreamResponse:
        """GET …/folder: agenda, roll sheet, count sheet, blank minutes, each on paper of its own."""
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.ROLL)
            sitting = frame.sitting
            roster = await convening.roster_of(uow, sitting)
            items = await agenda.items(uow, sitting.id)
        context = {
            "frame": frame,
            "sitting": sitting,
            "items": items,
            "roster": [one for one in roster if one.category is not Category.SUSPENDED],
            "here": f"/m/{sitting.id}/folder",
        }
        return self._desk.page(request, "folder.html", context)

    def _address(self, request: web.Request) -> str:
        return self._public_url or f"{request.scheme}://{request.host}"


def qr(link: str, *, scale: int) -> Markup:
    """The picture of a link, drawn here: it holds nothing that somebody typed."""
    picture = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        picture, kind="svg", xmldecl=False, scale=scale, title="Mã QR", omitsize=True
    )
    return Markup(picture.getvalue().decode())  # noqa: S704  made of squares alone
