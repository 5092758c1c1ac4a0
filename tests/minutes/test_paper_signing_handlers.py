"""A letter is signed over HTTP: with a passphrase, or with one's own device; by its signer alone, once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from meetings.convening.rules import Mode, State
from meetings.minutes.handlers import MinutesHandlers
from meetings.minutes.paper_handlers import PaperHandlers
from meetings.minutes.paper_signing_handlers import PaperSigningHandlers
from meetings.minutes.ports import Workshop
from meetings.minutes.service import DeferredSigning, MinutesService, PapersService, TokenSigning
from meetings.minutes.signing_handlers import SigningHandlers
from tests.attendance.world import MEMBER, SECRETARY, STRANGER
from tests.browser import Browser, browsing
from tests.minutes.conftest import FORM
from tests.minutes.device import Device
from tests.minutes.office import PASSPHRASE
from tests.minutes.test_signing_handlers import request, value
from tests.sitting.holding import Cell


@pytest.fixture
async def browser(
    cell: Cell, minutes: MinutesService, signing: DeferredSigning, workshop: Workshop
) -> AsyncIterator[Browser]:
    units = cell.world.units
    papers, tokens = (
        PapersService(units, workshop, form=FORM),
        TokenSigning(units, workshop, minutes, signing),
    )
    served = [
        *PaperHandlers(papers).endpoints(),
        *PaperSigningHandlers(papers, minutes, signing, tokens).endpoints(),
        *MinutesHandlers(minutes).endpoints(),
        *SigningHandlers(signing, minutes.keys).endpoints(),
    ]
    async with browsing(cell.world, served) as made:
        yield made


async def letter(cell: Cell, browser: Browser) -> tuple[str, str]:
    """(the meeting's papers, the letter's own address)."""
    meeting = (await cell.world.meeting(mode=Mode.HYBRID, state=State.CONVENED)).id
    papers = f"/meetings/{meeting}/papers"
    made = await browser.post(papers, SECRETARY, {"kind": "convocation"})
    assert made.json["signed_at"] is None
    return papers, f"/papers/{made.json['id']}"


async def test_with_a_passphrase(cell: Cell, browser: Browser) -> None:
    papers, paper = await letter(cell, browser)
    body = {"passphrase": PASSPHRASE}
    assert (await browser.post(f"{paper}/signatures", STRANGER, body)).status in {403, 404}
    refused = await browser.post(f"{paper}/signatures", MEMBER, body)
    assert (refused.status, refused.json["code"]) == (403, "not-your-paper")
    before = (await browser.get(f"{paper}.pdf", MEMBER)).body
    signed = await browser.post(f"{paper}/signatures", SECRETARY, body)
    assert signed.status == 200
    (listed,) = (await browser.get(papers, MEMBER)).json["papers"]
    assert listed["signed_at"] is not None
    assert (await browser.get(f"{paper}.pdf", MEMBER)).body != before
    again = await browser.post(f"{paper}/signatures", SECRETARY, body)
    assert again.status == 409


async def test_with_ones_own_device(cell: Cell, browser: Browser, device: Device) -> None:
    _, paper = await letter(cell, browser)
    await browser.post("/me/signing-key/device", SECRETARY, request(cell, SECRETARY, device))
    told = (await browser.post(f"{paper}/signatures/pending", SECRETARY, {"role": "signer"})).json
    path = told["pdf"].removeprefix("/api/v1")
    assert path == f"{paper}/signatures/pending/{told['id']}.pdf"
    assert (await browser.get(path, MEMBER)).status == 404
    pdf = (await browser.get(path, SECRETARY)).body
    done = await browser.post(path.removesuffix(".pdf"), SECRETARY, value(device, told, pdf))
    assert done.status == 200
    again = await browser.post(f"{paper}/signatures/pending", SECRETARY, {"role": "signer"})
    assert (again.status, again.json["code"]) == (409, "already-signed")


async def test_no_code_for_a_token_where_no_authority_is_listed(cell: Cell, browser: Browser) -> None:
    _, paper = await letter(cell, browser)
    refused = await browser.post(f"{paper}/signatures/codes", SECRETARY, {})
    assert (refused.status, refused.json["code"]) == (409, "no-authorities")
