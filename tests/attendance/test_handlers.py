"""Attendance over HTTP: the shapes, and that whatever does not fit is refused and changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from xml.etree import ElementTree

import pytest

from meetings.attendance.handlers import AttendanceHandlers
from meetings.attendance.service import evidence_of, leave_of
from meetings.convening import service as convening
from meetings.convening.rules import Mode
from meetings.kernel.ids import Id, new_id
from meetings.ledger.service import of_meeting
from tests.attendance.web import Client, Phone, application
from tests.attendance.world import (
    AUDITOR,
    CELL_S,
    EXCUSED,
    HALL,
    MEMBER,
    PHONE,
    SECRETARY,
    STRANGER,
    UNEXCUSED,
    World,
)

Serve = Callable[..., Awaitable[Client]]


@pytest.fixture
async def client(world: World, aiohttp_client: Serve) -> Client:
    handlers = AttendanceHandlers(world.service, "https://sinhhoat.example.vn/")
    return await aiohttp_client(application(world, handlers.endpoints()))


def marks(world: World, labels: tuple[str, ...], mark: str = "present") -> list[dict[str, str]]:
    return [{"member": world.member(label), "mark": mark} for label in labels]


async def test_story_2_over_http(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, secretary = f"/meetings/{sitting.id}", Phone(client, SECRETARY)
    for label in PHONE:
        beat = {"participant_sid": f"PA_{label}"}
        assert await Phone(client, label).post(f"{path}/heartbeats", beat) == 200
    roll = {"id": new_id(), "marks": marks(world, HALL), "head_count": 17, "confirm": True}
    assert await secretary.post(f"{path}/roll", roll) == 200
    assert (secretary.answer["in_hall"], secretary.answer["differs"]) == (16, True)
    for label, decision in [(one, "excused") for one in (*EXCUSED, *PHONE)] + [(UNEXCUSED[0], "unexcused")]:
        decided = {"decision": decision, "reason": "working_away" if decision == "excused" else None}
        assert await secretary.post(f"{path}/leave/{world.member(label)}/decision", decided) == 200
    assert await secretary.get(f"{path}/attendance") == 200
    seen = secretary.answer
    assert seen["rate"] == {"part": 15, "whole": 22, "text": "15/22 = 68,18 %"}
    assert (seen["in_hall"], seen["online"], seen["undecided"]) == (16, 4, 0)
    assert seen["counts"]["official"] == {
        "hall": 13,
        "online": 3,
        "both": 0,
        "excused": 2,
        "unexcused": 1,
        "undecided": 0,
    }
    assert len(seen["lines"]) == len(CELL_S)


async def test_from_the_kiosk_to_the_receipt(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, secretary = f"/meetings/{sitting.id}", Phone(client, SECRETARY)
    assert await secretary.post(f"{path}/helpers", {"name": "Màn hình cửa", "kind": "kiosk"}) == 200
    kiosk = Phone(client, token=secretary.answer["token"])
    assert await kiosk.get(f"{path}/hall-code") == 200
    shown = kiosk.answer
    assert ElementTree.fromstring(shown["svg"]).tag.endswith("svg")
    assert shown["link"] == f"https://sinhhoat.example.vn{path}/check-in?code={shown['code']}"
    member = Phone(client, MEMBER)
    assert await member.get(f"{path}/check-ins", code=shown["code"]) == 200
    assert member.answer["name"] == "Người Thử O5"
    sent = {"id": new_id(), "nonce": member.answer["nonce"], "device_at": "2026-11-24T12:00:00Z"}
    assert await member.post(f"{path}/check-ins", sent) == 200
    first = member.answer
    assert await member.post(f"{path}/check-ins", sent, key=new_id()) == 200
    assert member.answer == first
    assert await member.post(f"{path}/check-ins", {"id": sent["id"], "code": shown["code"]}) == 409
    assert await kiosk.post(f"{path}/roll", {"id": new_id(), "marks": marks(world, ("o1",))}) == 403


async def test_two_names_from_one_browser_are_shown_to_the_secretary(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, secretary = f"/meetings/{sitting.id}", Phone(client, SECRETARY)
    assert await secretary.get(f"{path}/hall-code") == 200
    code, one_browser = secretary.answer["code"], {"__Host-chibo-browser": "kept since the first scan"}
    for label, cookies in (("o5", one_browser), ("o6", one_browser), ("o7", {})):
        phone = Phone(client, label, cookies=cookies)
        assert await phone.post(f"{path}/check-ins", {"id": new_id(), "code": code}) == 200
        assert "__Host-chibo-browser" in phone.laid
    assert await secretary.get(f"{path}/attendance") == 200
    pair = sorted([world.member("o5"), world.member("o6")])
    assert [one["members"] for one in secretary.answer["two_names"]] == [pair]


async def test_a_write_with_its_own_key_under_an_idempotency_key_does_not_wait_for_itself(
    world: World, client: Client
) -> None:
    sitting = await world.meeting(mode=Mode.ONLINE)
    beat = Phone(client, MEMBER).post(
        f"/meetings/{sitting.id}/heartbeats", {"participant_sid": "PA_1"}, key=new_id()
    )
    assert await asyncio.wait_for(beat, 10) == 200


async def test_a_helper_marks_without_signing_in(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, secretary = f"/meetings/{sitting.id}", Phone(client, SECRETARY)
    assert await secretary.post(f"{path}/helpers", {"name": "Cháu Thử"}) == 200
    helper = Phone(client, token=secretary.answer["token"])
    roll = {"id": new_id(), "marks": marks(world, ("o1", "o2"))}
    assert await helper.post(f"{path}/roll", roll) == 200
    assert helper.answer["last_sequence"] == 2
    assert await helper.post(f"{path}/roll", {**roll, "id": new_id(), "confirm": True}) == 403
    assert await helper.get(f"{path}/attendance") == 401
    assert await secretary.get(f"{path}/helpers") == 200
    (held,) = secretary.answer["passes"]
    assert (held["name"], held["revoked_at"], "token" in held) == ("Cháu Thử", None, False)
    assert await secretary.post(f"{path}/helpers/{held['id']}/revoke", {}) == 200
    assert await helper.post(f"{path}/roll", {**roll, "id": new_id()}) == 401
    assert await secretary.post(f"{path}/helpers/{new_id()}/revoke", {}) == 404


async def test_a_member_says_that_they_will_come(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, member = f"/meetings/{sitting.id}", Phone(client, MEMBER)
    key = new_id()
    for _ in range(2):
        assert await member.post(f"{path}/coming", {}, key=key) == 200
        assert member.answer == {"meeting": sitting.id, "member": world.member(MEMBER)}
    assert await member.get(f"{path}/attendance") == 200
    assert [line["coming"] for line in member.answer["lines"]] == [True]


async def test_leave_is_asked_decided_and_contested(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, member = f"/meetings/{sitting.id}/leave", Phone(client, MEMBER)
    asked = {"id": new_id(), "reason": "ill", "note": "Sốt"}
    assert await member.post(path, asked) == 200
    assert (member.answer["text"], member.answer["state"]) == ("Đã gửi. Chờ bí thư xác nhận.", "undecided")
    own = f"{path}/{world.member(MEMBER)}"
    assert await Phone(client, SECRETARY).post(f"{own}/decision", {"decision": "unexcused"}) == 200
    assert await member.post(f"{own}/contest", {"note": "Tôi đã gọi"}) == 200
    assert member.answer["contested"] is True
    assert await member.post(f"{own}/decision", {"decision": "excused"}) == 403


async def test_a_member_sees_their_own_line_and_anyone_who_may_the_past(world: World, client: Client) -> None:
    sitting = await world.meeting()
    await world.roll(sitting.id, ["o1"])
    path, member = f"/meetings/{sitting.id}/attendance", Phone(client, MEMBER)
    assert await member.get(path) == 200
    assert [line["member"] for line in member.answer["lines"]] == [world.member(MEMBER)]
    auditor = Phone(client, AUDITOR)
    moment = (world.clock.now() - timedelta(minutes=1)).isoformat()
    assert await auditor.get(f"{path}/at", moment=moment) == 200
    assert (auditor.answer["in_hall"], auditor.answer["entitled"]) == (1, 1)
    assert await auditor.get(f"{path}/at", moment="hôm qua") == 422


async def test_guests_and_shared_phones(world: World, client: Client) -> None:
    sitting = await world.meeting()
    path, secretary = f"/meetings/{sitting.id}", Phone(client, SECRETARY)
    guest, key = {"full_name": "Khách", "comes_from": "Đảng ủy xã", "overseer": True}, new_id()
    assert await secretary.post(f"{path}/guests", guest, key=key) == 200
    first = secretary.answer
    assert await secretary.post(f"{path}/guests", guest, key=key) == 200
    assert secretary.answer == first
    pair = {"members": [world.member("o5"), world.member("o6")]}
    assert await secretary.post(f"{path}/shared-phones", pair) == 200
    made = secretary.answer
    assert await secretary.get(f"{path}/shared-phones") == 200
    assert secretary.answer == {"phones": [made]}


def _bodies(world: World) -> dict[str, dict[str, object]]:
    """A good body for every write."""
    member = world.member(MEMBER)
    return {
        "check-ins": {"id": new_id(), "code": "AAAAAAAAAAAAAAAA"},
        "heartbeats": {"participant_sid": "PA_1"},
        "roll": {"id": new_id(), "marks": marks(world, ("o1",)), "confirm": True},
        "corrections": {"id": new_id(), "member": member, "mark": "present", "reason": "Sót"},
        "leave": {"id": new_id(), "reason": "ill"},
        f"leave/{member}/decision": {"decision": "excused"},
        f"leave/{member}/contest": {"note": ""},
        "guests": {"full_name": "Khách", "comes_from": "Xã"},
        "helpers": {"name": "Cháu Thử"},
        "shared-phones": {"members": [world.member("o5"), world.member("o6")]},
    }


async def _untouched(world: World, cell: Id, meeting: Id) -> bool:
    async with world.units.read() as uow:
        left = [*await evidence_of(uow, meeting), *await of_meeting(uow, cell, meeting)]
        return not left and not (await leave_of(uow, await convening.sitting(uow, meeting))).requests


async def test_nobody_gets_in_without_signing_in_or_from_another_cell(world: World, client: Client) -> None:
    sitting = await world.meeting()
    unknown, stranger = Phone(client), Phone(client, STRANGER)
    for act, body in _bodies(world).items():
        assert await unknown.post(f"/meetings/{sitting.id}/{act}", body) == 401
        assert await stranger.post(f"/meetings/{sitting.id}/{act}", body) == 404
        assert await Phone(client, SECRETARY).post(f"/meetings/{new_id()}/{act}", body) == 404
        assert await Phone(client, SECRETARY).post(f"/meetings/x/{act}", body) == 422
    for look in ("hall-code", "attendance"):
        assert await unknown.get(f"/meetings/{sitting.id}/{look}") == 401
        assert await stranger.get(f"/meetings/{sitting.id}/{look}") == 404
    assert await _untouched(world, sitting.cell, sitting.id)


async def test_a_member_who_tries_to_lead_is_refused_and_nothing_changes(
    world: World, client: Client
) -> None:
    sitting = await world.meeting()
    member = Phone(client, MEMBER)
    for act, body in _bodies(world).items():
        if act.split("/")[0] not in {"check-ins", "heartbeats", "leave"}:
            assert await member.post(f"/meetings/{sitting.id}/{act}", body) == 403
    foreign = {"id": new_id(), "reason": "ill", "member": world.member("o6")}
    assert await member.post(f"/meetings/{sitting.id}/leave", foreign) == 403
    assert await member.get(f"/meetings/{sitting.id}/hall-code") == 403
    assert await _untouched(world, sitting.cell, sitting.id)


async def test_bad_bodies_are_refused_with_a_typed_error(world: World, client: Client) -> None:
    sitting = await world.meeting()
    secretary = Phone(client, SECRETARY)
    for act, body in _bodies(world).items():
        wrong = [{**body, "extra": 1}, {name: {} for name in body}, [], "x"]
        if act.split("/")[-1] != "contest":
            wrong.append({})
        for bad in wrong:
            assert await secretary.post(f"/meetings/{sitting.id}/{act}", bad) == 422, (act, bad)
            assert secretary.answer["code"] == "bad-body"
    both = {"id": new_id(), "code": "x", "nonce": "y"}
    assert await secretary.post(f"/meetings/{sitting.id}/check-ins", both) == 422
    crowd = {"id": new_id(), "marks": marks(world, ("o1",)) * 501}
    assert await secretary.post(f"/meetings/{sitting.id}/roll", crowd) == 422
    assert await _untouched(world, sitting.cell, sitting.id)
