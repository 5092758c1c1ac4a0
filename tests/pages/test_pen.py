"""What all pages share."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web
from pytest_aiohttp import AiohttpClient

from meetings.http.templates import set_up_templates
from meetings.kernel.clock import Clock, FixedClock, ShiftedClock
from meetings.pages.pen import Pen

MOMENT = datetime.fromisoformat("2026-11-24T19:30:00+07:00")


async def shown(aiohttp_client: AiohttpClient, clock: Clock) -> str:
    """The page of who is signed out."""
    pen = Pen(clock)

    async def page(request: web.Request) -> web.Response:
        return pen.signed_out(request)

    app = web.Application()
    set_up_templates(app)
    app.router.add_get("/", page)
    client = await aiohttp_client(app)
    return await (await client.get("/")).text()


async def test_a_clock_that_is_not_the_real_one_is_shown(aiohttp_client: AiohttpClient) -> None:
    page = await shown(aiohttp_client, ShiftedClock(MOMENT, rate=1e-9))
    assert "Đồng hồ trình diễn: 19:30 24/11/2026. Đây không phải giờ thật." in page


async def test_real_time_is_not(aiohttp_client: AiohttpClient) -> None:
    assert "Đồng hồ trình diễn" not in await shown(aiohttp_client, FixedClock(MOMENT))
