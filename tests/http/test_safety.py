"""What a foreign site may not send with our cookie, and what every answer carries."""

from __future__ import annotations

from typing import Any

import pytest

from meetings.http.safety import CSRF_FIELD, csrf_token
from tests.http.notes import Client

FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://example.com"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_write_from_another_site_is_refused(client: Client, headers: dict[str, str]) -> None:
    status, said = await client.send("POST", "/papers", headers=headers, json={"word": "a"})
    assert (status, said["code"]) == (403, "foreign-request")
    assert (await client.send("GET", "/papers", headers=headers))[1] == {"words": []}


async def test_a_write_of_our_own_page_passes(client: Client) -> None:
    address = str(client.http.make_url("")).rstrip("/")
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": address}, {}):
        assert (await client.send("POST", "/papers", headers=headers, json={"word": "a"}))[0] == 201


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "field", ["", "csrf=", "csrf=wrong", f"csrf={csrf_token('other', '0' * 16)}", "csrf=%C3%A9"]
)
async def test_a_form_without_its_token_is_refused(client: Client, field: str) -> None:
    status, said = await client.send("POST", "/papers", headers=FORM, data=field.encode())
    assert (status, said["code"]) == (403, "foreign-request")


async def test_a_form_with_its_token_comes_through_to_the_parser(client: Client) -> None:
    data = f"{CSRF_FIELD}={csrf_token('good')}".encode()
    status, said = await client.send("POST", "/papers", headers=FORM, data=data)
    assert (status, said["code"]) == (422, "bad-body")


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x"])
@pytest.mark.parametrize("token", ["", "é", "wrong"])
async def test_what_any_page_can_send_needs_the_header(client: Client, kind: str, token: str) -> None:
    headers: dict[str, Any] = {"Content-Type": kind}
    if token:
        headers["X-Csrf"] = token
    status, said = await client.send("POST", "/papers", headers=headers, data=b'{"word": "a"}')
    assert (status, said["code"]) == (403, "foreign-request")
    proven = {"Content-Type": kind, "X-Csrf": csrf_token("good")}
    assert (await client.send("POST", "/papers", headers=proven, data=b'{"word": "a"}'))[0] == 201


async def test_tokens_of_two_sessions_differ_and_do_not_show_the_session() -> None:
    assert csrf_token("one") != csrf_token("two")
    assert "one" not in csrf_token("one")


@pytest.mark.parametrize("path", ["/papers", "/nowhere", "/files/one"])
async def test_every_answer_is_protected(client: Client, path: str) -> None:
    headers = (await client.raw("GET", path)).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
