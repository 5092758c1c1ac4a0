"""Refusals and failures over HTTP: one shape, no internals, always with the security headers."""

from __future__ import annotations

import logging

import pytest
from aiohttp import ClientResponse

from meetings.http.problems import status_of
from meetings.kernel.errors import Busy, Conflict, Forbidden, Invalid, NotFound, NotSignedIn, Refused, TooMany
from tests.http.notes import PERSON, Client


async def check_problem(response: ClientResponse, status: int, code: str) -> None:
    said = await response.json(content_type="application/problem+json")
    assert (response.status, said["status"], said["code"]) == (status, status, code)
    assert said["type"] == f"urn:chibo:problem:{code}"
    assert said["title"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("family", "status"),
    [
        (Invalid, 422),
        (NotFound, 404),
        (Forbidden, 403),
        (NotSignedIn, 401),
        (Conflict, 409),
        (Busy, 503),
        (TooMany, 429),
        (Refused, 400),
    ],
)
def test_each_family_has_its_status(family: type[Refused], status: int) -> None:
    assert status_of(family()) == status


async def test_a_refusal_speaks_with_its_facts(client: Client) -> None:
    response = await client.raw("POST", "/papers", json={"word": "đã có"})
    await check_problem(response, 409, "word-taken")
    assert (await response.json(content_type=None))["title"] == "Đã có chữ 2 lần."
    assert (await client.send("GET", "/papers"))[1] == {"words": []}


async def test_a_failure_hides_its_inside_but_is_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = await client.raw("POST", "/failures", json={})
    await check_problem(response, 500, "internal")
    assert "secret" not in await response.text()
    (record,) = [one for one in caplog.records if one.name == "meetings.http.problems"]
    assert record.exc_info is not None
    assert PERSON not in record.getMessage()


async def test_what_is_not_there(client: Client) -> None:
    await check_problem(await client.raw("GET", "/nowhere"), 404, "not-found")
    response = await client.raw("DELETE", "/papers")
    await check_problem(response, 405, "method-not-allowed")
    assert set(response.headers["Allow"].split(",")) == {"GET", "HEAD", "POST"}


async def test_too_large_a_body(client: Client) -> None:
    body = b'{"word": "' + b"a" * 10_000 + b'"}'
    await check_problem(await client.raw("POST", "/papers", data=body), 413, "too-large")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Encoding": "gzip"},
        {"Content-Encoding": "deflate"},
        {"Content-Encoding": "br"},
        {"Content-Type": "application/x-www-form-urlencoded; charset=nonsense"},
        {"Content-Type": "multipart/form-data"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "\u00e9"},
    ],
)
async def test_an_odd_envelope_is_no_failure_of_ours(client: Client, headers: dict[str, str]) -> None:
    response = await client.raw("POST", "/papers", data=b"not what it says", headers=headers)
    assert 400 <= response.status < 500


async def test_a_departure_is_no_problem(client: Client) -> None:
    response = await client.raw("POST", "/departures", json={})
    assert (response.status, response.headers["Location"]) == (303, "/elsewhere")
