"""Passkeys for those who want them: making one on one's own page, and entering by it (ui.md 9)."""

from __future__ import annotations

import os

import orjson
from aiohttp import web
from markupsafe import Markup

from meetings.committees.ceremony import site_of
from meetings.committees.handlers.browser import Browsers, client_of, label_of
from meetings.committees.handlers.sign_in import KeyNotTaken
from meetings.committees.pages import own_page
from meetings.committees.passkeys import (
    NoPasskeysHere,
    Passkey,
    PasskeyRefused,
    Site,
    TooManyPasskeys,
)
from meetings.committees.service.passkeys import PasskeyAttempt
from meetings.committees.sign_in import TOKEN_BYTES, TriedTooOften, token_text
from meetings.http.idempotency import HEADER
from meetings.http.language import source
from meetings.http.problems import said, status_of
from meetings.http.safety import ForeignRequest, csrf_token
from meetings.kernel.errors import Refused
from meetings.kernel.ids import parse_id
from meetings.kernel.months import DEFAULT_ZONE, zone_of
from meetings.kernel.text import date_text
from meetings.pages.assets import Assets
from meetings.pages.desk import Desk, see
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.words import Words

OWN, ENTER = "/passkeys", "/passkey"
SAYINGS = {
    "working": source("Máy đang hỏi vân tay, khuôn mặt hoặc mã mở khóa…"),
    "stopped": source("Chưa làm xong. Đồng chí bấm lại khi sẵn sàng."),
    "unable": source(
        "Trình duyệt này không dùng được khóa truy cập. Xin vào bằng đường dẫn riêng hoặc mã 6 số."
    ),
    "known": source("Máy này đã có khóa của đồng chí rồi."),
}


class PasskeyPages:
    """`/passkeys…` for who is signed in, `/passkey` for who is not. The script only fills a field of a plain form."""

    def __init__(self, desk: Desk, assets: Assets, public_url: str) -> None:
        self._desk, self._assets = desk, assets
        self._committees = desk.services.committees
        self._browsers = Browsers(public_url)

    def routes(self) -> list[web.RouteDef]:
        """One's own keys, and the door."""
        return [
            web.get(OWN, self.show),
            web.post(OWN, self.keep),
            web.post(f"{OWN}/{{passkey}}/revoke", self.revoke),
            web.get(ENTER, self.door),
            web.post(ENTER, self.enter),
        ]

    async def show(self, request: web.Request) -> web.StreamResponse:
        """GET /passkeys."""
        return await self._own(request, None, None)

    async def keep(self, request: web.Request) -> web.StreamResponse:
        """POST /passkeys: what the device made."""
        asker, filled = asker_of(request), Filled(await request.post())

        async def made() -> Passkey:
            label = filled.line("label", most=100)
            filled.check()
            site = site_of(self._browsers.url(request, ""))
            return await self._committees.passkeys.made(asker, site, filled.get("credential"), label)

        async def keep(passkey: Passkey) -> Passkey:
            return await self._committees.passkeys.keep(asker, passkey)

        try:
            await self._desk.once.do_ahead(request, made, keep)
        except Refused as refusal:
            return await self._own(request, filled, refusal)
        return see(OWN)

    async def revoke(self, request: web.Request) -> web.StreamResponse:
        """POST …/revoke."""
        asker, passkey = asker_of(request), parse_id(request.match_info["passkey"])

        async def act(_filled: Filled) -> None:
            await self._committees.passkeys.revoke_own(asker, passkey)

        return await self._desk.post(request, act, lambda *told: self._own(request, *told), OWN)

    async def door(self, request: web.Request) -> web.StreamResponse:
        """GET /passkey."""
        return self._door(request, None)

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """POST /passkey: what the device answered, from the page that asked."""
        if HEADER in request.headers:
            raise KeyNotTaken
        try:
            secret = await own_page(request, self._browsers)
            attempt = PasskeyAttempt(
                answer=str((await request.post()).get("credential", "")),
                browser=secret,
                client=client_of(request),
                label=label_of(request),
            )
            site = site_of(self._browsers.url(request, ""))
            entered = await self._committees.passkeys.enter(attempt, site)
        except (PasskeyRefused, TriedTooOften, ForeignRequest, NoPasskeysHere) as refusal:
            return self._door(request, refusal)
        response = web.Response(status=303, headers={"Location": "/"})
        self._browsers.bind(request, response, entered.token)
        return response

    async def _own(
        self, request: web.Request, filled: Filled | None, refusal: Refused | None
    ) -> web.StreamResponse:
        asker = asker_of(request)
        site, why = self._site(request)
        question, full = None, False
        if site is not None:
            try:
                question = await self._committees.passkeys.begin(asker, site)
            except TooManyPasskeys:
                full = True
        zone = zone_of(DEFAULT_ZONE)
        context = {
            **self._script(request, question),
            "keys": [
                (one, date_text((one.used_at or one.made_at).astimezone(zone).date()))
                for one in await self._committees.passkeys.mine(asker)
            ],
            "full": full,
            "why": said(request, why) if why else "",
            "here": OWN,
        }
        first = filled or Filled(label=label_of(request))
        return self._desk.page(request, "passkeys.html", context, filled=first, refusal=refusal)

    def _door(self, request: web.Request, refusal: Refused | None) -> web.StreamResponse:
        secret = self._browsers.link_secret(request) or token_text(os.urandom(TOKEN_BYTES))
        site, why = self._site(request)
        question = self._committees.passkeys.ask(secret, site) if site else None
        context = {
            **self._script(request, question),
            "page": csrf_token(secret),
            "why": said(request, why) if why else "",
            "problem": said(request, refusal) if refusal else "",
            "here": ENTER,
        }
        status = status_of(refusal) if refusal else 200
        page = self._desk.pen.page(request, "pages/passkey.html", context, status=status)
        self._browsers.lay_link_secret(request, page, secret)
        return page

    def _site(self, request: web.Request) -> tuple[Site | None, Refused | None]:
        """Where keys made here work, or why none can be."""
        try:
            return site_of(self._browsers.url(request, "")), None
        except NoPasskeysHere as refusal:
            return None, refusal

    def _script(self, request: web.Request, question: object) -> dict[str, object]:
        say = Words(request).say
        words = orjson.dumps({name: say(text) for name, text in SAYINGS.items()}).decode()
        asked = orjson.dumps(question).decode()
        return {
            "script": self._assets.address("passkey") if question else "",
            "question": Markup(asked.replace("<", "\\u003c")),  # noqa: S704  escaped just here
            "sayings": Markup(words.replace("<", "\\u003c")),  # noqa: S704  escaped just here
        }
