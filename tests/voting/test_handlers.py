"""Votes over HTTP: receipts as people read them, repeats, lateness, and what others may not see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from meetings.convening.rules import AnySitting, Mode
from meetings.kernel.ids import new_id
from meetings.rooms.rules import PresenceKind
from meetings.voting.handlers import VotingHandlers
from meetings.voting.service import VotingService
from tests.attendance.world import HALL, MEMBER, PHONE, SECRETARY, STRANGER, World
from tests.browser import Browser, browsing

QUESTION = {"question": "Thông qua nghị quyết tháng 11", "minutes": 6}


@pytest.fixture
async def browser(world: World, voting: VotingService) -> AsyncIterator[Browser]:
    async with browsing(world, VotingHandlers(voting).endpoints()) as made:
        yield made


async def hybrid(world: World) -> AnySitting:
    sitting = await world.meeting(mode=Mode.HYBRID)
    await world.roll(sitting.id, HALL)
    at = world.clock.now() - timedelta(minutes=5)
    await world.service.record_presence(
        [world.event(sitting.id, label, PresenceKind.JOINED, at) for label in PHONE]
    )
    return sitting


async def opened(world: World, browser: Browser) -> str:
    sitting = await hybrid(world)
    body = QUESTION | {"taking_part": [world.member("e1")]}
    said = await browser.post(f"/meetings/{sitting.id}/votes", SECRETARY, body)
    assert (said.status, said.json["base"], said.json["state"]) == (201, 20, "open")
    return f"/votes/{said.json['id']}"


def ballot(choice: str = "for", version: int = 1) -> dict[str, object]:
    return {"id": new_id(), "version": version, "choice": choice}


async def test_story_one_over_http(world: World, browser: Browser) -> None:
    vote = await opened(world, browser)
    for label in PHONE[:3]:
        said = await browser.post(f"{vote}/ballots", label, ballot())
        assert said.json["counted"] is True
        assert "không tính vào kết quả biểu quyết tại hội trường" in said.json["text"]
    in_hall = await browser.post(f"{vote}/ballots", MEMBER, ballot())
    assert in_hall.json["text"].startswith("Đã ghi nhận lúc 19:00: TÁN THÀNH.")
    assert "đến 19:06" in in_hall.json["text"]
    assert len(in_hall.json["words"]) == 3
    shown = await browser.get(vote, "o7")
    assert (shown.json["answered"], shown.json["result"]) == (4, None)
    hands = {"in_favour": 12, "against": 1, "abstain": 1}
    assert (await browser.post(f"{vote}/close", SECRETARY)).code == (409, "no-hall-count")
    assert (await browser.post(f"{vote}/hall-count", MEMBER, hands)).code == (403, "no-power")
    assert (await browser.post(f"{vote}/hall-count", SECRETARY, hands)).status == 200
    closed = (await browser.post(f"{vote}/close", SECRETARY)).json
    assert (closed["state"], closed["result"]["needed"], closed["result"]["passed"]) == ("closed", 11, True)
    assert closed["result"]["phone"] == {"in_favour": 3, "against": 0, "abstain": 0}
    [listed] = (await browser.get(f"/meetings/{closed['meeting']}/votes", MEMBER)).json["votes"]
    assert listed["result"] == closed["result"]


async def test_story_nine_late_and_said_so(world: World, browser: Browser) -> None:
    vote = await opened(world, browser)
    world.clock.move(timedelta(minutes=11))
    late = (await browser.post(f"{vote}/ballots", MEMBER, ballot())).json
    assert (late["counted"], late["words"]) == (False, [])
    assert late["text"].startswith("Ý kiến đến lúc 19:11, sau khi biểu quyết kết thúc lúc 19:06")
    mine = (await browser.get(f"{vote}/mine", MEMBER)).json
    assert (mine["late"], mine["ballots"]) == (1, [])
    hands = {"in_favour": 12, "against": 1, "abstain": 1}
    await browser.post(f"{vote}/hall-count", SECRETARY, hands)
    closed = (await browser.post(f"{vote}/close", SECRETARY)).json["result"]
    assert (closed["late"], closed["devices"]["in_favour"]) == (1, 0)


async def test_the_same_ballot_twice_and_another_under_its_id(world: World, browser: Browser) -> None:
    vote = await opened(world, browser)
    one = ballot()
    first = await browser.post(f"{vote}/ballots", MEMBER, one)
    world.clock.move(timedelta(minutes=1))
    assert (await browser.post(f"{vote}/ballots", MEMBER, one)).body == first.body
    other = one | {"choice": "against"}
    assert (await browser.post(f"{vote}/ballots", MEMBER, other)).code == (409, "ballot-differs")
    mine = (await browser.get(f"{vote}/mine", MEMBER)).json
    assert [(b["version"], b["choice"]) for b in mine["ballots"]] == [(1, "for")]
    assert (await browser.get(f"{vote}/mine", "o9")).json["ballots"] == []


async def test_a_supplement_has_opinions_only(world: World, browser: Browser) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    at = world.clock.now() - timedelta(minutes=5)
    joined = [world.event(sitting.id, label, PresenceKind.JOINED, at) for label in ("o1", "o2", "o3")]
    await world.service.record_presence(joined)
    asked = QUESTION | {"question": "Ý kiến về kế hoạch tháng tới"}
    made = (await browser.post(f"/meetings/{sitting.id}/votes", SECRETARY, asked)).json
    said = await browser.post(f"/votes/{made['id']}/ballots", "o2", ballot())
    assert "thông qua" not in said.json["text"].casefold()
    closed = (await browser.post(f"/votes/{made['id']}/close", SECRETARY)).json
    assert closed["result"]["passed"] is None


async def test_who_may_not(world: World, browser: Browser) -> None:
    vote = await opened(world, browser)
    assert (await browser.post(f"{vote}/ballots", STRANGER, ballot())).status in {403, 404}
    assert (await browser.post(f"{vote}/ballots", "p1", ballot())).code == (403, "not-entitled")
    assert (await browser.get(vote, STRANGER)).code == (404, "no-such-meeting")
    assert (await browser.get(f"{vote}/mine")).status == 401
    assert (await browser.post(f"/votes/{new_id()}/ballots", MEMBER, ballot())).code == (404, "no-such-vote")


async def test_bad_bodies(world: World, browser: Browser) -> None:
    vote = await opened(world, browser)
    for wrong in (
        {},
        ballot("có"),
        ballot(version=0),
        ballot(version=10**6),
        ballot() | {"member": world.member("o9")},
        ballot() | {"version": "1"},
    ):
        assert (await browser.post(f"{vote}/ballots", MEMBER, wrong)).code == (422, "bad-body")
    too_many = {"in_favour": 15, "against": 0, "abstain": 0}
    assert (await browser.post(f"{vote}/hall-count", SECRETARY, too_many)).code == (409, "too-many-hands")
    assert (await browser.get(vote, MEMBER)).json["answered"] == 0
