"""The rows of one table by one value: what comes back, in which order, how often it is asked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Field, SQLModel

from meetings.db.rows import RowsBy
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from tests.db.notes import NoteRow, write


class HidingRow(SQLModel, table=True):
    """A row whose column is called like something that every row has."""

    __tablename__ = "test_hiding"
    id: str = Field(primary_key=True)
    count: int


_BY_WORD = RowsBy(NoteRow, "parent", order=("word",))


async def test_they_come_in_order_with_all_their_columns(units: Units, clock: FixedClock) -> None:
    at = clock.now() - timedelta(hours=3)
    async with units.begin() as uow:
        write(uow, "gốc")
        await uow.session.flush()
        write(uow, "hai", parent="gốc", data={"a": [1]})
        write(uow, "ba", parent="gốc", at=at)
        await uow.session.flush()
        assert [row.word for row in await _BY_WORD(uow.session, "gốc")] == ["ba", "hai"]
    async with units.read() as uow:
        first, second = await _BY_WORD(uow.session, "gốc")
        assert (first.at, second.at, second.data) == (at, None, {"a": [1]})
        assert (await _BY_WORD.one(uow.session, "gốc")) == first
        assert await _BY_WORD.one(uow.session, "nào") is None


async def test_a_writing_unit_sees_what_it_wrote_and_a_reading_one_asks_once(units: Units) -> None:
    async with units.begin() as uow:
        write(uow, "gốc")
        await uow.session.flush()
        assert await _BY_WORD(uow.session, "gốc") == []
        write(uow, "con", parent="gốc")
        await uow.session.flush()
        assert [row.word for row in await _BY_WORD(uow.session, "gốc")] == ["con"]
    async with units.read() as reading:
        mine = await _BY_WORD(reading.session, "gốc")
        mine.clear()
        async with units.database.writing() as other:
            other.add(NoteRow(id="x", word="x", one=9, two=9, parent="gốc"))
        assert [row.word for row in await _BY_WORD(reading.session, "gốc")] == ["con"]


def test_a_column_that_a_row_would_hide_is_refused() -> None:
    with pytest.raises(ValueError, match="count"):
        RowsBy(HidingRow, "id")
