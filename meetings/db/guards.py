"""Guards: what the database itself refuses, whoever asks. Data here; recreated by every migration.

Conditions are written once for both databases: `{differs}` stands for IS DISTINCT FROM (SQLite: IS NOT).
Sources: architecture decision 2; rules.md 1.1 (a month is fulfilled only by a closed mandatory sitting in a
hall) after Điều lệ Đảng, article 24.2, and the committee's word that a session on software never replaces it.
"""

# ruff: noqa: S608  the statements are built from the constants of this file alone
from __future__ import annotations

from collections.abc import Iterable

from meetings.db.guard import Dialect, Event, Guard
from meetings.db.guards_of_papers import papers

_HELD = "('closed', 'minuted', 'signed')"
_COMING = "('draft', 'convened')"
_QUARTER = "substr(NEW.month, 1, 4) || '-Q' || ((CAST(substr(NEW.month, 6, 2) AS integer) + 2) / 3)"
_ENOUGH_IN_HALL = (
    f"NEW.mode IN ('in_person', 'hybrid') AND NEW.state IN {_HELD} AND NEW.opened_at IS NOT NULL"
    " AND NEW.closed_at IS NOT NULL AND NEW.hall_required >= 1 AND NEW.hall_present >= NEW.hall_required"
)
_MAY_FULFIL = (
    "NEW.fulfils = 1 AND NEW.standing = 'mandatory' AND NEW.kind IN ('regular', 'regular_with_thematic')"
    f" AND {_ENOUGH_IN_HALL}"
)
_MAY_FULFIL_THEME = (
    "NEW.fulfils_theme = 1 AND NEW.standing IN ('mandatory', 'additional')"
    f" AND NEW.kind IN ('thematic', 'regular_with_thematic') AND {_ENOUGH_IN_HALL}"
)
_STANDING_FITS = (
    "(NEW.kind = 'practice') = (NEW.standing = 'none')"
    " AND (NEW.mode <> 'online' OR NEW.standing IN ('supplement', 'none'))"
    " AND (NEW.standing <> 'supplement' OR NEW.mode = 'online')"
    " AND (NEW.standing <> 'mandatory' OR NEW.kind IN ('regular', 'regular_with_thematic'))"
)
_STEP = (
    "(OLD.state = 'draft' AND NEW.state IN ('convened', 'cancelled'))"
    " OR (OLD.state = 'convened' AND NEW.state IN ('open', 'cancelled'))"
    " OR (OLD.state = 'open' AND NEW.state = 'closed')"
    " OR (OLD.state = 'closed' AND NEW.state = 'minuted')"
    " OR (OLD.state = 'minuted' AND NEW.state = 'signed')"
)


def _unless(fact: str) -> str:
    """Holds where the fact is false or unknown: a NULL proves nothing."""
    return f"({fact}) IS NOT TRUE"


def _changed(*columns: str) -> str:
    return "(" + " OR ".join(f"NEW.{column} {{differs}} OLD.{column}" for column in columns) + ")"


def append_only(table: str, *keys: str, again: str | None = None) -> tuple[Guard, ...]:
    """Rows that are written once. `keys`: columns ("cell_id, seq") of each key of the table; they hold off
    REPLACE, which on SQLite deletes the old row without a sound. `again`: the key that ON CONFLICT DO NOTHING
    names, because triggers come before conflicts: writing it again is passed over, not refused."""
    return (
        Guard(name=f"{table}_unchanged", table=table, event="update", when="1 = 1"),
        Guard(name=f"{table}_kept", table=table, event="delete", when="1 = 1"),
        *(_not_replaced(table, key, number, but=again) for number, key in enumerate(keys)),
        *([_not_replaced(table, again, len(keys), quiet=True)] if again else []),
    )


def _not_replaced(
    table: str, key: str, number: int = 0, *, but: str | None = None, quiet: bool = False
) -> Guard:
    columns = tuple(key.split(", "))
    same = " AND ".join(f"{column} = NEW.{column}" for column in columns)
    other = f" AND {but} <> NEW.{but}" if but else ""
    return Guard(
        name=f"{table}_not_replaced" + (f"_{number}" if number else ""),
        table=table,
        event="insert",
        when=f"EXISTS (SELECT 1 FROM {table} WHERE {same}{other})",
        only="sqlite",
        taken=columns,
        quiet=quiet,
    )


def _both(name: str, when: str, only: Dialect | None = None) -> tuple[Guard, Guard]:
    """A condition on every meeting that is written, at birth and after."""
    return (
        Guard(name=f"meeting_{name}_at_birth", table="meeting", event="insert", when=when, only=only),
        Guard(name=f"meeting_{name}", table="meeting", event="update", when=when, only=only),
    )


def _meeting() -> tuple[Guard, ...]:
    def update(name: str, when: str) -> Guard:
        return Guard(name=f"meeting_{name}", table="meeting", event="update", when=when)

    frozen = _changed("month", "quarter", "mode", "supplements_id", "zone", "entered_late_on")
    counts = _changed("hall_present", "hall_required", "fulfils", "fulfils_theme", "opened_at", "closed_at")
    none = "NEW.fulfils = 0 AND NEW.fulfils_theme = 0 AND NEW.hall_present = 0 AND NEW.hall_required = 0"
    return (
        Guard(
            name="meeting_born_draft",
            table="meeting",
            event="insert",
            when=_unless(
                f"NEW.state = 'draft' AND {none} AND NEW.opened_at IS NULL AND NEW.closed_at IS NULL"
            ),
        ),
        # What a sitting is, is said when it is planned: a supplement never becomes anything else.
        update("identity", _changed("id", "cell_id", "kind", "standing")),
        update("forward", f"NEW.state {{differs}} OLD.state AND {_unless(_STEP)}"),
        update("frozen", f"OLD.state NOT IN {_COMING} AND {frozen}"),
        update("counts_frozen", f"OLD.state NOT IN ('draft', 'convened', 'open') AND {counts}"),
        update("counts_at_close", f"NEW.state NOT IN {_HELD} AND {_unless(none)}"),
        update("fulfils", f"NEW.fulfils {{differs}} 0 AND {_unless(_MAY_FULFIL)}"),
        update("fulfils_theme", f"NEW.fulfils_theme {{differs}} 0 AND {_unless(_MAY_FULFIL_THEME)}"),
        *_both("standing_fits", _unless(_STANDING_FITS)),
        *_both("quarter", _unless(f"NEW.quarter = {_QUARTER}")),
        Guard(name="meeting_kept", table="meeting", event="delete", when="OLD.state <> 'draft'"),
        _not_replaced("meeting", "id"),
        *_month_of_opening(),
        *_kept_types(),
    )


def _month_of_opening() -> tuple[Guard, ...]:
    """The stored month is that of the opening, whatever the zone (UTC-12 to UTC+14)."""
    sqlite = "strftime('%Y-%m', NEW.opened_at, '{shift} hours')"
    postgres = "to_char((NEW.opened_at AT TIME ZONE 'UTC') + interval '{shift} hours', 'YYYY-MM')"

    def guard(dialect: Dialect, form: str) -> Guard:
        near = f"NEW.month IN ({form.format(shift='-12')}, {form.format(shift='+14')})"
        return Guard(
            name="meeting_month_of_opening",
            table="meeting",
            event="update",
            when=f"NEW.state NOT IN ('draft', 'convened', 'cancelled') AND {_unless(near)}",
            only=dialect,
        )

    return (guard("sqlite", sqlite), guard("postgresql", postgres))


def _kept_types() -> tuple[Guard, ...]:
    """SQLite keeps any type in any column, and there every text is more than every number."""
    numbers = ("hall_present", "hall_required", "fulfils", "fulfils_theme")
    texts = ("id", "cell_id", "month", "quarter", "kind", "mode", "standing", "state")
    facts = [f"typeof(NEW.{column}) = 'integer'" for column in numbers]
    facts += [f"typeof(NEW.{column}) = 'text'" for column in texts]
    return _both("types", _unless(" AND ".join(facts)), "sqlite")


def _obligation(table: str, period: str, flag: str) -> tuple[Guard, ...]:
    held = (
        f"EXISTS (SELECT 1 FROM meeting AS m WHERE m.id = NEW.fulfilled_by AND m.cell_id = NEW.cell_id"
        f" AND m.{period} = NEW.{period} AND m.{flag} = 1)"
    )

    def on(event: Event, name: str, when: str, only: Dialect | None = None) -> Guard:
        return Guard(name=f"{table}_{name}", table=table, event=event, when=when, only=only)

    unheld = f"NEW.fulfilled_by IS NOT NULL AND NOT {held}"
    twice = (
        f"EXISTS (SELECT 1 FROM {table} WHERE fulfilled_by = NEW.fulfilled_by"
        f" AND NOT (cell_id = NEW.cell_id AND {period} = NEW.{period}))"
    )
    return (
        # The foreign key again, because SQLite checks keys only on connections that ask for it.
        on("insert", "held_on_insert", unheld, "sqlite"),
        on("update", "held_on_update", unheld, "sqlite"),
        on("insert", "not_shared_on_insert", twice, "sqlite"),
        on("update", "not_shared", twice, "sqlite"),
        _not_replaced(table, f"cell_id, {period}"),
        on("insert", "is_one_on_insert", f"NEW.{flag} {{differs}} 1"),
        on("update", "is_one", f"NEW.{flag} {{differs}} 1"),
        on("update", "same_period", _changed("cell_id", period)),
        on("update", "once", f"OLD.fulfilled_by IS NOT NULL AND {_changed('fulfilled_by')}"),
        on("delete", "kept", "1 = 1"),
    )


def _voting() -> tuple[Guard, ...]:
    """What was asked stays as it was asked, and what was decided as it was decided; a list is closed once."""

    def update(table: str, name: str, when: str) -> Guard:
        return Guard(name=f"{table}_{name}", table=table, event="update", when=when)

    put = ("id", "cell_id", "meeting_id", "item_id", "question", "person")
    asked = (*put, "kind", "form", "standing", "zone", "base")
    election = ("id", "cell_id", "meeting_id", "item_id", "kind", "title", "seats")
    return (
        update("vote", "as_asked", f"OLD.state <> 'prepared' AND {_changed(*asked)}"),
        update("vote", "as_decided", "OLD.state = 'closed'"),
        update("election", "as_begun", _changed(*election)),
        update("election", "closed_once", f"OLD.names IS NOT NULL AND {_changed('names')}"),
        *(Guard(name=f"{table}_kept", table=table, event="delete", when="1 = 1") for table in _ASKED),
        *(_not_replaced(table, "id") for table in _ASKED),
    )


_ASKED = ("vote", "election")


def _secret() -> tuple[Guard, ...]:
    """Secret ballots on devices (signing.md 4.2): one for each voter of the hall while they are given out, cast while
    casting goes on and never more than were given out; the private key goes and does not come back."""

    def asked(table: str, name: str, when: str) -> Guard:
        return Guard(name=f"{table}_{name}", table=table, event="insert", when=when, asks=True)

    def now(phase: str) -> str:
        return f"EXISTS (SELECT 1 FROM secret_question AS q WHERE q.vote_id = NEW.vote_id AND q.phase = '{phase}')"

    def many(table: str) -> str:
        return f"(SELECT count(*) FROM {table} AS t WHERE t.vote_id = NEW.vote_id)"

    voter = "EXISTS (SELECT 1 FROM secret_voter AS v WHERE v.vote_id = NEW.vote_id AND v.member_id = NEW.member_id)"
    return (
        *append_only("secret_voter", "vote_id, member_id"),
        asked("secret_voter", "before_the_question", f"{many('secret_question')} > 0"),
        *_secret_question(),
        *append_only("secret_token", "vote_id, member_id"),
        asked("secret_token", "while_issuing", f"NOT {now('issuing')} OR NOT {voter}"),
        *append_only("secret_ballot", "vote_id, serial"),
        asked("secret_ballot", "while_casting", f"NOT {now('casting')}"),
        asked("secret_ballot", "of_those_issued", f"{many('secret_ballot')} >= {many('secret_token')}"),
    )


def _secret_question() -> tuple[Guard, ...]:
    table = "secret_question"
    forward = (
        "(OLD.phase = 'issuing' AND NEW.phase IN ('casting', 'set_aside'))"
        " OR (OLD.phase = 'casting' AND NEW.phase IN ('closed', 'set_aside'))"
    )

    def on(event: Event, name: str, when: str) -> Guard:
        return Guard(name=f"{table}_{name}", table=table, event=event, when=when)

    return (
        on("insert", "born_issuing", _unless("NEW.phase = 'issuing'")),
        on("update", "as_asked", _changed("vote_id", "modulus", "key_hash")),
        on("update", "forward", _unless(forward)),
        on("update", "key_erased", "NEW.private_key IS NOT NULL"),
        on("delete", "kept", "1 = 1"),
        _not_replaced(table, "vote_id"),
    )


def _hands() -> tuple[Guard, ...]:
    """Who asked to speak stays on the list as they asked; turns go forward, and their times stand once said."""
    step = (
        "(OLD.state = 'waiting' AND NEW.state IN ('speaking', 'lowered'))"
        " OR (OLD.state = 'speaking' AND NEW.state = 'done')"
    )
    begun = _changed("called_at", "item_id")

    def update(name: str, when: str) -> Guard:
        return Guard(name=f"raised_hand_{name}", table="raised_hand", event="update", when=when)

    return (
        update("as_asked", _changed("id", "meeting_id", "member_id", "guest", "number", "by_id", "asked_at")),
        update("forward", f"NEW.state {{differs}} OLD.state AND {_unless(step)}"),
        update("called_once", f"OLD.called_at IS NOT NULL AND {begun}"),
        update("ended_once", f"OLD.ended_at IS NOT NULL AND {_changed('ended_at')}"),
        Guard(name="raised_hand_kept", table="raised_hand", event="delete", when="1 = 1"),
        _not_replaced("raised_hand", "id"),
        _not_replaced("raised_hand", "meeting_id, number", 1),
    )


def _roster() -> tuple[Guard, ...]:
    """Who belongs to a sitting is written while it closes; after that only corrections are."""
    closing = "NEW.sequence = 0 AND m.state = 'open'"
    fits = f"m.id = NEW.meeting_id AND (({closing}) OR (NEW.sequence > 0 AND m.state IN {_HELD}))"
    return (
        *append_only("roster_entry", "meeting_id, member_id, sequence"),
        Guard(
            name="roster_entry_at_its_time",
            table="roster_entry",
            event="insert",
            when=f"NOT EXISTS (SELECT 1 FROM meeting AS m WHERE {fits})",
            asks=True,
        ),
    )


_PLAIN = (  # by their id alone
    *("evidence", "roll", "leave_request", "guest", "pass_revocation", "shared_phone", "restatement"),
    *("holiday_decision", "late_ballot", "archive_stamp", "task"),
)
GUARDS: tuple[Guard, ...] = (
    *_meeting(),
    *_obligation("obligation", "month", "fulfils"),
    *_obligation("thematic_obligation", "quarter", "fulfils_theme"),
    *_voting(),
    *_secret(),
    *_hands(),
    *_roster(),
    *append_only("score_criteria", "id", "org_id, valid_from"),
    *append_only("sitting_score", "id", "meeting_id, sequence"),
    *append_only("task_report", "id", "task_id, sequence"),
    *append_only("ballot", "vote_id, member_id, version", again="id"),
    *append_only("hall_count", "id", "vote_id, sequence"),
    *append_only("paper_count", "id", "vote_id, sequence"),
    *append_only("assisted_ballot", "ballot_id"),
    *append_only("draft_wording", "id", "item_id, number"),
    *append_only("motion", "id", "meeting_id, number"),
    *append_only("motion_step", "id", "motion_id, sequence"),
    *append_only("reserved_opinion", "id", "meeting_id, member_id, sequence"),
    *append_only("nomination", "id", "election_id, sequence"),
    *append_only("ledger_entry", "id", "cell_id, seq", "cell_id, previous"),
    *append_only("policy"),
    *(guard for table in _PLAIN for guard in append_only(table, "id")),
    *append_only("leave_decision", "id", "meeting_id, sequence"),
    *append_only("leave_contest", "id", "meeting_id, against"),
    *append_only("coming", "id", "meeting_id, member_id, starts_at"),
    *append_only("helper_pass", "id", "token_hash"),
    *append_only("convocation", "id", "meeting_id, member_id, edition"),
    *append_only("month_decision", "id", "cell_id, month, number, issued_on"),
    *append_only("paper_entry", "meeting_id"),
    *append_only("offline_record", "meeting_id", "id"),
    *append_only("stored_file", again="sha256"),
    *append_only("minutes_signature", "id", "meeting_id, role"),
    *append_only("paper_signature", "id", "paper_id, sequence"),
    *papers(),
    *append_only("ink_signature", "about_id"),
    *append_only("issued_paper", "id", "cell_id, term, kind, number", "kind, about_id"),
    *append_only("document_term", "id", "cell_id, since"),
    Guard(
        name="document_number_by_one",
        table="document_number",
        event="update",
        when=f"NEW.last <> OLD.last + 1 OR {_changed('cell_id', 'term', 'kind')}",
    ),
    Guard(name="document_number_kept", table="document_number", event="delete", when="1 = 1"),
    _not_replaced("document_number", "cell_id, term, kind"),
    *append_only("quarter_snapshot", "id", "org_id, quarter"),
    Guard(name="ledger_head_forward", table="ledger_head", event="update", when="NEW.seq <= OLD.seq"),
    _not_replaced("ledger_head", "cell_id"),
    Guard(name="ledger_head_kept", table="ledger_head", event="delete", when="1 = 1"),
    *append_only("log_leaf", "position", "entry_id", "cell_id, seq"),
    *append_only("log_node", "level, number"),
    *append_only("log_checkpoint", "size"),
    *append_only("log_cosignature"),
    _not_replaced("log_cosignature", "size, witness", quiet=True),
    Guard(name="log_tip_forward", table="log_tip", event="update", when="NEW.size <= OLD.size"),
    Guard(name="log_tip_kept", table="log_tip", event="delete", when="1 = 1"),
    _not_replaced("log_tip", "id", quiet=True),
)


def guards_for(dialect: Dialect, tables: Iterable[str]) -> list[Guard]:
    """The guards of that database whose tables exist."""
    present = set(tables)
    return [guard for guard in GUARDS if guard.only in {None, dialect} and guard.table in present]
