"""What a first visit takes over a thin line, as a browser would take it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping

from aiohttp import ClientSession

from bench.pages.weights import weigh
from demo.client import Person
from meetings.http.identity import COOKIE_PLAIN
from tests.pages.scripts import built
from tests.pages.test_room import supplement
from tests.serving import Serving


def _cookie(person: Person) -> str:
    return person.cookies()[COOKIE_PLAIN]


async def test_home_and_room_stay_within_their_budgets(house: Serving) -> None:
    built()
    meeting = await supplement(house)
    cookie = _cookie(await house.person((await house.cell_s()).phone[0]))
    home = await weigh(house.base, cookie, "/")
    assert home["first_visit"] <= 15_000
    room = await weigh(house.base, cookie, f"/m/{meeting}/room")
    assert room["page"] <= 8_000
    assert room["first_visit"] <= 145_000  # the sound comes with it


async def test_the_desk_stays_within_its_budget(house: Serving) -> None:
    built()
    meeting = await supplement(house)
    cookie = _cookie(await house.secretary())
    for path in ("/", f"/m/{meeting}/run"):
        assert (await weigh(house.base, cookie, path))["first_visit"] <= 60_000


async def test_a_packed_page_shows_another_token_each_time(house: Serving) -> None:
    cookie, meeting = _cookie(await house.secretary()), await supplement(house)
    headers: Mapping[str, str] = {"Cookie": f"chibo={cookie}", "Accept-Encoding": "gzip"}
    tokens = set()
    async with ClientSession(auto_decompress=False) as browser:
        for _ in range(2):
            async with browser.get(f"{house.base}/m/{meeting}/run", headers=headers) as answer:
                assert answer.headers["Content-Encoding"] == "gzip"
                page = gzip.decompress(await answer.read()).decode()
            tokens |= set(re.findall(r'name="csrf" value="([0-9a-f]+)"', page))
    assert len(tokens) == 2
