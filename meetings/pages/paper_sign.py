"""An issued paper is signed by whoever is named under it."""

from __future__ import annotations

from aiohttp import web

from meetings.committees import service as committees
from meetings.committees.powers import Act, Part, can
from meetings.convening import service as convening
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.minutes.keys import suggest_passphrase
from meetings.minutes.seating import OfPaper
from meetings.minutes.service.paper_seats import NoSuchPaper
from meetings.minutes.service.tokens import Code
from meetings.minutes.signature_class import KeyHome
from meetings.pages.assets import Assets
from meetings.pages.desk import Desk, Frame, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.own_key import LONGEST, key_of, own_key, secret_of, token_look
from meetings.pages.record import PARTS

NOT_THE_SAME = source("Hai lần gõ mật khẩu chưa giống nhau.")


class PaperSignPages:
    """`/papers/{paper}/sign…`: for the cell to see, for the signer to sign."""

    def __init__(self, desk: Desk, assets: Assets) -> None:
        self._desk, self._services, self._assets = desk, desk.services, assets

    def routes(self) -> list[web.RouteDef]:
        """Looking, signing, making a key, getting a code."""
        one = "/papers/{paper}/sign"
        return [
            web.get(one, self.show),
            web.post(one, self.sign),
            web.post(f"{one}/key", self.make_key),
            web.post(f"{one}/code", self.open_code),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET …/sign."""
        return await self._page(request, None, None)

    async def sign(self, request: web.Request) -> web.StreamResponse:
        """POST …/sign: with the passphrase of one's own key."""
        paper, asker = _paper_of(request), asker_of(request)
        filled = Filled(await request.post())
        secret, place = secret_of(filled, "passphrase"), _place(request, filled)
        meeting, minutes = await self._meeting(request), self._services.minutes
        try:
            filled.check()
            await self._desk.once.do_ahead(
                request,
                lambda: minutes.sign_ahead(asker, meeting, place, secret),
                lambda signed: minutes.keep_signed(asker, signed),
            )
        except Refused as refusal:
            return await self._page(request, filled, refusal)
        return see(f"/papers/{paper}/sign")

    async def make_key(self, request: web.Request) -> web.StreamResponse:
        """POST …/sign/key: one's own signing key."""
        asker, keys = asker_of(request), self._services.minutes.keys
        filled = Filled(await request.post())
        secret = secret_of(filled, "new")
        if secret != secret_of(filled, "again"):
            filled.wrong("again", NOT_THE_SAME)
        try:
            filled.check()
            await self._desk.once.do_ahead(
                request, lambda: keys.make_ahead(asker, secret), lambda key: keys.keep(asker, key)
            )
        except Refused as refusal:
            return await self._page(request, filled, refusal)
        return see(f"/papers/{_paper_of(request)}/sign")

    async def open_code(self, request: web.Request) -> web.StreamResponse:
        """POST …/sign/code: for a USB token. The page with the code is the answer: the code is shown once."""
        meeting = await self._meeting(request)
        part = _place(request, Filled(await request.post()))
        try:
            code = await self._services.tokens.open_code(asker_of(request), meeting, part)
        except Refused as refusal:
            return await self._page(request, None, refusal)
        return await self._page(request, None, None, code)

    async def _meeting(self, request: web.Request) -> Id:
        return await self._services.papers.meeting_of(asker_of(request), _paper_of(request))

    async def _page(
        self,
        request: web.Request,
        filled: Filled | None,
        refusal: Refused | None,
        code: Code | None = None,
    ) -> web.StreamResponse:
        asker, paper, meeting = asker_of(request), _paper_of(request), await self._meeting(request)
        look = (await self._services.papers.signatures(asker, meeting))[paper]
        if not look.places:
            raise NoSuchPaper  # signed by hand only: nothing to do here
        frame, member = await self._framed(request, meeting)
        key = await key_of(self._services, request)
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "look": look,
            "paper": paper,
            "member": member,
            "parts": PARTS,
            "signing_key": key,
            "has_key": key is not None and key.home is KeyHome.SERVER,
            "own": own_key(asker.person, self._assets, key),
            "suggestion": suggest_passphrase(),
            "longest": LONGEST,
            "token": await token_look(self._services, request, frame.sitting.zone, code),
            "pending": f"/api/v1/papers/{paper}/signatures/pending",
            "here": f"/papers/{paper}/sign",
        }
        return self._desk.page(request, "sign_paper.html", context, filled=filled, refusal=refusal)

    async def _framed(self, request: web.Request, meeting: Id) -> tuple[Frame, Id | None]:
        """The sitting, and the asker's membership in its cell."""
        async with self._services.units.read() as uow:
            sitting, actor = await convening.allow_in(uow, asker_of(request), Act.VIEW_CELL, meeting)
            at = await committees.standpoint(uow, sitting.cell)
            leads = can(actor, Act.CONVENE, at.place(), at.today)
            frame = Frame(sitting=sitting, cell_name=at.org.name, leads=leads)
            return frame, actor.member_in(sitting.cell)


def _place(request: web.Request, filled: Filled) -> OfPaper:
    """The place that the form names."""
    parts = {part.value: part for part in Part}
    return OfPaper(paper=_paper_of(request), part=parts.get(filled.get("part")))


def _paper_of(request: web.Request) -> Id:
    """The paper of the address. Raises BadId."""
    return parse_id(request.match_info["paper"])
