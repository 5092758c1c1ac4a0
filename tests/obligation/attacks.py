"""Every way somebody has tried to make a month or a quarter look held. Each must be refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tests.convening.world import born, walked


@dataclass(frozen=True, kw_only=True, slots=True)
class Attack:
    """Statements by someone who can write rows. The last is the one that must fail; the others may."""

    name: str
    sql: tuple[str, ...]
    only: Literal["sqlite", "postgresql"] | None = None


FILL = "UPDATE obligation SET fulfilled_by = '{}' WHERE cell_id = 'cell-a' AND month = '2026-11'"
THEME = "UPDATE thematic_obligation SET fulfilled_by = '{}' WHERE cell_id = 'cell-a' AND quarter = '2026-Q4'"
INSERT = "INSERT INTO obligation (cell_id, month, fulfilled_by, fulfils) VALUES ({})"
COLUMNS = (
    "(id, cell_id, month, quarter, kind, mode, standing, state, title, place, starts_at, planned_minutes,"
    " minimum_minutes, zone, hall_present, hall_required, fulfils, fulfils_theme)"
)
FORGED = (
    "('{id}', 'cell-a', '2026-11', '2026-Q4', 'regular', 'in_person', 'mandatory', 'closed', 't', 'p',"
    " '2026-11-24 12:30:00', 90, 90, 'Asia/Ho_Chi_Minh', 20, 11, 1, 0)"
)


def change(name: str, facts: str, verb: str = "UPDATE") -> str:
    """A change of one meeting."""
    return f"{verb} meeting SET {facts} WHERE id = '{name}'"


def one(name: str, *sql: str, only: Literal["sqlite", "postgresql"] | None = None) -> Attack:
    """An attack on both databases, or on one."""
    return Attack(name=name, sql=sql, only=only)


def _attaching() -> Iterator[Attack]:
    for sitting in ("online_session-online", "extraordinary-in_person", "committee-in_person"):
        yield one(f"attach {sitting} to the month", FILL.format(sitting))
    yield one("attach a practice to the month", FILL.format("practice-in_person"))
    yield one("attach a sitting below the minimum", FILL.format("below"))
    yield one("attach an open meeting", FILL.format("open-regular"))
    yield one("attach a convened meeting", FILL.format("convened-regular"))
    yield one("attach a cancelled meeting", FILL.format("cancelled"))
    yield one("attach nothing that exists", FILL.format("ghost"))
    yield one("steal another cell's meeting", FILL.format("of-b-again"))
    yield one("steal another cell's meeting that already counts", FILL.format("of-b"))
    yield one("steal another month's meeting", FILL.format("october-again"))
    yield one("use one meeting for two months", FILL.format("october"))
    yield one(
        "insert a second row for the same month",
        INSERT.format("'cell-a', '2026-11', 'online_session-online', 1"),
    )
    yield one(
        "insert a row with a supplement", INSERT.format("'cell-a', '2026-12', 'online_session-online', 1")
    )
    yield one(
        "insert a row for a month the meeting is not of", INSERT.format("'cell-a', '2026-12', 'october', 1")
    )


def _asking() -> Iterator[Attack]:
    yield one("an obligation that asks for less", FILL.format("below").replace("SET", "SET fulfils = 0,"))
    yield one("an obligation that asks for NULL", FILL.format("below").replace("SET", "SET fulfils = NULL,"))
    yield one(
        "an inserted obligation that asks for nothing", INSERT.format("'cell-a', '2026-12', 'below', 0")
    )
    yield one(
        "move a held obligation to the month",
        "UPDATE obligation SET month = '2026-11' WHERE cell_id = 'cell-a' AND month = '2026-10'",
    )
    yield one(
        "move another cell's obligation here",
        "UPDATE obligation SET cell_id = 'cell-a' WHERE cell_id = 'cell-b' AND month = '2026-11'",
    )
    yield one(
        "make the unheld month another one",
        "UPDATE obligation SET month = '2026-10' WHERE cell_id = 'cell-a' AND month = '2026-11'",
    )
    yield one("forget a held month", "DELETE FROM obligation WHERE cell_id = 'cell-a' AND month = '2026-10'")
    yield one(
        "forget the unheld month", "DELETE FROM obligation WHERE cell_id = 'cell-a' AND month = '2026-11'"
    )
    yield one(
        "take a month's meeting away",
        "UPDATE obligation SET fulfilled_by = NULL WHERE cell_id = 'cell-a' AND month = '2026-10'",
    )
    yield one(
        "exchange a month's meeting",
        "UPDATE obligation SET fulfilled_by = 'october-again' WHERE cell_id = 'cell-a' AND month = '2026-10'",
    )


def _flipping() -> Iterator[Attack]:
    regular = "kind = 'regular', mode = 'in_person', standing = 'mandatory'"
    for sitting in ("draft-online", "convened-online", "open-online", "online_session-online"):
        yield one(f"{sitting}: say it was in person", change(sitting, "mode = 'in_person'"))
        yield one(f"{sitting}: call it mandatory", change(sitting, "standing = 'mandatory'"))
        yield one(f"{sitting}: call it regular", change(sitting, "kind = 'regular'"))
        yield one(f"{sitting}: change all three at once", change(sitting, regular))
    for sitting in ("convened-practice", "open-practice", "practice-in_person", "extraordinary-in_person"):
        yield one(f"{sitting}: change kind and standing", change(sitting, regular))
    yield one(
        "turn a planned supplement regular and hold it",
        change("convened-online", regular),
        *list(walked("convened-online", "closed", present=20, required=11, flags=(1, 0), month="2026-11"))[
            1:
        ],
        FILL.format("convened-online"),
    )
    yield one("change all three while opening", change("convened-online", f"{regular}, state = 'open'"))
    yield one("change all three while closing", change("open-online", f"{regular}, {held()}"))
    yield one("take a hybrid online while open", change("open-regular", "mode = 'online'"))


def _misborn() -> Iterator[Attack]:
    yield one("a mandatory meeting online", born("new", "regular", "online", "mandatory"))
    yield one("an online session of another standing", born("new", "online_session", "online", "additional"))
    yield one("a supplement in a hall", born("new", "regular", "in_person", "supplement"))
    yield one("a thematic sitting as mandatory", born("new", "thematic", "in_person", "mandatory"))
    yield one("a practice with a standing", born("new", "practice", "in_person", "mandatory"))
    yield one("a kind nobody knows", change("draft-online", "kind = NULL"))


def held(present: str = "20", required: str = "11", closed_at: str = "'2026-11-24 14:00:00'") -> str:
    """Facts of a closing that counts, or would."""
    return (
        f"state = 'closed', closed_at = {closed_at}, hall_present = {present}, hall_required = {required},"
        " fulfils = 1"
    )


def _flags() -> Iterator[Attack]:
    for sitting in (
        "online_session-online",
        "extraordinary-in_person",
        "practice-in_person",
        "below",
        "open-regular",
        "convened-regular",
        "draft-regular",
        "cancelled",
    ):
        yield one(f"{sitting}: set the flag", change(sitting, "fulfils = 1"))


def _closing() -> Iterator[Attack]:
    yield one("close a supplement with the flag", change("open-online", held()))
    yield one("close a practice with the flag", change("open-practice", held()))
    yield one(
        "close below the minimum with the flag",
        change("open-regular", held(present="10")),
    )
    yield one(
        "close with nobody required",
        change("open-regular", held(required="0")),
    )
    yield one(
        "close with NULL counts",
        change("open-regular", held(present="NULL")),
    )
    yield one(
        "close with NULL required",
        change("open-regular", held(required="NULL")),
    )


def _counting() -> Iterator[Attack]:
    yield one("a flag of two", change("below", "fulfils = 2"))
    yield one("a NULL flag", change("below", "fulfils = NULL"))
    yield one("raise the hall after closing", change("below", "hall_present = 20"))
    yield one("raise the hall and the flag after closing", change("below", "hall_present = 20, fulfils = 1"))
    yield one("lower the minimum after closing", change("below", "hall_required = 1"))
    yield one("lower the minimum and set the flag", change("below", "hall_required = 1, fulfils = 1"))
    yield one("counts before closing", change("open-regular", "hall_present = 20, hall_required = 1"))
    yield one("close without a closing time", change("open-regular", held(closed_at="NULL")))
    yield one("born closed", f"INSERT INTO meeting {COLUMNS} VALUES {FORGED.format(id='new')}")
    yield one(
        "born draft with the flag",
        f"INSERT INTO meeting {COLUMNS} VALUES {FORGED.format(id='new').replace('closed', 'draft')}",
    )


def _states() -> Iterator[Attack]:
    for sitting, state in (
        ("below", "open"),
        ("below", "draft"),
        ("october", "closed"),
        ("open-regular", "convened"),
        ("cancelled", "convened"),
        ("cancelled", "draft"),
        ("convened-regular", "closed"),
        ("draft-regular", "open"),
        ("online_session-online", "convened"),
    ):
        yield one(f"{sitting}: back or over to {state}", change(sitting, f"state = '{state}'"))
    yield one(
        "reopen and close again", change("below", "state = 'open'"), change("below", "hall_present = 20")
    )
    yield one("a state nobody knows", change("open-regular", "state = 'held'"))
    yield one("a NULL state", change("open-regular", "state = NULL"))


def _moving() -> Iterator[Attack]:
    yield one("move a held meeting to the month", change("october-again", "month = '2026-11'"))
    yield one("move a held meeting to this cell", change("of-b-again", "cell_id = 'cell-a'"))
    yield one(
        "move a planned meeting to this cell",
        born("new", "regular", "in_person", "mandatory", cell="cell-b"),
        change("new", "cell_id = 'cell-a'"),
    )
    yield one(
        "another opening in another month", change("october-again", "opened_at = '2026-11-02 12:30:00'")
    )
    yield one(
        "another opening and month",
        change("october-again", "opened_at = '2026-11-02 12:30:00', month = '2026-11'"),
    )
    opening = "state = 'open', opened_at = {}"
    yield one(
        "open in December for November", change("convened-regular", opening.format("'2026-12-24 12:30:00'"))
    )
    yield one("open at no time", change("convened-regular", opening.format("NULL")))
    yield one("a NULL month", change("convened-regular", "month = NULL"))
    yield one("a month of another quarter", change("convened-regular", "quarter = '2026-Q3'"))
    yield one(
        "born in a wrong quarter", born("new", "regular", "hybrid", "mandatory", month=("2026-11", "2026-Q1"))
    )
    yield one("take over an id", change("online_session-online", "id = 'october-2'"))


def _deleting() -> Iterator[Attack]:
    for sitting in ("october", "below", "online_session-online", "convened-regular", "cancelled"):
        yield one(f"delete {sitting}", f"DELETE FROM meeting WHERE id = '{sitting}'")
    yield one(
        "delete and make anew",
        "DELETE FROM meeting WHERE id = 'online_session-online'",
        born("online_session-online", "regular", "in_person", "mandatory"),
        *walked("online_session-online", "closed", present=20, required=11, flags=(1, 0), month="2026-11"),
        FILL.format("online_session-online"),
    )
    yield one(
        "delete the month and make it anew",
        "DELETE FROM obligation WHERE cell_id = 'cell-a' AND month = '2026-11'",
        INSERT.format("'cell-a', '2026-11', 'online_session-online', 1"),
    )
    yield one(
        "an upsert of the flag",
        f"INSERT INTO meeting {COLUMNS} VALUES {FORGED.format(id='below')}"
        " ON CONFLICT (id) DO UPDATE SET hall_present = 20, fulfils = 1",
    )
    yield one(
        "an upsert of the month",
        INSERT.format("'cell-a', '2026-11', NULL, 1")
        + " ON CONFLICT (cell_id, month) DO UPDATE SET fulfilled_by = 'online_session-online'",
    )


def _thematic() -> Iterator[Attack]:
    for sitting in (
        "thematic-online",
        "extraordinary-in_person",
        "practice-in_person",
        "below",
        "of-b",
        "october",
    ):
        yield one(f"attach {sitting} to the quarter", THEME.format(sitting))
    yield one("steal another cell's thematic sitting", THEME.format("theme-of-b"))
    for sitting in ("thematic-online", "extraordinary-in_person", "below", "october-again"):
        yield one(f"{sitting}: set the thematic flag", change(sitting, "fulfils_theme = 1"))
    yield one(
        "close an online thematic with the flag", change("open-online", "state = 'closed', fulfils_theme = 1")
    )
    yield one(
        "a regular meeting with the thematic flag",
        change("open-regular", f"{held()}, fulfils_theme = 1"),
    )
    yield one(
        "a quarter that asks for less",
        THEME.format("thematic-online").replace("SET", "SET fulfils_theme = 0,"),
    )
    yield one(
        "move a quarter",
        "UPDATE thematic_obligation SET cell_id = 'cell-a', quarter = '2026-Q3' WHERE cell_id = 'cell-b'",
    )
    yield one("forget a quarter", "DELETE FROM thematic_obligation WHERE cell_id = 'cell-b'")


ROWS: tuple[Attack, ...] = (
    *_attaching(),
    *_asking(),
    *_flipping(),
    *_misborn(),
    *_flags(),
    *_closing(),
    *_counting(),
    *_states(),
    *_moving(),
    *_deleting(),
    *_thematic(),
)
