"""What is typed in the hall, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from meetings.convening.rules import Kind, Mode, State
from meetings.kernel.ids import new_id
from meetings.voting.handlers import VotingHandlers
from meetings.voting.service import VotingService
from tests.attendance.world import HALL, MEMBER, SECRETARY, World
from tests.browser import Browser, browsing


@pytest.fixture
async def browser(world: World, voting: VotingService) -> AsyncIterator[Browser]:
    async with browsing(world, VotingHandlers(voting).endpoints()) as made:
        yield made


async def test_a_discipline_vote_on_paper(world: World, browser: Browser) -> None:
    sitting = await world.meeting()
    await world.roll(sitting.id, HALL)
    asked = {"question": "Khiển trách đồng chí A", "kind": "reprimand", "minutes": 30}
    said = await browser.post(f"/meetings/{sitting.id}/votes", SECRETARY, asked)
    assert said.code == (409, "form-not-allowed")
    said = await browser.post(f"/meetings/{sitting.id}/votes", SECRETARY, asked | {"form": "paper"})
    assert said.code == (422, "person-missing")
    asked |= {"form": "paper", "person": {"member": world.member("o4")}}
    made = await browser.post(f"/meetings/{sitting.id}/votes", SECRETARY, asked)
    assert made.json["person"] == {"name": "Người Thử O4", "member": world.member("o4")}
    vote = f"/votes/{made.json['id']}"
    ballot = {"id": new_id(), "version": 1, "choice": "for"}
    assert (await browser.post(f"{vote}/ballots", MEMBER, ballot)).code == (409, "secret-on-paper")
    count = {
        "issued": 13,
        "returned": 13,
        "valid": 13,
        "invalid": 0,
        "lines": [{"in_favour": 10, "against": 3}],
        "board": [world.member("o1")],
    }
    wrong = await browser.post(f"{vote}/paper-count", SECRETARY, count | {"valid": 12})
    assert wrong.code == (409, "ballots-not-sorted")
    assert (await browser.post(f"{vote}/paper-count", MEMBER, count)).code == (403, "no-power")
    assert (await browser.post(f"{vote}/paper-count", SECRETARY, count)).status == 200
    result = (await browser.post(f"{vote}/close", SECRETARY)).json["result"]
    assert (result["base"], result["needed"], result["in_favour"], result["passed"]) == (19, 10, 10, True)
    assert "Hình thức khiển trách đồng chí Người Thử O4 được thông qua." in result["explanation"]
    assert any("vẫn ở trong số làm căn cứ tính" in note for note in result["notes"])
    assert {one["counted"] for one in result["people"]} == {True, False}


async def test_the_secretary_enters_an_answer(world: World, browser: Browser) -> None:
    sitting = await world.meeting()
    await world.roll(sitting.id, HALL)
    made = await browser.post(
        f"/meetings/{sitting.id}/votes", SECRETARY, {"question": "Thông qua nghị quyết"}
    )
    vote = f"/votes/{made.json['id']}"
    mark = {"id": new_id(), "member": world.member("o7"), "choice": "against"}
    said = await browser.post(f"{vote}/marks", SECRETARY, mark)
    assert (said.status, said.json["version"], said.json["choice"]) == (200, 1, "against")
    [mine] = (await browser.get(f"{vote}/mine", "o7")).json["ballots"]
    assert (mine["id"], mine["assisted"]) == (mark["id"], True)
    assert (await browser.post(f"{vote}/marks", MEMBER, mark | {"id": new_id()})).code == (403, "no-power")


async def test_what_may_not_be_online_waits_for_the_next_meeting_in_a_hall(
    world: World, browser: Browser
) -> None:
    online = await world.meeting(mode=Mode.ONLINE)
    asked = {"question": "Kết nạp quần chúng A", "kind": "admission", "form": "cards"}
    said = await browser.post(f"/meetings/{online.id}/votes", SECRETARY, asked)
    assert said.code == (409, "online-forbidden")
    assert "Điều lệ Đảng ngày 19/01/2011, Điều 4" in said.json["title"]
    wanted = {"title": asked["question"]}
    assert (await browser.post(f"/meetings/{online.id}/deferrals", SECRETARY, wanted)).code == (
        409,
        "no-next-meeting",
    )
    world.clock.move(timedelta(days=3))
    coming = await world.meeting(mode=Mode.IN_PERSON, kind=Kind.EXTRAORDINARY, state=State.CONVENED)
    moved = await browser.post(f"/meetings/{online.id}/deferrals", SECRETARY, wanted)
    assert (moved.status, moved.json["meeting"]) == (201, coming.id)
