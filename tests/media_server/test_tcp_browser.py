from __future__ import annotations

import asyncio

import pytest

from media_server.interfaces import own_addresses
from media_server.paths import TcpPath
from media_server.testing import RunningServer, running_server
from tests.conformance.browsers import FIREFOX, PROGRAMS, opened, program
from tests.conformance.packages import NoPackage, livekit_client
from tests.media_server.people import PATIENCE_S, People, token, until

NO_UDP = [f"--{name}webrtc-ip-handling-policy=disable_non_proxied_udp" for name in ("", "force-")]


async def _talk(server: RunningServer, browser: str, *flags: str) -> None:
    async with People(server) as people:
        an = await people.join("họp", "an")
        await people.speak(an, 440.0)
        async with opened(browser, *flags) as page:
            address = server.url.replace("http", "ws", 1)
            await page.do("connect", address, token(server, "họp", "web"), True)
            await page.do("speak", 660)
            await until(lambda: an.heard("web", 660.0))
            async with asyncio.timeout(PATIENCE_S):
                while not await page.hears("an", 440.0):  # noqa: ASYNC110 - only asking tells
                    await asyncio.sleep(0.1)
            there = server.server.hall.rooms["họp"].participants
            assert isinstance(there["web"].downlink.transport.ice.selected, TcpPath)
            assert isinstance(there["an"].downlink.transport.ice.selected, TcpPath) != bool(flags)


def _must_have(browser: str) -> None:
    if program(browser) is None:
        pytest.skip(f"no {browser} on this machine")
    try:
        livekit_client()
    except NoPackage as reason:
        pytest.skip(str(reason))


@pytest.mark.long
@pytest.mark.parametrize("browser", list(PROGRAMS))
async def test_a_browser_is_heard_where_the_server_has_no_udp(browser: str) -> None:
    """At every address of the machine: Firefox dials them all at once and uses the one it likes best."""
    await asyncio.to_thread(_must_have, browser)
    addresses = tuple(own_addresses()) if browser == FIREFOX else None
    if addresses == ():
        pytest.skip("no network interface but loopback is up: Firefox gathers no candidate")
    async with running_server(auto_create=True, rtc_transports=("tcp",), rtc_addresses=addresses) as server:
        await _talk(server, browser)


@pytest.mark.long
async def test_a_browser_that_may_not_use_udp_meets_somebody_who_does() -> None:
    await asyncio.to_thread(_must_have, "Chromium")
    async with running_server(auto_create=True) as server:
        await _talk(server, "Chromium", *NO_UDP)
