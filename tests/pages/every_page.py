"""Every page that people meet, through the stages of one meeting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from demo.client import Person
from meetings.kernel.ids import new_id
from tests.journeys.hybrid import Hybrid, hybrid
from tests.journeys.sittings import called, closed, entered
from tests.pages.live_item import live_item
from tests.serving import CELL, ORG, Serving, auditor

QUARTER = "2026-Q4"
_OPEN = ("/", "/code", "/trouble", "/offline", "/kiem-tra", "/passkey")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A page and who looks at it."""

    path: str
    who: Person


async def stages(house: Serving) -> AsyncIterator[list[Place]]:
    """What there is to be seen before, during and after the meeting; the world stands still while it is looked at."""
    house.at("2026-11-20T08:00")
    yield await _signed_out(house)
    yield await _planning(house)
    sitting = await hybrid(house)
    vote, places = await _evening(house, sitting)
    yield places
    await sitting.count(vote, 12, 1, 1)
    await closed(house, sitting.id, "2026-11-24T21:05")
    yield _of(await house.secretary(), sitting.id, "", "/review", "/notes", "/roll")
    secretary = await house.secretary()
    await secretary.post(f"/meetings/{sitting.id}/minutes/approve")
    yield await _afterwards(house, sitting, vote)


def _of(who: Person, meeting: str, *pages: str) -> list[Place]:
    return [Place(path=f"/m/{meeting}{page}", who=who) for page in pages]


async def _signed_out(house: Serving) -> list[Place]:
    secretary, member = await house.secretary(), (await house.cell_s()).phone[0]
    made = await secretary.post(f"/cells/{CELL}/invitations", member=member.id, channel="message")
    link = "/l/" + str(made["link"]).rsplit("/", 1)[1]
    nobody = house.anybody()
    return [Place(path=path, who=nobody) for path in (*_OPEN, "/nowhere", link)]


async def _planning(house: Serving) -> list[Place]:
    secretary, cast = await house.secretary(), await house.cell_s()
    draft = await secretary.post(
        f"/cells/{CELL}/meetings",
        kind="regular",
        mode="in_person",
        starts_at="2026-12-24T19:30:00+07:00",
        place="Nhà văn hóa thôn Mẫu",
    )
    coming = await called(house, "2026-11-22T19:30", mode="hybrid")
    member, administrator = await house.person(cast.phone[0]), await house.administrator()
    return [
        *(
            Place(path=path, who=secretary)
            for path in (
                "/",
                f"/c/{CELL}/new",
                f"/c/{CELL}/paper-meeting",
                f"/c/{CELL}/practice",
                "/passkeys",
                "/outside-accounts",
            )
        ),
        *_of(secretary, str(draft["id"]), "/call", "/call/agenda", "/call/people"),
        *_of(secretary, coming, "/called", "/change", "/roll", "/run", "/folder", "/ballots", "/passes"),
        *_of(secretary, coming, "/shared-phones", "/kiosk"),
        *(Place(path=f"/c/{CELL}/members{more}", who=secretary) for more in ("", f"/{cast.phone[0].id}")),
        *(Place(path=f"/c/{CELL}/roster{more}", who=secretary) for more in ("", "/one")),
        *(
            Place(path=path, who=administrator)
            for path in (
                *("/", f"/o/{ORG}", f"/o/{CELL}", f"/o/{ORG}/holidays"),
                *("/installation", "/installation/settings"),
            )
        ),
        Place(path="/", who=member),
        *_of(member, coming, "", "/leave", "/room", "/open"),
    ]


async def _evening(house: Serving, sitting: Hybrid) -> tuple[str, list[Place]]:
    secretary, cast, meeting = await house.secretary(), sitting.cast, sitting.id
    items = await live_item(house, meeting)
    vote = await sitting.vote(elder=True)
    election = await secretary.post(
        f"/meetings/{meeting}/elections", kind="committee_election", title="Bầu chi ủy", seats=2
    )
    for step, member in zip(("by_convenor", "by_member"), cast.hall[1:3], strict=True):
        by = {"nominator": cast.hall[4].id} if step == "by_member" else {}
        await secretary.post(f"/elections/{election['id']}/names", member=member.id, step=step, **by)
    await secretary.post(
        f"/meetings/{meeting}/tasks", title="Vận động hộ mẫu", member=cast.hall[1].id, due="2026-12-20"
    )
    listener, in_hall = await house.person(cast.phone[0]), await house.person(cast.hall[1])
    await in_hall.post(f"/meetings/{meeting}/speakers", id=new_id())
    motions = await _moved(secretary, in_hall, meeting, items[0]["id"])
    return vote, [
        *_of(secretary, meeting, "/motions", *motions),
        *_of(in_hall, meeting, "/motions", *motions[:2]),
        Place(path="/", who=secretary),
        *_of(secretary, meeting, "/run", "/notes", "/roll", "/close", "/questions/new", f"/questions/{vote}"),
        *_of(secretary, meeting, "/tasks", "/score"),
        *_of(
            secretary, meeting, f"/roll/{cast.phone[0].id}", "/elections/new", f"/elections/{election['id']}"
        ),
        *(Place(path="/", who=one) for one in (listener, in_hall)),
        *_of(listener, meeting, "", "/room"),
        *_of(in_hall, meeting, "", "/room"),
    ]


async def _moved(secretary: Person, member: Person, meeting: str, item: str) -> list[str]:
    """A draft, an amendment that waits, one that became stale; the pages about them."""
    moved: list[str] = []
    for after, text in enumerate(("Làm đường trước ngày 30/11.", "Làm đường trước ngày 30/11, có kiểm tra.")):
        await secretary.post(f"/agenda-items/{item}/draft", id=new_id(), after=after, text=text)
        words = {"text": f"Hai tổ làm đường trước ngày {15 + after}/12.", "reason": "Kịp thu hoạch"}
        wanted = {"id": new_id(), "item": item, "against": after + 1, **words}
        moved.append(str((await member.post(f"/meetings/{meeting}/motions", **wanted))["id"]))
    return [f"/motions/amend/{item}", "/motions/say", f"/motions/draft/{item}", f"/motions/{moved[-1]}/vote"]


async def _afterwards(house: Serving, sitting: Hybrid, vote: str) -> list[Place]:
    secretary, member = await house.secretary(), await house.person(sitting.cast.phone[0])
    overseer = await auditor(house)
    forgotten = await entered(house, "Thào Thị Mẫu Sót", "03/02/1994")
    letter, seen = [
        await secretary.post(f"/meetings/{sitting.id}/papers", kind=kind)
        for kind in ("convocation", "attendance")
    ]
    addendum = await secretary.post(
        f"/meetings/{sitting.id}/papers",
        kind="addendum",
        remarks=[{"part": "opening", "text": "Tên đầy đủ của địa điểm: Nhà văn hóa thôn Mẫu."}],
        reason="Ghi thiếu tên",
        found_by="Đồng chí thư ký",
    )
    return [
        *(
            Place(path=f"/papers/{paper['id']}/sign", who=one)
            for paper in (letter, seen, addendum)
            for one in (secretary, member)
        ),
        *_of(secretary, sitting.id, "/sign", "/verification", "/addendum", "/papers", f"/resolution/{vote}"),
        *_of(secretary, sitting.id, "/roll", f"/roll/roster/{forgotten}"),
        *_of(member, sitting.id, ""),
        Place(path=f"/api/v1/meetings/{sitting.id}/minutes.html", who=member),
        Place(path="/", who=overseer),
        Place(path=f"/api/v1/orgs/{ORG}/quarters/{QUARTER}/table.html", who=overseer),
        Place(path=f"/api/v1/meetings/{sitting.id}/evidence.html", who=overseer),
        Place(path=f"/api/v1/cells/{CELL}/audit.html", who=overseer),
        Place(path=f"/c/{CELL}/months/2026-11/decision", who=await _committee(house)),
        Place(path=f"/api/v1/cells/{CELL}/audit.html", who=overseer),
    ]


async def _committee(house: Serving) -> Person:
    """The auditor is the committee's secretary from now on; a paper about the month is entered already."""
    person = await house.administrator()
    me = await person.get("/me")
    paper = "Quyết định mẫu số 02-QĐ/ĐU ngày 01/09/2026"
    await person.post(
        f"/orgs/{ORG}/mandates", person=me["person"], role="secretary", since="2026-09-01", paper=paper
    )
    letter = {"number": "Công văn mẫu số 45-CV/ĐU", "issued_on": "2026-11-20", "issuer": "Đảng ủy xã Mẫu"}
    await person.post(f"/cells/{CELL}/months/2026-11/decision", **letter, reason="Bão mẫu", lifts_month=False)
    return person
