"""A small identity service of the tests' own: real codes, PKCE, RS256 tokens and keys, on loopback."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from meetings.kernel.clock import real_now
from meetings.kernel.ids import new_id

CLIENT = "chibo-mau"
Sign = Callable[["IdentityService", dict[str, Any]], str]


@cache
def key_of(whose: str) -> rsa.RSAPrivateKey:
    """Always the same one for each name: making them takes long."""
    del whose
    return rsa.generate_private_key(65537, 2048)


def honest(service: IdentityService, claims: dict[str, Any]) -> str:
    """As it should be."""
    return jwt.encode(claims, service.key, algorithm="RS256", headers={"kid": service.kid})


@dataclass
class IdentityService:
    """`subject`: who is signed in there. `claims`, `sign`: what a hostile one says; `again`: takes a code
    twice; `said`, `published`: changes of its discovery document and of its key."""

    secret: str
    subject: str = "tinh-0001"
    claims: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    sign: Sign = honest
    again: bool = False
    down: bool = False
    named: str = ""
    issuer: str = ""
    kid: str = "khoa-1"
    key: rsa.RSAPrivateKey = field(default_factory=lambda: key_of("khoa-1"))
    said: dict[str, Any] = field(default_factory=dict)
    published: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        return [
            web.get("/.well-known/openid-configuration", self.discovery),
            web.get("/authorize", self.authorize),
            web.post("/token", self.token),
            web.get("/jwks", self.jwks),
        ]

    async def discovery(self, _request: web.Request) -> web.Response:
        """OpenID Connect Discovery 1.0."""
        self._answering()
        return web.json_response(
            {
                "issuer": self.named or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
            }
            | self.said
        )

    async def authorize(self, request: web.Request) -> web.Response:
        """Whoever is signed in there says yes."""
        asked = dict(request.query)
        code = new_id()
        self.codes[code] = asked
        back = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
        return web.Response(status=302, headers={"Location": back})

    async def token(self, request: web.Request) -> web.Response:
        """A code for a token: once, to the client, from the address, with the verifier."""
        self._answering()
        form = await request.post()
        code = str(form["code"])
        asked = self.codes.get(code) if self.again else self.codes.pop(code, None)
        verifier = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        client = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        held = asked is not None and (
            client == f"{CLIENT}:{self.secret}"
            and asked["redirect_uri"] == form["redirect_uri"]
            and (asked["code_challenge"], asked["code_challenge_method"]) == (challenge, "S256")
        )
        if asked is None or not held:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"id_token": self.sign(self, self._claims(asked)), "token_type": "Bearer"})

    def _claims(self, asked: dict[str, str]) -> dict[str, Any]:
        now = int(real_now().timestamp())
        said = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "nonce": asked["nonce"]}
        claims = {**said, "iat": now, "exp": now + 300, **self.claims}
        return {name: value for name, value in claims.items() if name not in self.left_out}

    async def jwks(self, _request: web.Request) -> web.Response:
        """Its public key."""
        self._answering()
        return web.json_response({"keys": [self.public()]})

    def public(self) -> dict[str, Any]:
        """As a JWK."""
        made: dict[str, Any] = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return made | {"kid": self.kid, "use": "sig", "alg": "RS256"} | self.published

    def _answering(self) -> None:
        if self.down:
            raise web.HTTPInternalServerError


@asynccontextmanager
async def identity_service(secret: str) -> AsyncIterator[IdentityService]:
    """One, on any free port."""
    service = IdentityService(secret=secret)
    app = web.Application()
    app.add_routes(service.routes())
    server = TestServer(app)
    await server.start_server()
    service.issuer = str(server.make_url("")).rstrip("/")
    try:
        yield service
    finally:
        await server.close()
