"""Signing with one's own device over HTTP: what a page is given, what it sends, and what repeats do."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import pytest

from meetings.kernel.ids import new_id
from meetings.minutes.deferred import Prepared
from meetings.minutes.handlers import MinutesHandlers
from meetings.minutes.service import DeferredSigning, MinutesService
from meetings.minutes.signing_handlers import SigningHandlers
from tests.attendance.world import MEMBER, SECRETARY
from tests.browser import Browser, browsing
from tests.minutes.device import Device
from tests.sitting.holding import RECORDER, Cell

INTERNAL = "Chữ ký điện tử nội bộ (khóa nằm trên máy người ký). Không phải chữ ký số."


@pytest.fixture
async def browser(cell: Cell, minutes: MinutesService, signing: DeferredSigning) -> AsyncIterator[Browser]:
    served = [*MinutesHandlers(minutes).endpoints(), *SigningHandlers(signing, minutes.keys).endpoints()]
    async with browsing(cell.world, served) as made:
        yield made


def request(cell: Cell, who: str, device: Device) -> dict[str, str]:
    person = cell.world.asks(who).person
    return {"request": base64.b64encode(device.request(person)).decode()}


def value(device: Device, told: dict[str, Any], pdf: bytes) -> dict[str, str]:
    """The signature of a device that checks first."""
    prepared = Prepared(
        pdf=pdf,
        digest=bytes.fromhex(told["digest_sha256"]),
        attributes=base64.b64decode(told["attributes"]),
        start=told["hole_start"],
        end=told["hole_end"],
    )
    return {"signature": base64.b64encode(device.checked(prepared)).decode()}


async def test_the_way_of_a_page_that_holds_the_key(cell: Cell, browser: Browser, device: Device) -> None:
    base = f"/meetings/{(await cell.november()).sitting.id}/minutes"
    assert (await browser.post(f"{base}/approve", SECRETARY)).status == 200
    for who, role in ((RECORDER, "recorder"), (SECRETARY, "chair")):
        made = await browser.post("/me/signing-key/device", who, request(cell, who, device))
        mine = (await browser.get("/me/signing-key", who)).json
        assert (mine["fingerprint"], mine["home"], mine["kind"]) == (
            made.json["fingerprint"],
            "browser",
            INTERNAL,
        )
        told = (await browser.post(f"{base}/signatures/pending", who, {"role": role})).json
        assert told["kind"] == INTERNAL
        pdf = await browser.get(told["pdf"].removeprefix("/api/v1"), who)
        assert (pdf.status, pdf.type) == (200, "application/pdf")
        sent, path = value(device, told, pdf.body), f"{base}/signatures/pending/{told['id']}"
        wrong = {"signature": base64.b64encode(bytes(256)).decode()}
        assert (await browser.post(path, who, wrong)).code == (422, "wrong-signature")
        done = await browser.post(path, who, sent, key=told["id"])
        assert done.status == 200
        assert (await browser.post(path, who, sent, key=told["id"])).body == done.body, "a lost answer"
        assert (await browser.post(path, who, sent)).code == (409, "already-signed")
    report = (await browser.get(f"{base}/verification", MEMBER)).json
    assert report["accepted"]
    assert (await browser.get(base, MEMBER)).json["state"] == "signed"


async def test_what_is_refused(cell: Cell, browser: Browser, device: Device) -> None:
    base = f"/meetings/{(await cell.november()).sitting.id}/minutes"
    waiting = f"{base}/signatures/pending"
    assert (await browser.post(waiting, SECRETARY, {"role": "chair"})).code == (409, "not-minuted")
    assert (await browser.post(f"{base}/approve", SECRETARY)).status == 200
    assert (await browser.post(waiting, RECORDER, {"role": "recorder"})).code == (409, "key-kept-here")
    assert (await browser.get("/me/signing-key", RECORDER)).json["home"] == "server"
    for sent in ("không", "aGVsbG8=", request(cell, SECRETARY, device)["request"]):
        refused = await browser.post("/me/signing-key/device", RECORDER, {"request": sent})
        assert refused.code == (422, "bad-certificate-request")
    assert (await browser.post(f"{waiting}/{new_id()}", RECORDER, {"signature": "aGVsbG8="})).code == (
        404,
        "no-such-pending-signature",
    )
    assert (await browser.get("/me/signing-key", MEMBER)).code == (409, "no-signing-key")
    assert (await browser.get(f"{waiting}/{new_id()}.pdf")).status == 401


async def test_a_lost_device_is_reported(cell: Cell, browser: Browser, device: Device) -> None:
    made = await browser.post("/me/signing-key/device", RECORDER, request(cell, RECORDER, device))
    key = new_id()
    gone = await browser.ask("DELETE", "/me/signing-key", RECORDER, key=key)
    assert gone.json == made.json
    assert (await browser.ask("DELETE", "/me/signing-key", RECORDER, key=key)).body == gone.body
    assert (await browser.get("/me/signing-key", RECORDER)).code == (409, "no-signing-key")
    assert (await browser.ask("DELETE", "/me/signing-key", RECORDER)).code == (409, "no-signing-key")
