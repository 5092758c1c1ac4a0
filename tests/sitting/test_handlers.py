"""A sitting over HTTP: every step, what is missing, and bodies that change nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from meetings.convening.rules import Mode, State
from meetings.kernel.ids import new_id
from meetings.sitting.handlers import SittingHandlers
from tests.attendance.world import MEMBER, SECRETARY, STRANGER
from tests.browser import Browser, browsing
from tests.sitting.holding import Cell


@pytest.fixture
async def browser(cell: Cell) -> AsyncIterator[Browser]:
    async with browsing(cell.world, SittingHandlers(cell.sittings).endpoints()) as made:
        yield made


async def test_story_two_over_http(cell: Cell, browser: Browser) -> None:
    made = await cell.world.meeting(mode=Mode.HYBRID, state=State.CONVENED)
    base, member = f"/meetings/{made.id}", cell.world.member
    opened = await browser.post(f"{base}/open", SECRETARY, {})
    assert (opened.status, opened.json["state"], opened.json["month"]) == (200, "open", "2026-11")
    cell.world.clock.move(timedelta(minutes=1))
    said = await browser.get(f"{base}/missing", SECRETARY)
    assert [one["code"] for one in said.json["missing"]][:2] == ["roll-not-confirmed", "names-undecided"]
    assert (await browser.post(f"{base}/close", SECRETARY, {})).code == (409, "roll-not-confirmed")
    parts = {"chair": member("o1"), "recorder": member("o2")}
    assert (await browser.post(f"{base}/parts", SECRETARY, parts)).code == (409, "part-not-present")
    async with cell.world.units.read() as uow:
        open_sitting = await cell.world.stored(uow, made.id)
    assert open_sitting is not None
    await cell.world.roll(made.id, [f"o{number}" for number in range(1, 14)] + ["p1", "a1", "e1"])
    assert (await browser.post(f"{base}/parts", SECRETARY, parts)).status == 200
    fees = {"fee_paid": 21, "fee_total": 22}
    assert (await browser.post(f"{base}/opening", SECRETARY, fees)).status == 200
    await cell.phone_in(open_sitting)
    await cell.decide(open_sitting)
    await cell.count(await cell.ask(open_sitting, "e1"))
    cell.world.clock.move(timedelta(minutes=84))
    assert (await browser.post(f"{base}/close", MEMBER, {})).code == (403, "no-power")
    closed = await browser.post(f"{base}/close", SECRETARY, {}, key=new_id())
    assert closed.status == 200
    assert (closed.json["hall_present"], closed.json["hall_required"]) == (14, 11)
    assert (closed.json["fulfils_obligation"], closed.json["fulfils_theme"]) == (True, False)
    assert closed.json["duration"] == "Thời lượng buổi họp: 85 phút (mức quy định: 90 phút)."
    assert (await browser.post(f"{base}/close", SECRETARY, {})).code == (409, "already-closed")


async def test_a_repeated_key_gives_the_first_answer(cell: Cell, browser: Browser) -> None:
    made = await cell.world.meeting(mode=Mode.ONLINE, state=State.CONVENED)
    key = new_id()
    first = await browser.post(f"/meetings/{made.id}/open", SECRETARY, {}, key=key)
    again = await browser.post(f"/meetings/{made.id}/open", SECRETARY, {}, key=key)
    assert (first.status, first.body) == (again.status, again.body) == (200, first.body)
    assert (await browser.post(f"/meetings/{made.id}/open", SECRETARY, {})).code == (409, "already-open")


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("open", {"stated_at": "hôm qua"}, "bad-body"),
        ("open", {"stated_at": "2026-11-24T19:00:00"}, "bad-body"),
        ("open", {"more": 1}, "bad-body"),
        ("open", {"stated_at": "2036-11-24T19:00:00Z"}, "time-in-future"),
        ("parts", {"chair": new_id()}, "bad-body"),
        ("parts", {"chair": 1, "recorder": 2}, "bad-body"),
        ("opening", {"fee_paid": -1, "fee_total": 2}, "bad-body"),
        ("opening", {"fee_paid": "1", "fee_total": 2}, "bad-body"),
        ("opening", {"fee_paid": 10**9, "fee_total": 10**9}, "bad-body"),
    ],
)
async def test_bad_bodies(cell: Cell, browser: Browser, name: str, body: object, code: str) -> None:
    made = await cell.world.meeting(state=State.CONVENED)
    assert (await browser.post(f"/meetings/{made.id}/{name}", SECRETARY, body)).code == (422, code)
    async with cell.world.units.read() as uow:
        assert await cell.world.stored(uow, made.id) == made


async def test_a_stranger_sees_no_meeting_and_nobody_without_a_session(cell: Cell, browser: Browser) -> None:
    made = await cell.world.meeting(state=State.CONVENED)
    for name, body in (("open", {}), ("close", {}), ("opening", {"fee_paid": 1, "fee_total": 2})):
        assert (await browser.post(f"/meetings/{made.id}/{name}", STRANGER, body)).code == (
            404,
            "no-such-meeting",
        )
        assert (await browser.post(f"/meetings/{made.id}/{name}", "", body)).status == 401
