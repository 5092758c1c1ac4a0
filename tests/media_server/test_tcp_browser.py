from __future__ import annotations

import asyncio

import pytest

from media_server.paths import TcpPath
from media_server.testing import RunningServer, running_server
from tests.conformance.browsers import PROGRAMS, opened, program
from tests.conformance.packages import NoPackage, livekit_client
from tests.media_server.people import PATIENCE_S, People, token, until


async def _talk(server: RunningServer, browser: str) -> None:
    people = People(server)
    an = await people.join("họp", "an")
    await people.speak(an, 440.0)
    async with opened(browser) as page:
        address = server.url.replace("http", "ws", 1)
        await page.do("connect", address, token(server, "họp", "web"), True)
        await page.do("speak", 660)
        await until(lambda: an.heard("web", 660.0))
        async with asyncio.timeout(PATIENCE_S):
            while not await page.hears("an", 440.0):  # noqa: ASYNC110 - only asking tells
                await asyncio.sleep(0.1)
        web = server.server.hall.rooms["họp"].participants["web"]
        assert isinstance(web.downlink.transport.ice.selected, TcpPath)
    await people.close()


@pytest.mark.long
@pytest.mark.parametrize("browser", PROGRAMS)
async def test_a_browser_is_heard_where_udp_is_blocked(browser: str) -> None:
    if program(browser) is None:
        pytest.skip(f"no {browser} on this machine")
    try:
        await asyncio.to_thread(livekit_client)
    except NoPackage as reason:
        pytest.skip(str(reason))
    async with running_server(auto_create=True, rtc_transports=("tcp",)) as server:
        await _talk(server, browser)
