"""Who asks: a session cookie or nobody."""

from __future__ import annotations

import pytest

from meetings.http.identity import COOKIE, COOKIE_PLAIN, cookie_name
from tests.http.notes import Client


@pytest.mark.parametrize("token", [None, "bad", "", "goods", "a" * 4000])
async def test_nobody_gets_in_without_a_session(client: Client, token: str | None) -> None:
    status, said = await client.send("POST", "/papers", token=token, json={"word": "a"})
    assert (status, said["code"]) == (401, "not-signed-in")
    assert (await client.send("GET", "/papers", token=token))[0] == 200


async def test_the_cookie_of_a_secure_connection_counts(client: Client) -> None:
    cookie = {"Cookie": f"{COOKIE}=good"}
    status, _ = await client.send("POST", "/papers", token=None, headers=cookie, json={"word": "a"})
    assert status == 201


async def test_sign_in_is_asked_before_the_body_is_read(client: Client) -> None:
    assert (await client.send("POST", "/papers", token=None, data=b"{"))[0] == 401


def test_the_name_depends_on_the_connection() -> None:
    assert (cookie_name(secure=True), cookie_name(secure=False)) == (COOKIE, COOKIE_PLAIN)
    assert COOKIE.startswith("__Host-")
