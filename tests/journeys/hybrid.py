"""Cell S's November hybrid: 16 in the hall, 4 on the phone, 2 excused, 1 without a word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from demo.cast import Cast, Member
from tests.journeys.sittings import called, joined_by_phone, led, new_id, opened
from tests.serving import Serving

STARTS = "2026-11-24T19:30"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hybrid:
    """The sitting while it is open."""

    house: Serving
    cast: Cast
    id: str

    @property
    def entitled_phones(self) -> tuple[Member, ...]:
        """Official members on the phone."""
        return tuple(member for member in self.cast.phone if member.category == "official")

    async def vote(self, *, elder: bool) -> str:
        """Open the resolution; the exempt elder takes part or declines."""
        vote = await (await self.house.secretary()).post(
            f"/meetings/{self.id}/votes",
            question="Thông qua nghị quyết tháng 11",
            kind="resolution",
            form="hands",
            minutes=6,
            taking_part=[self.cast.elder.id] if elder else [],
        )
        return str(vote["id"])

    async def answers(self, vote: str, members: Iterable[Member], choice: str = "for") -> list[Any]:
        """Ballots from devices; returns the receipts."""
        return [await self.answer(vote, member, choice) for member in members]

    async def answer(self, vote: str, member: Member, choice: str = "for") -> Any:
        """One ballot."""
        person = await self.house.person(member)
        return await person.post(f"/votes/{vote}/ballots", id=new_id(), version=1, choice=choice)

    async def count(self, vote: str, in_favour: int, against: int, abstain: int) -> Any:
        """Hands, then the end of the vote; returns the result."""
        secretary = await self.house.secretary()
        hands = {"in_favour": in_favour, "against": against, "abstain": abstain}
        await secretary.post(f"/votes/{vote}/hall-count", **hands)
        return (await secretary.post(f"/votes/{vote}/close"))["result"]

    async def attendance(self) -> Any:
        """As the secretary sees it."""
        return await (await self.house.secretary()).get(f"/meetings/{self.id}/attendance")


async def hybrid(house: Serving) -> Hybrid:
    """Called, leave asked, open, phones in the room, roll confirmed, led."""
    cast = await house.cell_s()
    house.at("2026-11-20T08:00")
    meeting = await called(house, STARTS, mode="hybrid")
    for member in (*cast.phone, *cast.excused):
        reason = "working_away" if member in cast.phone else "ill"
        person = await house.person(member)
        await person.post(f"/meetings/{meeting}/leave", id=new_id(), reason=reason)
    await opened(house, meeting, STARTS)
    for member in cast.phone:
        await joined_by_phone(house, meeting, member)
    await _roll(house, cast, meeting)
    await led(house, meeting)
    return Hybrid(house=house, cast=cast, id=meeting)


async def _roll(house: Serving, cast: Cast, meeting: str) -> None:
    secretary, here = await house.secretary(), {member.id for member in cast.hall}
    names = [member.id for member in cast.everyone if member.category != "suspended"]
    marks = [{"member": one, "mark": "present" if one in here else "absent"} for one in names]
    await secretary.post(f"/meetings/{meeting}/roll", id=new_id(), marks=marks, head_count=16, confirm=True)
    decided = {member.id: "excused" for member in (*cast.phone, *cast.excused)}
    decided |= {member.id: "unexcused" for member in cast.unexcused}
    for member, decision in decided.items():
        await secretary.post(f"/meetings/{meeting}/leave/{member}/decision", decision=decision)
