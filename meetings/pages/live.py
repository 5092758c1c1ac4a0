"""The stream of one meeting: server-sent events with the ledger's numbers and a heartbeat that scripts can see."""

from __future__ import annotations

from time import monotonic

import orjson
from aiohttp import web
from aiohttp_sse import EventSourceResponse

from meetings.http.safety import protect
from meetings.kernel.ids import parse_id
from meetings.pages.forms import asker_of
from meetings.sitting.live import Follower, LiveSittings

HEARTBEAT_S = 10.0
RETRY_MS = 1000
SEND_WITHIN_S = 30.0
LIFE_S = 900.0  # then the browser comes back, and whether it may see the meeting is asked again
_MOST_DIGITS = 15


class LivePages:
    """GET /m/{meeting}/live, for whoever may see the meeting's page."""

    def __init__(self, live: LiveSittings, *, heartbeat: float = HEARTBEAT_S) -> None:
        self._live, self._heartbeat = live, heartbeat

    def routes(self) -> list[web.RouteDef]:
        """Its one address."""
        return [web.get("/m/{meeting}/live", self.stream, allow_head=False)]

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Goes on after the number of `Last-Event-ID` or `?last=`. Raises NotSignedIn, NoSuchMeeting, NoPower."""
        meeting = parse_id(request.match_info["meeting"])
        async with self._live.following(asker_of(request), meeting, _last(request)) as follower:
            response = EventSourceResponse(send_timeout=SEND_WITHIN_S, ping_interval=LIFE_S)
            protect(response)
            await response.prepare(request)
            async with response:
                await self._tell(response, follower)
        return response

    async def _tell(self, response: EventSourceResponse, follower: Follower) -> None:
        until = monotonic() + LIFE_S
        try:
            await response.send("", event="hb", retry=RETRY_MS)
            while monotonic() < until and not follower.dropped:
                event = await follower.take(self._heartbeat)
                if event is None:
                    await response.send("", event="hb")
                else:
                    facts = orjson.dumps(event.facts).decode()
                    await response.send(facts, id=str(event.number), event=event.kind)
        except (ConnectionError, TimeoutError):
            return  # the phone is gone


def _last(request: web.Request) -> int:
    """A browser's own reconnection names the number in a header, a new EventSource can only in the address."""
    said = request.headers.get("Last-Event-ID") or request.query.get("last", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _MOST_DIGITS else 0
