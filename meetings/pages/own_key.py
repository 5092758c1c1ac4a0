"""What the pages of signing are given: whose key it is to hold, how a token signs, what was typed."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from meetings.kernel.ids import Id
from meetings.kernel.months import zone_of
from meetings.kernel.text import time_text
from meetings.minutes.service.signers import KeyStanding, NoSigningKey
from meetings.minutes.service.tokens import Code
from meetings.pages.assets import Assets
from meetings.pages.filled import Filled
from meetings.pages.forms import asker_of
from meetings.pages.services import PageServices

LONGEST = 200  # characters of a passphrase


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnKeyLook:
    """`public`, `home`: of the key that the server knows of; empty where there is none."""

    script: str
    me: Id
    public: str
    home: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenLook:
    """How to sign with a USB token: what to type in the program beside it. `code` is empty until asked for."""

    address: str
    code: str
    until: str


def own_key(me: Id, assets: Assets, key: KeyStanding | None) -> OwnKeyLook | None:
    """None where the pages were built without scripts: keys are then made under a passphrase."""
    scripts = assets.scripts
    if scripts is None:
        return None
    home = key.home.value if key else ""
    return OwnKeyLook(script=scripts.signing, me=me, public=key.public if key else "", home=home)


async def key_of(services: PageServices, request: web.Request) -> KeyStanding | None:
    """The asker's key, if they have one."""
    try:
        return await services.minutes.keys.standing(asker_of(request))
    except NoSigningKey:
        return None


async def token_look(
    services: PageServices, request: web.Request, zone: str, code: Code | None
) -> TokenLook | None:
    """None where no certificate from outside is believed."""
    if not await services.tokens.offered():
        return None
    until = time_text(code.expires_at, zone_of(zone)) if code else ""
    return TokenLook(address=str(request.url.origin()), code=code.code if code else "", until=until)


def secret_of(filled: Filled, name: str) -> str:
    """A passphrase as typed; it never goes back onto a page."""
    return filled.values.pop(name, "")[:LONGEST]
