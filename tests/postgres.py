"""A private PostgreSQL for tests and benches: own folder, own Unix socket, gone when its user is gone."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Self

OWNER, APP = "chibo_owner", "chibo_app"
# Speed instead of durability: a test that cuts the power asks for `durable`.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
USUAL = ("listen_addresses=", "max_connections=200", "shared_buffers=64MB", "log_min_messages=fatal")


class NoPostgres(Exception):
    """Why there is no PostgreSQL here, in one line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Urls:
    """Addresses of one database: the role that owns it, and the application's own role."""

    owner: str
    app: str


class PostgresCluster:
    """One server. `create` gives empty databases, or copies of a template."""

    def __init__(self, *, durable: bool = False) -> None:
        self.binaries = find_binaries()
        self._as = _as_other_user()
        self._folder = Path(tempfile.mkdtemp(prefix="chibo-pg-"))
        self._numbers = count(1)
        self._settings = USUAL if durable else (*USUAL, *CARELESS)
        self._templates: dict[str, str] = {}
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._as:
            shutil.chown(self._folder, "postgres", "postgres")
        try:
            self._run(
                "initdb",
                "-D",
                str(self._data),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            )
            self._start()
            self.sql(f"CREATE ROLE {OWNER} LOGIN", f"CREATE ROLE {APP} LOGIN")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self._guard is None:
            shutil.rmtree(self._folder, ignore_errors=True)
            return
        if self._guard.stdin:
            self._guard.stdin.close()
        self._guard.wait(15)
        if self._guard.stdout:
            self._guard.stdout.close()

    @property
    def url(self) -> str:
        """The server's own database, as its superuser."""
        return self._url("postgres", "postgres")

    def create(self, template: str | None = None) -> Urls:
        """A fresh database, empty or a copy of `template` (a name given back by `keep_as_template`)."""
        name = f"t{next(self._numbers)}"
        copied = f" TEMPLATE {template}" if template else ""
        self.sql(f"CREATE DATABASE {name} OWNER {OWNER}{copied}")
        if not template:
            self.sql(*_rights_of_the_application(), database=name)
        return Urls(owner=self._url(OWNER, name), app=self._url(APP, name))

    def drop(self, urls: Urls) -> None:
        """Removes a database, whoever is still connected."""
        self.sql(f"DROP DATABASE IF EXISTS {_database_of(urls)} WITH (FORCE)")

    def keep_as_template(self, urls: Urls) -> str:
        """From now on the database is a pattern: `create(template=…)` copies it, nobody may be connected."""
        return _database_of(urls)

    def sql(self, *statements: str, database: str = "postgres") -> str:
        """What psql answers to the statements, run as superuser, each in a transaction of its own."""
        orders = [part for statement in statements for part in ("-c", statement)]
        return self._run(
            "psql",
            "-XAtq",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self._folder),
            "-U",
            "postgres",
            *orders,
            database,
        )

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _url(self, role: str, database: str) -> str:
        return f"postgresql+asyncpg://{role}@/{database}?host={self._folder}"

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [*self._as, str(self.binaries / program), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise NoPostgres(f"{program}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout.strip()

    def _start(self) -> None:
        options = [part for setting in self._settings for part in ("-c", setting)]
        server = [
            *self._as,
            str(self.binaries / "postgres"),
            "-D",
            str(self._data),
            "-k",
            str(self._folder),
            *options,
        ]
        self._guard = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("postgres_guard.py")), str(self._folder), *server],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self._folder,
            start_new_session=True,
        )
        self._wait()

    def crash(self) -> None:
        """kill -9 of all its processes; returns when it was started again, recovered and answers."""
        if self._guard is None or self._guard.stdin is None or self._guard.stdout is None:
            raise NoPostgres("it does not run")
        self._guard.stdin.write(b"crash\n")
        self._guard.stdin.flush()
        self._guard.stdout.readline()
        self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            if self._answers():
                return
            time.sleep(0.1)
        raise NoPostgres("the server did not answer within 30 s")

    def _answers(self) -> bool:
        try:
            return self.sql("SELECT 1") == "1"
        except NoPostgres:
            return False


def find_binaries() -> Path:
    """The folder of the newest PostgreSQL here. Raises NoPostgres."""
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2]), reverse=True
    )
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for folder in [*versions, *on_path]:
        if all((folder / program).exists() for program in ("initdb", "postgres", "psql")):
            return folder
    raise NoPostgres("no PostgreSQL server programs found (on Debian: apt-get install postgresql)")


def _as_other_user() -> Sequence[str]:
    """PostgreSQL refuses to run as root: then it runs as the system's user postgres."""
    if os.geteuid() != 0:
        return ()
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        raise NoPostgres("root cannot run PostgreSQL and there is no user postgres") from None
    for tool, arguments in (
        ("setpriv", ("--reuid=postgres", "--regid=postgres", "--init-groups")),
        ("runuser", ("-u", "postgres", "--")),
    ):
        if found := shutil.which(tool):
            return (found, *arguments)
    raise NoPostgres("root cannot run PostgreSQL and there is neither setpriv nor runuser")


def _rights_of_the_application() -> tuple[str, ...]:
    """What docs/OPERATIONS.md grants: rows of the owner's tables, never the tables themselves."""
    future = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public GRANT"
    return (
        f"{future} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
        f"{future} USAGE ON SEQUENCES TO {APP}",
    )


def _database_of(urls: Urls) -> str:
    return urls.owner.rpartition("/")[0].rpartition("?host=")[0].rpartition("/")[2]
