"""How the adversary reads disks: the files of the table, the write-ahead log, hidden columns."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from meetings.kernel.ids import Id
from tests.postgres import PostgresCluster

WAL_SEGMENT = 16 * 1024 * 1024


class Spy(Protocol):
    """What differs between the databases."""

    hidden: Mapping[str, str]  # columns that nobody declared, by what they are sorted
    page: int  # bytes

    def mark(self) -> None:
        """The vote begins."""

    def wal(self) -> bytes:
        """The write-ahead log since then."""

    def pages(self) -> bytes:
        """The files of the table of ballots."""


class SqliteSpy:
    """Reads the file and its `-wal`."""

    hidden: Mapping[str, str] = {}  # the tables have no hidden row numbers
    page = 4096

    def __init__(self, url: str) -> None:
        self._file = Path(str(make_url(url).database))

    def mark(self) -> None:
        """Everything so far goes into the file; the log begins anew."""
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def wal(self) -> bytes:
        """As it lies there."""
        return self._file.with_name(self._file.name + "-wal").read_bytes()

    def pages(self) -> bytes:
        """After a checkpoint."""
        self.mark()
        return self._file.read_bytes()


class PostgresSpy:
    """Reads the cluster's folder, as whoever stole it."""

    hidden: Mapping[str, str] = {"ctid": "ctid", "xmin": "xmin::text::bigint, cmin::text::bigint"}
    page = 8192

    def __init__(self, cluster: PostgresCluster, url: str) -> None:
        self._cluster, self._name = cluster, str(make_url(url).database)
        self._data = Path(str(make_url(url).query["host"])) / "data"
        self._from = ""

    def mark(self) -> None:
        """Where the log stands."""
        self._from = self._cluster.sql("SELECT pg_walfile_name(pg_current_wal_lsn())")

    def wal(self) -> bytes:
        """The segments from there on."""
        self._cluster.sql("CHECKPOINT")  # what waits in memory too
        now = self._cluster.sql("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
        files = sorted((self._data / "pg_wal").glob("0*"))
        return b"".join(file.read_bytes() for file in files if self._from <= file.name <= now)

    def pages(self) -> bytes:
        """After a checkpoint."""
        self._cluster.sql("CHECKPOINT")
        names = self._cluster.sql(
            "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relname IN ('secret_ballot', 'secret_ballot_pkey')"
            " ORDER BY relname",
            database=self._name,
        )
        return b"".join((self._data / name).read_bytes() for name in names.split())


async def hidden_orders(url: str, vote: Id, hidden: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Serials in the order the table gives them by itself, by declared columns, and by hidden ones."""
    shown = {"as they come": "", "serial": "serial", "prefix": "prefix", "signature": "signature"}
    orders: dict[str, Sequence[str]] = {}
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            for name, by in {**shown, **hidden}.items():
                ordered = f" ORDER BY {by}" if by else ""
                statement = text(f"SELECT serial FROM secret_ballot WHERE vote_id = :vote{ordered}")
                orders[name] = [row[0] for row in await connection.execute(statement, {"vote": vote})]
    finally:
        await engine.dispose()
    return orders


async def dump(url: str) -> str:
    """Every row of every table, a line each, in the order in which the database gives them."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            names = await connection.run_sync(lambda one: inspect(one).get_table_names())
            return "\n".join([line for name in sorted(names) for line in await _lines(connection, name)])
    finally:
        await engine.dispose()


async def _lines(connection: AsyncConnection, table: str) -> list[str]:
    rows = await connection.execute(text(f"SELECT * FROM {table}"))
    return [f"{table} {' '.join(map(str, row))}" for row in rows]
