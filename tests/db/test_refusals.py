"""Which constraint refused, by name, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from meetings.db.engine import Database
from meetings.db.refusals import GuardedByDatabase, constraint_of, translate
from meetings.kernel.errors import Conflict
from tests.db.notes import NoteRow


class PairTaken(Conflict):
    """The pair is taken."""

    code = "pair-taken"


async def refusal(database: Database, **facts: Any) -> IntegrityError:
    """What the database says to a second note with these facts."""
    second: dict[str, Any] = {"id": "b", "word": "hai", "one": 2, "two": 2}
    with pytest.raises(IntegrityError) as caught:
        async with database.writing() as session:
            session.add(NoteRow(id="a", word="một", one=1, two=1))
            await session.flush()
            session.add(NoteRow(**(second | facts)))
    return caught.value


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({"word": "một"}, {"uq_test_note_word"}),
        ({"one": 1, "two": 1}, {"uq_test_note_pair"}),
        ({"one": -1}, {"ck_test_note_one"}),
        ({"parent": "không có"}, {"fk_test_note_parent", None}),
    ],
)
async def test_the_name_is_told(database: Database, facts: dict[str, Any], names: set[str | None]) -> None:
    assert constraint_of(await refusal(database, **facts), SQLModel.metadata) in names


async def test_a_guard_is_told_by_its_name(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught:
        async with database.connection() as connection:
            await connection.exec_driver_sql(
                "INSERT INTO obligation (cell_id, month, fulfils) VALUES ('cell', '2026-11', 0)"
            )
    name = constraint_of(caught.value)
    assert name == "obligation_is_one_on_insert"
    assert isinstance(translate(caught.value), GuardedByDatabase)


async def test_only_what_is_known_is_translated(database: Database) -> None:
    exc = await refusal(database, one=1, two=1)
    assert isinstance(translate(exc, {"uq_test_note_pair": PairTaken}), PairTaken)
    assert isinstance(translate(exc, {"uq_test_note_word": PairTaken}), GuardedByDatabase)


async def test_a_null_where_none_may_be_is_nobodys_refusal(database: Database) -> None:
    exc = await refusal(database, word=None)
    assert translate(exc) is exc
