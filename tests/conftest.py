"""What every test may ask for: a database on both engines, and a clock that stands still."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from meetings.kernel.clock import FixedClock
from tests.postgres import NoPostgres, PostgresCluster, Urls

Template = Callable[[Urls], None]


class Databases:
    """Gives each test its own database. Templates are built once per engine and copied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cluster: PostgresCluster | None = None
        self._missing = ""
        self._templates: dict[tuple[str, Template], str] = {}

    def postgres(self) -> PostgresCluster:
        """The worker's own server, started when first asked for; skips the test where there is none."""
        if self._missing:
            pytest.skip(self._missing)
        if self._cluster is None:
            try:
                self._cluster = PostgresCluster().__enter__()
            except NoPostgres as reason:
                self._missing = f"no PostgreSQL: {reason}"
                pytest.skip(self._missing)
        return self._cluster

    def on_postgres(self, template: Template | None) -> Iterator[Urls]:
        """A database for one test."""
        cluster = self.postgres()
        if template and ("postgres", template) not in self._templates:
            pattern = cluster.create()
            template(pattern)
            self._templates["postgres", template] = cluster.keep_as_template(pattern)
        urls = cluster.create(self._templates["postgres", template] if template else None)
        try:
            yield urls
        finally:
            cluster.drop(urls)

    def on_sqlite(self, template: Template | None, folder: Path) -> Iterator[Urls]:
        """A file for one test."""
        file = folder / "test.sqlite3"
        if template:
            if ("sqlite", template) not in self._templates:
                pattern = self._folder / f"template{len(self._templates)}.sqlite3"
                template(_sqlite(pattern))
                self._templates["sqlite", template] = str(pattern)
            shutil.copyfile(self._templates["sqlite", template], file)
        yield _sqlite(file)

    def close(self) -> None:
        """Stops the server, if there is one."""
        if self._cluster is not None:
            self._cluster.__exit__()


def _sqlite(file: Path) -> Urls:
    url = f"sqlite+aiosqlite:///{file}"
    return Urls(owner=url, app=url)


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """The maker of databases, one per worker."""
    made = Databases(tmp_path_factory.mktemp("templates"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres_url(databases: Databases) -> str:
    """The worker's PostgreSQL server as its superuser."""
    return databases.postgres().url


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a matrix the column of PostgreSQL is long."""
    for item in items:
        column = getattr(item, "callspec", None)
        if column and "postgres" in column.params.values() and item.get_closest_marker("matrix"):
            item.add_marker(pytest.mark.long)


def pytest_collection_finish() -> None:
    """Thousands of tests and all that they import stay to the end: the collector need not look through them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def database_template() -> Template | None:
    """Override it in a folder's conftest.py with a function that fills a database: each test there then
    starts from a copy. The function is called once per engine and worker, with both addresses.
    """
    return None


@pytest.fixture(params=["sqlite", "postgres"])
def database_urls(
    request: pytest.FixtureRequest, databases: Databases, database_template: Template | None, tmp_path: Path
) -> Iterator[Urls]:
    """A fresh database on each engine: the owner's address and the application's (on SQLite the same)."""
    if request.param == "postgres":
        yield from databases.on_postgres(database_template)
    else:
        yield from databases.on_sqlite(database_template, tmp_path)


@pytest.fixture
def owner_url(database_urls: Urls) -> str:
    """The address of the role that owns the tables."""
    return database_urls.owner


@pytest.fixture
def app_url(database_urls: Urls) -> str:
    """The address of the application's role, which owns nothing on PostgreSQL."""
    return database_urls.app


@pytest.fixture
def database_url(owner_url: str) -> str:
    """A fresh database, for tests to which roles are all one."""
    return owner_url


@pytest.fixture
def clock() -> FixedClock:
    """Stands at 19:00 on 24/11/2026 in Việt Nam, until moved."""
    return FixedClock(datetime(2026, 11, 24, 19, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")))
