"""Story 3, guard: five sittings, none of them regular, and November stays not held whatever is tried."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from demo.client import Person
from tests.journeys.sittings import called, closed, held, joined_by_phone, led, opened, refusal_of
from tests.scans import in_json, picture
from tests.serving import CELL, Serving

MONTH = "2026-11"
REFUSALS = {
    "thematic": "additional-never-fulfils",
    "extraordinary": "additional-never-fulfils",
    "committee": "additional-never-fulfils",
    "practice": "practice-never-fulfils",
    "online_session": "supplement-never-fulfils",
}
ATTACKS = (
    "UPDATE meeting SET fulfils = 1 WHERE id = :id",
    "UPDATE meeting SET standing = 'mandatory' WHERE id = :id",
    "UPDATE meeting SET kind = 'regular' WHERE id = :id",
    "UPDATE meeting SET standing = 'mandatory', kind = 'regular', mode = 'in_person' WHERE id = :id",
    "UPDATE meeting SET state = 'open' WHERE id = :id",
    "UPDATE obligation SET fulfilled_by = :id WHERE cell_id = :cell AND month = '2026-11'",
    "INSERT INTO obligation (cell_id, month, fulfilled_by, fulfils) VALUES (:cell, '2026-11', :id, 1)",
    "INSERT INTO obligation (cell_id, month, fulfilled_by, fulfils) VALUES (:cell, '2026-10', :id, 1)",
    (
        "INSERT INTO obligation (cell_id, month, fulfilled_by, fulfils) VALUES (:cell, '2026-11', :id, 1)"
        " ON CONFLICT (cell_id, month) DO UPDATE SET fulfilled_by = excluded.fulfilled_by"
    ),
    "DELETE FROM meeting WHERE id = :id",
)


async def _five(house: Serving) -> dict[str, str]:
    """Close one of each in November; returns their ids by kind."""
    cast = await house.cell_s()
    house.at("2026-11-03T08:00")
    found = {}
    for day, kind in enumerate(("thematic", "extraordinary", "committee", "practice"), start=10):
        starts, ends = f"2026-11-{day}T19:30", f"2026-11-{day}T21:10"
        found[kind], answer = await held(house, starts, ends, cast.hall, kind=kind)
        assert not answer["fulfils_obligation"]
    found["online_session"] = await _online(house)
    return found


async def _online(house: Serving) -> str:
    cast = await house.cell_s()
    meeting = await called(house, "2026-11-16T20:00", kind="online_session", mode="online")
    await opened(house, meeting, "2026-11-16T20:00")
    for member in (cast.chair, cast.recorder, *cast.phone):
        await joined_by_phone(house, meeting, member)
    await led(house, meeting)
    answer = await closed(house, meeting, "2026-11-16T20:50")
    assert not answer["fulfils_obligation"]
    return meeting


async def test_no_path_makes_them_the_months_meeting(house: Serving) -> None:
    sittings = await _five(house)
    secretary = await house.secretary()
    for kind, meeting in sittings.items():
        for month in (MONTH, "2026-10", "2026-12"):
            path = f"/cells/{CELL}/months/{month}/fulfilment"
            assert (await refusal_of(secretary, "POST", path, meeting=meeting)).code == REFUSALS[kind]
        await _refused_by_the_database(house, meeting)
    await _refused_by_imports(secretary)
    assert await _state(house, "2026-11-30T23:00") == "no_data_yet"
    assert await _state(house, "2026-12-20T08:00") == "not_held"


async def _refused_by_the_database(house: Serving, meeting: str) -> None:
    """As the application's own role; on SQLite with foreign keys off besides."""
    engine = create_async_engine(house.database)
    try:
        for attack in ATTACKS:
            async with engine.connect() as connection:
                if engine.dialect.name == "sqlite":
                    await connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
                before = await _stand(connection)
                with pytest.raises(IntegrityError):  # a guard, a key or a check: no lock, no unknown column
                    await connection.execute(text(attack), {"id": meeting, "cell": CELL})
                    pytest.fail(f"went through: {attack}")
                await connection.rollback()
                assert await _stand(connection) == before, attack
    finally:
        await engine.dispose()


async def _stand(connection: AsyncConnection) -> list[str]:
    """Every sitting and every obligation, as text in order."""
    tables = ("meeting", "obligation", "thematic_obligation")
    rows = [row for name in tables for row in await connection.execute(text(f"SELECT * FROM {name}"))]
    return sorted(map(repr, rows))


async def _refused_by_imports(secretary: Person) -> None:
    """A roster brings no meeting, and paper none that was held online."""
    rows = [["Họ và tên", "Số thẻ đảng viên", "Tháng đã họp"], ["Mẫu Thử", "99000099", MONTH]]
    answer = await secretary.post(f"/cells/{CELL}/imports", rows=rows, dry_run=False)
    assert not answer["applied"]
    for kind in ("online_session", "practice"):
        refusal = await refusal_of(
            secretary,
            "POST",
            f"/cells/{CELL}/paper-meetings",
            kind=kind,
            place="Nhà văn hóa",
            opened_at="2026-11-16T20:00:00+07:00",
            closed_at="2026-11-16T21:40:00+07:00",
            photo=in_json(picture()),
            title="Buổi mẫu",
        )
        assert refusal.status == 422


async def _state(house: Serving, moment: str) -> str:
    house.at(moment)
    month = await (await house.secretary()).get(f"/cells/{CELL}/months/{MONTH}")
    return str(month["state"])
