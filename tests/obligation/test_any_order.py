"""Any acts in any order on a real database: only a closed regular meeting in a hall ever holds a month."""

from __future__ import annotations

import asyncio
import functools
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from meetings.convening import service as convening
from meetings.convening.obligations import MonthState
from meetings.convening.rules import AnySitting, Kind, Mode, State
from meetings.convening.service import Calling, ConveningService, Correction, OnPaper, Paper
from meetings.db.engine import Database
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock
from meetings.kernel.errors import Refused
from meetings.kernel.ids import Id, new_id
from meetings.kernel.months import Month
from meetings.notices.rules import Channel
from tests.committees.house import COMMUNE_SECRETARY, FOREIGN, SECRETARY, House, build
from tests.conftest import Databases
from tests.convening.conftest import fill_tables
from tests.obligation.whole import Whole
from tests.postgres import PostgresCluster, Urls
from tests.scans import picture
from tests.serving import application_over

START = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
HELD = text(
    "SELECT o.cell_id, o.month, m.cell_id, m.month, m.kind, m.mode, m.standing, m.state, m.hall_present,"
    " m.hall_required, m.opened_at, m.fulfils FROM obligation o JOIN meeting m ON m.id = o.fulfilled_by"
)
FILLED = text("SELECT cell_id, month FROM obligation WHERE fulfilled_by IS NOT NULL")
# Without the weight on regular ones hardly any month would ever be held.
KINDS = st.sampled_from([*Kind, *([Kind.REGULAR] * 6)])
PHOTO = picture()
NUMBERS = st.integers(min_value=0, max_value=8)  # which of the sittings so far


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """Where every run begins: `copy` gives a database with a house and these sittings, and takes it back; the months
    reached so far, and the acts that did something."""

    copy: Callable[[], AbstractContextManager[Urls]]
    house: House
    sittings: tuple[Id, ...]
    reached: set[str] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)


class AnyOrder(RuleBasedStateMachine):
    """`expected`: the months that this machine knows to be held, counted apart from the product."""

    def __init__(self, start: Start) -> None:
        super().__init__()
        self.start = start
        self.runner = asyncio.Runner()
        self.kept = ExitStack()
        urls = self.kept.enter_context(start.copy())
        self.clock = FixedClock(START)
        folder = Path(self.kept.enter_context(TemporaryDirectory()))
        application = application_over(urls, folder, self.clock)
        self.units = application.units
        self.database = self.units.database
        self.service = application.convening
        self.whole = Whole(application=application, house=start.house)
        self.house = start.house
        self.known = list(start.sittings)
        self.expected: set[tuple[Id, str]] = set()

    def run(self, act: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(act)

    def teardown(self) -> None:
        self.start.reached.update(month for _, month in self.expected)
        self.run(self.database.close())
        self.runner.close()
        self.kept.close()

    def cell(self, foreign: bool) -> tuple[Id, str]:
        return (self.house.other, FOREIGN) if foreign else (self.house.cell, SECRETARY)

    def on(self, number: int, act: Callable[[Id, str], Coroutine[Any, Any, object]]) -> None:
        """Try an act on one of the sittings, by the secretary of the first or of the other cell."""
        if self.known:
            with suppress(Refused):
                self.run(act(self.known[number % len(self.known)], FOREIGN if number == 5 else SECRETARY))

    @rule(kind=KINDS, mode=st.sampled_from(Mode), days=st.integers(0, 25), foreign=st.booleans())
    def call(self, kind: Kind, mode: Mode, days: int, foreign: bool) -> None:
        cell, who = self.cell(foreign)
        at = self.clock.now() + timedelta(days=days)
        plan = Calling(kind=kind, mode=mode, starts_at=at, place="Nhà văn hóa thôn Mẫu")
        with suppress(Refused):
            made = self.run(self.service.call_meeting(self.house.asks(who), cell, plan))
            self.known.append(made.id)
            if days % 4:
                self.run(self.service.convene(self.house.asks(who), made.id, Channel.LETTER, {}))

    @rule(number=NUMBERS)
    def convene(self, number: int) -> None:
        self.on(number, lambda one, who: self.service.convene(self.house.asks(who), one, Channel.LETTER, {}))

    @rule(number=NUMBERS, days=st.integers(-5, 40))
    def move(self, number: int, days: int) -> None:
        at = self.clock.now() + timedelta(days=days)
        self.on(number, lambda one, who: self.service.move(self.house.asks(who), one, at, None))

    @rule(number=NUMBERS)
    def cancel(self, number: int) -> None:
        self.on(number, lambda one, who: self.service.cancel(self.house.asks(who), one, "mưa lũ"))

    @rule(number=NUMBERS, present=st.sampled_from([0, 9, 11, 14]))
    def hold(self, number: int, present: int) -> None:
        self.begin(number=number)
        self.close(number=number, present=present, required=11)

    @rule(number=NUMBERS)
    def begin(self, number: int) -> None:
        self.on(number, lambda one, _: self._open(one))

    async def _open(self, one: Id) -> None:
        async with self.units.begin() as uow:
            await convening.open_sitting(uow, await convening.sitting(uow, one, lock=True), uow.now)

    @rule(number=NUMBERS, present=st.sampled_from([0, 9, 11, 14]), required=st.sampled_from([0, 3, 11]))
    def close(self, number: int, present: int, required: int) -> None:
        self.clock.move(timedelta(minutes=95))
        self.on(number, lambda one, _: self._close(one, present, required))

    async def _close(self, one: Id, present: int, required: int) -> None:
        async with self.units.begin() as uow:
            found = await convening.sitting(uow, one, lock=True)
            at = (found.opened_at or uow.now) + timedelta(minutes=90)
            known = await convening.roster_of(uow, found)
            await convening.close_sitting(
                uow, found, roster=known, hall_present=present, hall_required=required, at=at
            )
        self._expect(found, present, required)

    def _expect(self, found: AnySitting, present: int, required: int) -> None:
        regular = found.kind in {Kind.REGULAR, Kind.REGULAR_WITH_THEMATIC} and found.mode is not Mode.ONLINE
        if regular and present >= required and found.opened_at is not None:
            local = found.opened_at.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
            self.expected.add((found.cell, f"{local:%Y-%m}"))

    @rule(number=NUMBERS, sign=st.booleans())
    def minute(self, number: int, sign: bool) -> None:
        self.on(number, lambda one, _: self._mark(one, sign))

    async def _mark(self, one: Id, sign: bool) -> None:
        async with self.units.begin() as uow:
            await (convening.mark_signed if sign else convening.mark_minuted)(uow, one)

    @rule(number=NUMBERS, foreign=st.booleans(), later=st.integers(0, 2))
    def attempt(self, number: int, foreign: bool, later: int) -> None:
        cell = self.house.other if foreign else self.house.cell
        month = Month.of(START + timedelta(days=28 * later))
        self.on(number, lambda one, who: self.service.fulfil(self.house.asks(who), cell, month, one))

    @rule(days=st.integers(0, 30), kind=st.sampled_from(Kind), minutes=st.integers(-5, 120))
    def paper(self, days: int, kind: Kind, minutes: int) -> None:
        began = self.clock.now() - timedelta(days=days)
        said = OnPaper(
            kind=kind,
            place="Nhà văn hóa thôn Mẫu",
            opened_at=began,
            closed_at=began + timedelta(minutes=minutes),
            photo=PHOTO,
        )
        with suppress(Refused):
            entered = self.service.enter_paper(self.house.asks(SECRETARY), self.house.cell, said)
            self.known.append(self.run(entered).id)

    @rule(number=NUMBERS)
    def bring(self, number: int) -> None:
        self.clock.move(timedelta(hours=3))
        self.on(number, self._bring)

    async def _bring(self, one: Id, who: str) -> None:
        brought = await self.whole.brought(self.house.asks(who), one)
        if brought is not None:
            self._held_by_all("bring", brought)

    @rule(kind=KINDS, days=st.integers(0, 10), foreign=st.booleans())
    def write_down(self, kind: Kind, days: int, foreign: bool) -> None:
        with suppress(Refused):
            self.run(self._write_down(kind, self.clock.now() - timedelta(days=days, hours=2), foreign))

    async def _write_down(self, kind: Kind, began: datetime, foreign: bool) -> None:
        """A meeting held on paper, from its entry to its end."""
        (cell, who), ended = self.cell(foreign), began + timedelta(minutes=95)
        said = OnPaper(kind=kind, place="Nhà", opened_at=began, closed_at=ended, photo=PHOTO)
        entered = await self.service.enter_paper(self.house.asks(who), cell, said)
        self.known.append(entered.id)
        self._held_by_all("paper", await self.whole.from_paper(self.house.asks(who), entered, ended))

    def _held_by_all(self, act: str, sitting: AnySitting) -> None:
        """Everybody on the roster was in the hall."""
        assert sitting.state is State.CLOSED
        self.start.done[act] += 1
        self._expect(sitting, present=1, required=1)

    @rule(
        number=st.integers(1, 60),
        category=st.sampled_from(["chính thức", "dự bị", "miễn công tác và sinh hoạt"]),
        more=st.booleans(),
    )
    def import_roster(self, number: int, category: str, more: bool) -> None:
        cell, who = self.cell(more)
        with suppress(Refused):
            applied = self.run(self.whole.newcomer(self.house.asks(who), cell, number, category))
            self.start.done["import" if applied else "import refused"] += 1

    @rule(number=NUMBERS)
    def restate(self, number: int) -> None:
        said = Correction(what="hall_present", before="9", after="20", reason="ghi thiếu")
        self.on(number, lambda one, who: self.service.restate(self.house.asks(who), one, said))

    @rule(foreign=st.booleans())
    def decide(self, foreign: bool) -> None:
        paper = Paper(number=new_id(), issued_on=START.date(), issuer="Đảng ủy xã Thí Dụ", reason="bão")
        asker, cell = self.house.asks(COMMUNE_SECRETARY), self.cell(foreign)[0]
        self.run(self.service.decide_month(asker, cell, Month.of(START), paper))

    @rule(days=st.integers(1, 12))
    def time_passes(self, days: int) -> None:
        self.clock.move(timedelta(days=days))

    @invariant()
    def only_regular_meetings_in_a_hall_hold_months(self) -> None:
        for row in self.run(self._rows(HELD)):
            owed, held = row[:2], row[2:4]
            assert owed == held
            assert row.kind in {"regular", "regular_with_thematic"}
            assert (row.mode in {"in_person", "hybrid"}, row.standing, row.fulfils) == (True, "mandatory", 1)
            assert row.state in {"closed", "minuted", "signed"}
            assert row.hall_present >= row.hall_required >= 1

    @invariant()
    def exactly_the_expected_months_are_held(self) -> None:
        assert {tuple(row) for row in self.run(self._rows(FILLED))} == self.expected
        held = {key for key, state in self.run(self._states()).items() if state is MonthState.HELD}
        assert {(cell, str(month)) for cell, month in held} == self.expected

    async def _states(self) -> dict[tuple[Id, Month], MonthState]:
        cells = [self.house.cell, self.house.other]
        months = sorted({Month.parse(month) for _, month in self.expected} | {Month.of(START)})
        async with self.units.read() as uow:
            found = await convening.month_states(uow, cells, months, START.date())
        return {key: status.state for key, status in found.items()}

    async def _rows(self, statement: Any) -> list[Any]:
        async with self.database.reading() as session:
            return list(await session.execute(statement))


async def _begin(urls: Urls) -> tuple[House, tuple[Id, ...]]:
    """Two regular meetings, one of each thing that must never hold a month, and another cell's."""
    database = Database(urls.app)
    units = Units(database, FixedClock(START))
    house, service, made = await build(units), ConveningService(units), []
    for kind, mode, who, cell in (
        (Kind.REGULAR, Mode.HYBRID, SECRETARY, house.cell),
        (Kind.REGULAR_WITH_THEMATIC, Mode.IN_PERSON, SECRETARY, house.cell),
        (Kind.ONLINE_SESSION, Mode.ONLINE, SECRETARY, house.cell),
        (Kind.THEMATIC, Mode.IN_PERSON, SECRETARY, house.cell),
        (Kind.PRACTICE, Mode.IN_PERSON, SECRETARY, house.cell),
        (Kind.REGULAR, Mode.IN_PERSON, FOREIGN, house.other),
    ):
        plan = Calling(kind=kind, mode=mode, starts_at=START, place="Nhà văn hóa thôn Mẫu")
        sitting = await service.call_meeting(house.asks(who), cell, plan)
        await service.convene(house.asks(who), sitting.id, Channel.LETTER, {})
        made.append(sitting.id)
    await database.close()
    return house, tuple(made)


def _pattern(urls: Urls) -> tuple[House, tuple[Id, ...]]:
    fill_tables(urls)
    return asyncio.run(_begin(urls))


def _on_sqlite(folder: Path) -> Start:
    file = folder / "pattern.sqlite3"
    url = f"sqlite+aiosqlite:///{file}"
    house, sittings = _pattern(Urls(owner=url, app=url))

    @contextmanager
    def copy() -> Iterator[Urls]:
        with TemporaryDirectory(dir=folder) as other:
            shutil.copyfile(file, f"{other}/copy.sqlite3")
            address = f"sqlite+aiosqlite:///{other}/copy.sqlite3"
            yield Urls(owner=address, app=address)

    return Start(copy=copy, house=house, sittings=sittings)


def _on_postgres(cluster: PostgresCluster) -> Start:
    urls = cluster.create()
    house, sittings = _pattern(urls)
    template = cluster.keep_as_template(urls)

    @contextmanager
    def copy() -> Iterator[Urls]:
        made = cluster.create(template)
        try:
            yield made
        finally:
            cluster.drop(made)

    return Start(copy=copy, house=house, sittings=sittings)


def _in_any_order(start: Start, examples: int) -> None:
    bounded = settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
    )
    run_state_machine_as_test(functools.partial(AnyOrder, start), settings=bounded)  # type: ignore[arg-type]  # any maker of machines will do
    # The acts did hold months, so the invariants were tried.
    assert {"2026-11", "2026-12"} <= start.reached, start.done
    assert set(start.done) == {"bring", "paper", "import", "import refused"}, start.done


@pytest.mark.timeout(900)
def test_any_order_of_acts_on_sqlite(tmp_path: Path) -> None:
    _in_any_order(_on_sqlite(tmp_path), examples=25)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_any_order_of_acts_on_postgresql(databases: Databases) -> None:
    _in_any_order(_on_postgres(databases.postgres()), examples=8)
