"""One guard: what a database itself refuses, as a trigger on either database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Event = Literal["insert", "update", "delete"]
Dialect = Literal["sqlite", "postgresql"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Guard:
    """Refuses `event` on `table` where `when` holds of NEW and OLD. `only`: just that database.

    `asks`: the condition looks into tables, which a trigger of PostgreSQL can do only inside a function.
    `taken`: the columns of a key that is taken; the refusal then reads as SQLite's own of that key.
    `quiet`: the row is passed over without an error, as ON CONFLICT DO NOTHING does.
    """

    name: str
    table: str
    event: Event
    when: str
    only: Dialect | None = None
    taken: tuple[str, ...] = ()
    quiet: bool = False
    asks: bool = False

    def sql(self, dialect: Dialect) -> str:
        """The statement that creates the trigger."""
        when = self.when.replace("{differs}", "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM")
        moment = f"BEFORE {self.event.upper()} ON {self.table}"
        head = f"CREATE TRIGGER {self.name} {moment} FOR EACH ROW WHEN ({when})"
        if self.asks and dialect == "postgresql":
            said = when.replace("NEW.", "($1).").replace("'", "''")
            call = f"refuse_where('{self.name}', '{said}')"
            return f"CREATE TRIGGER {self.name} {moment} FOR EACH ROW EXECUTE FUNCTION {call}"
        if dialect == "sqlite":
            return f"{head} BEGIN SELECT {self._raise()}; END"
        return f"{head} EXECUTE FUNCTION refuse_by_guard('{self.name}')"

    def _raise(self) -> str:
        if self.quiet:
            return "RAISE(IGNORE)"
        if self.taken:
            columns = ", ".join(f"{self.table}.{column}" for column in self.taken)
            return f"RAISE(ABORT, 'UNIQUE constraint failed: {columns}')"
        return f"RAISE(ABORT, 'guard: {self.name}')"


REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_by_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'guard: %', TG_ARGV[0] USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
END $$
"""
REFUSE_WHERE = """
CREATE OR REPLACE FUNCTION refuse_where() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong boolean;
BEGIN
  EXECUTE 'SELECT ' || TG_ARGV[1] INTO wrong USING NEW;
  IF wrong IS NOT FALSE THEN
    RAISE EXCEPTION 'guard: %', TG_ARGV[0] USING ERRCODE = 'check_violation', CONSTRAINT = TG_ARGV[0];
  END IF;
  RETURN NEW;
END $$
"""
FUNCTIONS = {"refuse_by_guard": REFUSE_FUNCTION, "refuse_where": REFUSE_WHERE}
