"""The identity service over HTTP: its discovery document, its keys, a code for a token."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import jwt
import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout, encode_basic_auth

from meetings.committees.oidc import (
    ALGORITHMS,
    OutsideRefused,
    ProviderAway,
    Ticket,
    check_claims,
)
from meetings.settings.fields import is_loopback

_PATIENCE_S = 8.0
_MOST = 262_144  # bytes of an answer
_KEPT_S = 3600.0  # how long a discovery document and its keys are believed
_AGAIN_S = 30.0  # not sooner are keys asked for again because one is unknown
_AWAY_S = 5.0  # for so long a service that did not answer is not asked again: people would wait in a row
_LEEWAY_S = 60  # between our clock and theirs
_SCOPE = "openid"  # who it is, and nothing else about them
_ASKED = ("iss", "sub", "aud", "exp", "iat")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What the service says of itself, since when (monotonic seconds)."""

    authorize: str
    token: str
    jwks: str
    by_post: bool
    keys: Mapping[str, jwt.PyJWK]
    since: float


class OidcProvider:
    """One identity service. `secret` empty: a public client, by PKCE alone. `clock`: monotonic seconds."""

    def __init__(
        self, issuer: str, client: str, secret: str, *, name: str = "", clock: Callable[[], float] = monotonic
    ) -> None:
        self.issuer, self.name = issuer, name
        self._client, self._secret, self._clock = client, secret, clock
        self._known: _Known | None = None
        self._away_until = 0.0
        self._asking = asyncio.Lock()

    async def address(self, ticket: Ticket, back: str) -> str:
        """See Provider."""
        return _authorize((await self._read()).authorize, self._client, back, ticket)

    async def subject(self, code: str, ticket: Ticket, back: str) -> str:
        """See Provider."""
        known = await self._read()
        token = await self._exchange(known, code, ticket, back)
        claims = self._decoded(token, await self._key(token))
        return check_claims(claims, client=self._client, nonce=ticket.nonce)

    async def _exchange(self, known: _Known, code: str, ticket: Ticket, back: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": ticket.verifier,
        }
        headers = {}
        if self._secret and not known.by_post:  # RFC 6749 (October 2012) 2.3.1: both parts encoded first
            said = encode_basic_auth(quote(self._client, safe=""), quote(self._secret, safe=""))
            headers["Authorization"] = said
        else:
            form |= {"client_id": self._client} | ({"client_secret": self._secret} if self._secret else {})
        answer = await _asked("POST", known.token, data=form, headers=headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise OutsideRefused
        return token

    async def _key(self, token: str) -> jwt.PyJWK:
        """The key that the token names. One that is unknown is asked for again, now and then. Raises OutsideRefused."""
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise OutsideRefused from None
        if header.get("alg") not in ALGORITHMS:
            raise OutsideRefused
        known = await self._read()
        found = _of_kid(known.keys, header.get("kid"))
        if found is None and self._clock() - known.since >= _AGAIN_S:
            found = _of_kid((await self._read(anew=True)).keys, header.get("kid"))
        if found is None:
            raise OutsideRefused
        return found

    def _decoded(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        """The key says how it signs: a token cannot choose. Raises OutsideRefused."""
        if key.algorithm_name not in ALGORITHMS:
            raise OutsideRefused
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self._client,
                issuer=self.issuer,
                leeway=_LEEWAY_S,
                options={"require": list(_ASKED)},
            )
        except (jwt.PyJWTError, ValueError):
            raise OutsideRefused from None
        return claims

    async def _read(self, *, anew: bool = False) -> _Known:
        """What the service says of itself. Raises ProviderAway."""
        async with self._asking:
            now = self._clock()
            known = self._known
            if known is None or now - known.since >= _KEPT_S or (anew and now - known.since >= _AGAIN_S):
                self._known = known = await self._asked_once(now)
            return known

    async def _asked_once(self, now: float) -> _Known:
        if now < self._away_until:
            raise ProviderAway
        try:
            return await self._asked_anew(now)
        except ProviderAway:
            self._away_until = self._clock() + _AWAY_S
            raise

    async def _asked_anew(self, now: float) -> _Known:
        said = await _told(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != self.issuer:  # OpenID Connect Discovery 1.0, section 4.3
            raise ProviderAway
        ways = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        jwks = _safe(said.get("jwks_uri"))
        return _Known(
            authorize=_safe(said.get("authorization_endpoint")),
            token=_safe(said.get("token_endpoint")),
            jwks=jwks,
            by_post=isinstance(ways, list) and "client_secret_basic" not in ways,
            keys=_keys(await _told(jwks)),
            since=now,
        )


def _authorize(endpoint: str, client: str, back: str, ticket: Ticket) -> str:
    """Where the browser is sent to sign in."""
    asked = {
        "response_type": "code",
        "client_id": client,
        "redirect_uri": back,
        "scope": _SCOPE,
        "state": ticket.state,
        "nonce": ticket.nonce,
        "code_challenge": ticket.challenge,
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"


def _safe(address: object) -> str:
    """An address of the service, never over an open line. Raises ProviderAway."""
    try:
        parts = urlsplit(address if isinstance(address, str) else "")
        host = parts.hostname or ""
    except ValueError:
        raise ProviderAway from None
    if not isinstance(address, str) or not (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    ):
        raise ProviderAway
    return address


def _keys(said: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    """Public keys for signatures, by name; what is of no use here is passed over."""
    found: dict[str, jwt.PyJWK] = {}
    for one in said.get("keys", ()) if isinstance(said.get("keys"), list) else ():
        if not isinstance(one, dict) or one.get("use", "sig") != "sig" or one.get("kty") not in {"RSA", "EC"}:
            continue
        try:
            found[str(one.get("kid", ""))] = jwt.PyJWK(one)
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
    return found


def _of_kid(keys: Mapping[str, jwt.PyJWK], kid: object) -> jwt.PyJWK | None:
    if kid is None:
        return next(iter(keys.values())) if len(keys) == 1 else None
    return keys.get(kid) if isinstance(kid, str) else None


async def _told(address: str) -> dict[str, Any]:
    """A JSON object. Raises ProviderAway."""
    try:
        return await _asked("GET", address)
    except OutsideRefused:
        raise ProviderAway from None


async def _asked(
    method: str,
    address: str,
    *,
    data: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Its answer, from that very address. Raises ProviderAway; OutsideRefused where it says no."""
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=_PATIENCE_S), headers=headers) as session,
            session.request(method, address, data=data, allow_redirects=False) as answer,
        ):
            body = await answer.content.read(_MOST)
            while len(body) < _MOST and (more := await answer.content.read(_MOST - len(body))):
                body += more
            status = answer.status
    except (ClientError, TimeoutError, OSError, ValueError):
        raise ProviderAway from None
    if 400 <= status < 500:
        raise OutsideRefused
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise ProviderAway from None
    if status != 200 or not isinstance(said, dict):
        raise ProviderAway
    return said
