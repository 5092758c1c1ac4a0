"""One open hybrid, one vote, one cell beside it: enough for every endpoint to be asked for something."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from meetings.kernel.clock import FixedClock
from tests.api.scene import Scene, set_scene
from tests.postgres import Urls
from tests.serving import found, serving


@pytest.fixture(scope="session")
def database_template() -> Callable[[Urls], None]:
    """Cell S, migrated and imported once."""
    return found


@pytest.fixture
async def scene(database_urls: Urls, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Scene]:
    """The application in the middle of an evening."""
    async with serving(database_urls, tmp_path, clock) as running:
        yield await set_scene(running)
