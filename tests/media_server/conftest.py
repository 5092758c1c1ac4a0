"""A server and its clients for every test of this package."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from media_server.testing import RunningServer, running_server
from tests.media_server.people import People


@pytest.fixture
async def server() -> AsyncIterator[RunningServer]:
    """A server that makes rooms by itself."""
    async with running_server(auto_create=True) as running:
        yield running


@pytest.fixture
async def people(server: RunningServer) -> AsyncIterator[People]:
    """Clients of that server."""
    group = People(server)
    yield group
    await group.close()
