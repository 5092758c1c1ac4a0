"""Every writing call by the cell's own secretary, about each sitting that is not the month's meeting: whether it is
accepted or not, no month and no quarter becomes held by it (rules.md 1.1, story 3)."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import text

from meetings.http.endpoint import Endpoint
from tests.api.asking import said
from tests.api.scene import Scene
from tests.api.wishes import wish
from tests.journeys.hybrid import STARTS
from tests.journeys.sittings import called, closed, held, joined_by_phone, led, new_id, opened

OVER, CALLED = ("thematic", "practice"), ("extraordinary", "committee", "online_session")
# These end the secretary's own visit, and are about no sitting.
ENDING = frozenset({"sign_out", "revoke_device"})
FIRST, LAST = ("open_sitting", "post_roll"), ("close_sitting", "move_meeting", "cancel_meeting")
# These must have been accepted somewhere, or nothing was tried.
TRIED = frozenset(
    {
        *("open_sitting", "post_roll", "put_agenda", "state_fees", "welcome_guest"),
        *("approve_minutes", "restate_meeting"),
    }
)


async def _sittings(scene: Scene) -> dict[str, str]:
    """One of each kind that is never the month's, called or over; the online session is both."""
    house, found = scene.house, {}
    cast = await house.cell_s()
    house.at("2026-11-06T08:00")
    for day, kind in enumerate(OVER, start=10):
        found[f"{kind}, over"], answer = await held(
            house, f"2026-11-{day}T19:30", f"2026-11-{day}T21:10", cast.hall, kind=kind
        )
        assert not answer["fulfils_obligation"]
    over = await called(house, "2026-11-16T20:00", kind="online_session", mode="online")
    await opened(house, over, "2026-11-16T20:00")
    for _ in range(50):
        house.gateway.join(
            "elsewhere", new_id()
        )  # its events are numbered anew, but the scene took the first ones
    for member in (cast.chair, cast.recorder):
        await joined_by_phone(house, over, member)
    await led(house, over)
    await closed(house, over, "2026-11-16T20:50")
    found["online_session, over"] = over
    house.at(STARTS)
    for kind in CALLED:
        mode = "online" if kind == "online_session" else "in_person"
        found[f"{kind}, called"] = await called(house, STARTS, kind=kind, mode=mode)
    return found


async def _obligations(scene: Scene) -> list[str]:
    async with scene.house.house.units.database.reading() as session:
        rows = [
            *await session.execute(text("SELECT * FROM obligation")),
            *await session.execute(text("SELECT * FROM thematic_obligation")),
        ]
    return sorted(map(repr, rows))


async def _tell(scene: Scene, endpoint: Endpoint, kind: str, meeting: str) -> bool:
    """Ask for it about that sitting, wherever an id of a sitting goes; whether it was accepted."""
    about = dict.fromkeys(("meeting", "planned", "ended"), meeting)
    ids = {**scene.ours, **about, "month": "2026-11"}
    body = wish(endpoint.handler.__name__, ids)
    if endpoint.handler.__name__ in {"enter_paper_meeting", "call_meeting"}:
        body["kind"] = kind
    answer = await said(scene, scene.secretary, endpoint, body, path=scene.path(endpoint, ids))
    assert answer.status < 500, (endpoint.handler.__name__, answer)
    return answer.status < 300


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "database_urls", ["sqlite"], indirect=True
)  # the guards of both are tried by raw SQL
async def test_no_call_about_another_sitting_holds_a_month(scene: Scene) -> None:
    sittings = await _sittings(scene)
    before, accepted = await _obligations(scene), Counter[str]()
    known = {one.handler.__name__: one for one in scene.writing if one.handler.__name__ not in ENDING}
    middle = [name for name in known if name not in {*FIRST, *LAST}]
    writing = [known[name] for name in (*FIRST, *middle, *LAST)]
    for name, meeting in sittings.items():
        for endpoint in writing:
            done = await _tell(scene, endpoint, name.partition(",")[0], meeting)
            accepted[endpoint.handler.__name__] += done
            assert await _obligations(scene) == before, (name, endpoint.handler.__name__)
    assert not accepted["fulfil_month"]
    assert not {one for one in TRIED if not accepted[one]}, accepted
