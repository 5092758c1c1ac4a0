"""A cell of 256 in the middle of a vote, and the service under load in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from meetings.app import House, build
from meetings.attendance.rules import EvidenceKind, Reason
from meetings.attendance.service import AskedLeave, Mark, RollSheet
from meetings.committees import service as committees
from meetings.committees.policies import Policy, PolicyKey
from meetings.committees.rules import Role
from meetings.committees.service import FirstSetup, Newcomer, first_setup
from meetings.committees.sign_in import BrowserSession, token_hash
from meetings.committees.store import access, orgs
from meetings.convening.rules import Kind, Mode
from meetings.convening.service import Calling
from meetings.db.migrate import upgrade_database
from meetings.kernel.asker import Asker
from meetings.kernel.clock import SystemClock, real_now
from meetings.kernel.ids import Id, new_id
from meetings.notices.rules import Channel
from meetings.rooms.memory import MemoryGateway
from meetings.settings import Settings, load, open_secrets, owner_url
from meetings.voting.rules import DecisionKind, Form
from meetings.voting.service import Question

VOTERS = 256
KEY, SECRET = "bench", "b" * 40
HEADINGS = (
    *("Họ và tên", "Ngày sinh", "Số thẻ đảng viên", "Chi bộ", "Diện đảng viên", "Từ ngày", "Ngày chính thức"),
    *("Chức vụ", "Giữ chức vụ từ"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hall:
    """What a load generator needs."""

    meeting: str
    vote: str
    members: list[str]
    cookies: list[str]


def environment(data: Path, urls: tuple[str, str] | None) -> dict[str, str]:
    """Settings of the measured service; `urls` are (application, owner), none for SQLite."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("CHIBO_")}
    given |= {
        "CHIBO_DATA__DIR": str(data),
        "CHIBO_HTTP__PORT": "0",
        "CHIBO_LIVEKIT__URL": "ws://127.0.0.1:1",
        "CHIBO_LIVEKIT__API_KEY": KEY,
        "CHIBO_LIVEKIT__API_SECRET": SECRET,
        "CHIBO_LIMITS__REQUESTS_PER_MINUTE": "1000000",
    }
    if urls is not None:
        given |= {"CHIBO_DATABASE__URL": urls[0], "CHIBO_DATABASE__OWNER_URL": urls[1]}
    return given


async def furnish(
    env: Mapping[str, str], *, secret: bool = False, voters: int = VOTERS, away: int = 0
) -> Hall:
    """Migrate, import the roster, open the meeting, confirm the roll, open the vote, bind the browsers. `secret`: a
    decision allows secret ballots on devices too. The last `away` members asked for leave and listen by phone."""
    settings = load(None, env)
    await upgrade_database(owner_url(settings))
    house = house_of(settings)
    cell, secretary = await found(house)
    asker = Asker(person=secretary, session=new_id())
    if secret:
        await _allow_secret(house, cell, secretary)
    await members_of(house, asker, cell, voters)
    hall = await vote_in(house, asker, cell, away=away)
    await leave(house)
    return hall


async def vote_in(house: House, asker: Asker, cell: Id, mode: Mode = Mode.HYBRID, away: int = 0) -> Hall:
    """The cell in the middle of a vote, its members in the hall but the last `away`, their browsers bound."""
    meeting = await open_meeting(house, asker, cell, mode)
    async with house.units.read() as uow:
        roster = await committees.roster(uow, cell, uow.now.date())
    there = len(roster) - away
    for one in roster[there:]:
        asked = AskedLeave(id=new_id(), reason=Reason.ILL, member=one.id)
        await house.attendance.leave.ask(asker, meeting, asked)
    await roll_of(house, asker, meeting, [one.id for one in roster[:there]])
    question = Question(
        question="Nhất trí?", kind=DecisionKind.RESOLUTION, form=Form.HANDS, item=None, minutes=60
    )
    vote = (await house.voting.open_vote(asker, meeting, question)).vote.id
    cookies = [await _bind(house, one.person) for one in roster]
    return Hall(meeting=meeting, vote=vote, members=[one.id for one in roster], cookies=cookies)


async def leave(house: House) -> None:
    """The furnishing process lets go of the database."""
    await house.attendance.stop()
    await house.units.database.close()


def house_of(settings: Settings) -> House:
    """The services, over the settings' database, with no room to gather in."""
    clock = SystemClock()
    secrets_ = open_secrets(settings)
    house = build(settings, secrets_, clock=clock, address=lambda: "", gateway=MemoryGateway(clock))
    house.attendance.start()
    return house


async def found(house: House) -> tuple[Id, Id]:
    """The first organisation and cell: (cell, its secretary)."""
    since = (real_now() - timedelta(days=60)).date()
    setup = FirstSetup(
        org_name="Đảng ủy xã Mẫu",
        cell_name="Chi bộ Mẫu Lớn",
        secretary=Newcomer(full_name="Bí Thư Mẫu", card="99100000"),
        since=since,
    )
    async with house.units.begin() as uow:
        links = await first_setup(uow, setup, real_now())
        [person] = await committees.mandate_holders(uow, links.cell, Role.SECRETARY, uow.now.date())
    return links.cell, person


async def _allow_secret(house: House, cell: Id, by: Id) -> None:
    figure = Policy(
        key=PolicyKey.SECRET_DEVICE,
        value="consultation",
        valid_from=(real_now() - timedelta(days=30)).date(),
        set_by=cell,
        set_by_name="Chi bộ Mẫu Lớn",
        citation="Quyết định mẫu số 1-QĐ/ĐU ngày 01/01/2026",
    )
    async with house.units.begin() as uow:
        await orgs.add_policy(uow.session, figure, by, uow.now)


async def members_of(house: House, asker: Asker, cell: Id, voters: int) -> None:
    """So many with the secretary, all official."""
    rows = [_line(number) for number in range(1, voters)]
    done = await house.committees.imports.into_cell(asker, cell, [list(HEADINGS), *rows], dry_run=False)
    if not done.applied:
        raise SystemExit(f"the roster was refused: {done.problems[:3]}")


def _line(number: int) -> list[str]:
    born = f"{number % 28 + 1:02}/{number % 12 + 1:02}/{1940 + number % 60}"
    official = ["Chi bộ Mẫu Lớn", "Chính thức", "03/02/2020", "03/02/2020", "", ""]
    return ["Đảng Viên Mẫu", born, f"9910{number:04}", *official]


async def open_meeting(house: House, asker: Asker, cell: Id, mode: Mode, kind: Kind = Kind.REGULAR) -> Id:
    """Called, convened and opened."""
    starts = real_now() + timedelta(minutes=1)
    calling = Calling(kind=kind, mode=mode, starts_at=starts, place="Hội trường")
    meeting = (await house.convening.call_meeting(asker, cell, calling)).id
    await house.convening.convene(asker, meeting, Channel.ZALO_TEXT, {})
    await house.sitting.open(asker, meeting, None)
    return meeting


async def roll_of(house: House, asker: Asker, meeting: Id, members: Sequence[Id]) -> None:
    """These are in the hall, confirmed."""
    marks = tuple(Mark(member=one, kind=EvidenceKind.PRESENT) for one in members)
    sheet = RollSheet(id=new_id(), marks=marks, head_count=len(members), confirm=True)
    await house.attendance.roll.mark(asker, meeting, sheet)


async def _bind(house: House, person: Id) -> str:
    cookie, now = secrets.token_urlsafe(32), real_now()
    bound = BrowserSession(
        id=new_id(), person=person, token_hash=token_hash(cookie), label="bench", bound_at=now, seen_at=now
    )
    async with house.units.begin() as uow:
        await access.add_session(uow.session, bound, None)
    return cookie


class Service:
    """The measured process; `without_write` answers ballots without storing them."""

    def __init__(self, env: Mapping[str, str], *, without_write: bool = False) -> None:
        self._env = dict(env) | ({"BENCH_WITHOUT_WRITE": "1"} if without_write else {})
        self._process: asyncio.subprocess.Process | None = None
        self.port = 0

    async def __aenter__(self) -> Service:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.service", env=self._env, stdout=asyncio.subprocess.PIPE
        )
        if self._process.stdout is None:
            raise SystemExit("no pipe")
        self.port = int(json.loads(await self._process.stdout.readline())["port"])
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid if self._process is not None else 0


async def load_run(**asked: Any) -> dict[str, Any]:
    """One run of the load generator, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate(json.dumps(asked).encode())
    found: dict[str, Any] = json.loads(said)
    return found
