"""A database whose line can be pulled and put back: the server's socket is gone, or another process holds the file."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.conftest import Databases
from tests.postgres import Urls


class Outage:
    """`urls` lead over the line. On PostgreSQL nothing is reached while it is pulled; on SQLite nothing is written."""

    def __init__(self, urls: Urls, databases: Databases) -> None:
        self._databases, self._folder = databases, Path(tempfile.mkdtemp(prefix="line-"))
        self._lock: sqlite3.Connection | None = None
        self.sqlite = urls.app.startswith("sqlite")
        self._file = urls.app.partition("///")[2]
        self._link, self._sockets = self._folder / "s", Path(urls.app.partition("?host=")[2])
        self._database = urls.app.rpartition("?host=")[0].rpartition("/")[2]
        self.urls = (
            urls if self.sqlite else replace(urls, owner=self._over(urls.owner), app=self._over(urls.app))
        )
        if not self.sqlite:
            self._link.symlink_to(self._sockets)

    def _over(self, url: str) -> str:
        return f"{url.partition('?host=')[0]}?host={self._link}"

    def pull(self) -> None:
        """From now on it is away, and who was connected is cut off."""
        if self.sqlite:
            self._lock = sqlite3.connect(self._file, isolation_level=None)
            self._lock.execute("BEGIN EXCLUSIVE")
            return
        self._link.unlink()
        told = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._database}'"
        self._databases.postgres().sql(told)

    def put_back(self) -> None:
        """It is there again, as it was."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        elif not self.sqlite:
            self._link.symlink_to(self._sockets)

    def close(self) -> None:
        """Leave nothing behind."""
        if self._lock is not None:
            self._lock.close()
        shutil.rmtree(self._folder)
