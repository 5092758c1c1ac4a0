"""The evening on which every endpoint is tried, and whose ids are whose."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from demo.client import Person
from meetings.committees.rules import Role
from meetings.http.endpoint import Endpoint
from meetings.kernel.clock import FixedClock
from tests.journeys.hybrid import STARTS, hybrid
from tests.journeys.sittings import PLACE, called, held, new_id
from tests.postgres import Urls
from tests.scans import picture, sha256_of
from tests.serving import CELL, FOUNDED, ORG, Serving, found, serving

HEADINGS = [
    *("Họ và tên", "Ngày sinh", "Số thẻ đảng viên", "Chi bộ", "Diện đảng viên", "Từ ngày", "Ngày chính thức"),
    *("Chức vụ", "Giữ chức vụ từ"),
]
NEIGHBOURS = [
    [
        "Lê Văn Mẫu Một",
        "01/01/1970",
        "99000201",
        "Chi bộ thôn Bên",
        "Chính thức",
        "03/02/2000",
        "03/02/2000",
        "Bí thư",
        "01/10/2026",
    ],
    [
        "Lê Văn Mẫu Hai",
        "01/01/1971",
        "99000202",
        "Chi bộ thôn Bên",
        "Chính thức",
        "03/02/2000",
        "03/02/2000",
        "",
        "",
    ],
    [
        "Lê Văn Mẫu Ba",
        "01/01/1972",
        "99000203",
        "Chi bộ thôn Bên",
        "Chính thức",
        "03/02/2000",
        "03/02/2000",
        "",
        "",
    ],
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """`ours`, `theirs`: ids by the names that paths use. `member` is a plain member of our cell."""

    house: Serving
    endpoints: tuple[Endpoint, ...]
    secretary: Person
    administrator: Person
    member: Person
    neighbour: Person
    nobody: Person
    ours: Mapping[str, str]
    theirs: Mapping[str, str]

    @property
    def writing(self) -> list[Endpoint]:
        """Every endpoint that changes something."""
        return [endpoint for endpoint in self.endpoints if endpoint.writes]

    def path(self, endpoint: Endpoint, ids: Mapping[str, str] | None = None) -> str:
        """Its path with ids in their places."""
        known = dict(self.ours if ids is None else ids)
        if endpoint.handler.__name__ in PLANNED:
            known["meeting"] = known["planned"]
        if endpoint.handler.__name__ in ENDED:
            known["meeting"] = known["ended"]
        return endpoint.path.format(**known)


PLANNED = frozenset(
    {
        *("move_meeting", "cancel_meeting", "convene_meeting", "tell_member", "open_sitting"),
        *("take_offline_kit", "bring_offline_record"),
    }
)
ENDED = frozenset(
    {
        *("restate_meeting", "approve_minutes", "write_minutes", "sign_minutes", "sign_minutes_in_ink"),
        *("prepare_signature", "open_signing_code"),
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What outlives the making of the pattern: ids, and the browsers' cookies by name."""

    ours: Mapping[str, str]
    theirs: Mapping[str, str]
    cookies: Mapping[str, Mapping[str, str]]


async def set_scene(house: Serving) -> Kept:
    """Everything in place: our hybrid is open, its vote too; the neighbours are in the middle of theirs."""
    house.at("2026-11-04T08:00")
    cast = await house.cell_s()
    theirs, neighbour = await _neighbours(house)
    ended, _ = await held(house, "2026-11-05T19:30", "2026-11-05T21:05", cast.hall, kind="extraordinary")
    sitting = await hybrid(house)
    planned = await called(house, "2026-12-10T19:30")
    secretary, administrator = await house.secretary(), await house.administrator()
    member = await house.person(cast.scanning[3])
    ours = {
        "cell": CELL,
        "org": ORG,
        "meeting": sitting.id,
        "member": cast.scanning[3].id,
        "planned": planned,
        "sha256": sha256_of(picture()),
    }
    ours |= {"ended": ended, "month": "2026-12", "quarter": "2026-Q4", "vote": await sitting.vote(elder=True)}
    ours |= await _agenda(secretary, sitting.id) | await _mandate(administrator, ORG)
    ours |= {"device": await _device(secretary, cast.chair.id), "chair": cast.chair.id}
    ours |= {"pass": await _pass(secretary, sitting.id), "election": await _election(secretary, sitting.id)}
    ours |= await _paper(secretary, planned) | await _floor(secretary, sitting.id, cast.hall[1].id, ended)
    ours |= {
        "pending": new_id(),
        "notice": new_id(),
        "passkey": new_id(),
        "account": new_id(),
        "recorder": cast.recorder.id,
        "person": (await administrator.get("/me"))["person"],
    }
    browsers = {
        "secretary": secretary,
        "administrator": administrator,
        "member": member,
        "neighbour": neighbour,
    }
    cookies = {name: browser.cookies() for name, browser in browsers.items()}
    return Kept(ours=ours, theirs=theirs, cookies=cookies)


class Scenery:
    """Sets the scene once per engine; every test then starts from a copy of that database."""

    def __init__(self) -> None:
        self._kept: dict[bool, Kept] = {}

    def fill(self, urls: Urls) -> None:
        """Make the pattern of this engine."""
        found(urls)
        self._kept[_is_sqlite(urls)] = asyncio.run(self._set(urls))

    async def _set(self, urls: Urls) -> Kept:
        with TemporaryDirectory() as folder:
            async with serving(urls, Path(folder), FixedClock(FOUNDED)) as house:
                return await set_scene(house)

    def on(self, house: Serving, urls: Urls) -> Scene:
        """The scene on a copy, at the moment at which it was set."""
        house.at(STARTS)
        kept = self._kept[_is_sqlite(urls)]
        browsers = {name: Person(house.base, cookies) for name, cookies in kept.cookies.items()}
        house.people |= browsers
        return Scene(
            house=house,
            endpoints=served(house.app),
            nobody=house.anybody(),
            ours=kept.ours,
            theirs=kept.theirs,
            **browsers,
        )


def _is_sqlite(urls: Urls) -> bool:
    return urls.app.startswith("sqlite")


def served(app: web.Application) -> tuple[Endpoint, ...]:
    """Every JSON endpoint of a running application."""
    owners = (getattr(route.handler, "__self__", None) for route in app.router.routes())
    return tuple(dict.fromkeys(owner for owner in owners if isinstance(owner, Endpoint)))


async def _neighbours(house: Serving) -> tuple[dict[str, str], Person]:
    """Another cell with an open meeting and an open vote: (their ids, their secretary's browser)."""
    administrator = await house.administrator()
    made = await administrator.post(
        "/orgs", parent=ORG, name="Chi bộ thôn Bên", kind="cell", since="2026-09-01", code="BEN"
    )
    cell = str(made["id"])
    done = await administrator.post(f"/cells/{cell}/imports", rows=[HEADINGS, *NEIGHBOURS], dry_run=False)
    assert done["applied"], done
    person = await house.holder(cell, Role.SECRETARY)
    names = [one["id"] for one in (await person.get(f"/cells/{cell}/members"))["members"]]
    ids = {
        "cell": cell,
        "org": cell,
        "member": names[0],
        "sha256": "0" * 64,
        "month": "2026-12",
        "quarter": "2026-Q4",
    }
    return ids | await _their_sitting(house, person, cell, names), person


async def _their_sitting(house: Serving, person: Person, cell: str, names: list[str]) -> dict[str, str]:
    facts = {"kind": "regular", "mode": "in_person", "place": PLACE}
    house.at("2026-11-04T08:10")
    planned = await person.post(f"/cells/{cell}/meetings", starts_at="2026-11-14T19:30:00+07:00", **facts)
    made = await person.post(f"/cells/{cell}/meetings", starts_at="2026-11-04T08:15:00+07:00", **facts)
    meeting = str(made["id"])
    await person.post(f"/meetings/{meeting}/convene")
    await person.post(f"/meetings/{meeting}/open")
    marks = [{"member": one, "mark": "present"} for one in names]
    await person.post(f"/meetings/{meeting}/roll", id=new_id(), marks=marks, head_count=3, confirm=True)
    await person.post(f"/meetings/{meeting}/parts", chair=names[0], recorder=names[1])
    vote = await person.post(f"/meetings/{meeting}/votes", question="Của chi bộ bên", minutes=60)
    ids = {"meeting": meeting, "planned": str(planned["id"]), "ended": meeting, "vote": str(vote["id"])}
    ids |= {
        "chair": names[0],
        "pending": new_id(),
        "notice": new_id(),
        "passkey": new_id(),
        "account": new_id(),
        "recorder": names[1],
        "person": (await person.get("/me"))["person"],
    }
    return (
        ids
        | await _agenda(person, meeting)
        | {"mandate": new_id(), "device": await _device(person, names[0])}
        | {"pass": await _pass(person, meeting), "election": await _election(person, meeting)}
        | await _paper(person, meeting)
        | await _floor(person, meeting, names[2], meeting)
    )


async def _agenda(person: Person, meeting: str) -> dict[str, str]:
    made = await person.put(
        f"/meetings/{meeting}/agenda", items=[{"title": "Nội dung mẫu", "planned_minutes": 30}]
    )
    item = str(made["items"][0]["id"])
    await person.post(f"/agenda-items/{item}/start")
    return {"item": item}


async def _floor(person: Person, meeting: str, member: str, before: str) -> dict[str, str]:
    """A hand that is up, a motion that waits, and work given at a sitting before."""
    hand = await person.post(f"/meetings/{meeting}/speakers", id=new_id(), member=member)
    given = await person.post(f"/meetings/{before}/tasks", title="Việc mẫu", member=member, due="2026-12-01")
    words = {"kind": "words", "text": "Đề nghị mẫu"}
    moved = await person.post(f"/meetings/{meeting}/motions", id=new_id(), member=member, **words)
    return {"speaker": str(hand["id"]), "task": str(given["id"]), "motion": str(moved["id"])}


async def _mandate(person: Person, org: str) -> dict[str, str]:
    found = (await person.get(f"/orgs/{org}"))["mandates"]
    return {"mandate": str(found[0]["id"])}


async def _device(person: Person, member: str) -> str:
    found: list[dict[str, Any]] = (await person.get(f"/members/{member}/devices"))["devices"]
    return str(found[0]["id"]) if found else new_id()


async def _election(person: Person, meeting: str) -> str:
    wanted = {"kind": "secretary_election", "title": "Bầu bí thư", "seats": 1}
    return str((await person.post(f"/meetings/{meeting}/elections", **wanted))["id"])


async def _paper(person: Person, meeting: str) -> dict[str, str]:
    issued = await person.post(f"/meetings/{meeting}/papers", kind="convocation")
    return {"paper": str(issued["id"])}


async def _pass(person: Person, meeting: str) -> str:
    made = await person.post(f"/meetings/{meeting}/helpers", name="Người giúp Mẫu")
    return str(made["id"])
