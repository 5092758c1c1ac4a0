"""An election over HTTP, from the names to who is elected."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from meetings.voting.handlers import VotingHandlers
from meetings.voting.service import VotingService
from tests.attendance.world import HALL, MEMBER, SECRETARY, STRANGER, World
from tests.browser import Browser, browsing


@pytest.fixture
async def browser(world: World, voting: VotingService) -> AsyncIterator[Browser]:
    async with browsing(world, VotingHandlers(voting).endpoints()) as made:
        yield made


async def test_a_secretary_is_elected(world: World, browser: Browser) -> None:
    sitting = await world.meeting()
    await world.roll(sitting.id, HALL)
    wanted = {"kind": "secretary_election", "title": "Bầu bí thư chi bộ", "seats": 1}
    made = await browser.post(f"/meetings/{sitting.id}/elections", SECRETARY, wanted)
    assert (made.status, made.json["list_closed"]) == (201, False)
    election = f"/elections/{made.json['id']}"
    for label in ("o1", "o2"):
        name = {"member": world.member(label), "step": "by_convenor"}
        assert (await browser.post(f"{election}/names", SECRETARY, name)).status == 200
    again = {"member": world.member("o1"), "step": "by_self"}
    assert (await browser.post(f"{election}/names", SECRETARY, again)).code == (409, "named-already")
    closed = await browser.post(f"{election}/list", SECRETARY)
    assert [one["listed"] for one in closed.json["names"]] == [True, True]
    vote = (await browser.post(f"{election}/rounds", SECRETARY, {})).json
    count = {
        "issued": 13,
        "returned": 13,
        "valid": 13,
        "invalid": 0,
        "blank": 0,
        "lines": [
            {"member": world.member("o1"), "in_favour": 11, "against": 2},
            {"member": world.member("o2"), "in_favour": 2, "against": 11},
        ],
        "board": [world.member("o8")],
    }
    assert (await browser.post(f"/votes/{vote['id']}/paper-count", SECRETARY, count)).status == 200
    await browser.post(f"/votes/{vote['id']}/close", SECRETARY)
    look = (await browser.get(election, MEMBER)).json
    assert [one["elected"] for one in look["names"]] == [True, False]
    assert [one["state"] for one in look["rounds"]] == ["closed"]
    assert (await browser.get(election, STRANGER)).status == 404
    assert (await browser.post(f"{election}/rounds", SECRETARY, {})).code == (409, "round-not-now")
