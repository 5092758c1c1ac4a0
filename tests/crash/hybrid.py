"""A hybrid evening over HTTP: leave, webhooks, check-ins, heartbeats, a vote, then minutes approved and signed."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from demo.cast import Member
from media_server.auth import sign_webhook
from tests.crash.evening import agenda, now, post, rolled, scan, vote
from tests.crash.power import NO_MEDIA, PATIENCE, Hall, sign_in, surely
from tests.journeys.sittings import PLACE, new_id

PASSPHRASE = "một câu mật khẩu mẫu"


@dataclass
class Hybrid:
    """The month's meeting. `told`: the webhooks that were taken, by the id of their event; `asked`: who asked leave."""

    hall: Hall
    meeting: str = ""
    item: str = ""
    told: list[str] = field(default_factory=list)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def phones(self) -> tuple[Member, ...]:
        """Who takes part by phone."""
        return self.hall.cast.phone[:2]

    async def prepare(self) -> None:
        """Before anything fails: the phones and the recorder sign in, the meeting is called."""
        for member in (*self.phones, self.hall.cast.recorder):
            await sign_in(self.hall, member.id)
        starts = datetime.fromisoformat((await now(self.hall))["now"]) + timedelta(minutes=1)
        facts = {"kind": "regular", "mode": "hybrid", "place": PLACE, "starts_at": starts.isoformat()}
        made = await post(self.hall, f"/cells/{self.hall.cell}/meetings", facts)
        self.meeting = str(made["id"])
        await self._post("convene", {})

    async def sit(self) -> None:
        """From the leave asked to the end of the sitting."""
        for member in self.phones:
            await self._ask_leave(member)
        await self._post("open", {})
        await asyncio.gather(*[self._on_the_phone(member) for member in self.phones])
        in_hall = [one for one in self.hall.people if one not in {member.id for member in self.phones}]
        await asyncio.gather(*[scan(self.hall, self.meeting, one) for one in in_hall])
        await rolled(self.hall, self.meeting)
        parts = {"chair": self.hall.cast.chair.id, "recorder": self.hall.cast.recorder.id}
        await self._post("parts", parts)
        self.item = await agenda(self.hall, self.meeting)
        await vote(self.hall, self.meeting)
        await post(self.hall, f"/agenda-items/{self.item}/stop", {"conclusion": "Nhất trí."})
        for member in self.phones:
            await self._hook("participant_left", member)
        await self._post("close", {})

    async def write_and_sign(self) -> None:
        """The recorder's words, the minutes approved, both signatures."""
        words = {"words": "Bí thư nêu mục đích, nội dung."}
        path = f"/meetings/{self.meeting}/minutes/texts/{self.item}"
        await self.hall.write(self.hall.secretary, "PUT", path, words)
        await self._post("minutes/approve", {})
        for member, role in ((self.hall.cast.recorder, "recorder"), (self.hall.cast.chair, "chair")):
            person = self.hall.people[member.id]
            await self.hall.write(person, "POST", "/me/signing-key", {"passphrase": PASSPHRASE})
            await self._by(member, "minutes/signatures", {"role": role, "passphrase": PASSPHRASE})

    async def _ask_leave(self, member: Member) -> None:
        """Whoever asks again under the same id is told where it stands by then, so this answer is no promise."""
        asked = {"id": new_id(), "reason": "working_away"}
        path = f"/meetings/{self.meeting}/leave"
        self.asked[member.id] = asked
        await surely(self.hall.people[member.id], "POST", path, asked)

    async def ask_leave_again(self) -> None:
        """The same requests once more. Raises Refusal."""
        path = f"/meetings/{self.meeting}/leave"
        for member, asked in self.asked.items():
            again = json.loads(await surely(self.hall.people[member], "POST", path, asked))
            assert (again["member"], again["asked"], again["state"]) == (member, True, "excused"), again

    async def _on_the_phone(self, member: Member) -> None:
        await self._hook("participant_joined", member)
        for _ in range(2):
            await self._by(member, "heartbeats", {"participant_sid": _seat(member)})

    async def _hook(self, event: str, member: Member) -> None:
        """As a media server does: sent again, the same event, until it is taken."""
        at = str(
            int(time.time())
        )  # a media server lives by the real clock, whatever the demonstration's says
        said = {
            "event": event,
            "id": f"EV_{event}_{member.id}",
            "createdAt": at,
            "room": {"name": f"m-{self.meeting}", "sid": "RM_mau"},
            "participant": {
                "identity": member.id,
                "sid": _seat(member),
                "joinedAt": at,
            },
        }
        await _taken(f"{self.hall.server.base}/api/v1/livekit/webhook", json.dumps(said).encode())
        self.told.append(str(said["id"]))

    async def _post(self, act: str, body: dict[str, Any]) -> Any:
        return await post(self.hall, f"/meetings/{self.meeting}/{act}", body)

    async def _by(self, member: Member, act: str, body: dict[str, Any]) -> Any:
        return await self.hall.write(
            self.hall.people[member.id], "POST", f"/meetings/{self.meeting}/{act}", body
        )


def _seat(member: Member) -> str:
    return f"PA_{member.id[-12:]}"


async def _taken(url: str, body: bytes) -> None:
    """Raises ClientError when nobody has answered for too long."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while True:
        headers = {"Authorization": sign_webhook(body, NO_MEDIA[1], NO_MEDIA[2], time.time())}
        try:
            async with aiohttp.ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
                answer.raise_for_status()
                return
        except (aiohttp.ClientError, OSError):
            if loop.time() > end:
                raise
            await asyncio.sleep(0.1)
