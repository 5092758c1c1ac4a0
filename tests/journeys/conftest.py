"""Every story begins with cell S on a fresh database, served over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from meetings.kernel.clock import FixedClock
from tests.postgres import Urls
from tests.serving import Serving, found, serving


@pytest.fixture(scope="session")
def database_template() -> Callable[[Urls], None]:
    """Cell S, migrated and imported once."""
    return found


@pytest.fixture
async def house(database_urls: Urls, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Serving]:
    """The application over it."""
    async with serving(database_urls, tmp_path, clock) as running:
        yield running
