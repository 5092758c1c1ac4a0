"""Attacks that only one of the two databases makes possible."""

from __future__ import annotations

from collections.abc import Iterator

from tests.convening.attacks import COLUMNS, FILL, FORGED, INSERT, ROWS, Attack, change, held, one
from tests.convening.world import CELL_A, born


def _replacing() -> Iterator[Attack]:
    """SQLite alone: REPLACE deletes without firing triggers, columns keep any type."""
    forged = f"REPLACE INTO meeting {COLUMNS} VALUES"
    yield one(
        "replace a supplement by a draft",
        born("online_session-online", "regular", "in_person", "mandatory").replace("INSERT", "REPLACE"),
        only="sqlite",
    )
    yield one(
        "replace a supplement by a held meeting",
        f"{forged} {FORGED.format(id='online_session-online')}",
        only="sqlite",
    )
    yield one(
        "replace the month", "REPLACE " + INSERT.format("'cell-a', '2026-11', 'below', 1")[7:], only="sqlite"
    )
    yield one(
        "replace a held month", "REPLACE " + INSERT.format("'cell-a', '2026-10', NULL, 1")[7:], only="sqlite"
    )
    yield one(
        "push a held month aside",
        "REPLACE " + INSERT.format("'cell-a', '2027-01', 'october', 1")[7:],
        only="sqlite",
    )
    yield one(
        "update or replace the month",
        FILL.format("october").replace("UPDATE", "UPDATE OR REPLACE"),
        only="sqlite",
    )


def _stretching() -> Iterator[Attack]:
    """SQLite alone: other conflict clauses, other types, other tables of the same name."""
    yield one(
        "update or replace an id", change("below", "id = 'october'", "UPDATE OR REPLACE"), only="sqlite"
    )
    yield one("update or ignore the flag", change("below", "fulfils = 1", "UPDATE OR IGNORE"), only="sqlite")
    yield one("update or fail", change("below", "fulfils = 1", "UPDATE OR FAIL"), only="sqlite")
    yield one("more than every number", change("open-regular", held(present="'x'")), only="sqlite")
    yield one("a count that is bytes", change("open-regular", held(present="x'ff'")), only="sqlite")
    yield one(
        "a moment that is no moment",
        change("convened-regular", "state = 'open', opened_at = 'khi nào'"),
        only="sqlite",
    )
    yield one(
        "a month that is bytes",
        INSERT.format("'cell-a', CAST('2026-11' AS BLOB), 'below', 1"),
        only="sqlite",
    )
    yield one(
        "a temporary table of the same name",
        "CREATE TEMP TABLE meeting AS SELECT * FROM main.meeting",
        "UPDATE main.obligation SET fulfilled_by = 'below' WHERE cell_id = 'cell-a' AND month = '2026-11'",
        only="sqlite",
    )


def _by_the_role() -> Iterator[Attack]:
    """PostgreSQL: the application's role owns no table and no function."""
    for name, statement in (
        ("disable the guards", "ALTER TABLE meeting DISABLE TRIGGER ALL"),
        ("disable the keys", "ALTER TABLE obligation DISABLE TRIGGER ALL"),
        ("act as a replica", "SET session_replication_role = replica"),
        ("drop a guard", "DROP TRIGGER meeting_fulfils ON meeting"),
        ("drop the key", "ALTER TABLE obligation DROP CONSTRAINT fk_obligation_meeting"),
        ("drop a check", "ALTER TABLE meeting DROP CONSTRAINT ck_meeting_fulfils"),
        ("drop the table", "DROP TABLE obligation CASCADE"),
        ("empty the table", "TRUNCATE obligation, meeting CASCADE"),
        (
            "a guard of its own",
            "CREATE TRIGGER aaa BEFORE UPDATE ON meeting EXECUTE FUNCTION tsvector_update_trigger()",
        ),
        ("a rule of its own", "CREATE RULE r AS ON UPDATE TO meeting DO INSTEAD NOTHING"),
        (
            "another function",
            "CREATE OR REPLACE FUNCTION refuse_by_guard() RETURNS trigger LANGUAGE SQL AS 'SELECT 1'",
        ),
        ("drop the function", "DROP FUNCTION refuse_by_guard() CASCADE"),
        ("write the catalogue", "UPDATE pg_trigger SET tgenabled = 'D'"),
        ("become the owner", "SET ROLE chibo_owner"),
        ("own the table", "ALTER TABLE meeting OWNER TO chibo_app"),
        ("a new schema before ours", "CREATE SCHEMA aaa"),
    ):
        yield one(name, statement, only="postgresql")
    yield one("put the keys off", "SET CONSTRAINTS ALL DEFERRED", FILL.format("below"), only="postgresql")
    yield one(
        "a temporary table in front",
        "CREATE TEMP TABLE meeting (LIKE public.meeting)",
        "INSERT INTO meeting " + COLUMNS + " VALUES " + FORGED.format(id="below"),
        FILL.format("below"),
        only="postgresql",
    )
    yield one(
        "a merge",
        "MERGE INTO obligation o USING (SELECT 'below' AS id) s ON o.cell_id = 'cell-a'"
        " AND o.month = '2026-11' WHEN MATCHED THEN UPDATE SET fulfilled_by = s.id",
        only="postgresql",
    )


ATTACKS: tuple[Attack, ...] = (
    *ROWS,
    *_replacing(),
    *_stretching(),
    *_by_the_role(),
)

UNHELD = (
    f"SELECT count(*) FROM obligation WHERE cell_id = '{CELL_A}' AND month > '2026-10' AND fulfilled_by>''",
    f"SELECT count(*) FROM thematic_obligation WHERE cell_id = '{CELL_A}' AND fulfilled_by>''",
)
