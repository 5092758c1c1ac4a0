"""A roster comes in whole or not at all: every problem by row first, then one unit of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from meetings.committees.powers import Act, can
from meetings.committees.roster import Problem, find_columns, plan
from meetings.committees.roster_reading import read_roster
from meetings.committees.rules import OrgKind
from meetings.committees.service.authority import allow, day_in, standpoint
from meetings.committees.service.import_checks import check_plan
from meetings.committees.service.import_stored import known_of
from meetings.committees.service.import_writing import write_plan
from meetings.committees.store import orgs
from meetings.committees.tree import NoSuchOrg
from meetings.db.unit import UnitOfWork, Units
from meetings.kernel.asker import Asker
from meetings.kernel.ids import Id
from meetings.kernel.months import DEFAULT_ZONE

Table = Sequence[Sequence[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOutcome:
    """What an import did, or would do. `lacking`: members whom the table does not name; they stay."""

    applied: bool
    added: int = 0
    changed: int = 0
    same: int = 0
    lacking: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def usable(self) -> bool:
        """Whether nothing but warnings was found."""
        return all(problem.warning for problem in self.problems)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """What an import may touch: cells by name and code; whether it may give mandates. `by` None: the
    operator of the installation."""

    cells: Mapping[str, Id]
    mandates: bool
    by: Id | None
    today: date


class ImportService:
    """Imports by people (into one cell) and by the operator (into any)."""

    def __init__(self, units: Units) -> None:
        self._units = units

    async def into_cell(self, asker: Asker, cell: Id, table: Table, *, dry_run: bool) -> ImportOutcome:
        """For the web. Mandates need the power to administer. Raises NoPower, NoSuchOrg."""
        async with self._units.begin() as uow:
            actor = await allow(uow, asker, Act.IMPORT, cell)
            at = await standpoint(uow, cell)
            scope = Scope(
                cells=dict.fromkeys([at.org.name, at.org.code or at.org.name], cell),
                mandates=can(actor, Act.ADMINISTER, at.place(), at.today),
                by=asker.person,
                today=at.today,
            )
            return await import_table(uow, scope, table, dry_run=dry_run)

    async def by_operator(self, table: Table, *, code: str | None, dry_run: bool) -> ImportOutcome:
        """For the command line: any cell, or only the one with that code. Raises NoSuchOrg."""
        async with self._units.begin() as uow:
            today = day_in(DEFAULT_ZONE, uow.now)
            cells = await _cells_by_name(uow, today, code)
            scope = Scope(cells=cells, mandates=True, by=None, today=today)
            return await import_table(uow, scope, table, dry_run=dry_run)


async def _cells_by_name(uow: UnitOfWork, today: date, code: str | None) -> dict[str, Id]:
    """Cells by code and, where it is the only one of that name, by name. Raises NoSuchOrg."""
    versions = await orgs.versions(uow.session)
    cells = [one for one in versions if one.kind is OrgKind.CELL and one.span.covers(today)]
    cells = [one for one in cells if code is None or one.code == code]
    if not cells:
        raise NoSuchOrg
    named = [(one.name, one.org) for one in cells] + [(one.code, one.org) for one in cells if one.code]
    often = Counter(name for name, _ in named)
    return {str(name): org for name, org in named if often[name] == 1}


async def import_table(uow: UnitOfWork, scope: Scope, table: Table, *, dry_run: bool) -> ImportOutcome:
    """Read, compare, and write unless something is wrong. Repeating it changes nothing."""
    reading = read_roster(table, cells=scope.cells, today=scope.today)
    if not reading.usable:
        return ImportOutcome(applied=False, problems=reading.problems)
    for cell in sorted({row.cell for row in reading.rows}):
        await orgs.lock_org(uow.session, cell)  # one import of a cell at a time
    known = await known_of(uow, reading.rows, scope.today)
    columns = frozenset(find_columns(table[0])[0])
    wanted = plan(reading.rows, known.existing(reading.rows, columns))
    problems = (*reading.problems, *check_plan(known, wanted, mandates=scope.mandates))
    outcome = ImportOutcome(
        applied=not dry_run and all(problem.warning for problem in problems),
        added=len(wanted.add),
        changed=len(wanted.change),
        same=wanted.same,
        lacking=len(wanted.lacking),
        problems=problems,
    )
    if outcome.applied and not wanted.changes_nothing:
        await write_plan(uow, known, wanted, by=scope.by)
    return outcome
