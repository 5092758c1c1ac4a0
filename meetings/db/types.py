"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Dialect, types

from meetings.kernel.clock import check_aware

# On SQLite a hidden row number is one more key, through which REPLACE could take another row's place unseen.
WITHOUT_ROWID = {"sqlite_with_rowid": False}


class UtcDateTime(types.TypeDecorator[datetime]):
    """Aware datetimes in UTC. SQLite would give back naive ones; naive values are refused with ValueError."""

    impl = types.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        utc = check_aware(value)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class JsonText(types.TypeDecorator[Any]):
    """JSON kept as text, the same bytes on both databases."""

    impl = types.Text()
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002  signature is SQLAlchemy's
        return None if value is None else dump(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:  # noqa: ARG002  as above
        return None if value is None else load(value)


def dump(value: object) -> str:
    """Compact JSON with sorted keys."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def load(text: str) -> Any:
    """What `dump` wrote."""
    return orjson.loads(text)
