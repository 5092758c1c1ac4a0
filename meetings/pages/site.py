"""All plain pages as one object for the composition root."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from aiohttp import web

from meetings.http.identity import ASKER
from meetings.http.pace import Pace
from meetings.kernel.ids import parse_id
from meetings.pages.addenda import AddendumPages
from meetings.pages.assets import Assets
from meetings.pages.assisting import AssistPages
from meetings.pages.ballots_ahead import BallotPages
from meetings.pages.calling import CallingPages
from meetings.pages.changing import ChangingPages
from meetings.pages.check_in import CheckInPages
from meetings.pages.deciding import DecidingPages
from meetings.pages.desk import Desk, see
from meetings.pages.elections import ElectionPages
from meetings.pages.floor import FloorPages, HandPages
from meetings.pages.forms import asker_of
from meetings.pages.hall import HallPages
from meetings.pages.hand_off import HandOffPages
from meetings.pages.holidays import HolidayPages
from meetings.pages.home import look_home
from meetings.pages.installation import InstallationPages
from meetings.pages.live import LivePages
from meetings.pages.meeting import MeetingPages
from meetings.pages.motions import MotionPages
from meetings.pages.offering import OfferPages
from meetings.pages.once import Once
from meetings.pages.orgs import OrgPages
from meetings.pages.outside import OutsidePages
from meetings.pages.paper_entry import PaperEntryPages
from meetings.pages.paper_sign import PaperSignPages
from meetings.pages.passes import HelperPages
from meetings.pages.passkeys import PasskeyPages
from meetings.pages.pen import Pen
from meetings.pages.people import MemberPages
from meetings.pages.practice import PracticePages
from meetings.pages.questions import QuestionPages
from meetings.pages.reading import in_one_unit
from meetings.pages.record import RecordPages
from meetings.pages.reserving import ReservePages
from meetings.pages.resolution import ResolutionPages
from meetings.pages.roll import RollPages
from meetings.pages.room import RoomPages
from meetings.pages.roster import RosterPages
from meetings.pages.run import RunPages
from meetings.pages.scores import ScorePages
from meetings.pages.secret import SecretPages
from meetings.pages.services import PageServices
from meetings.pages.shared_phones import SharedPhonePages
from meetings.pages.shell import ShellPages
from meetings.pages.tasks import TaskPages
from meetings.pages.trouble import TroublePages
from meetings.pages.verifier import VerifierPages


class HasRoutes(Protocol):
    """Some pages."""

    def routes(self) -> list[web.RouteDef]:
        """For the application's router."""


class Pages:
    """`/`, `/m/…` and where the hall's code leads. The application needs `set_up_templates`.

    `strangers`: how often one address may have a file verified; `media_address()`: where browsers find the media
    server; `assets`: the built scripts.
    """

    def __init__(
        self,
        services: PageServices,
        public_url: str = "",
        *,
        strangers: Pace,
        media_address: Callable[[], str] = str,
        assets: Assets,
    ) -> None:
        self._services = services
        self._assets = assets
        self._pen = Pen(services.units.clock, self._assets.scripts, services.committees.outside.name)
        self._shell = ShellPages(self._pen, self._assets)
        self._meetings = MeetingPages(services, self._pen)
        self._room = RoomPages(services, self._pen, self._assets, media_address, public_url)
        self._hands, self._live = HandPages(services, self._meetings), LivePages(services.live)
        self._check_in = CheckInPages(services, self._pen, public_url)
        self._verifier = VerifierPages(services.verifier, self._pen, strangers)
        desk = Desk(services, self._pen, Once(services.units))
        run, questions = RunPages(desk), QuestionPages(desk)
        self._desk: tuple[HasRoutes, ...] = (
            CallingPages(desk),
            ChangingPages(desk),
            PracticePages(desk),
            RollPages(desk),
            run,
            FloorPages(desk, run),
            MotionPages(desk),
            TaskPages(desk),
            ScorePages(desk),
            questions,
            BallotPages(desk),
            ElectionPages(desk),
            ReservePages(desk, self._meetings, questions),
            AssistPages(desk, questions),
            *_of_papers(desk, self._assets),
            HallPages(desk, public_url),
            *_of_people(desk, public_url),
            PaperEntryPages(desk),
            HandOffPages(services, self._pen, public_url),
            TroublePages(services, self._pen),
            SecretPages(desk, self._assets),
            OrgPages(desk),
            HolidayPages(desk),
            DecidingPages(desk),
            InstallationPages(desk, services.health),
            PasskeyPages(desk, self._assets, public_url),
            OutsidePages(desk, public_url),
        )

    def routes(self) -> list[web.RouteDef]:
        """For the application's router."""
        parts: tuple[HasRoutes, ...] = (
            self._meetings,
            self._room,
            self._hands,
            self._live,
            self._check_in,
            *self._desk,
        )
        mine = [web.get("/", self.home), web.post("/notices/{notice}/read", self.read_notice)]
        every = [*mine, *(route for part in parts for route in part.routes())]
        bare: tuple[HasRoutes, ...] = (self._verifier, self._assets, self._shell)
        return [
            *in_one_unit(self._services.units, every),
            *(route for part in bare for route in part.routes()),
        ]

    async def home(self, request: web.Request) -> web.StreamResponse:
        """GET /: the member's first page; signed out: how to sign in."""
        if ASKER not in request:
            return self._pen.signed_out(request)
        look = await look_home(self._services, request[ASKER])
        return self._pen.page(request, "pages/home.html", {"look": look}, keep=True)

    async def read_notice(self, request: web.Request) -> web.StreamResponse:
        """POST /notices/{notice}/read: seen; twice is as good as once."""
        notice = parse_id(request.match_info["notice"])
        await self._services.notices.mark_read(asker_of(request), notice)
        return see("/")


def _of_people(desk: Desk, public_url: str) -> tuple[HasRoutes, ...]:
    """Who belongs to the cell, and who helps."""
    return HelperPages(desk), SharedPhonePages(desk), MemberPages(desk, public_url), RosterPages(desk)


def _of_papers(desk: Desk, assets: Assets) -> tuple[HasRoutes, ...]:
    """What is written of a meeting once it is over."""
    signing = RecordPages(desk, assets), PaperSignPages(desk, assets)
    return *signing, AddendumPages(desk), ResolutionPages(desk), OfferPages(desk)
