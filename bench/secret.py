"""Blind issue and cast for a hall of 30, through the service in one process: `python -m bench.secret`.

The phones' part (blinding in Python, about a browser's) is counted apart.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.hall import Hall, Service, environment, furnish
from demo.blinding import Blinded, blind, finish
from meetings.http.endpoint import API

NAMELESS = aiohttp.DummyCookieJar


@dataclass
class Took:
    """Seconds."""

    phones: float = 0.0
    issue: float = 0.0
    cast: float = 0.0


class Evening:
    """One secret question over HTTP."""

    def __init__(self, base: str, hall: Hall, voters: int) -> None:
        self._base, self._hall, self._voters = base + API, hall, voters
        self.took = Took()

    async def run(self) -> Took:
        """Open, give out, cast."""
        async with (
            aiohttp.ClientSession(cookie_jar=NAMELESS()) as http,
        ):
            self._http = http
            body = {"question": "Hài lòng không?", "kind": "consultation", "form": "secret_device"}
            made = await self._post(f"/meetings/{self._hall.meeting}/votes", body, self._hall.cookies[0])
            vote = str(made["id"])
            tokens, signed = await self._issue(vote)
            await self._post(f"/votes/{vote}/secret/casting", {}, self._hall.cookies[0])
            await self._cast(vote, tokens, signed)
        return self.took

    async def _issue(self, vote: str) -> tuple[list[Blinded], list[str]]:
        look = await self._ask("GET", f"/votes/{vote}/secret", None, self._hall.cookies[0])
        modulus, begun = str(look["modulus"]), time.perf_counter()
        tokens = [blind(modulus) for _ in range(self._voters)]
        self.took.phones += time.perf_counter() - begun
        begun = time.perf_counter()
        answers = await asyncio.gather(
            *[
                self._post(f"/votes/{vote}/secret/token", {"blinded": token.blinded}, cookie)
                for token, cookie in zip(tokens, self._hall.cookies, strict=False)
            ]
        )
        self.took.issue, begun = time.perf_counter() - begun, time.perf_counter()
        pairs = zip(tokens, answers, strict=True)
        finished = [finish(modulus, token, str(answer["signed"])) for token, answer in pairs]
        self.took.phones += time.perf_counter() - begun
        return tokens, finished

    async def _cast(self, vote: str, tokens: Sequence[Blinded], signed: Sequence[str]) -> None:
        begun = time.perf_counter()
        await asyncio.gather(
            *[
                self._until_recorded(
                    {
                        "vote": vote,
                        "serial": token.serial,
                        "prefix": token.prefix,
                        "signature": signature,
                        "mark": "fan"[number % 3],
                    }
                )
                for number, (token, signature) in enumerate(zip(tokens, signed, strict=True))
            ]
        )
        self.took.cast = time.perf_counter() - begun

    async def _until_recorded(self, slip: dict[str, str]) -> None:
        while not (await self._post("/secret-ballots", slip))["recorded"]:
            pass

    async def _post(self, path: str, body: object, cookie: str = "") -> dict[str, object]:
        return await self._ask("POST", path, body, cookie)

    async def _ask(self, method: str, path: str, body: object, cookie: str) -> dict[str, object]:
        headers = {"Cookie": f"chibo={cookie}"} if cookie else {}
        async with self._http.request(method, self._base + path, json=body, headers=headers) as answer:
            answer.raise_for_status()
            found: dict[str, object] = await answer.json()
            return found


async def main(voters: int) -> dict[str, object]:
    """On SQLite, as embedded."""
    with tempfile.TemporaryDirectory() as name:
        env = environment(Path(name), None)
        hall = await furnish(env, secret=True)
        async with Service(env) as service:
            took = await Evening(f"http://127.0.0.1:{service.port}", hall, voters).run()
    seconds = {"phones": took.phones, "issue": took.issue, "cast": took.cast}
    return {"voters": voters, **{name: round(value, 2) for name, value in seconds.items()}}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--voters", type=int, default=30)
    print(json.dumps(asyncio.run(main(parser.parse_args().voters)), indent=2))
