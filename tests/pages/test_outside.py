"""Signing in by an account elsewhere, against a real identity service on loopback, and what attackers try."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
from aiohttp import ClientSession, CookieJar
from cryptography.hazmat.primitives import serialization
from jwt.algorithms import HMACAlgorithm
from jwt.utils import base64url_encode

from demo.client import Person, Refusal
from meetings.http.identity import COOKIE_PLAIN
from meetings.kernel.clock import FixedClock, real_now
from meetings.settings.sections import Oidc
from tests.committees.identity_service import CLIENT, IdentityService, Sign, identity_service, key_of
from tests.pages.reader import BROWSER, Reader
from tests.pages.typist import Typist
from tests.postgres import Urls
from tests.serving import CELL, SECRETS, Serving, serving

NAME = "tài khoản mẫu"
NOT_SO = "Chưa vào được bằng tài khoản ngoài"


@pytest.fixture
async def provider() -> AsyncIterator[IdentityService]:
    async with identity_service(SECRETS.oidc_client_secret) as service:
        yield service


@pytest.fixture
async def house(
    database_urls: Urls, tmp_path: Path, clock: FixedClock, provider: IdentityService
) -> AsyncIterator[Serving]:
    oidc = Oidc(issuer=provider.issuer, client_id=CLIENT, name=NAME)
    async with serving(database_urls, tmp_path, clock, oidc=oidc) as running:
        running.at("2026-11-20T08:00")
        yield running


@dataclass
class Browser:
    """One browser that walks by itself, step by step."""

    base: str
    http: ClientSession

    async def step(self, url: str) -> tuple[int, str, str]:
        """(status, where it is sent, text) of one address."""
        full = url if url.startswith("http") else self.base + url
        async with self.http.get(full, allow_redirects=False, headers=BROWSER) as answer:
            return answer.status, answer.headers.get("Location", ""), await answer.text()

    async def consent(self) -> str:
        """Off to the identity service and almost back: the address that it sends the browser to."""
        status, there, _ = await self.step("/oidc")
        assert status == 303
        return (await self.step(there))[1]

    def cookies(self) -> dict[str, str]:
        """What it keeps of the service."""
        return {one.key: one.value for one in self.http.cookie_jar}

    @property
    def is_in(self) -> bool:
        """Whether somebody is signed in."""
        return COOKIE_PLAIN in self.cookies()


@pytest.fixture
async def browsers(house: Serving) -> AsyncIterator[list[Browser]]:
    made = [Browser(house.base, ClientSession(cookie_jar=CookieJar(unsafe=True))) for _ in range(2)]
    yield made
    for one in made:
        await one.http.close()


async def linking(house: Serving, person: Person) -> str:
    """The person's page leads to the identity service; the address that it sends them back to."""
    page = await Reader(house, person).open("/outside-accounts")
    [there] = [one for one in page.links() if "/authorize?" in one]
    browser = Browser(house.base, person._http)
    return (await browser.step(there.replace("&amp;", "&")))[1]


async def linked(house: Serving, person: Person) -> None:
    """They link whoever is signed in there."""
    back = await linking(house, person)
    status, there, _ = await Browser(house.base, person._http).step(back)
    assert (status, there) == (303, "/outside-accounts")


async def test_an_account_is_linked_by_its_person_and_lets_them_in(
    house: Serving, browsers: list[Browser], provider: IdentityService
) -> None:
    secretary = await house.secretary()
    assert "/outside-accounts" in (await Reader(house, secretary).open("/")).links()
    await linked(house, secretary)
    own = await Reader(house, secretary).open("/outside-accounts")
    assert provider.subject in own.text
    assert (await Reader(house, secretary).open("/outside-accounts?lang=en")).status == 200
    status, there, _ = await browsers[0].step(await browsers[0].consent())
    assert (status, there, browsers[0].is_in) == (303, "/", True)
    async with browsers[0].http.get(f"{house.base}/api/v1/me") as answer:
        assert (await answer.json())["person"] == (await secretary.get("/me"))["person"]
    async with browsers[0].http.post(f"{house.base}/api/v1/sign-out", json={}) as answer:
        assert answer.status == 200
    async with browsers[0].http.get(f"{house.base}/api/v1/me") as answer:
        assert answer.status == 401
    acts = await house.secretary()
    ledger = (await acts.get(f"/cells/{CELL}/ledger?most=500"))["entries"]
    assert "committees.link_account" in [one["act"] for one in ledger]
    assert provider.subject not in json.dumps(ledger)


async def test_a_good_account_of_nobody_is_matched_with_nobody(
    house: Serving, browsers: list[Browser], provider: IdentityService
) -> None:
    """Not even one that says the name, the card and the mail of a member."""
    me = await (await house.secretary()).get("/me")
    provider.claims = {
        "name": me["full_name"],
        "email": "bi.thu@example.vn",
        "email_verified": True,
        "preferred_username": "99000001",
        "person": me["person"],
    }
    status, _, text = await browsers[0].step(await browsers[0].consent())
    assert (status, browsers[0].is_in) == (403, False)
    assert "chưa nối với ai" in text
    assert "/code" in text


def _nobody(_service: IdentityService, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, "", algorithm="none", headers={"kid": _service.kid})


def _by_public_key(service: IdentityService, claims: dict[str, Any]) -> str:
    """The public key as the secret of HS256: PyJWT refuses to sign so, an attacker does not."""
    public = service.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head = {"alg": "HS256", "typ": "JWT", "kid": service.kid}
    parts = [base64url_encode(json.dumps(one).encode()).decode() for one in (head, claims)]
    signed = HMACAlgorithm(HMACAlgorithm.SHA256).sign(".".join(parts).encode(), public)
    return ".".join([*parts, base64url_encode(signed).decode()])


def _by_another_key(service: IdentityService, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, key_of("other"), algorithm="RS256", headers={"kid": service.kid})


def _by_an_unknown_key(_service: IdentityService, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, key_of("other"), algorithm="RS256", headers={"kid": "khoa-la"})


def _no_token(_service: IdentityService, _claims: dict[str, Any]) -> str:
    return "not.a.token"


@pytest.mark.parametrize("sign", [_nobody, _by_public_key, _by_another_key, _by_an_unknown_key, _no_token])
async def test_a_token_that_the_service_did_not_sign_lets_nobody_in(
    house: Serving, browsers: list[Browser], provider: IdentityService, sign: Sign
) -> None:
    await linked(house, await house.secretary())
    provider.sign = sign
    status, _, text = await browsers[0].step(await browsers[0].consent())
    assert (status, browsers[0].is_in) == (403, False)
    assert NOT_SO in text


_PAST = int(real_now().timestamp()) - 3600
_CLAIMS: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "another"},
    "audience": {"aud": "another-client"},
    "audiences": {"aud": [CLIENT, "another-client"]},
    "issuer": {"iss": "https://another.example"},
    "expired": {"exp": _PAST},
    "party": {"azp": "another-client"},
    "subject": {"sub": ""},
    "number": {"sub": 7},
    "future": {"nbf": _PAST + 7200, "iat": _PAST + 7200},
}


@pytest.mark.parametrize("claims", _CLAIMS.values(), ids=_CLAIMS.keys())
async def test_a_token_for_others_or_of_another_time_lets_nobody_in(
    house: Serving, browsers: list[Browser], provider: IdentityService, claims: dict[str, Any]
) -> None:
    await linked(house, await house.secretary())
    provider.claims = claims
    status, _, text = await browsers[0].step(await browsers[0].consent())
    assert (status, browsers[0].is_in) == (403, False)
    assert NOT_SO in text


@pytest.mark.parametrize("name", ["exp", "iat", "aud", "iss", "sub", "nonce"])
async def test_a_token_that_says_too_little_lets_nobody_in(
    house: Serving, browsers: list[Browser], provider: IdentityService, name: str
) -> None:
    await linked(house, await house.secretary())
    provider.left_out = (name,)
    status, _, _ = await browsers[0].step(await browsers[0].consent())
    assert (status, browsers[0].is_in) == (403, False)


async def test_what_came_back_counts_once(
    house: Serving, browsers: list[Browser], provider: IdentityService
) -> None:
    """Even where the attacker has the browser's cookies, and the service takes the code again."""
    await linked(house, await house.secretary())
    provider.again = True
    back = await browsers[0].consent()
    kept = browsers[0].cookies()
    assert (await browsers[0].step(back))[0] == 303
    browsers[1].http.cookie_jar.update_cookies(kept)
    status, _, text = await browsers[1].step(back)
    assert (status, browsers[1].is_in) == (403, False)
    assert NOT_SO in text


async def test_what_came_back_counts_in_its_own_browser_alone(
    house: Serving, browsers: list[Browser]
) -> None:
    """An attacker who has somebody open the way back of their own sign-in does not sign them in."""
    await linked(house, await house.secretary())
    attacker, victim = browsers
    back = await attacker.consent()
    assert (await victim.step(back))[0] == 403
    await victim.consent()  # now the victim has a ticket, another one
    status, _, _ = await victim.step(back)
    assert (status, victim.is_in) == (403, False)


async def test_nobody_links_their_account_to_somebody_else(
    house: Serving, browsers: list[Browser], provider: IdentityService
) -> None:
    """Neither by the way back of a sign-in, nor by that of a linking of their own."""
    member = await house.person((await house.cell_s()).hall[2])
    secretary = await house.secretary()
    for back in (await browsers[0].consent(), await linking(house, member)):
        await Reader(house, secretary).open("/outside-accounts")
        status, _, text = await Browser(house.base, secretary._http).step(back)
        assert status == 403
        assert NOT_SO in text
    assert (await secretary.get("/me/outside-accounts"))["accounts"] == []
    assert provider.subject


_ELSEWHERE = ("next=https://evil.example", "redirect_uri=https://evil.example", "to=//evil.example")


@pytest.mark.parametrize("query", _ELSEWHERE)
async def test_no_address_leads_elsewhere(house: Serving, browsers: list[Browser], query: str) -> None:
    await linked(house, await house.secretary())
    _, there, _ = await browsers[0].step(f"/oidc?{query}")
    assert "evil" not in there
    back = (await browsers[0].step(there))[1]
    assert (await browsers[0].step(f"{back}&{query}"))[1] == "/"


async def test_an_answer_that_names_another_sender_is_refused(
    house: Serving, browsers: list[Browser], provider: IdentityService
) -> None:
    await linked(house, await house.secretary())
    back = await browsers[0].consent()
    assert (await browsers[0].step(f"{back}&iss=https%3A%2F%2Fanother.example"))[0] == 403
    back = await browsers[0].consent()
    assert (await browsers[0].step(f"{back}&iss={provider.issuer}"))[0] == 303


async def test_whoever_says_no_there_is_told_how_else(house: Serving, browsers: list[Browser]) -> None:
    back = await browsers[0].consent()
    state = back.partition("state=")[2]
    status, _, text = await browsers[0].step(f"/oidc/callback?error=access_denied&state={state}")
    assert status == 403
    assert "/code" in text


async def test_a_service_that_is_away_is_a_sentence_and_others_enter(
    house: Serving, browsers: list[Browser], provider: IdentityService
) -> None:
    provider.down = True
    status, _, text = await browsers[0].step("/oidc")
    assert status == 503
    assert "không trả lời" in text
    assert (await browsers[0].step("/code"))[0] == 200
    page = await Reader(house, await house.secretary()).open("/outside-accounts")
    assert page.status == 200
    assert "không trả lời" in page.text


async def test_a_service_that_dies_on_the_way_lets_nobody_in(
    house: Serving, browsers: list[Browser], provider: IdentityService
) -> None:
    await linked(house, await house.secretary())
    back = await browsers[0].consent()
    provider.down = True
    status, _, text = await browsers[0].step(back)
    assert (status, browsers[0].is_in) == (503, False)
    assert "không trả lời" in text


async def test_a_service_that_names_itself_otherwise_is_none(
    browsers: list[Browser], provider: IdentityService
) -> None:
    provider.named = "https://another.example"
    assert (await browsers[0].step("/oidc"))[0] == 503


async def test_one_account_is_one_persons(house: Serving) -> None:
    await linked(house, await house.secretary())
    member = await house.person((await house.cell_s()).hall[2])
    status, _, text = await Browser(house.base, member._http).step(await linking(house, member))
    assert status == 409
    assert "đã nối với người khác" in text


async def test_an_unlinked_account_lets_nobody_in(house: Serving, browsers: list[Browser]) -> None:
    secretary = await house.secretary()
    await linked(house, secretary)
    [account] = (await secretary.get("/me/outside-accounts"))["accounts"]
    member = await house.person((await house.cell_s()).hall[2])
    with pytest.raises(Refusal, match="no-such-account"):
        await member.post(f"/me/outside-accounts/{account['id']}/unlink")
    typist = Typist(Reader(house, secretary))
    page = await typist.reader.open("/outside-accounts")
    page = await typist.fill(page, f"/outside-accounts/{account['id']}/unlink")
    assert "Chưa nối tài khoản nào." in page.text
    status, _, _ = await browsers[0].step(await browsers[0].consent())
    assert (status, browsers[0].is_in) == (403, False)


async def test_who_left_the_cell_enters_by_no_account(house: Serving, browsers: list[Browser]) -> None:
    member = (await house.cell_s()).hall[3]
    await linked(house, await house.person(member))
    paper = "Quyết định mẫu số 09-QĐ/ĐU ngày 20/11/2026"
    admin = await house.administrator()
    await admin.post(f"/members/{member.id}/end", until="2026-11-19", reason="transferred", paper=paper)
    status, _, _ = await browsers[0].step(await browsers[0].consent())
    assert (status, browsers[0].is_in) == (403, False)
