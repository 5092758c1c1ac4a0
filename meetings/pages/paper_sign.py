"""An issued paper is signed by those named under it, by key, or by hand with a scan."""

from __future__ import annotations

from aiohttp import web

from meetings.committees import service as committees
from meetings.committees.powers import Act, can
from meetings.committees.rules import Member
from meetings.convening import service as convening
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, parse_id
from meetings.minutes.keys import suggest_passphrase
from meetings.minutes.seating import ROLES, SIGNER_FIELD, OfPaper
from meetings.minutes.service.tokens import Code
from meetings.minutes.signature_class import KeyHome
from meetings.pages.assets import Assets
from meetings.pages.desk import Desk, Frame, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.key_form import make_key
from meetings.pages.own_key import LONGEST, key_of, own_key, secret_of, token_look
from meetings.pages.record import day_text, witnesses
from meetings.pages.scan_form import keep_scan


class PaperSignPages:
    """`/papers/{paper}/sign…`: for the cell to see, for the signer to sign."""

    def __init__(self, desk: Desk, assets: Assets) -> None:
        self._desk, self._services, self._assets = desk, desk.services, assets

    def routes(self) -> list[web.RouteDef]:
        """Looking, signing, making a key, getting a code, bringing the scan back."""
        one = "/papers/{paper}/sign"
        return [
            web.get(one, self.show),
            web.post(one, self.sign),
            web.post(f"{one}/key", self.make_key),
            web.post(f"{one}/code", self.open_code),
            web.post(f"{one}/ink", self.sign_in_ink),
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
        filled = Filled(await request.post())
        try:
            await make_key(self._desk, request, filled)
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

    async def sign_in_ink(self, request: web.Request) -> web.StreamResponse:
        """POST …/sign/ink: the scan of the paper signed by hand, and who compared it with the paper."""
        asker, paper = asker_of(request), _paper_of(request)
        meeting, by_hand = await self._meeting(request), self._services.papers.by_hand

        async def act(filled: Filled) -> None:
            await keep_scan(request, filled, lambda scan, who: by_hand.sign(asker, meeting, paper, scan, who))

        return await self._desk.post(
            request, act, lambda *told: self._page(request, *told), f"/papers/{paper}/sign"
        )

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
        look = (await self._services.papers.of_meeting(asker, meeting))[paper]
        frame, member, roster = await self._framed(request, meeting)
        key = await key_of(self._services, request)
        archive = await self._services.archive.of_paper(asker, paper)
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "look": look,
            "paper": paper,
            "member": member,
            "witnesses": witnesses(roster, (one.officer for one in look.places)),
            "archive": archive.state.value,
            "stamped_on": day_text(archive.stamped_at, frame.sitting.zone),
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

    async def _framed(self, request: web.Request, meeting: Id) -> tuple[Frame, Id | None, list[Member]]:
        """The sitting, the asker's membership in its cell, and the roll of its day."""
        async with self._services.units.read() as uow:
            sitting, actor = await convening.allow_in(uow, asker_of(request), Act.VIEW_CELL, meeting)
            at = await committees.standpoint(uow, sitting.cell)
            leads = can(actor, Act.CONVENE, at.place(), at.today)
            frame = Frame(sitting=sitting, cell_name=at.org.name, leads=leads)
            roster = await convening.roster_of(uow, sitting)
            return frame, actor.member_in(sitting.cell), roster


def _place(request: web.Request, filled: Filled) -> OfPaper:
    """The place that the form names."""
    return OfPaper(paper=_paper_of(request), field=ROLES.get(filled.get("part"), SIGNER_FIELD))


def _paper_of(request: web.Request) -> Id:
    """The paper of the address. Raises BadId."""
    return parse_id(request.match_info["paper"])
