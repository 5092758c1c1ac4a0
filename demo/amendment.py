"""A member amends the draft resolution from the phone; the hall votes on it, and the draft takes the new wording."""

from __future__ import annotations

import uuid
from typing import Any

from demo.client import Person
from demo.stage import Stage, expect, refused

DRAFT = "Chi bộ giao đồng chí trưởng thôn vận động các hộ làm sạch đường thôn trước ngày 30/11/2026."
BETTER = "Chi bộ giao ban công tác mặt trận vận động các hộ làm sạch đường thôn trước ngày 15/12/2026."


async def amend(stage: Stage, meeting: str, item: str) -> dict[str, Any]:
    """What became of the draft, for the summary."""
    await _draft(stage, item, DRAFT, 0)
    member = next(m for m in stage.cast.scanning if m not in {stage.cast.chair, stage.cast.recorder})
    person = await stage.person(member)
    moved = await _move(meeting, item, person, BETTER)
    listed = (await person.get(f"/meetings/{meeting}/motions"))["motions"]
    expect(moved["number"] == 1 and len(listed) == 1, "one motion, however often it was sent")
    await stage.say(f"{member.name} đề nghị trên điện thoại. {listed[0]['spoken']}.")
    vote = await stage.secretary.post(
        f"/motions/{moved['id']}/vote", form="hands", minutes=30, taking_part=[stage.cast.elder.id]
    )
    await refused(_draft(stage, item, DRAFT, 1), "draft-voting")
    await stage.secretary.post(f"/votes/{vote['id']}/hall-count", in_favour=13, against=0, abstain=1)
    closed = await stage.secretary.post(f"/votes/{vote['id']}/close")
    found = await stage.secretary.get(f"/meetings/{meeting}/motions")
    [draft], [motion] = found["drafts"], found["motions"]
    expect((motion["state"], draft["text"], draft["number"]) == ("adopted", BETTER, 2), f"draft: {found}")
    await stage.say(f"{closed['result']['explanation']} Dự thảo nay theo câu chữ mới.")
    return {"state": motion["state"], "wordings": draft["number"], "in_words": listed[0]["spoken"]}


async def _draft(stage: Stage, item: str, text: str, after: int) -> Any:
    return await stage.secretary.post(
        f"/agenda-items/{item}/draft", id=str(uuid.uuid4()), after=after, text=text
    )


async def _move(meeting: str, item: str, person: Person, text: str) -> Any:
    """The same motion twice, as a phone on a bad line would: one motion."""
    body = {"id": str(uuid.uuid4()), "item": item, "against": 1, "text": text, "reason": "Kịp vụ thu hoạch"}
    first = await person.post(f"/meetings/{meeting}/motions", **body)
    again = await person.post(f"/meetings/{meeting}/motions", **body)
    expect(first == again, "the repeated motion is another one")
    return first
