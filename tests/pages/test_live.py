"""The stream of a meeting: numbered, resumed, alive, and closed to strangers."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from meetings.http.identity import identity
from meetings.http.problems import problems
from meetings.pages.live import LivePages
from tests.journeys.hybrid import Hybrid, hybrid
from tests.journeys.sittings import closed
from tests.pages.streams import following
from tests.serving import Serving, auditor


async def newest(found: Hybrid) -> str:
    """The number that a page opened now would go on from."""
    mine = await found.house.person(found.cast.hall[1])
    async with mine._http.get(f"{found.house.base}/m/{found.id}/room") as page:
        html = await page.text()
    return html.partition('data-last="')[2].partition('"')[0]


async def test_what_happens_is_told_in_order_and_nothing_personal(house: Serving) -> None:
    found = await hybrid(house)
    mine, start = await house.person(found.cast.hall[1]), await newest(found)
    async with following(mine, house.base, found.id, last=start) as stream:
        assert (stream.answer.status, stream.answer.content_type) == (200, "text/event-stream")
        assert stream.answer.headers["X-Content-Type-Options"] == "nosniff"
        assert (await stream.next()).name == "hb", "it speaks at once"
        vote = await found.vote(elder=False)
        opened = await stream.until("vote.open")
        assert opened.data == {"vote": vote, "answered": 0}
        voter = found.cast.hall[2]
        await found.answer(vote, voter, "against")
        tally = await stream.until("tally")
        assert tally.data == {"vote": vote, "answered": 1}, "how many, never who nor what"
        await found.count(vote, 11, 1, 1)
        ended = await stream.until("vote.close")
        result = {"passed": True, "in_favour": 11, "against": 1, "abstain": 1}
        assert ended.data == {"vote": vote, "answered": 1, **result}, "the result at the end, and not before"
        assert int(start) < int(opened.number) < int(tally.number) < int(ended.number)


async def test_a_broken_stream_goes_on_where_it_broke(house: Serving) -> None:
    found = await hybrid(house)
    mine, start = await house.person(found.cast.hall[1]), await newest(found)
    vote = await found.vote(elder=False)
    await found.answer(vote, found.cast.hall[2])
    await found.answer(vote, found.cast.hall[3])
    async with following(mine, house.base, found.id, last=start) as stream:
        first = await stream.until("vote.open")
        tally = await stream.until("tally")
        assert tally.data["answered"] == 2, "of several answers only the newest count is told"
    for resumed in ({"last": first.number}, {"last": "0", "header": first.number}):
        async with following(mine, house.base, found.id, **resumed) as stream:
            again = [await stream.next(), await stream.next()]
            assert [(one.name, one.number) for one in again] == [("hb", ""), ("tally", tally.number)]


@pytest.mark.parametrize("last", ["999999999999", "-1", "x", "1" * 40])
async def test_a_number_that_never_was_hides_nothing_from_anybody(house: Serving, last: str) -> None:
    found = await hybrid(house)
    mine, other = await house.person(found.cast.hall[1]), await house.person(found.cast.hall[2])
    async with following(mine, house.base, found.id, last=last) as bent:
        await bent.next()
        async with following(other, house.base, found.id, last=await newest(found)) as stream:
            vote = await found.vote(elder=False)
            for one in (bent, stream):
                assert (await one.until("vote.open")).data["vote"] == vote


async def test_who_may_not_see_the_meeting_may_not_follow_it(house: Serving) -> None:
    found = await hybrid(house)
    async with following(house.anybody(), house.base, found.id) as stream:
        assert stream.answer.status == 401
    async with following(await house.administrator(), house.base, found.id) as stream:
        assert stream.answer.status in {403, 404}
    async with following(await auditor(house), house.base, found.id) as stream:
        assert stream.answer.status == 200, "whoever sees the meeting's page"


async def test_the_heart_beats_where_scripts_can_hear_it(house: Serving) -> None:
    found = await hybrid(house)
    mine = await house.person(found.cast.hall[1])
    app = web.Application(middlewares=[problems, identity(house.house.committees.authenticate)])
    app.add_routes(LivePages(house.house.live, heartbeat=0.1).routes())
    server = TestServer(app)
    await server.start_server()
    base = str(server.make_url("")).rstrip("/")
    async with following(mine, base, found.id, last=await newest(found)) as stream:
        assert [(await stream.next()).name for _ in range(4)] == ["hb"] * 4
    await server.close()


async def test_one_reader_serves_all_and_ends_with_the_last(house: Serving) -> None:
    found = await hybrid(house)
    people = [await house.person(member) for member in found.cast.hall[1:4]]
    async with (
        following(people[0], house.base, found.id) as one,
        following(people[1], house.base, found.id) as two,
    ):
        assert [(await stream.next()).name for stream in (one, two)] == ["hb", "hb"]
        assert house.house.live.followed == 1
    for _ in range(200):
        if not house.house.live.followed:
            break
        await asyncio.sleep(0.05)
    assert house.house.live.followed == 0


async def test_closing_is_told_and_stopping_ends_every_stream(house: Serving) -> None:
    found = await hybrid(house)
    mine = await house.person(found.cast.hall[1])
    async with following(mine, house.base, found.id, last=await newest(found)) as stream:
        await closed(house, found.id, "2026-11-24T21:05")
        assert (await stream.until("meeting")).data == {"state": "closed"}
        await house.house.live.stop()
        with pytest.raises(EOFError):
            await stream.until("never")
