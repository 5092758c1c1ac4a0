"""The minutes are read again, approved, signed by keys or in ink, and sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from markupsafe import Markup

from meetings.committees import service as committees
from meetings.committees.powers import Act, Part
from meetings.committees.rules import Member
from meetings.convening import service as convening
from meetings.convening.rules import State
from meetings.http.language import source
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.kernel.text import date_text
from meetings.minutes.keys import suggest_passphrase
from meetings.minutes.records import Officer
from meetings.minutes.seating import field_of
from meetings.minutes.service.house import MinutesService
from meetings.minutes.service.made import Standing
from meetings.minutes.service.results import results_in
from meetings.minutes.service.tokens import Code
from meetings.minutes.signature_class import KeyHome
from meetings.pages.assets import Assets
from meetings.pages.desk import Desk, meeting_of, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.key_form import make_key
from meetings.pages.own_key import LONGEST, key_of, own_key, secret_of, token_look
from meetings.pages.scan_form import keep_scan

PARTS = {Part.RECORDER: source("Thư ký"), Part.CHAIR: source("Chủ trì")}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One of the two places for a signature. `mine`: the asker signs here; `turn`: it can be signed now."""

    part: Part
    officer: Officer
    signed: bool
    mine: bool
    turn: bool


class RecordPages:
    """`/m/{meeting}/review`, `/sign…`: reading for who leads, signing for chair and recorder."""

    def __init__(self, desk: Desk, assets: Assets) -> None:
        self._desk, self._services, self._assets = desk, desk.services, assets

    def routes(self) -> list[web.RouteDef]:
        """Reading, approving, signing."""
        one = "/m/{meeting}"
        return [
            web.get(f"{one}/review", self.show_review),
            web.post(f"{one}/review", self.approve),
            web.get(f"{one}/sign", self.show_sign),
            web.post(f"{one}/sign", self.sign),
            web.post(f"{one}/sign/key", self.make_key),
            web.post(f"{one}/sign/code", self.open_code),
            web.post(f"{one}/minutes/ink", self.sign_in_ink),
        ]

    @property
    def _minutes(self) -> MinutesService:
        return self._services.minutes

    async def show_review(self, request: web.Request) -> web.StreamResponse:
        """GET …/review."""
        return await self._review(request, None)

    async def approve(self, request: web.Request) -> web.StreamResponse:
        """POST …/review: approved in the meeting, printed and fixed."""
        meeting, asker = meeting_of(request), asker_of(request)
        try:
            await self._desk.once.do_ahead(
                request,
                lambda: self._minutes.print_ahead(asker, meeting),
                lambda printed: self._minutes.keep_printed(asker, printed),
            )
        except Refused as refusal:
            return await self._review(request, refusal)
        return see(f"/m/{meeting}/sign")

    async def _review(self, request: web.Request, refusal: Refused | None) -> web.StreamResponse:
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.MINUTES)
            results = await results_in(uow, frame.sitting)
        sitting = frame.sitting
        if sitting.state is not State.CLOSED:
            return see(f"/m/{sitting.id}/" + ("sign" if frame.over else "run"))
        body = await self._minutes.html(asker_of(request), sitting.id)
        context = {
            "frame": frame,
            "sitting": sitting,
            "results": results,
            "minutes": Markup(body),  # noqa: S704  made by minutes.html, which escapes everything
            "here": f"/m/{sitting.id}/review",
        }
        return self._desk.page(request, "review.html", context, refusal=refusal)

    async def show_sign(self, request: web.Request) -> web.StreamResponse:
        """GET …/sign."""
        return await self._sign(request, None, None)

    async def sign(self, request: web.Request) -> web.StreamResponse:
        """POST …/sign: with the passphrase of one's own key."""
        meeting, asker = meeting_of(request), asker_of(request)
        filled = Filled(await request.post())
        part = filled.chosen("part", Part, Part.RECORDER)
        secret = secret_of(filled, "passphrase")
        try:
            filled.check()
            await self._desk.once.do_ahead(
                request,
                lambda: self._minutes.sign_ahead(asker, meeting, part, secret),
                lambda signed: self._minutes.keep_signed(asker, signed),
            )
        except Refused as refusal:
            return await self._sign(request, filled, refusal)
        return see(f"/m/{meeting}/sign")

    async def make_key(self, request: web.Request) -> web.StreamResponse:
        """POST …/sign/key: one's own signing key."""
        meeting, filled = meeting_of(request), Filled(await request.post())
        try:
            await make_key(self._desk, request, filled)
        except Refused as refusal:
            return await self._sign(request, filled, refusal)
        return see(f"/m/{meeting}/sign")

    async def open_code(self, request: web.Request) -> web.StreamResponse:
        """POST …/sign/code: for a USB token. The page with the code is the answer: the code is shown once."""
        filled = Filled(await request.post())
        part = filled.chosen("part", Part, Part.RECORDER)
        try:
            filled.check()
            code = await self._services.tokens.open_code(asker_of(request), meeting_of(request), part)
        except Refused as refusal:
            return await self._sign(request, filled, refusal)
        return await self._sign(request, None, None, code)

    async def sign_in_ink(self, request: web.Request) -> web.StreamResponse:
        """POST …/minutes/ink: the scan of the page signed by hand, and who compared it with the paper."""
        meeting, asker = meeting_of(request), asker_of(request)

        async def act(filled: Filled) -> None:
            await keep_scan(
                request, filled, lambda scan, who: self._minutes.sign_in_ink(asker, meeting, scan, who)
            )

        return await self._desk.post(
            request, act, lambda *told: self._sign(request, *told), f"/m/{meeting}/sign"
        )

    async def _sign(
        self,
        request: web.Request,
        filled: Filled | None,
        refusal: Refused | None,
        code: Code | None = None,
    ) -> web.StreamResponse:
        asker = asker_of(request)
        async with self._services.units.read() as uow:
            frame = await self._desk.framed(uow, request, Act.VIEW_CELL)
            actor = await committees.actor_of(uow, asker)
            parts = dict(await convening.parts_of(uow, frame.sitting.id))
            roster = await convening.roster_of(uow, frame.sitting)
            member = actor.member_in(frame.sitting.cell)
            leads = frame.leads or member in parts.values()
            if not leads:
                frame = await self._desk.framed(uow, request, Act.MINUTES)
            results = await results_in(uow, frame.sitting)
        key = await key_of(self._services, request)
        if frame.sitting.state not in {State.MINUTED, State.SIGNED}:
            return see(f"/m/{frame.sitting.id}" + ("/review" if frame.leads else ""))
        standing = await self._minutes.look(asker, frame.sitting.id)
        archive = await self._services.archive.standing(asker, frame.sitting.id)
        places = _places(standing, member)
        context = {
            "frame": frame,
            "sitting": frame.sitting,
            "results": results,
            "parts": PARTS,
            "places": places,
            "mine": next((one for one in places if one.mine and one.turn), None),
            "signing_key": key,
            "has_key": key is not None and key.home is KeyHome.SERVER,
            "own": own_key(asker.person, self._assets, key),
            "in_ink": standing.ink is not None,
            "done": frame.sitting.state is State.SIGNED,
            "archive": archive.state.value,
            "stamped_on": day_text(archive.stamped_at, frame.sitting.zone),
            "witnesses": witnesses(roster, (one.officer for one in places)),
            "suggestion": suggest_passphrase(),
            "longest": LONGEST,
            "token": await token_look(self._services, request, frame.sitting.zone, code),
            "pending": f"/api/v1/meetings/{frame.sitting.id}/minutes/signatures/pending",
            "here": f"/m/{frame.sitting.id}/sign",
        }
        return self._desk.page(request, "sign.html", context, filled=filled, refusal=refusal)


def day_text(moment: datetime | None, zone: str) -> str:
    """As 24/11/2026, or empty."""
    return "" if moment is None else date_text(moment.astimezone(zone_of(zone)).date())


def _places(standing: Standing, member: Id | None) -> tuple[Place, ...]:
    if standing.minutes is None:
        return ()
    facts = standing.minutes.facts
    held = {one.role for one in standing.signatures}
    recorded = field_of(Part.RECORDER) in held
    people = ((Part.RECORDER, facts.recorder), (Part.CHAIR, facts.chair))
    return tuple(
        Place(
            part=part,
            officer=officer,
            signed=field_of(part) in held,
            mine=officer.member == member,
            turn=field_of(part) not in held and standing.ink is None and (part is Part.RECORDER or recorded),
        )
        for part, officer in people
    )


def witnesses(roster: Iterable[Member], signers: Iterable[Officer]) -> list[Member]:
    """Anybody of the roll but those who sign."""
    named = {one.member for one in signers}
    return [one for one in roster if one.id not in named]
