"""Keys, certificates and signed files are slow to make: one set for the whole run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from meetings.attendance.service import AttendanceService
from meetings.db.engine import Database
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock, real_now
from meetings.minutes.facts import to_bytes
from meetings.minutes.ports import Workshop
from meetings.minutes.service import DeferredSigning, MinutesService, SigningKeys
from meetings.minutes.service.gathering import Form
from meetings.minutes.signing import ready_to_sign
from meetings.minutes.workshop import ProcessWorkshop, ThreadWorkshop
from tests.attendance.conftest import fill
from tests.attendance.world import World
from tests.conftest import Template
from tests.minutes.device import Device, new_device
from tests.minutes.office import PASSPHRASE, Office, Signed, new_office, signed_by_both
from tests.minutes.sittings import hybrid, supplement
from tests.postgres import Urls
from tests.rooms.conftest import gateway, real, rooms, service, units, world
from tests.sitting.conftest import cell
from tests.sitting.holding import RECORDER

__all__ = ["cell", "gateway", "real", "rooms", "service", "units", "world"]

SIGNERS = ("o1", RECORDER)
INSTALLATION = "an invented passphrase of an installation"
FORM = Form(authority="T/M CHI BỘ", demonstration=False)


@pytest.fixture(scope="session")
def office() -> Office:
    return new_office()


@pytest.fixture(scope="session")
def device() -> Device:
    return new_device()


@pytest.fixture(scope="session")
def signed(office: Office) -> Signed:
    """The hybrid regular sitting of November, signed by both."""
    minutes = hybrid()
    return signed_by_both(minutes, ready_to_sign(to_bytes(minutes)), office)


@pytest.fixture(scope="session")
def signed_supplement(signed: Signed) -> Signed:
    """An online supplement, signed by the same people."""
    minutes = supplement()
    return signed_by_both(minutes, ready_to_sign(to_bytes(minutes)), signed.office, signed)


def _fill(urls: Urls) -> None:
    """Cell S, and slow keys made once: the authority's and those of both signers."""
    fill(urls)

    async def run() -> None:
        database = Database(urls.owner)
        units = Units(database, FixedClock(real_now()))
        keys = SigningKeys(units, ThreadWorkshop(), INSTALLATION)
        attendance = AttendanceService(units, secret=b"", real=units.clock, waiting=1)
        world = World(units=units, clock=FixedClock(real_now()), service=attendance)
        for label in SIGNERS:
            await keys.make(world.asks(label), PASSPHRASE)
        await database.close()

    asyncio.run(run())


@pytest.fixture(scope="session")
def database_template() -> Template:
    return _fill


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    """A real worker process, started once."""
    made = ProcessWorkshop()
    yield made
    asyncio.run(made.close())


@pytest.fixture
def signing(units: Units, workshop: Workshop, minutes: MinutesService) -> DeferredSigning:
    return DeferredSigning(units, workshop, minutes, None)


@pytest.fixture
def minutes(units: Units, workshop: Workshop) -> MinutesService:
    keys = SigningKeys(units, workshop, INSTALLATION)
    return MinutesService(units, workshop, keys, form=FORM, timestamp_url=None)
