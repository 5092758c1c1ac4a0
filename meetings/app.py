"""The composition root: the only place where concrete classes meet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic

from aiohttp import web

from meetings.agenda.handlers import AgendaHandlers
from meetings.agenda.service import AgendaService
from meetings.agenda.service import titles as agenda_titles
from meetings.attendance.handlers import AttendanceHandlers
from meetings.attendance.service import AttendanceService
from meetings.committees.code_pages import CodePages
from meetings.committees.handlers import CommitteesHandlers
from meetings.committees.pages import CommitteesPages
from meetings.committees.service import CommitteesService
from meetings.convening.handlers import ConveningHandlers
from meetings.convening.service import ConveningService
from meetings.db.engine import Database
from meetings.db.migrate import check
from meetings.db.unit import Units
from meetings.health.handlers import HealthHandlers
from meetings.health.service import HealthService
from meetings.http import documentation
from meetings.http.endpoint import Endpoint
from meetings.http.idempotency import forget_answers, idempotency
from meetings.http.identity import identity
from meetings.http.language import speaking
from meetings.http.pace import Pace, pace
from meetings.http.problems import problems
from meetings.http.proxy import behind_proxies
from meetings.http.safety import body_limit, safety
from meetings.http.templates import set_up_templates
from meetings.kernel.clock import Clock
from meetings.ledger.handlers import LogHandlers
from meetings.ledger.log import LogService
from meetings.ledger.service import LedgerService
from meetings.minutes.addenda_handlers import AddendaHandlers
from meetings.minutes.archive_handlers import ArchiveHandlers
from meetings.minutes.handlers import MinutesHandlers
from meetings.minutes.paper_handlers import PaperHandlers
from meetings.minutes.paper_signing_handlers import PaperSigningHandlers
from meetings.minutes.ports import Workshop
from meetings.minutes.service import (
    ArchiveService,
    DeferredSigning,
    MinutesService,
    OpenVerifier,
    PapersService,
    TokenSigning,
)
from meetings.minutes.service.results import ResultReminders, results_in_time
from meetings.minutes.signing_handlers import SigningHandlers
from meetings.minutes.token_handlers import TokenHandlers
from meetings.minutes.verifier_handlers import VerifierHandlers
from meetings.minutes.workshop import ProcessWorkshop
from meetings.notices.handlers import NoticesHandlers
from meetings.notices.service import NoticesService
from meetings.offline.handlers import OfflineHandlers
from meetings.offline.service import OfflineService
from meetings.oversight.handlers import OversightHandlers
from meetings.oversight.service import OversightService, recount_sitting
from meetings.pages.assets import FOLDER, Assets
from meetings.pages.services import PageServices
from meetings.pages.site import Pages
from meetings.rooms.handlers import WEBHOOK_PATH, RoomsHandlers
from meetings.rooms.ports import Gateway
from meetings.rooms.service import RoomsService
from meetings.settings import Origin, Secrets, Settings, database_url
from meetings.sitting.handlers import SittingHandlers
from meetings.sitting.live import LiveSittings
from meetings.sitting.service import SittingService
from meetings.voting.handlers import VotingHandlers
from meetings.voting.secret_handlers import CAST_PATH, RECEIPT_PATH
from meetings.voting.service import VotingService
from meetings.wiring import (
    the_attendance,
    the_committees,
    the_doors,
    the_form,
    the_livekit,
    the_log,
    the_minutes,
    the_rooms,
)
from scheduler.clockwork import Clockwork, Job

POLL_EVERY = timedelta(seconds=5)
SEQUENCE_EVERY = timedelta(seconds=5)
TELL_EVERY = timedelta(seconds=20)
ASK_EVERY = timedelta(minutes=10)
PLAN_EVERY = timedelta(hours=6)
ARCHIVE_EVERY = timedelta(hours=1)
CODES_PER_MINUTE = 20  # tries of codes for tokens from one address
VERIFY_PER_MINUTE = 10  # files that one address may have verified
RENEW_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class House:
    """Every service of one running application, wired."""

    units: Units
    gateway: Gateway
    workshop: Workshop
    committees: CommitteesService
    notices: NoticesService
    convening: ConveningService
    rooms: RoomsService
    attendance: AttendanceService
    agenda: AgendaService
    voting: VotingService
    sitting: SittingService
    live: LiveSittings
    minutes: MinutesService
    signing: DeferredSigning
    tokens: TokenSigning
    papers: PapersService
    verifier: OpenVerifier
    archive: ArchiveService
    offline: OfflineService
    ledger: LedgerService
    log: LogService
    oversight: OversightService
    health: HealthService


HOUSE: web.AppKey[House] = web.AppKey("house", House)


def build(
    settings: Settings,
    secrets: Secrets,
    *,
    clock: Clock,
    address: Callable[[], str],
    gateway: Gateway | None = None,
    workshop: Workshop | None = None,
    origins: Mapping[str, Origin] | None = None,
) -> House:
    """Wire every service. `address()`: the media server, once it runs; `origins`: of settings. Opens nothing yet."""
    units = Units(Database(database_url(settings), pool_size=settings.database.pool_size), clock)
    server = gateway or the_livekit(settings, secrets, clock, address)
    shop = workshop or ProcessWorkshop()
    attendance = the_attendance(settings, secrets, units)
    rooms = the_rooms(units, server, address, attendance)
    ledger, notices, log = LedgerService(units), NoticesService(units), the_log(settings, secrets, units)
    minutes = the_minutes(settings, secrets, units, shop)
    sitting = SittingService(units, rooms, recount_sitting, results_in_time)
    signing = DeferredSigning(units, shop, minutes, settings.tsa.url or None)
    doors = the_doors(settings, units, attendance, sitting, minutes)
    return House(
        units=units,
        gateway=server,
        workshop=shop,
        committees=the_committees(settings, secrets, units),
        notices=notices,
        convening=ConveningService(units, agenda=agenda_titles),
        rooms=rooms,
        attendance=attendance,
        agenda=doors.agenda,
        voting=doors.voting,
        sitting=doors.sitting,
        live=LiveSittings(units),
        minutes=minutes,
        signing=signing,
        tokens=TokenSigning(units, shop, minutes, signing),
        papers=PapersService(units, shop, form=the_form(settings)),
        verifier=OpenVerifier(minutes),
        archive=ArchiveService(units, shop, minutes, url=settings.tsa.url or None),
        offline=OfflineService(units, doors),
        ledger=ledger,
        log=log,
        oversight=OversightService(units, ledger),
        health=HealthService(units, settings, server, notices, log, origins or {}),
    )


def create_app(settings: Settings, house: House, scripts: Path = FOLDER) -> web.Application:
    """The application over a wired house, with the pages' built `scripts`. Serving begins only on a database with all
    its guards."""
    app = web.Application(
        client_max_size=settings.limits.upload_bytes,
        middlewares=[
            speaking(settings.language),
            behind_proxies(settings.http.trusted_proxies if settings.http.behind_proxy else ()),
            problems,
            body_limit(settings.limits.body_bytes),
            safety,
            identity(house.committees.authenticate),
            pace(
                Pace(settings.limits.requests_per_minute, monotonic),
                free=(WEBHOOK_PATH, CAST_PATH, RECEIPT_PATH),
            ),
            idempotency(house.units),
        ],
    )
    app[HOUSE] = house
    app.on_shutdown.append(_end_streams)  # before connections are waited for: a stream never ends by itself
    app.cleanup_ctx.extend([_database, _outside, _writers, _clockwork])
    strangers = Pace(VERIFY_PER_MINUTE, monotonic)
    endpoints = all_endpoints(settings, house, strangers)
    app.add_routes([endpoint.route() for endpoint in endpoints])
    app.add_routes(RoomsHandlers(house.rooms, settings.http.public_url).routes())
    app.add_routes(documentation.routes(endpoints))
    app.add_routes(CommitteesPages(house.committees, settings.http.public_url).routes())
    app.add_routes(CodePages(house.committees, settings.http.public_url).routes())
    app.add_routes(_pages(house, settings.http.public_url, strangers, Assets(scripts)).routes())
    set_up_templates(app)
    return app


def _pages(house: House, public_url: str, strangers: Pace, assets: Assets) -> Pages:
    services = PageServices(
        units=house.units,
        committees=house.committees,
        notices=house.notices,
        convening=house.convening,
        attendance=house.attendance,
        agenda=house.agenda,
        voting=house.voting,
        sitting=house.sitting,
        minutes=house.minutes,
        live=house.live,
        papers=house.papers,
        verifier=house.verifier,
        archive=house.archive,
        tokens=house.tokens,
        health=house.health,
    )
    media_address = house.rooms.media_address
    return Pages(services, public_url, strangers=strangers, media_address=media_address, assets=assets)


def all_endpoints(settings: Settings, house: House, strangers: Pace) -> list[Endpoint]:
    """Every JSON endpoint, storey by storey; the OpenAPI document is made from them."""
    return [
        *CommitteesHandlers(house.committees, settings.http.public_url).endpoints(),
        *NoticesHandlers(house.notices).endpoints(),
        *ConveningHandlers(house.convening, house.units.clock).endpoints(),
        *RoomsHandlers(house.rooms, settings.http.public_url).endpoints(),
        *AttendanceHandlers(house.attendance, public_url=settings.http.public_url).endpoints(),
        *AgendaHandlers(house.agenda).endpoints(),
        *VotingHandlers(house.voting).endpoints(),
        *SittingHandlers(house.sitting).endpoints(),
        *MinutesHandlers(house.minutes).endpoints(),
        *SigningHandlers(house.signing, house.minutes.keys).endpoints(),
        *TokenHandlers(house.tokens, Pace(CODES_PER_MINUTE, monotonic)).endpoints(),
        *PaperHandlers(house.papers).endpoints(),
        *AddendaHandlers(house.papers.addenda).endpoints(),
        *PaperSigningHandlers(house.papers, house.minutes, house.signing, house.tokens).endpoints(),
        *VerifierHandlers(house.verifier, strangers).endpoints(),
        *ArchiveHandlers(house.archive).endpoints(),
        *OfflineHandlers(house.offline).endpoints(),
        *OversightHandlers(house.oversight).endpoints(),
        *HealthHandlers(house.health).endpoints(),
        *LogHandlers(house.log).endpoints(),
    ]


async def _database(app: web.Application) -> AsyncIterator[None]:
    database = app[HOUSE].units.database
    async with database.connection() as connection:
        await connection.run_sync(check)
    yield
    await database.close()


async def _end_streams(app: web.Application) -> None:
    await app[HOUSE].live.stop()


async def _outside(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[HOUSE].workshop.close()
    await app[HOUSE].gateway.close()


async def _writers(app: web.Application) -> AsyncIterator[None]:
    house = app[HOUSE]
    house.attendance.start()
    house.voting.start()
    yield
    await house.voting.stop()
    await house.attendance.stop()


async def _clockwork(app: web.Application) -> AsyncIterator[None]:
    ticker = Clockwork(due_work(app[HOUSE]))
    ticker.start()
    yield
    await ticker.stop()


def due_work(house: House) -> list[Job]:
    """What the clock asks for. The tables say what is due, so each may run at any time, also twice."""
    return [
        Job(name="poll-rooms", every=POLL_EVERY, run=house.rooms.poll_open_rooms),
        Job(name="send-notices", every=TELL_EVERY, run=house.notices.deliver_due),
        Job(name="ask-forgotten", every=ASK_EVERY, run=house.convening.ask_forgotten),
        Job(name="remind-results", every=ASK_EVERY, run=ResultReminders(house.units).remind),
        Job(name="sequence-log", every=SEQUENCE_EVERY, run=house.log.sequence),
        Job(name="stamp-archive", every=ARCHIVE_EVERY, run=house.archive.stamp_due),
        Job(name="renew-revocations", every=RENEW_EVERY, run=house.minutes.keys.authority.renew_list),
        Job(name="owe-months", every=PLAN_EVERY, run=house.convening.owe_months),
        Job(name="plan-ahead", every=PLAN_EVERY, run=house.convening.plan_ahead),
        Job(name="forget-answers", every=PLAN_EVERY, run=partial(forget_answers, house.units)),
    ]
