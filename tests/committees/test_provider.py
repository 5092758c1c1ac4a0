"""The identity service asked over HTTP: its keys change, its answers are odd, its addresses are open."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from meetings.committees.oidc import OutsideRefused, ProviderAway, Ticket, new_ticket
from meetings.committees.provider import OidcProvider
from meetings.kernel.clock import real_now
from tests.committees.identity_service import CLIENT, IdentityService, identity_service, key_of

SECRET, BACK = "w" * 40, "http://127.0.0.1:1/oidc/callback"


@pytest.fixture
async def service() -> AsyncIterator[IdentityService]:
    async with identity_service(SECRET) as made:
        yield made


class Asker:
    """Signs in step by step; `now` moves by hand."""

    def __init__(self, service: IdentityService, secret: str = SECRET) -> None:
        self.now = 1000.0
        self.provider = OidcProvider(service.issuer, CLIENT, secret, clock=lambda: self.now)

    async def subject(self, *, verifier: str = "", back: str = BACK) -> str:
        """Whose account answers."""
        ticket = new_ticket(b"k" * 32, "enter", real_now(), b"c" * 16)
        address = await self.provider.address(ticket, BACK)
        async with ClientSession() as http, http.get(address, allow_redirects=False) as answer:
            code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
        other = Ticket(
            sealed=ticket.sealed, state=ticket.state, nonce=ticket.nonce, verifier=verifier or ticket.verifier
        )
        return await self.provider.subject(code, other, back)


async def test_an_account_answers(service: IdentityService) -> None:
    assert await Asker(service).subject() == service.subject


async def test_only_openid_is_asked_for(service: IdentityService) -> None:
    await Asker(service).subject()
    address = await Asker(service).provider.address(
        new_ticket(b"k" * 32, "enter", real_now(), b"c" * 16), BACK
    )
    asked = parse_qs(urlsplit(address).query)
    assert (asked["scope"], asked["code_challenge_method"], asked["response_type"]) == (
        ["openid"],
        ["S256"],
        ["code"],
    )


async def test_a_wrong_verifier_secret_or_address_gets_nothing(service: IdentityService) -> None:
    with pytest.raises(OutsideRefused):
        await Asker(service).subject(verifier="v" * 43)
    with pytest.raises(OutsideRefused):
        await Asker(service).subject(back="http://127.0.0.1:1/elsewhere")
    with pytest.raises(OutsideRefused):
        await Asker(service, secret="another").subject()


async def test_a_new_key_is_asked_for_but_not_at_once_again(service: IdentityService) -> None:
    asker = Asker(service)
    assert await asker.subject() == service.subject
    service.kid, service.key = "khoa-2", key_of("khoa-2")
    with pytest.raises(OutsideRefused):
        await asker.subject()
    asker.now += 31
    assert await asker.subject() == service.subject


@pytest.mark.parametrize("kept", [{"kty": "oct", "k": "AAAA"}, {"use": "enc"}, {"n": "%%"}, {"alg": "HS256"}])
async def test_keys_that_verify_nothing_are_passed_over(
    service: IdentityService, kept: dict[str, Any]
) -> None:
    service.published = kept
    with pytest.raises(OutsideRefused):
        await Asker(service).subject()


@pytest.mark.parametrize(
    "said",
    [
        {"token_endpoint": "http://id.example.vn/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
        {"issuer": "https://another.example"},
        {"token_endpoint": "https://[broken"},
    ],
)
async def test_a_service_that_says_odd_things_is_away(service: IdentityService, said: dict[str, Any]) -> None:
    service.said = said
    with pytest.raises(ProviderAway):
        await Asker(service).subject()


async def test_nobody_listens_there() -> None:
    provider = OidcProvider("http://127.0.0.1:1", CLIENT, SECRET)
    with pytest.raises(ProviderAway):
        await provider.address(new_ticket(b"k" * 32, "enter", real_now(), b"c" * 16), BACK)


async def test_a_service_that_did_not_answer_is_not_asked_by_everybody_in_a_row(
    service: IdentityService,
) -> None:
    asker = Asker(service)
    service.said = {"token_endpoint": "file:///etc/passwd"}
    with pytest.raises(ProviderAway):
        await asker.subject()
    service.said = {}
    with pytest.raises(ProviderAway):
        await asker.subject()
    asker.now += 6
    assert await asker.subject() == service.subject


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"", b"{" + b"a" * 400_000])
async def test_what_is_no_small_json_object_is_no_answer(body: bytes) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=body)

    app = web.Application()
    app.add_routes([web.get("/.well-known/openid-configuration", answer)])
    server = TestServer(app)
    await server.start_server()
    provider = OidcProvider(str(server.make_url("")).rstrip("/"), CLIENT, SECRET)
    with pytest.raises(ProviderAway):
        await provider.address(new_ticket(b"k" * 32, "enter", real_now(), b"c" * 16), BACK)
    await server.close()
