"""A scripted sitting that writes all the time, from the call to the recorder's words."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from demo.blinding import blind, finish
from demo.client import Person
from tests.crash.power import Hall, surely
from tests.journeys.sittings import PLACE, new_id

VERSIONS = 3


async def evening(hall: Hall) -> str:
    """One extraordinary sitting; returns its id."""
    meeting = await called(hall)
    await _post(hall, f"/meetings/{meeting}/open", {})
    await _roll(hall, meeting)
    await _post(hall, f"/meetings/{meeting}/guests", {"full_name": "Khách Mẫu", "comes_from": "Đảng ủy xã"})
    parts = {"chair": hall.cast.chair.id, "recorder": hall.cast.recorder.id}
    await _post(hall, f"/meetings/{meeting}/parts", parts)
    item = await _agenda(hall, meeting)
    await _vote(hall, meeting)
    await _post(hall, f"/agenda-items/{item}/stop", {"conclusion": "Nhất trí."})
    await _close(hall, meeting)
    words = {"words": "Bí thư nêu mục đích, nội dung."}
    await hall.write(hall.secretary, "PUT", f"/meetings/{meeting}/minutes/texts/{item}", words)
    return meeting


async def secret_vote(
    hall: Hall, begun: asyncio.Event, fallen: asyncio.Queue[None]
) -> tuple[Counter[str], Any]:
    """One secret consultation, phones sending again until they are told that they are recorded. `begun` when it is
    opened; it waits for the power to have `fallen` while ballots are given out, and while they are held.
    Returns what was chosen, and the ended vote."""
    await _allow_secret(hall)
    meeting = await called(hall)
    await _post(hall, f"/meetings/{meeting}/open", {})
    await _roll(hall, meeting)
    body = {"question": "Hài lòng không?", "kind": "consultation", "form": "secret_device", "minutes": 60}
    vote = (await _post(hall, f"/meetings/{meeting}/votes", body))["id"]
    begun.set()
    official = {member.id for member in hall.cast.hall if member.category == "official"}
    voters = [one for one in hall.people if one in official]
    first, rest = voters[::2], voters[1::2]
    slips = await asyncio.gather(*[_token(hall, vote, one) for one in first])
    await fallen.get()
    slips += await asyncio.gather(*[_token(hall, vote, one) for one in rest])
    await _post(hall, f"/votes/{vote}/secret/casting", {"minutes": 60})
    marks = ["faf"[number % 3] for number in range(len(slips))]
    chosen = [slip | {"mark": mark} for slip, mark in zip(slips, marks, strict=True)]
    sending = [asyncio.create_task(_until_recorded(hall, slip)) for slip in chosen[1:]]
    await fallen.get()  # one is missing yet, so that all others are held
    await asyncio.gather(_until_recorded(hall, chosen[0]), *sending)
    return Counter(marks), await _post(hall, f"/votes/{vote}/close", {})


async def _allow_secret(hall: Hall) -> None:
    paper = "Quyết định mẫu số 02-QĐ/ĐU ngày 01/09/2026"
    person = json.loads(await surely(hall.administrator, "GET", "/me"))["person"]
    named = {"person": person, "role": "secretary", "since": "2026-11-01", "paper": paper}
    await hall.write(hall.administrator, "POST", f"/orgs/{hall.org}/mandates", named)
    figure = {"key": "secret_device", "value": "consultation", "valid_from": "2026-11-01", "citation": paper}
    await hall.write(hall.administrator, "POST", f"/orgs/{hall.org}/policies", figure)


async def _token(hall: Hall, vote: str, member: str) -> dict[str, str]:
    who = hall.people[member]
    modulus = json.loads(await surely(who, "GET", f"/votes/{vote}/secret"))["modulus"]
    token = blind(modulus)
    body = {"blinded": token.blinded}
    signed = json.loads(await surely(who, "POST", f"/votes/{vote}/secret/token", body))["signed"]
    slip = {"vote": vote, "serial": token.serial, "prefix": token.prefix}
    return slip | {"signature": finish(modulus, token, signed)}


async def _until_recorded(hall: Hall, slip: dict[str, str]) -> None:
    nobody = Person(hall.server.base)
    try:
        while not json.loads(await surely(nobody, "POST", "/secret-ballots", slip))["recorded"]:
            pass  # each answer takes its time
    finally:
        await nobody.close()


async def _post(hall: Hall, path: str, body: dict[str, Any]) -> Any:
    return await hall.write(hall.secretary, "POST", path, body)


async def called(hall: Hall) -> str:
    """A meeting of the cell, convened for the next minute; its id."""
    now = datetime.fromisoformat((await _now(hall))["now"])
    facts = {"kind": "extraordinary", "mode": "in_person", "place": PLACE, "title": "Buổi họp mẫu"}
    starts = (now + timedelta(minutes=1)).isoformat()
    made = await _post(hall, f"/cells/{hall.cell}/meetings", {**facts, "starts_at": starts})
    await _post(hall, f"/meetings/{made['id']}/convene", {})
    return str(made["id"])


async def _now(hall: Hall) -> Any:
    return json.loads(await surely(hall.secretary, "POST", "/demo-clock", {"to": "2000-01-01T00:00:00Z"}))


async def _roll(hall: Hall, meeting: str) -> None:
    """Each phone scans, then the roll is called."""
    await asyncio.gather(*[_scan(hall, meeting, member) for member in hall.people])
    await rolled(hall, meeting)


async def rolled(hall: Hall, meeting: str) -> None:
    """Names are called on several sheets, then all is confirmed, and every absence decided."""
    here = {member.id for member in hall.cast.hall}
    names = [member.id for member in hall.cast.everyone if member.category != "suspended"]
    for start in range(0, len(names), 7):
        marks = [
            {"member": one, "mark": "present" if one in here else "absent"}
            for one in names[start : start + 7]
        ]
        await _post(hall, f"/meetings/{meeting}/roll", {"id": new_id(), "marks": marks})
    await _post(hall, f"/meetings/{meeting}/roll", {"id": new_id(), "head_count": 16, "confirm": True})
    absent = [one for one in names if one not in here]
    for member in absent:
        decided = {"decision": "excused", "reason": "ill"}
        await _post(hall, f"/meetings/{meeting}/leave/{member}/decision", decided)


async def _scan(hall: Hall, meeting: str, member: str) -> None:
    code = json.loads(await surely(hall.secretary, "GET", f"/meetings/{meeting}/hall-code"))["code"]
    scan = await surely(hall.people[member], "GET", f"/meetings/{meeting}/check-ins?code={code}")
    body = {"id": new_id(), "nonce": json.loads(scan)["nonce"]}
    await hall.write(hall.people[member], "POST", f"/meetings/{meeting}/check-ins", body)


async def _agenda(hall: Hall, meeting: str) -> str:
    items = {"items": [{"title": "Nội dung mẫu", "planned_minutes": 30}]}
    made = await hall.write(hall.secretary, "PUT", f"/meetings/{meeting}/agenda", items)
    item = str(made["items"][0]["id"])
    await _post(hall, f"/agenda-items/{item}/start", {})
    return item


async def _vote(hall: Hall, meeting: str) -> None:
    vote = (await _post(hall, f"/meetings/{meeting}/votes", {"question": "Nhất trí?", "minutes": 60}))["id"]
    voters = [member.id for member in hall.cast.scanning if member.category == "official"]
    await asyncio.gather(*[_ballots(hall, vote, one) for one in voters if one in hall.people])
    await _post(hall, f"/votes/{vote}/hall-count", {"in_favour": 12, "against": 1, "abstain": 0})
    await _post(hall, f"/votes/{vote}/close", {})


async def _ballots(hall: Hall, vote: str, member: str) -> None:
    for version in range(1, VERSIONS + 1):
        body = {"id": new_id(), "version": version, "choice": "for"}
        await hall.write(hall.people[member], "POST", f"/votes/{vote}/ballots", body)


async def _close(hall: Hall, meeting: str) -> None:
    await _post(hall, f"/meetings/{meeting}/close", {})
