"""Convening as JSON, with every middleware before it, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from meetings.convening.handlers import ConveningHandlers
from meetings.convening.rules import Kind, Mode
from meetings.http.openapi import document
from meetings.kernel.ids import new_id
from tests.committees.house import AUDITOR, COMMUNE_SECRETARY, FOREIGN, MEMBER, SECRETARY, SUSPENDED
from tests.convening.holding import Hall
from tests.convening.web import Desk, make_app
from tests.scans import in_json, picture, sha256_of

REGULAR = {
    "kind": "regular",
    "mode": "hybrid",
    "starts_at": "2026-11-24T19:30:00+07:00",
    "place": "Nhà văn hóa thôn Mẫu",
}


@pytest.fixture
async def desk(hall: Hall) -> AsyncIterator[Desk]:
    async with TestClient(TestServer(make_app(hall.units, hall.service))) as client:
        yield Desk(client=client, house=hall.house)


async def test_from_the_call_to_the_list_of_whom_to_ring(desk: Desk) -> None:
    cell, members = desk.house.cell, desk.house.members
    status, made = await desk.post(f"/cells/{cell}/meetings", REGULAR)
    assert (status, made["standing"], made["state"], made["month"]) == (200, "mandatory", "draft", "2026-11")
    path = f"/meetings/{made['id']}"
    assert [one["code"] for one in made.pop("cautions")] == ["unsure_holiday"]
    assert (await desk.get(path, MEMBER))[1] == made
    later = {"starts_at": "2026-11-25T19:30:00+07:00"}
    status, moved = await desk.post(f"{path}/move", later)
    assert (status, moved["starts_at"], moved["place"]) == (200, "2026-11-25T12:30:00Z", made["place"])
    left_out = [{"member": members[MEMBER], "reason": "đi làm xa"}]
    status, ready = await desk.post(f"{path}/convene", {"how": "zalo_text", "left_out": left_out})
    assert (status, ready["state"]) == (200, "convened")
    _, told = await desk.get(f"{path}/convocations", AUDITOR)
    assert {one["member"]: one["left_out_reason"] for one in told["convocations"]}[
        members[MEMBER]
    ] == "đi làm xa"
    _, texts = await desk.get(f"{path}/convocation-text")
    assert texts["text"].startswith("Kính mời các đồng chí dự")
    assert len(texts["letters"]) == 2
    _, ring = await desk.get(f"{path}/call-list")
    assert {line["reason"] for line in ring["people"]} == {"chưa mở đường dẫn của mình"}
    call = {"how": "phone_call"}
    status, one = await desk.post(f"{path}/convocations/{members[SECRETARY]}", call)
    assert (status, one["how"]) == (200, "phone_call")
    assert len((await desk.get(f"{path}/call-list"))[1]["people"]) == len(ring["people"]) - 1
    assert (await desk.post(f"{path}/cancel", {"reason": "mưa lũ"}))[1]["state"] == "cancelled"
    _, listed = await desk.get(f"/cells/{cell}/meetings?first=2026-11&last=2026-11")
    assert [row["id"] for row in listed["meetings"]] == [made["id"]]


async def test_a_supplement_is_told_why_it_never_fulfils(desk: Desk, hall: Hall) -> None:
    online = await hall.held(Kind.ONLINE_SESSION, Mode.ONLINE)
    path = f"/cells/{desk.house.cell}/months/2026-11"
    status, problem = await desk.post(f"{path}/fulfilment", {"meeting": online.id})
    assert (status, problem["code"]) == (409, "supplement-never-fulfils")
    assert "chỉ có tính chất bổ trợ" in problem["title"]
    _, month = await desk.get(path, AUDITOR)
    assert (month["state"], month["word"], month["meeting"]) == ("no_data_yet", "chưa có số liệu", None)
    held = await hall.held()
    status, month = await desk.post(f"{path}/fulfilment", {"meeting": held.id})
    assert (status, month["state"], month["meeting"]) == (200, "held", held.id)


async def test_a_decision_and_the_quarter_stand_beside_the_month(desk: Desk, hall: Hall) -> None:
    path = f"/cells/{desk.house.cell}/months/2026-11"
    paper = {
        "number": "Công văn số 45-CV/ĐU",
        "issued_on": "2026-11-20",
        "issuer": "Đảng ủy xã Thí Dụ",
        "reason": "bão",
        "scan": in_json(picture()),
    }
    assert (await desk.post(f"{path}/decision", paper))[0] == 403
    no_scan = {**paper, "scan": in_json(b"GIF89a;")}
    assert (await desk.post(f"{path}/decision", no_scan, COMMUNE_SECRETARY))[1]["code"] == "not-a-scan"
    assert (await desk.post(f"{path}/decision", paper, COMMUNE_SECRETARY))[0] == 200
    assert (await desk.post(f"{path}/decision", paper, COMMUNE_SECRETARY))[1]["code"] == "decision-taken"
    await hall.held(Kind.THEMATIC)
    _, month = await desk.get(path)
    assert (month["state"], month["theme"], month["quarter"]) == ("by_superior_decision", "held", "2026-Q4")
    assert month["text"].endswith("Không tính là đã họp.")
    kept = [(one["number"], one["scan_sha256"]) for one in month["decisions"]]
    assert kept == [("Công văn số 45-CV/ĐU", sha256_of(picture()))]


async def test_a_fixed_day_drafts_the_coming_meetings(desk: Desk) -> None:
    path = f"/cells/{desk.house.cell}/series"
    wanted = {
        "since": "2026-11-24",
        "day_of_month": 3,
        "local_time": "19:30",
        "place": "Nhà văn hóa thôn Mẫu",
    }
    assert (await desk.post(path, wanted))[1]["until"] is None
    assert (await desk.post(path, wanted))[1]["code"] == "series-taken"
    assert [one["local_time"] for one in (await desk.get(path, MEMBER))[1]["series"]] == ["19:30"]
    _, listed = await desk.get(f"/cells/{desk.house.cell}/meetings")
    assert [one["starts_at"] for one in listed["meetings"]] == ["2026-12-03T12:30:00Z"]


async def test_days_are_entered_and_what_to_look_at_comes_with_the_answer(desk: Desk) -> None:
    path = f"/orgs/{desk.house.commune}/holidays"
    days = {"first": "2026-12-24", "last": "2026-12-25", "off": True, "name": "Nghỉ", "citation": "TB 1"}
    assert (await desk.post(path, days))[0] == 403
    status, made = await desk.post(path, days, COMMUNE_SECRETARY)
    assert (status, [one["day"] for one in made["decided"]]) == (200, ["2026-12-24", "2026-12-25"])
    wrong = {**days, "last": "2026-12-01"}
    assert (await desk.post(path, wrong, COMMUNE_SECRETARY))[1]["code"] == "bad-days"
    _, year = await desk.get(f"/orgs/{desk.house.cell}/holidays?year=2026", MEMBER)
    assert [one["day"] for one in year["decided"]] == ["2026-12-24", "2026-12-25"]
    body = {"kind": "regular", "mode": "in_person", "place": "Nhà Mẫu"}
    called = f"/cells/{desk.house.cell}/meetings"
    _, made = await desk.post(called, {**body, "starts_at": "2026-12-24T19:30:00+07:00"})
    assert made["cautions"] == [{"code": "on_day_off", "text": "Ngày 24/12/2026 là ngày nghỉ: Nghỉ."}]
    _, moved = await desk.post(f"/meetings/{made['id']}/move", {"starts_at": "2026-12-23T19:30:00+07:00"})
    assert moved["cautions"] == []


async def test_a_meeting_on_paper_and_a_restatement(desk: Desk, hall: Hall) -> None:
    body: dict[str, Any] = {
        "place": "Nhà văn hóa thôn Mẫu",
        "opened_at": "2026-11-20T19:30:00+07:00",
        "closed_at": "2026-11-20T21:02:00+07:00",
        "photo": in_json(picture()),
    }
    status, entered = await desk.post(f"/cells/{desk.house.cell}/paper-meetings", body)
    assert (status, entered["state"], entered["entered_late_on"]) == (200, "open", "2026-11-24")
    held = await hall.held(present=9)
    said = {"what": "hall_present", "before": "9", "after": "10", "reason": "ghi thiếu"}
    status, made = await desk.post(f"/meetings/{held.id}/restatements", said)
    assert status == 200
    assert (await desk.get(f"/meetings/{held.id}/restatements", AUDITOR))[1]["restatements"] == [made]


async def test_an_act_under_one_key_is_done_once(desk: Desk) -> None:
    path, key = f"/cells/{desk.house.cell}/meetings", new_id()
    first, again = await desk.post(path, REGULAR, key=key), await desk.post(path, REGULAR, key=key)
    assert first == again
    other = await desk.post(path, REGULAR | {"place": "Trường Mẫu"}, key=key)
    assert (other[0], other[1]["code"]) == (409, "key-reused")
    assert len((await desk.get(path))[1]["meetings"]) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"mode": "online"}, "online-is-supplement"),
        ({"kind": "secret"}, "bad-body"),
        ({"starts_at": "2026-11-24T19:30:00"}, "bad-body"),
        ({"place": "a" * 201}, "bad-body"),
        ({"place": None}, "bad-body"),
        ({"planned_minutes": 1}, "bad-body"),
        ({"planned_minutes": "90"}, "bad-body"),
        ({"supplements": "không phải mã"}, "bad-body"),
        ({"standing": "mandatory"}, "bad-body"),
        ({"fulfils": True}, "bad-body"),
    ],
)
async def test_a_wrong_body_is_refused_and_changes_nothing(
    desk: Desk, change: dict[str, Any], code: str
) -> None:
    path = f"/cells/{desk.house.cell}/meetings"
    status, problem = await desk.post(path, REGULAR | change)
    assert (status, problem["code"]) == (422, code)
    assert (await desk.get(path))[1]["meetings"] == []


async def test_strangers_learn_nothing(desk: Desk, hall: Hall) -> None:
    made = await hall.called()
    for who in (FOREIGN, SUSPENDED):
        for path in ("", "/convocations", "/convocation-text", "/call-list", "/restatements"):
            status, problem = await desk.get(f"/meetings/{made.id}{path}", who)
            assert (status, problem["code"]) == (404, "no-such-meeting")
        assert (await desk.get(f"/cells/{desk.house.cell}/months/2026-11", who))[0] == 403
    assert (await desk.get(f"/cells/{new_id()}/months/2026-11"))[1]["code"] == "no-such-org"
    assert (await desk.get(f"/cells/{desk.house.cell}/months/2026-13"))[1]["code"] == "bad-month"


def test_the_document_describes_every_endpoint(hall: Hall) -> None:
    endpoints = ConveningHandlers(hall.service, hall.clock).endpoints()
    described = document(endpoints, version="0")
    operations = [
        operation["operationId"] for path in described["paths"].values() for operation in path.values()
    ]
    assert len(operations) == len(set(operations)) == len(endpoints)
    assert {"MeetingView", "MonthView", "ConveneBody"} <= set(described["components"]["schemas"])
