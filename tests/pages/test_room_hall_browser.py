"""A room of a hall's own network: the page by https at the hall's address, signalling through the same address."""

from __future__ import annotations

import base64
import hashlib
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from meetings.cli import hall_tls
from meetings.kernel.clock import FixedClock
from meetings.rooms.child import ChildPlan, MediaChild
from meetings.rooms.gateway import LiveKitGateway
from tests.pages.chromium import phone
from tests.pages.scripts import built
from tests.pages.test_room import supplement
from tests.pages.test_room_browser import listening_at, loud
from tests.postgres import Urls
from tests.serving import IMPORTED, SECRETS, Serving, serving

KEY = "devkey"
ADDRESSES = hall_tls.addresses()
pytestmark = pytest.mark.skipif(not ADDRESSES, reason="a machine without any network")


@dataclass(frozen=True, kw_only=True, slots=True)
class Hall:
    """The application on loopback, and by https at the hall's address; only `certificate` is accepted there."""

    house: Serving
    url: str
    certificate: x509.Certificate

    @property
    def trust(self) -> str:
        """For Chromium: accept this one key, and no other."""
        public = self.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        print_ = base64.b64encode(hashlib.sha256(public).digest()).decode()
        return f"--ignore-certificate-errors-spki-list={print_}"


@pytest.fixture
def clock() -> Iterator[FixedClock]:
    yield FixedClock(IMPORTED)


@pytest.fixture
async def hall(database_urls: Urls, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Hall]:
    """As `./run --lan` sets it up: signalling on loopback, sound at the hall's address."""
    built()
    secret = SECRETS.livekit_api_secret
    plan = ChildPlan(
        key=KEY, secret=secret, host="127.0.0.1", port=0, rtc_addresses=list(ADDRESSES), rtc_port=0,
        webhook_url="http://127.0.0.1:9/none",
    )  # fmt: skip
    child = MediaChild(plan)
    await child.start()
    gateway = LiveKitGateway(address=lambda: child.url, key=KEY, secret=secret, clock=clock)
    files = hall_tls.prepare(tmp_path / "tls", ADDRESSES)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    async with serving(database_urls, tmp_path, clock, gateway=gateway, address=lambda: child.url) as house:
        site = web.TCPSite(house.runner, ADDRESSES[0], 0, ssl_context=context)
        await site.start()
        port = house.runner.addresses[-1][1]
        certificate = x509.load_pem_x509_certificate(files.certificate.read_bytes())
        yield Hall(house=house, url=f"https://{ADDRESSES[0]}:{port}", certificate=certificate)
    await child.stop()


async def test_two_phones_in_a_hall_hear_each_other(hall: Hall) -> None:
    meeting = await supplement(hall.house)
    one, two = [await hall.house.person(each) for each in (await hall.house.cell_s()).phone[:2]]
    async with (
        phone(hall.url, one.cookies(), flags=(hall.trust,)) as first,
        phone(hall.url, two.cookies(), flags=(hall.trust,)) as second,
    ):
        for tab in (first, second):
            await listening_at(tab, f"{hall.url}/m/{meeting}/room")
        assert await first.see("isSecureContext && location.protocol") == "https:"
        await second.tap("#mic")
        await second.until("document.querySelector('#mic').getAttribute('aria-pressed') === 'true'")
        assert await loud(first)
        assert first.problems + second.problems == []


async def test_the_ticket_leads_through_the_page_s_own_address(hall: Hall) -> None:
    """By https through the application; by plain http on this machine straight to the media server."""
    meeting = await supplement(hall.house)
    member = await hall.house.person((await hall.house.cell_s()).phone[0])
    plain = await member.post(f"/meetings/{meeting}/ticket")
    assert plain["url"].startswith("http://127.0.0.1:")
    async with ClientSession(cookies=member.cookies()) as http:
        path = f"{hall.url}/api/v1/meetings/{meeting}/ticket"
        async with http.post(path, json={}, ssl=_trusting(hall)) as answer:
            assert (await answer.json())["url"] == f"{hall.url}/media"
        async with http.get(f"{hall.url}/m/{meeting}/room", ssl=_trusting(hall)) as page:
            policy = page.headers["Content-Security-Policy"]
            assert f"wss://{hall.url.removeprefix('https://')}" in policy
            assert "ws://127" not in policy


def _trusting(hall: Hall) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(cadata=hall.certificate.public_bytes(Encoding.PEM).decode())
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
