"""The whole application, wired as in production, over a database with cell S; people reach it over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from demo.cast import Cast, Member, cast_of
from demo.client import Person
from meetings.app import House, build, create_app
from meetings.cli.sample import ANSWERS, EXAMPLES
from meetings.committees import service as committees
from meetings.committees.roster_file import read_table
from meetings.committees.rules import Role
from meetings.committees.service import CommitteesService, FirstSetup, Newcomer, first_setup
from meetings.committees.service.links import new_link
from meetings.committees.sign_in import Handed
from meetings.db.engine import Database
from meetings.db.migrate import upgrade_database
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock, real_now
from meetings.kernel.ids import Id, derived_id
from meetings.minutes.workshop import ThreadWorkshop
from meetings.pages.assets import FOLDER
from meetings.rooms.memory import MemoryGateway
from meetings.rooms.ports import Gateway
from meetings.settings import Secrets, Settings, database_url
from meetings.settings.sections import Data as DataSettings
from meetings.settings.sections import Database as DatabaseSettings
from meetings.settings.sections import External, Limits, Oidc
from tests.postgres import Urls

ORG: Id = derived_id("first organisation", ANSWERS.org_name)
CELL: Id = derived_id("first cell", ORG, ANSWERS.cell_name)
FOUNDED = datetime.fromisoformat("2026-09-01T08:00:00+07:00")
IMPORTED = datetime.fromisoformat("2026-11-02T08:00:00+07:00")  # the roster's newest line is of 01/11/2026
SQLITE_FILE = "chibo.sqlite3"
SECRETS = Secrets(
    session="s" * 40,
    ca_passphrase="c" * 40,
    log_key="g" * 40,
    livekit_api_secret="l" * 40,
    livekit_webhook_secret="l" * 40,
    oidc_client_secret="o" * 40,
)


@dataclass
class Serving:
    """A running application. `person` gives a member's own browser; `clock` moves by hand."""

    app: web.Application
    house: House
    base: str
    clock: FixedClock
    gateway: MemoryGateway
    database: str
    runner: web.BaseRunner
    people: dict[str, Person] = field(default_factory=dict)
    cast: Cast | None = None
    audited: bool = False

    async def cell_s(self) -> Cast:
        """Everybody's place in cell S."""
        if self.cast is None:
            secretary = await self.secretary()
            self.cast = await cast_of(secretary, CELL)
            self.people[self.cast.chair.id] = secretary
        return self.cast

    async def secretary(self) -> Person:
        """The secretary's browser."""
        return await self.holder(CELL, Role.SECRETARY)

    async def administrator(self) -> Person:
        """The administrator's browser."""
        return await self.holder(ORG, Role.ADMINISTRATOR)

    async def holder(self, org: Id, role: Role) -> Person:
        """Whoever holds this mandate, through a link made by the operator."""
        async with self.house.units.read() as uow:
            [person] = await committees.mandate_holders(uow, org, role, uow.now.date())
        return await self.browser(person, org)

    async def browser(self, person: Id, org: Id) -> Person:
        """A signed-in browser of that person; the same one when asked again."""
        if person not in self.people:
            async with self.house.units.begin() as uow:
                link = await new_link(uow, person, org, Handed.PAPER, None, real_now())
            self.people[person] = await self._entered(f"/l/{link.token}")
        return self.people[person]

    async def person(self, member: Member) -> Person:
        """The member's browser, through a link that the secretary hands over."""
        if member.id not in self.people:
            secretary = await self.secretary()
            made = await secretary.post(f"/cells/{CELL}/invitations", member=member.id, channel="paper")
            self.people[member.id] = await self._entered(str(made["link"]))
        return self.people[member.id]

    def anybody(self) -> Person:
        """A browser in which nobody is signed in."""
        return self.people.setdefault("", Person(self.base))

    def at(self, moment: str) -> None:
        """Move the clock to a moment of Việt Nam's time, such as 2026-11-24T19:30."""
        self.clock.set(datetime.fromisoformat(f"{moment}+07:00"))

    async def close(self) -> None:
        """Everybody closes their browser."""
        for person in self.people.values():
            await person.close()

    async def _entered(self, link: str) -> Person:
        browser = Person(self.base)
        await browser.enter(link)
        return browser


async def auditor(house: Serving) -> Person:
    """The administrator, appointed auditor of the whole subtree when first asked for."""
    person = await house.administrator()
    if not house.audited:
        me = await person.get("/me")
        await person.post(
            f"/orgs/{ORG}/mandates",
            person=me["person"],
            role="auditor",
            since="2026-09-01",
            paper="Quyết định mẫu số 01-QĐ/ĐU ngày 01/09/2026",
        )
        house.audited = True
    return person


def found(urls: Urls) -> None:
    """Fill an empty database: migrations, the first setup, cell S of the invented roster."""
    asyncio.run(_found(urls))


async def _found(urls: Urls) -> None:
    await upgrade_database(urls.owner)
    clock = FixedClock(FOUNDED)
    units = Units(Database(urls.app), clock)
    setup = FirstSetup(
        org_name=ANSWERS.org_name,
        cell_name=ANSWERS.cell_name,
        secretary=Newcomer(full_name=ANSWERS.secretary_name, card=ANSWERS.secretary_card),
        administrator=Newcomer(full_name="Quản trị Mẫu", card=ANSWERS.administrator_card),
    )
    async with units.begin() as uow:
        await first_setup(uow, setup, real_now())
    clock.set(IMPORTED)
    outcome = await CommitteesService(units).imports.by_operator(
        read_table(EXAMPLES / "roster.xlsx"), code=None, dry_run=False
    )
    assert outcome.applied, outcome.problems
    await units.database.close()


def settings_for(urls: Urls, folder: Path, oidc: Oidc | None = None) -> Settings:
    """Defaults over this database; patience enough for thirty people behind one address; a list of authorities where
    the folder has one (tests/minutes/outside.py)."""
    trusted = folder / "tin-cay.yaml"
    url = "" if urls.app.startswith("sqlite") else urls.app
    return Settings(
        data=DataSettings(dir=folder),
        database=DatabaseSettings(url=url),
        oidc=oidc or Oidc(),
        external=External(list_file=trusted if trusted.exists() else None),
        limits=Limits(sign_in_tries_per_hour=10_000, requests_per_minute=1_000_000),
    )


def application_over(
    urls: Urls,
    folder: Path,
    clock: FixedClock,
    *,
    gateway: Gateway | None = None,
    address: Callable[[], str] = lambda: "ws://127.0.0.1:1",
    oidc: Oidc | None = None,
) -> House:
    """Every service, wired as in production. `folder`: of its own data."""
    if urls.app.startswith("sqlite"):
        (folder / SQLITE_FILE).symlink_to(urls.app.partition("///")[2])
    return build(
        settings_for(urls, folder, oidc),
        SECRETS,
        clock=clock,
        address=address,
        gateway=gateway or MemoryGateway(clock),
        workshop=ThreadWorkshop(),
    )


@asynccontextmanager
async def serving(
    urls: Urls,
    folder: Path,
    clock: FixedClock,
    *,
    gateway: Gateway | None = None,
    address: Callable[[], str] = lambda: "ws://127.0.0.1:1",
    oidc: Oidc | None = None,
    scripts: Path = FOLDER,
) -> AsyncIterator[Serving]:
    """The application on a loopback port, until the block is left. Its rooms are in memory, unless `gateway` is a
    real one, which browsers reach at `address()`. `scripts`: the built ones of its pages."""
    settings, rooms = settings_for(urls, folder, oidc), MemoryGateway(clock)
    house = application_over(urls, folder, clock, gateway=gateway or rooms, address=address, oidc=oidc)
    app = create_app(settings, house, scripts)
    for one in [one for one in app.cleanup_ctx if one.__name__ == "_clockwork"]:
        app.cleanup_ctx.remove(one)  # nothing happens but what a test asks for
    server = TestServer(app)
    await server.start_server()
    if server.runner is None:
        raise RuntimeError("nothing is served")
    running = Serving(
        app=app,
        house=house,
        base=str(server.make_url("")).rstrip("/"),
        clock=clock,
        gateway=rooms,
        database=database_url(settings),
        runner=server.runner,
    )
    try:
        yield running
    finally:
        await running.close()
        await server.close()
