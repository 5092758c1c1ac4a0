"""The generator: a process of its own that fills rooms, sends made-up media and counts what arrives.

Reads what to do as JSON from its standard input, prints one JSON line. Times in milliseconds.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import psutil
from livekit import api

from bench.media.apart import Apart
from bench.media.client import Client
from bench.media.servers import KEY, SECRET
from bench.media.speaker import ONE, THREE, VIDEO_TICK_S, Speaker, pace
from media_server.transport import RTCCertificate, new_certificate

TIMED_EVERY = 20  # so many subscribers for one whose delays are measured
WAVE = 20  # joins at the same time
JOIN_PATIENCE_S = 30.0
SETTLE_S = 1.0


@dataclass(slots=True)
class Room:
    """Who speaks, who listens."""

    speakers: list[Client]
    listeners: list[Client]


class Load:
    """One run against one server."""

    def __init__(self, asked: dict[str, Any], http: aiohttp.ClientSession) -> None:
        self._asked = asked
        self._http = http
        self._certificate: RTCCertificate = new_certificate()
        self._server = psutil.Process(asked["pid"])
        self._made = 0
        self._rooms: list[Room] = []
        self._speakers: list[Speaker] = []
        self._apart: Apart | None = Apart() if asked.get("apart") else None

    async def fill(self) -> dict[str, float]:
        """Everybody joins; how long it took them and the server."""
        begun, cpu = time.perf_counter(), self._cpu()
        for number in range(self._asked["rooms"]):
            await self._fill_room(f"r{number}")
        joined = [
            each.joined - each.began for room in self._rooms for each in (*room.listeners, *room.speakers)
        ]
        return {
            "joins": len(joined),
            "join_ms_p50": _part(joined, 0.5) * 1000,
            "join_ms_max": _part(joined, 1.0) * 1000,
            "joins_s": len(joined) / (time.perf_counter() - begun),
            "server_cpu_ms_per_join": (self._cpu() - cpu) / max(1, len(joined)) * 1000,
        }

    async def measure(self) -> dict[str, float]:
        """Send for some seconds; count, and compare with the CPU time the server and this process used."""
        seconds = float(self._asked["seconds"])
        paces = [asyncio.create_task(self._play(seconds + 2 * SETTLE_S))]
        await asyncio.sleep(SETTLE_S)
        legs = [each.subscriber for room in self._rooms for each in (*room.listeners, *room.speakers)]
        for leg in legs:
            leg.delays.clear()
        packets, cpu, own, begun = self._received(), self._cpu(), time.process_time(), time.perf_counter()
        await asyncio.sleep(seconds)
        took = time.perf_counter() - begun
        packets, cpu, own = self._received() - packets, self._cpu() - cpu, time.process_time() - own
        late = max(await asyncio.gather(*paces))
        await asyncio.sleep(SETTLE_S)
        delays = [each * 1000 for leg in legs for each in leg.delays]
        streams = [each for leg in legs for each in leg.streams.values()]
        return {
            "packets_s": packets / took,
            "server_cores": cpu / took,
            "server_us_per_packet": cpu / max(1, packets) * 1e6,
            "generator_cores": own / took,
            "generator_late_ms": late * 1000,
            "lost": sum(each.expected - each.count for each in streams),
            "silent_streams": self._expected_streams() - len(streams),
            "delay_ms_p50": _part(delays, 0.5),
            "delay_ms_p99": _part(delays, 0.99),
            "server_mb": self._server.memory_info().rss / 1e6,
        }

    async def close(self) -> None:
        """Everybody leaves."""
        clients = [each for room in self._rooms for each in (*room.listeners, *room.speakers)]
        await asyncio.gather(*(each.close() for each in clients))
        if self._apart is not None:
            await self._apart.close()

    async def first_audio(self) -> dict[str, float]:
        """One after the other joins while somebody speaks; until sound is there."""
        room = self._rooms[0]
        playing = asyncio.create_task(self._play(60.0))
        joined, heard = [], []
        for _ in range(self._asked["joins"]):
            late = self._client()
            await asyncio.wait_for(late.join(self._asked["url"], self._token("r0")), JOIN_PATIENCE_S)
            await asyncio.wait_for(late.subscriber.media.wait(), JOIN_PATIENCE_S)
            room.listeners.append(late)
            joined.append((late.joined - late.began) * 1000)
            heard.append(((late.subscriber.first_media or 0) - late.began) * 1000)
        playing.cancel()
        return {
            "join_ms_p50": _part(joined, 0.5),
            "first_audio_ms_p50": _part(heard, 0.5),
            "first_audio_ms_p90": _part(heard, 0.9),
        }

    async def _fill_room(self, name: str) -> None:
        shape = self._asked
        room = Room([self._client() for _ in range(shape["speakers"])], [])
        self._rooms.append(room)
        if self._apart is not None:
            await self._apart.start(self._asked["url"], self._token(name))
        await self._join(room.speakers, name)
        for number, client in enumerate(room.speakers):
            ssrcs = (1000 + 10 * number, 1001 + 10 * number)
            kinds = {"audio": ssrcs[0]} | ({"video": ssrcs[1]} if shape["video"] else {})
            sizes = THREE if shape.get("grid") else ONE
            await asyncio.wait_for(client.publish(kinds, sizes), JOIN_PATIENCE_S)
            speaker = Speaker(client.publisher, ssrcs[0], kinds.get("video"), sizes)
            client.on_wanted = speaker.want
            self._speakers.append(speaker)
        room.listeners = [self._client() for _ in range(shape["listeners"])]
        await self._join(room.listeners, name)
        if shape.get("grid"):
            await self._arrange(room.speakers)

    async def _arrange(self, clients: Sequence[Client]) -> None:
        """Everybody shows everybody else, small. The real server announces a track when its first packet came."""
        playing = asyncio.create_task(self._play(JOIN_PATIENCE_S))
        await asyncio.wait_for(
            asyncio.gather(*(each.sees(len(clients) - 1) for each in clients)), JOIN_PATIENCE_S
        )
        for each in clients:
            await each.choose(320, 180)
        await asyncio.sleep(SETTLE_S)
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)

    async def _join(self, clients: Sequence[Client], room: str) -> None:
        for at in range(0, len(clients), WAVE):
            joins = (each.join(self._asked["url"], self._token(room)) for each in clients[at : at + WAVE])
            await asyncio.wait_for(asyncio.gather(*joins), JOIN_PATIENCE_S)

    async def _play(self, seconds: float) -> float:
        """The speakers of all rooms speak at times spread over the 20 ms; the worst lateness in seconds."""
        if self._apart is not None:
            return await self._apart.play(seconds)
        share, video = max(1, len(self._speakers) // 10), self._asked["video"]
        groups = [self._speakers[at : at + share] for at in range(0, len(self._speakers), share)]
        works = []
        for number, group in enumerate(groups):
            await asyncio.sleep(0.02 / len(groups) if number else 0)
            voices = group[:1] if self._asked.get("grid") else group  # in a grid one of each group speaks
            works.append(pace([each.speak for each in voices], 0.02, seconds))
            if video:
                works.append(pace([each.show for each in group], VIDEO_TICK_S, seconds))
        return max(await asyncio.gather(*(asyncio.create_task(each) for each in works)))

    def _client(self) -> Client:
        self._made += 1
        return Client(self._http, self._certificate, timed=self._made % TIMED_EVERY == 0)

    def _token(self, room: str) -> str:
        self._made += 1
        token = api.AccessToken(KEY, SECRET).with_identity(f"p{self._made}")
        return token.with_grants(api.VideoGrants(room_join=True, room=room)).to_jwt()

    def _received(self) -> int:
        legs = (each.subscriber for room in self._rooms for each in (*room.listeners, *room.speakers))
        return sum(stream.count for leg in legs for stream in leg.streams.values())

    def _expected_streams(self) -> int:
        if self._asked.get("grid"):  # voices are few, and not everybody speaks
            return len(self._speakers) * (len(self._speakers) - 1)
        tracks = 2 if self._asked["video"] else 1
        if self._apart is not None:
            return tracks * sum(len(room.listeners) for room in self._rooms)
        return sum(
            tracks
            * (len(room.speakers) * len(room.listeners) + len(room.speakers) * (len(room.speakers) - 1))
            for room in self._rooms
        )

    def _cpu(self) -> float:
        used = self._server.cpu_times()
        return float(used.user + used.system)


def _part(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


async def main(asked: dict[str, Any]) -> dict[str, float]:
    """Fill, measure, leave."""
    if asked["cpus"]:
        os.sched_setaffinity(0, asked["cpus"])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        load = Load(asked, http)
        found = await load.fill()
        gc.freeze()
        found |= await (load.first_audio() if asked.get("joins") else load.measure())
        await load.close()
    return found


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        result = runner.run(main(json.load(sys.stdin)))
    print(json.dumps({name: round(value, 2) for name, value in result.items()}))
