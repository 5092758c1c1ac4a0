"""Scene 1: the month's regular meeting as a hybrid, from the call to the signed minutes."""

from __future__ import annotations

import asyncio
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from demo.admission import admit
from demo.amendment import amend
from demo.cast import Member
from demo.consultation import consult
from demo.line import Line
from demo.paper import Signed, signed_minutes
from demo.scoring import score
from demo.stage import ZONE, Stage, expect, names, waiting
from demo.voices import Voice, heard_by, tones

STARTS = datetime(2026, 11, 24, 19, 30, tzinfo=ZONE)
PLACE = "Nhà văn hóa thôn Mẫu"
QUESTION = "Thông qua nghị quyết sinh hoạt chi bộ tháng 11/2026"


async def hold(stage: Stage) -> tuple[str, Signed]:
    """The whole meeting; returns its id and its signed minutes."""
    meeting = await _call(stage)
    await _announce_leave(stage, meeting)
    await stage.go_on_to(STARTS)
    await stage.secretary.post(f"/meetings/{meeting}/open", stated_at=None)
    await stage.say("Khai mạc. Mở phòng âm thanh cho các đồng chí dự qua điện thoại (bổ trợ).")
    voices, line = await _phones_join(stage, meeting)
    await _roll(stage, meeting)
    await _open_floor(stage, meeting)
    items = await _agenda(stage, meeting)
    await _cut_and_back(stage, meeting, voices, line)
    await _decide_all(stage, meeting, items[-1])
    await _wind_up(stage, meeting)
    await _close(stage, meeting, voices, line)
    stage.decided["score"] = await score(stage, meeting)
    return meeting, await signed_minutes(stage, meeting, items, name="bien-ban-thuong-ky-2026-11.pdf")


async def _call(stage: Stage) -> str:
    meeting = await stage.secretary.post(
        f"/cells/{stage.cell}/meetings",
        kind="regular",
        mode="hybrid",
        starts_at=STARTS.isoformat(),
        place=PLACE,
    )
    await stage.secretary.post(f"/meetings/{meeting['id']}/convene", how="zalo_text")
    text = await stage.secretary.get(f"/meetings/{meeting['id']}/convocation-text")
    ring = await stage.secretary.get(f"/meetings/{meeting['id']}/call-list")
    await stage.say(f"Báo họp thường kỳ tháng 11, {PLACE}, 19:30 ngày 24/11/2026.")
    await stage.say(f"Tin nhắn để dán vào nhóm Zalo có {len(text['text'])} chữ cái.")
    await stage.say(f"Cần gọi điện cho {len(ring['people'])} đồng chí.")
    return str(meeting["id"])


async def _announce_leave(stage: Stage, meeting: str) -> None:
    """Those on the phone and the excused say why they cannot come; one says nothing."""
    for member in (*stage.cast.phone, *stage.cast.excused):
        person = await stage.person(member)
        reason = "working_away" if member in stage.cast.phone else "ill"
        await person.post(f"/meetings/{meeting}/leave", id=str(uuid.uuid4()), reason=reason)
    await stage.say(f"Báo vắng: {names((*stage.cast.phone, *stage.cast.excused))}.")


async def _phones_join(stage: Stage, meeting: str) -> tuple[list[Voice], Line]:
    """Four phones; one joins over a line that will be cut, one webhook is lost, one comes twice."""
    media = urlsplit(stage.server.media[0])
    line = Line(str(media.hostname), int(media.port or 80))
    await line.start()
    stage.relay.lose_next("participant_joined")
    voices = [await stage.phone(stage.cast.phone[0], meeting, tones(4)[0], line)]
    stage.relay.double_next("participant_joined")
    for member, hz in zip(stage.cast.phone[1:], tones(4)[1:], strict=True):
        voices.append(await stage.phone(member, meeting, hz))
    await stage.say(f"Dự qua điện thoại (bổ trợ): {names(stage.cast.phone)}.")
    await voices[0].speak()
    heard = await heard_by(voices, voices[0], within=20)
    expect(len(heard) == 3, f"the tone reached {len(heard)} of 3")
    stage.heard_by += len(heard)
    await stage.say(f"{stage.cast.phone[0].name} nói; {len(heard)} máy kia nghe rõ tiếng.")
    return voices, line


async def _roll(stage: Stage, meeting: str) -> None:
    """Smartphones scan the hall's code, everybody else is called by name; the secretary confirms."""
    for member in stage.cast.scanning:
        await _scan(stage, meeting, member)
    await stage.say(f"{len(stage.cast.scanning)} đồng chí tự điểm danh bằng mã QR tại hội trường.")
    here = {member.id for member in stage.cast.hall}
    called = [m for m in stage.cast.everyone if m.category != "suspended" and m not in stage.cast.scanning]
    marks = [{"member": m.id, "mark": "present" if m.id in here else "absent"} for m in called]
    await stage.secretary.post(
        f"/meetings/{meeting}/roll",
        id=str(uuid.uuid4()),
        marks=marks,
        head_count=len(here),
        confirm=True,
    )
    for member in (*stage.cast.phone, *stage.cast.excused):
        await _decide(stage, meeting, member, "excused")
    for member in stage.cast.unexcused:
        await _decide(stage, meeting, member, "unexcused")
    await stage.say(f"Bí thư gọi tên, đếm được {len(here)} người, chốt điểm danh, xác nhận lý do vắng.")


async def _scan(stage: Stage, meeting: str, member: Member) -> None:
    code = await stage.secretary.get(f"/meetings/{meeting}/hall-code")
    shown = parse_qs(urlsplit(code["link"]).query).get("code", [code["code"]])[0]
    person = await stage.person(member)
    greeting = await person.get(f"/meetings/{meeting}/check-ins?code={shown}")
    await person.post(f"/meetings/{meeting}/check-ins", id=str(uuid.uuid4()), nonce=greeting["nonce"])


async def _decide(stage: Stage, meeting: str, member: Member, decision: str) -> None:
    await stage.secretary.post(f"/meetings/{meeting}/leave/{member.id}/decision", decision=decision)


async def _open_floor(stage: Stage, meeting: str) -> None:
    chair, recorder = stage.cast.chair, stage.cast.recorder
    await stage.secretary.post(f"/meetings/{meeting}/parts", chair=chair.id, recorder=recorder.id)
    await stage.secretary.post(f"/meetings/{meeting}/opening", fee_paid=22, fee_total=25)
    await stage.secretary.post(
        f"/meetings/{meeting}/guests", full_name="Cấp ủy viên Mẫu", comes_from="Đảng ủy xã", overseer=True
    )
    await stage.say(f"Chủ trì: {chair.name}. Thư ký: {recorder.name}. Đảng phí: 22/25.")


async def _agenda(stage: Stage, meeting: str) -> list[dict[str, Any]]:
    """The usual lines up to the vote; returns those gone through, the last one still open."""
    answer = await stage.secretary.put(f"/meetings/{meeting}/agenda", template="residential")
    done: list[dict[str, Any]] = []
    for item in answer["items"]:
        done.append(item)
        await stage.secretary.post(f"/agenda-items/{item['id']}/start")
        await stage.go_on_to(await stage.now() + timedelta(minutes=item["planned_minutes"]))
        if "biểu quyết" in item["title"]:
            break
        await stage.secretary.post(
            f"/agenda-items/{item['id']}/stop", conclusion="Chi bộ nhất trí với nội dung đã trình bày."
        )
    await stage.say(f"Đi qua {len(done)} nội dung của chương trình, đến phần biểu quyết.")
    return done


async def _wind_up(stage: Stage, meeting: str) -> None:
    """What is left of the agenda."""
    answer = await stage.secretary.get(f"/meetings/{meeting}/agenda")
    for item in [one for one in answer["items"] if one["state"] == "planned"]:
        await stage.secretary.post(f"/agenda-items/{item['id']}/start")
        await stage.go_on_to(await stage.now() + timedelta(minutes=item["planned_minutes"]))
        await stage.secretary.post(f"/agenda-items/{item['id']}/stop", conclusion="Đã hoàn thành.")


async def _cut_and_back(stage: Stage, meeting: str, voices: list[Voice], line: Line) -> None:
    """The line breaks; the phone calls again by itself, is heard afresh, and was there all the time."""
    cut, calls = voices[0], line.accepted
    cut.reconnected.clear()
    line.cut()
    async with waiting("the cut phone to come back"):
        await cut.reconnected.wait()
    expect(line.accepted > calls, "the phone says it is back, but nobody called on the line again")
    for voice in voices:
        voice.forget()
    heard = await heard_by(voices, cut, within=20)
    expect(len(heard) == 3, f"after the cut {len(heard)} of 3 hear the tone")
    expect(not cut.disconnected.is_set(), "the cut phone was put out")
    await _still_on_the_phone(stage, meeting)
    await stage.say(f"Đường dây của {stage.cast.phone[0].name} đứt rồi tự nối lại; tiếng vẫn nghe được.")


async def _still_on_the_phone(stage: Stage, meeting: str) -> None:
    """A line that broke makes nobody leave, nobody come twice, and nobody sit in the hall."""
    member = stage.cast.phone[0].id

    async def seen() -> bool:
        answer = await stage.secretary.get(f"/meetings/{meeting}/attendance")
        (line,) = [one for one in answer["lines"] if one["member"] == member]
        going_on = [spell for spell in line["online"] if spell["until"] is None]
        return line["channel"] == "online" and line["hall"] is None and len(going_on) == 1

    await stage.until("the cut phone to be in the evidence as on the phone, once", seen)


async def _decide_all(stage: Stage, meeting: str, item: dict[str, Any]) -> None:
    """The draft is amended and becomes the resolution; an admission on paper; a secret consultation on devices."""
    stage.decided["amendment"] = await amend(stage, meeting, item["id"])
    await _vote(stage, meeting, item)
    stage.decided["admission"] = await admit(stage, meeting, item["id"])
    org = str(stage.server.ready["org"])
    stage.decided["consultation"] = await consult(stage, meeting, item["id"], org)
    await stage.secretary.post(f"/agenda-items/{item['id']}/stop", conclusion="Nghị quyết được thông qua.")


async def _vote(stage: Stage, meeting: str, item: dict[str, Any]) -> None:
    vote = await stage.secretary.post(
        f"/meetings/{meeting}/votes",
        question=QUESTION,
        kind="resolution",
        form="hands",
        item=item["id"],
        minutes=60,
        taking_part=[stage.cast.elder.id],
    )
    entitled = [m for m in stage.cast.scanning if m.category == "official"]
    callers = [m for m in stage.cast.phone if m.category == "official"]
    receipts = await asyncio.gather(*[cast_ballot(stage, vote["id"], m) for m in (*entitled, *callers)])
    expect(all(receipt["counted"] for receipt in receipts), "a ballot came late")
    await stage.say(f"Máy của một đồng chí trong hội trường: {receipts[0]['text']}")
    await stage.say(f"Máy của một đồng chí dự qua điện thoại: {receipts[-1]['text']}")
    await stage.secretary.post(f"/votes/{vote['id']}/hall-count", in_favour=12, against=1, abstain=1)
    closed = await stage.secretary.post(f"/votes/{vote['id']}/close")
    result = closed["result"]
    expect((result["base"], result["needed"], result["passed"]) == (20, 11, True), f"vote: {result}")
    expect(result["phone"]["in_favour"] == len(callers), "opinions by phone")
    await stage.say(result["explanation"])


async def cast_ballot(stage: Stage, vote: str, member: Member) -> Any:
    """The same ballot twice, as a phone on a bad line would: one receipt."""
    person = await stage.person(member)
    body = {"id": str(uuid.uuid4()), "version": 1, "choice": "for"}
    first = await person.post(f"/votes/{vote}/ballots", **body)
    again = await person.post(f"/votes/{vote}/ballots", **body)
    expect(first == again, "the repeated ballot has another receipt")
    return first


async def _close(stage: Stage, meeting: str, voices: list[Voice], line: Line) -> None:
    await _all_seen(stage, meeting)
    for voice in voices:
        await voice.leave()
    await line.stop()
    await stage.go_on_to(max(await stage.now(), STARTS + timedelta(minutes=93)))
    await stage.secretary.post(f"/meetings/{meeting}/read-out", stated_at=None)
    await stage.say("Thư ký đọc lại biên bản trước hội trường; chi bộ nhất trí thông qua.")
    await stage.go_on_to(max(await stage.now(), STARTS + timedelta(minutes=95)))
    closed = await stage.secretary.post(f"/meetings/{meeting}/close", stated_at=None)
    expect(closed["fulfils_obligation"], "the regular meeting does not fulfil its month")
    expect((closed["hall_present"], closed["hall_required"]) == (14, 11), f"hall: {closed}")
    await stage.say(
        "Kết thúc. Tại hội trường 14 đảng viên chính thức, cần ít nhất 11: tháng 11/2026 đã họp thường kỳ."
    )


async def _all_seen(stage: Stage, meeting: str) -> None:
    """Also the phone whose webhook was lost is in the evidence, by the poll."""
    expect(stage.relay.lost == ["participant_joined"], f"lost: {stage.relay.lost}")
    expect(stage.relay.doubled == ["participant_joined"], f"doubled: {stage.relay.doubled}")

    async def seen() -> bool:
        answer = await stage.secretary.get(f"/meetings/{meeting}/attendance")
        online = {line["member"] for line in answer["lines"] if line["online"]}
        return {member.id for member in stage.cast.phone} <= online

    await stage.until("the phone whose webhook was lost", seen)
    await stage.say("Một tin báo vào phòng bị mất, một tin đến hai lần: danh sách vẫn đúng 4 máy.")
