"""Secret votes over HTTP: with a name until the ballot, without one from there on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from demo.blinding import blind, finish
from meetings.convening.rules import Mode
from meetings.kernel.ids import new_id
from meetings.voting.handlers import VotingHandlers
from meetings.voting.secrecy import receipt_of
from meetings.voting.service import VotingService
from tests.attendance.world import MEMBER, SECRETARY, STRANGER, World
from tests.browser import Browser, browsing
from tests.voting.booth import CONSULTATION, HALL, enable

BODY = {"question": CONSULTATION.question, "kind": "consultation", "form": "secret_device", "minutes": 5}
CAST, RECEIPT = "/secret-ballots", "/secret-receipts"


@pytest.fixture
async def browser(world: World, voting: VotingService) -> AsyncIterator[Browser]:
    async with browsing(world, VotingHandlers(voting).endpoints()) as made:
        yield made


@dataclass(frozen=True, kw_only=True, slots=True)
class Phone:
    """A ballot on its way."""

    browser: Browser
    path: str
    slip: dict[str, str]

    async def cast(self, mark: str) -> bool:
        """Without a name."""
        said = await self.browser.post(CAST, "", self.slip | {"mark": mark})
        assert said.status == 200, said.json
        return bool(said.json["recorded"])


async def opened(world: World, browser: Browser, hall: tuple[str, ...] = HALL) -> str:
    await enable(world)
    sitting = await world.meeting(mode=Mode.IN_PERSON)
    await world.roll(sitting.id, hall)
    said = await browser.post(f"/meetings/{sitting.id}/votes", SECRETARY, BODY)
    assert (said.status, said.json["form"]) == (201, "secret_device")
    return f"/votes/{said.json['id']}"


async def phone(browser: Browser, path: str, label: str) -> Phone:
    look = (await browser.get(f"{path}/secret", label)).json
    token = blind(look["modulus"])
    signed = (await browser.post(f"{path}/secret/token", label, {"blinded": token.blinded})).json["signed"]
    slip = {"vote": path.rpartition("/")[2], "serial": token.serial, "prefix": token.prefix}
    signature = finish(look["modulus"], token, signed)
    return Phone(browser=browser, path=path, slip=slip | {"signature": signature})


async def test_a_secret_vote_over_http(world: World, browser: Browser) -> None:
    path = await opened(world, browser, HALL[:6])
    phones = [await phone(browser, path, label) for label in HALL[:6]]
    started = await browser.post(f"{path}/secret/casting", SECRETARY, {"minutes": 3})
    assert started.status == 200
    assert [await one.cast("f") for one in phones[:5]] == [False] * 5
    held = (await browser.get(f"{path}/secret", MEMBER)).json
    assert (held["phase"], held["issued"], held["received"]) == ("casting", 6, 0)
    assert (await browser.post(f"{path}/close", SECRETARY)).code == (409, "still-gathering")
    assert await phones[5].cast("a") is True
    assert [await one.cast("f") for one in phones[:5]] == [True] * 5
    closed = (await browser.post(f"{path}/close", SECRETARY)).json
    assert (closed["result"]["in_favour"], closed["result"]["against"]) == (5, 1)
    vote = path.rpartition("/")[2]
    mine = {"vote": vote, "receipt": receipt_of(phones[0].slip["serial"])}
    assert (await browser.post(RECEIPT, "", mine)).json == {"counted": True}
    assert (await browser.post(RECEIPT, "", mine | {"receipt": "00" * 32})).json == {"counted": False}
    listed = (await browser.get(f"{path}/secret/list", MEMBER)).json["ballots"]
    assert {"receipt": mine["receipt"], "mark": "f"} in listed


async def test_a_ballot_with_a_name_is_not_taken(world: World, browser: Browser) -> None:
    path = await opened(world, browser)
    one = await phone(browser, path, MEMBER)
    await browser.post(f"{path}/secret/casting", SECRETARY, {})
    refused = await browser.post(CAST, MEMBER, one.slip | {"mark": "f"})
    assert refused.code == (403, "cast-with-name")
    mine = {"vote": one.slip["vote"], "receipt": "00" * 32}
    assert (await browser.post(RECEIPT, MEMBER, mine)).code == (403, "cast-with-name")
    while not await one.cast("f"):
        assert (await browser.get(f"{path}/secret", MEMBER)).json["phase"] == "casting"
    assert (await browser.get(f"{path}/secret", MEMBER)).json["received"] == 1


async def test_every_slip_and_every_answer_is_of_one_length(world: World, browser: Browser) -> None:
    path = await opened(world, browser)
    phones = [await phone(browser, path, label) for label in HALL[:3]]
    assert len({len(str(one.slip)) for one in phones}) == 1
    await browser.post(f"{path}/secret/casting", SECRETARY, {})
    bodies = [
        await browser.post(CAST, "", one.slip | {"mark": mark})
        for one, mark in zip(phones, "fan", strict=True)
    ]
    assert {said.body for said in bodies[:2]} == {b'{"recorded":false}'}
    assert bodies[2].body == b'{"recorded":true}'


async def test_bad_numbers(world: World, browser: Browser) -> None:
    path = await opened(world, browser)
    n = int((await browser.get(f"{path}/secret", MEMBER)).json["modulus"], 16)
    for number in (0, 1, n - 1, n):
        said = await browser.post(f"{path}/secret/token", MEMBER, {"blinded": f"{number:0512x}"})
        assert said.code == (422, "bad-blinded")
    for wrong in ("", "00", "F" * 512, "g" * 512, "0" * 514):
        said = await browser.post(f"{path}/secret/token", MEMBER, {"blinded": wrong})
        assert said.code == (422, "bad-body")
    one = await phone(browser, path, MEMBER)
    await browser.post(f"{path}/secret/casting", SECRETARY, {})
    for change in ({"mark": "for"}, {"serial": "00"}, {"vote": "x"}, {"name": "o5"}):
        assert (await browser.post(CAST, "", one.slip | {"mark": "f"} | change)).status == 422
    assert (await browser.post(CAST, "", one.slip | {"mark": "f", "serial": "00" * 32})).code == (
        422,
        "bad-token",
    )


async def test_who_may_not(world: World, browser: Browser) -> None:
    path = await opened(world, browser)
    blinded = {"blinded": blind((await browser.get(f"{path}/secret", MEMBER)).json["modulus"]).blinded}
    assert (await browser.post(f"{path}/secret/token", STRANGER, blinded)).code == (404, "no-such-meeting")
    assert (await browser.post(f"{path}/secret/token", "p1", blinded)).code == (403, "not-for-this-hall")
    assert (await browser.get(f"{path}/secret", STRANGER)).code == (404, "no-such-meeting")
    for act in ("casting", "end", "paper"):
        assert (await browser.post(f"{path}/secret/{act}", MEMBER, {})).code == (403, "no-power")
    assert (await browser.get(f"/votes/{new_id()}/secret", MEMBER)).status == 404


async def test_without_a_decision_it_does_not_exist(world: World, browser: Browser) -> None:
    sitting = await world.meeting(mode=Mode.IN_PERSON)
    await world.roll(sitting.id, HALL)
    made = await browser.post(f"/meetings/{sitting.id}/votes", SECRETARY, BODY)
    assert made.code == (409, "secret-device-off")
    statutory = BODY | {"kind": "expulsion"}
    refused = await browser.post(f"/meetings/{sitting.id}/votes", SECRETARY, statutory)
    assert refused.code == (409, "secret-device-forbidden")
    assert "69-QĐ/TW" in refused.json["title"]
