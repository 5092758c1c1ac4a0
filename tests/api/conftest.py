"""One open hybrid, one vote, one cell beside it: enough for every endpoint to be asked for something."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from meetings.kernel.clock import FixedClock
from tests.api.scene import Scene, Scenery
from tests.postgres import Urls
from tests.serving import serving


@pytest.fixture(scope="session")
def scenery() -> Scenery:
    """The maker of the scene."""
    return Scenery()


@pytest.fixture(scope="session")
def database_template(scenery: Scenery) -> Callable[[Urls], None]:
    """The scene, set once."""
    return scenery.fill


@pytest.fixture
async def scene(
    scenery: Scenery, database_urls: Urls, tmp_path: Path, clock: FixedClock
) -> AsyncIterator[Scene]:
    """The application in the middle of an evening."""
    async with serving(database_urls, tmp_path, clock) as running:
        yield scenery.on(running, database_urls)
