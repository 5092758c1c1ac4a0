"""Refusals and failures over HTTP: one shape, no internals, always with the security headers."""

from __future__ import annotations

import gzip
import logging
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse

from meetings.http.problems import status_of
from meetings.http.safety import CSRF_FIELD, csrf_token
from meetings.kernel.errors import Busy, Conflict, Forbidden, Invalid, NotFound, NotSignedIn, Refused, TooMany
from meetings.kernel.ids import new_id
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


def large(most: int) -> bytes:
    """A good body of a little more than so many bytes."""
    return b'{"word": "a", "text": "' + b"a" * most + b'"}'


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """Sent without its length."""
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]


async def test_too_large_a_body(client: Client) -> None:
    await check_problem(await client.raw("POST", "/papers", data=large(4096)), 413, "too-large")


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": new_id()}])
async def test_too_large_a_body_that_does_not_tell_its_length(client: Client, key: dict[str, str]) -> None:
    response = await client.raw("POST", "/papers", data=in_pieces(large(4096)), headers=key)
    await check_problem(response, 413, "too-large")
    assert (await client.send("GET", "/papers"))[1] == {"words": []}
    assert (await client.send("POST", "/papers", data=in_pieces(large(3000)), headers=key))[0] == 201


async def test_too_large_a_body_that_came_packed_small(client: Client) -> None:
    packed = {"Content-Encoding": "gzip"}
    for most, status in ((3000, 201), (8000, 413)):
        response = await client.raw("POST", "/papers", data=gzip.compress(large(most)), headers=packed)
        assert response.status == status


async def test_a_form_is_counted_before_it_is_searched_for_its_token(client: Client) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    field = f"{CSRF_FIELD}={csrf_token('good')}&more=".encode()
    for data in (field + large(4096), in_pieces(field + large(4096))):
        await check_problem(await client.raw("POST", "/papers", data=data, headers=form), 413, "too-large")


async def test_a_scan_may_be_larger_but_not_endless(client: Client) -> None:
    path = "/papers/minutes/ink"
    assert (await client.send("POST", path, data=in_pieces(large(10_000))))[0] == 201
    await check_problem(await client.raw("POST", path, data=in_pieces(large(20_000))), 413, "too-large")


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
