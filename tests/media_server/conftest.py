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
async def people(server: RunningServer, request: pytest.FixtureRequest) -> AsyncIterator[People]:
    """Clients of that server, in single mode or, under `in_both_modes`, in each."""
    async with People(server, single=getattr(request, "param", "single") == "single") as group:
        yield group
