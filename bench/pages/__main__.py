"""Pages by their budgets: `python -m bench.pages [--seconds 4] [--rounds 5]`. Prints one JSON document.

One process of the service on SQLite with a cell of 30 in the middle of a vote, and the embedded media server beside it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

from bench.hall import Hall, Service, environment, furnish
from bench.media.servers import EMBEDDED, KEY, SECRET, running
from bench.pages import phone, rates, weights

CELL = 30  # people, as most cells have at most
MEMBERS = ("/", "/m/{meeting}", "/m/{meeting}/room")
SECRETARYS = (
    "/",
    "/m/{meeting}/run",
    "/m/{meeting}/roll",
    "/m/{meeting}/questions/{vote}",
    "/m/{meeting}/notes",
)


async def main(seconds: float, rounds: int) -> dict[str, Any]:
    """Weights, rates, waits."""
    with tempfile.TemporaryDirectory() as folder, running(EMBEDDED) as media:
        env = environment(Path(folder), None) | {
            "CHIBO_LIVEKIT__URL": media.url.replace("http", "ws", 1),
            "CHIBO_LIVEKIT__API_KEY": KEY,
            "CHIBO_LIVEKIT__API_SECRET": SECRET,
        }
        hall = await furnish(env, voters=CELL, away=1)
        async with Service(env) as service:
            base = f"http://127.0.0.1:{service.port}"
            member, secretary = await _two(base, hall)
            voters = [one for one in hall.cookies if one not in (member, secretary)]
            found: dict[str, Any] = {"weights": {}, "rates": {}}
            versions = count(1)
            for who, cookie, paths in (("member", member, MEMBERS), ("secretary", secretary, SECRETARYS)):
                for path in paths:
                    full, name = path.format(meeting=hall.meeting, vote=hall.vote), f"{who} {path}"
                    found["weights"][name] = await weights.weigh(base, cookie, full)
                    asked = rates.Asked(
                        base=base, path=full, cookie=cookie, vote=hall.vote, voters=voters, pid=service.pid
                    )
                    found["rates"][name] = {
                        "still": await rates.ask(asked, seconds, voting=False, versions=versions),
                        "voting": await rates.ask(asked, seconds, voting=True, versions=versions),
                    }
            found["waits"] = await phone.wait(base, member, hall.meeting, rounds)
    return found


async def _two(base: str, hall: Hall) -> tuple[str, str]:
    """The cookie of the member who listens by phone, and the secretary's, who alone may see the roll."""
    for cookie in hall.cookies:
        headers: Mapping[str, str] = {"Cookie": f"chibo={cookie}"}
        url = f"{base}/m/{hall.meeting}/roll"
        async with aiohttp.ClientSession(headers=headers) as http, http.get(url) as answer:
            if answer.status == 200:
                return hall.cookies[-1], cookie
    raise SystemExit("nobody may see the roll")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.pages")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(main(given.seconds, given.rounds)), indent=2))
