"""What the stories do again and again: call, open, take the roll, close."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import aiohttp

from demo.cast import Member
from demo.client import Person, Refusal
from meetings.cli.sample import ANSWERS
from tests.serving import CELL, Serving

PLACE = "Nhà văn hóa thôn Mẫu"


def new_id() -> str:
    """As a phone makes it."""
    return str(uuid.uuid4())


async def called(house: Serving, starts: str, *, kind: str = "regular", mode: str = "in_person") -> str:
    """A convened sitting; returns its id. `starts`: Việt Nam's time."""
    secretary = await house.secretary()
    meeting = await secretary.post(
        f"/cells/{CELL}/meetings",
        kind=kind,
        mode=mode,
        starts_at=f"{starts}:00+07:00",
        place=PLACE,
        title="Buổi họp mẫu" if kind not in {"regular", "practice"} else None,
    )
    await secretary.post(f"/meetings/{meeting['id']}/convene", how="zalo_text")
    return str(meeting["id"])


async def opened(house: Serving, meeting: str, moment: str) -> Any:
    """Open it at that moment of Việt Nam's time."""
    house.at(moment)
    return await (await house.secretary()).post(f"/meetings/{meeting}/open", stated_at=None)


async def rolled(house: Serving, meeting: str, here: Iterable[Member]) -> None:
    """Call every name; whoever is not here is absent, excused."""
    secretary, cast = await house.secretary(), await house.cell_s()
    present = {member.id for member in here}
    called_out = [member.id for member in cast.everyone if member.category != "suspended"]
    marks = [{"member": one, "mark": "present" if one in present else "absent"} for one in called_out]
    await secretary.post(
        f"/meetings/{meeting}/roll", id=new_id(), marks=marks, head_count=len(present), confirm=True
    )
    seen = await secretary.get(f"/meetings/{meeting}/attendance")
    for line in seen["lines"]:
        if line["absence"] is not None and line["absence"]["state"] == "undecided":
            await secretary.post(
                f"/meetings/{meeting}/leave/{line['member']}/decision", decision="excused", reason="ill"
            )


async def led(house: Serving, meeting: str) -> None:
    """Name chair and recorder."""
    cast = await house.cell_s()
    secretary = await house.secretary()
    await secretary.post(f"/meetings/{meeting}/parts", chair=cast.chair.id, recorder=cast.recorder.id)


async def closed(house: Serving, meeting: str, moment: str, stated_at: str | None = None) -> Any:
    """Close it at that moment, stating another one if given (both Việt Nam's time)."""
    house.at(moment)
    stated = f"{stated_at}:00+07:00" if stated_at else None
    return await (await house.secretary()).post(f"/meetings/{meeting}/close", stated_at=stated)


async def held(
    house: Serving, starts: str, ends: str, here: Iterable[Member], *, kind: str = "regular"
) -> tuple[str, Any]:
    """A whole sitting in the hall: (its id, what closing answered)."""
    meeting = await called(house, starts, kind=kind)
    await opened(house, meeting, starts)
    await rolled(house, meeting, here)
    await led(house, meeting)
    return meeting, await closed(house, meeting, ends)


async def joined_by_phone(house: Serving, meeting: str, member: Member) -> None:
    """The member takes a ticket and the media server tells that they came in."""
    ticket = await (await house.person(member)).post(f"/meetings/{meeting}/ticket")
    body, authorization = house.gateway.join(ticket["room"], ticket["identity"])
    await hook(house, body, authorization)


async def hook(house: Serving, body: bytes, authorization: str) -> None:
    """A webhook as the media server sends it."""
    headers = {"Authorization": authorization}
    url = f"{house.base}/api/v1/livekit/webhook"
    async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()


async def refusal_of(person: Person, method: str, path: str, **body: Any) -> Refusal:
    """The typed refusal that must come."""
    try:
        await person.raw(method, path, body)
    except Refusal as refusal:
        return refusal
    raise AssertionError(f"{method} {path} was not refused")


async def entered(house: Serving, name: str, since: str) -> str:
    """One more official member, written into the cell now; returns the membership. `since`: dd/mm/yyyy."""
    secretary = await house.secretary()
    written = {
        "Họ và tên": name,
        "Ngày sinh": "12/03/1968",
        "Số thẻ đảng viên": "99800001",
        "Chi bộ": ANSWERS.cell_name,
        "Diện đảng viên": "Chính thức",
        "Từ ngày": since,
        "Ngày chính thức": since,
    }
    answer = await secretary.post(
        f"/cells/{CELL}/imports", rows=[[*written], [*written.values()]], dry_run=False
    )
    assert answer["applied"], answer
    members = (await secretary.get(f"/cells/{CELL}/members"))["members"]
    return next(str(one["id"]) for one in members if one["full_name"] == name)
