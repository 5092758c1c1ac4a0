"""Taking a sitting along and bringing it back over HTTP: repeats, strangers, hostile bodies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from meetings.agenda.service import AgendaService
from meetings.agenda.tasking import WantedTask
from meetings.attendance import service as attendance
from meetings.attendance.rules import EvidenceKind, Source
from meetings.convening.rules import Kind, Mode
from meetings.kernel.ids import new_id
from meetings.offline.handlers import OfflineHandlers
from meetings.offline.rules import KeptGuest
from tests.attendance.world import MEMBER, SECRETARY, STRANGER
from tests.browser import Browser, browsing
from tests.offline.keeping import LATER, Device, as_body

pytestmark = pytest.mark.matrix


@pytest.fixture
async def browser(device: Device) -> AsyncIterator[Browser]:
    async with browsing(device.cell.world, OfflineHandlers(device.offline).endpoints()) as made:
        yield made


async def _body(device: Device) -> tuple[str, dict[str, Any]]:
    made = await device.called()
    kit = await device.takes(made.id)
    kept = device.holds(kit)
    device.cell.world.clock.set(LATER)
    return f"/meetings/{made.id}/offline", as_body(kept, device.sending(kit))


async def test_the_kit_holds_names_agenda_and_rules(device: Device, browser: Browser) -> None:
    made = await device.called()
    kit = (await browser.get(f"/meetings/{made.id}/offline", SECRETARY)).json
    assert len(kit["members"]) == 28
    assert [one["title"] for one in kit["items"]] == ["Nội dung 1", "Nội dung 2"]
    kinds = {one["kind"]: one for one in kit["questions"]}
    assert kinds["resolution"]["threshold"] == {"numerator": 1, "denominator": 2, "strict": True}
    assert kinds["admission"]["forms"] == ["cards", "paper"]
    assert kinds["expulsion"]["forms"] == ["paper"]
    assert {kind: one["whom"] for kind, one in kinds.items() if one["whom"]} == {
        "admission": "newcomer",
        "recognition": "probationer",
        **dict.fromkeys(("removal", "reprimand", "warning", "dismissal", "expulsion"), "member"),
    }
    assert kinds["admission"]["about"] == "Đề nghị kết nạp {name} vào Đảng"
    assert "secretary_election" not in kinds
    assert all(
        set(one["forms"]) <= {"hands", "cards", "paper"} and one["sources"] for one in kit["questions"]
    )


async def test_the_kit_holds_of_earlier_work_what_the_console_shows(device: Device, browser: Browser) -> None:
    before = await device.cell.world.meeting(kind=Kind.THEMATIC, mode=Mode.IN_PERSON)
    tasks = AgendaService(device.cell.world.units).tasks
    wanted = WantedTask(title="Rà soát", member=device.cell.world.member(MEMBER), due=date(2026, 12, 15))
    given = (await tasks.give(device.asks(), before.id, wanted)).task
    device.cell.world.clock.move(timedelta(hours=1))
    made = await device.called()
    look = await tasks.look(device.asks(), made.id)
    kit = (await browser.get(f"/meetings/{made.id}/offline", SECRETARY)).json
    plain = {"id": given.id, "title": "Rà soát", "name": look.names[given.member], "due": "2026-12-15"}
    assert (kit["asked"], kit["given"]) == ([plain | {"reports": 0, "found": None}], [])


async def test_work_comes_over_http(device: Device, browser: Browser) -> None:
    path, body = await _body(device)
    task = {"title": "Quét sân", "member": device.cell.world.member(MEMBER), "due": "2026-12-15"}
    done = await browser.post(path, SECRETARY, body | {"tasks": [task | {"at": body["read_at"]}]})
    assert (done.status, done.json["kept"]) == (200, True), done.json
    meeting = path.split("/")[2]
    look = await AgendaService(device.cell.world.units).tasks.look(device.asks(), meeting)
    assert [(one.task.title, one.task.due) for one in look.given] == [("Quét sân", date(2026, 12, 15))]


async def test_brought_back_once(device: Device, browser: Browser) -> None:
    path, body = await _body(device)
    first = await browser.post(path, SECRETARY, body)
    assert first.status == 200, first.json
    assert (first.json["kept"], first.json["state"], first.json["month"]) == (True, "closed", "2026-11")
    assert first.json["fulfils_obligation"] is True
    assert first.json["text"].startswith("Đã nhận đủ lúc 10:00 ngày 02/12/2026.")
    again = await browser.post(path, SECRETARY, body | {"sent_at": "2026-12-05T03:00:00Z"}, key=new_id())
    assert (again.status, again.body) == (200, first.body)
    changed = await browser.post(path, SECRETARY, body | {"words": "Lời khác"})
    assert changed.code == (409, "offline-record-changed")


async def test_differences_come_with_keys_in_both_languages(device: Device, browser: Browser) -> None:
    path, body = await _body(device)
    body["votes"][0]["passed"] = False
    shown = await browser.post(path, SECRETARY, body)
    assert (shown.json["kept"], shown.json["at"], shown.json["state"]) == (False, None, "convened")
    [one] = shown.json["differences"]
    assert "máy chủ tính 20 (cần 11): được thông qua" in one["text"]
    english = await browser.post(f"{path}?lang=en", SECRETARY, body)
    assert "the server" in english.json["differences"][0]["text"]
    done = await browser.post(path, SECRETARY, body | {"accepted": [one["key"]]})
    assert done.json["kept"] is True


async def test_nobody_strangers_and_plain_members(device: Device, browser: Browser) -> None:
    path, body = await _body(device)
    assert (await browser.post(path, "", body)).status == 401
    assert (await browser.post(path, STRANGER, body)).code == (404, "no-such-meeting")
    assert (await browser.post(path, MEMBER, body)).code == (403, "no-power")
    for who, status in (("", 401), (STRANGER, 404), (MEMBER, 403)):
        assert (await browser.get(path, who)).status == status


@pytest.mark.parametrize(
    "change",
    [
        {"id": "không"},
        {"based_on": -1},
        {"based_on": True},
        {"opened_at": "2026-11-24T19:00:00"},
        {"closed_at": None},
        {"marks": "tất cả"},
        {"marks": [{"member": new_id(), "mark": "confirmed", "device_at": "2026-11-24T12:00:00Z"}]},
        {"marks": [{"member": new_id(), "mark": "present", "device_at": "2026-11-24T12:00:00Z"}] * 1001},
        {"head_count": -5},
        {"words": "\u0000"},
        {"words": "a" * 20_001},
        {"chair": 7},
        {"votes": [{"question": "?"}]},
        {"accepted": ["a" * 65]},
        {"guests": [{"full_name": "", "comes_from": "Xã", "at": "2026-11-24T12:40:00Z"}]},
        {"guests": [{"full_name": "Mẫu", "comes_from": "Xã", "at": "2026-11-24T12:40:00Z"}] * 101},
        {"before": [{"id": new_id(), "taken_up": "có"}]},
        {
            "drafts": [
                {"id": new_id(), "item": new_id(), "text": "", "after": 0, "at": "2026-11-24T12:40:00Z"}
            ]
        },
        {"tasks": [{"title": "", "member": new_id(), "due": "2026-11-30", "at": "2026-11-24T12:40:00Z"}]},
        {"tasks": [{"title": "A", "member": new_id(), "due": "30/11", "at": "2026-11-24T12:40:00Z"}]},
        {"reports": [{"task": new_id(), "outcome": "found", "after": 0, "at": "2026-11-24T12:40:00Z"}]},
        {"reports": [{"task": new_id(), "outcome": "done", "after": -1, "at": "2026-11-24T12:40:00Z"}]},
        {"accepted": ["a"] * 301},
        {"fulfils": True},
        {"standing": "mandatory"},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_hostile_body_is_refused_and_changes_nothing(
    device: Device, browser: Browser, change: dict[str, Any]
) -> None:
    path, body = await _body(device)
    assert (await browser.post(path, SECRETARY, body | change)).code == (422, "bad-body")
    assert (await browser.post(path, SECRETARY, body)).json["kept"] is True


async def test_corrections_and_guests_come_over_http(device: Device, browser: Browser) -> None:
    made = await device.called()
    kit = await device.takes(made.id)
    kept = device.holds(kit)
    at = kept.opened_at + timedelta(minutes=5)
    absent = next(one for one in kept.marks if one.kind is EvidenceKind.ABSENT)
    late = replace(absent, kind=EvidenceKind.LATE, at=at, reason="Gọi sót", since=kept.opened_at)
    guest = KeptGuest(full_name="Lò Văn Mẫu", comes_from="Xã", overseer=True, at=at)
    kept = replace(kept, marks=(*kept.marks, late), guests=(guest,))
    device.cell.world.clock.set(LATER)
    done = await browser.post(f"/meetings/{made.id}/offline", SECRETARY, as_body(kept, device.sending(kit)))
    assert (done.status, done.json["kept"]) == (200, True), done.json
    async with device.cell.world.units.read() as uow:
        [written] = await attendance.guests(uow, made.id)
        evidence = await attendance.evidence_of(uow, made.id)
    assert (written.full_name, written.overseer, written.at) == ("Lò Văn Mẫu", True, at)
    [corrected] = [one for one in evidence if one.source is Source.CORRECTION]
    assert (corrected.at, corrected.reason) == (kept.opened_at, "Gọi sót")


async def test_markup_stays_text(device: Device, browser: Browser) -> None:
    path, body = await _body(device)
    evil = "<script>alert(1)</script>{question}"
    body["votes"][0] |= {"question": evil, "passed": False}
    shown = await browser.post(path, SECRETARY, body)
    assert evil in shown.json["differences"][0]["text"]
