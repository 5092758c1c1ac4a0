"""Accounts elsewhere (OIDC): the door, the way back, and one's own page, where they are linked and unlinked."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from meetings.committees.handlers.browser import Browsers, client_of, label_of
from meetings.committees.oidc import (
    LinkedAlready,
    NoOutsideSignIn,
    NotLinked,
    OutsideRefused,
    ProviderAway,
    Returned,
    TooManyAccounts,
)
from meetings.committees.passkeys import CHALLENGE_LIFE
from meetings.committees.service.outside import Begun, Return
from meetings.committees.sign_in import TriedTooOften
from meetings.http.identity import ASKER, cookie_name
from meetings.http.problems import said, status_of
from meetings.kernel.errors import Refused
from meetings.kernel.ids import parse_id
from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.kernel.text import date_text
from meetings.pages.desk import Desk, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of

DOOR, BACK, OWN = "/oidc", "/oidc/callback", "/outside-accounts"
_MOST = 4096  # characters of what comes back
_REFUSED = (
    *(OutsideRefused, NotLinked, ProviderAway, TriedTooOften, LinkedAlready, TooManyAccounts),
    NoOutsideSignIn,
)


class OutsidePages:
    """Whoever is signed in links, whoever is not enters; where the browser then goes is fixed, whatever it asks."""

    def __init__(self, desk: Desk, public_url: str) -> None:
        self._desk, self._outside = desk, desk.services.committees.outside
        self._browsers = Browsers(public_url)

    def routes(self) -> list[web.RouteDef]:
        """Two ways out, one way back, one form."""
        return [
            web.get(DOOR, self.door),
            web.get(BACK, self.back),
            web.get(OWN, self.show),
            web.post(f"{OWN}/{{account}}/unlink", self.unlink),
        ]

    async def door(self, request: web.Request) -> web.StreamResponse:
        """GET /oidc: off to the identity service. Whoever is in already stays so."""
        if ASKER in request:
            return see("/")
        try:
            begun = await self._outside.begin_entering(self._browsers.url(request, BACK))
        except _REFUSED as refusal:
            return self._signed_out(request, refusal)
        response = see(begun.address)
        self._lay(request, response, begun)
        return response

    async def back(self, request: web.Request) -> web.StreamResponse:
        """GET /oidc/callback: what the browser brought counts once, in this browser, for what was begun."""
        signed_in = ASKER in request
        try:
            response = await (self._linked(request) if signed_in else self._entered(request))
        except _REFUSED as refusal:
            if signed_in:
                response = await self._own(request, None, refusal)
            else:
                response = self._signed_out(request, refusal)
        self._forget(request, response)
        return response

    async def _entered(self, request: web.Request) -> web.StreamResponse:
        entered = await self._outside.enter(self._came(request))
        response = see("/")
        self._browsers.bind(request, response, entered.token)
        return response

    async def _linked(self, request: web.Request) -> web.StreamResponse:
        await self._outside.link(request[ASKER], self._came(request))
        return see(OWN)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /outside-accounts."""
        return await self._own(request, None, None)

    async def unlink(self, request: web.Request) -> web.StreamResponse:
        """POST …/unlink."""
        asker, account = asker_of(request), parse_id(request.match_info["account"])

        async def act(_filled: Filled) -> None:
            await self._outside.unlink(asker, account)

        return await self._desk.post(request, act, lambda *told: self._own(request, *told), OWN)

    async def _own(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        """The page lays the ticket of a linking that may follow; without the identity service it says so."""
        asker, begun, why = asker_of(request), None, None
        try:
            begun = await self._outside.begin_linking(asker, self._browsers.url(request, BACK))
        except _REFUSED as reason:
            why = reason
        zone = zone_of(DEFAULT_ZONE)
        context = {
            "accounts": [
                (one, date_text((one.used_at or one.made_at).astimezone(zone).date()))
                for one in await self._outside.mine(asker)
            ],
            "service": self._outside.name,
            "onwards": begun.address if begun else "",
            "why": said(request, why) if why else "",
            "here": OWN,
        }
        page = self._desk.page(request, "outside.html", context, filled=filled, refusal=refusal)
        if begun is not None:
            self._lay(request, page, begun)
        return page

    def _signed_out(self, request: web.Request, refusal: Refused) -> web.StreamResponse:
        context = {"problem": said(request, refusal), "here": "/"}
        status = status_of(refusal)
        return self._desk.pen.page(request, "pages/signed_out.html", context, status=status)

    def _came(self, request: web.Request) -> Return:
        query = {name: request.query.get(name, "")[:_MOST] for name in ("state", "code", "iss")}
        returned = Returned(state=query["state"], code=query["code"], issuer=query["iss"])
        return Return(
            sealed=request.cookies.get(self._cookie(request), ""),
            returned=returned,
            back=self._browsers.url(request, BACK),
            client=client_of(request),
            label=label_of(request),
        )

    def _cookie(self, request: web.Request) -> str:
        return f"{cookie_name(secure=self._browsers.secure(request))}-oidc"

    def _lay(self, request: web.Request, response: web.StreamResponse, begun: Begun) -> None:
        response.set_cookie(
            self._cookie(request),
            begun.sealed,
            max_age=int((CHALLENGE_LIFE + timedelta(seconds=1)).total_seconds()),
            path="/",
            secure=self._browsers.secure(request),
            httponly=True,
            samesite="Lax",
        )

    def _forget(self, request: web.Request, response: web.StreamResponse) -> None:
        if self._cookie(request) not in response.cookies:  # a new one may just have been laid
            secure = self._browsers.secure(request)
            response.del_cookie(self._cookie(request), path="/", secure=secure, httponly=True, samesite="Lax")
