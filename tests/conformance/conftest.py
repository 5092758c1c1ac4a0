"""Runs every test against each server that can be had, in both connection modes, and notes what each did."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from livekit import api

from media_server.interfaces import has_network_interface
from tests.conformance.browsers import FIREFOX, PROGRAMS, Join, Page, opened, program
from tests.conformance.packages import NoPackage, livekit_client
from tests.conformance.points import UNRELIABLE
from tests.conformance.targets import EMBEDDED, GIVEN, Target, available, started
from tests.media_server.people import People, token

MODES = {"single": True, "dual": False}
Note = Callable[[str], None]


def pytest_configure(config: pytest.Config) -> None:
    """Make the suite's markers known."""
    config.addinivalue_line("markers", "point(number): which of the points of docs/CONFORMANCE.md this shows")
    config.addinivalue_line("markers", "closed: the server makes no room by itself")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each server, and for each mode if it takes `people`."""
    if "target_name" in metafunc.fixturenames:
        metafunc.parametrize("target_name", available())
    if "browser_name" in metafunc.fixturenames:
        metafunc.parametrize("browser_name", list(PROGRAMS), indirect=True)
    if "mode" in metafunc.fixturenames:
        metafunc.parametrize("mode", list(MODES))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The full matrix is for the long tests. ./test has Chromium in both modes and Firefox in one with the embedded
    server, what `test_browsers_people.py` shows with Chromium in one, and the other servers in one."""
    for item in items:
        names = (
            item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
        )
        browser, dual = names.get("browser_name"), names.get("mode") == "dual"
        people = item.path.name == "test_browsers_people.py"
        elsewhere = names.get("target_name", EMBEDDED) != EMBEDDED
        firefox = browser == FIREFOX and (dual or people)
        if firefox or (elsewhere and (browser or dual)) or (people and dual):
            item.add_marker(pytest.mark.long)


@pytest.fixture(autouse=True)
def recorded(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> None:
    """What the document needs to know of this test."""
    mark = request.node.get_closest_marker("point")
    if mark is None:
        return
    names = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    record_property("point", mark.args[0])
    record_property("target", names.get("target_name", ""))
    record_property("client", names.get("browser_name", "Python"))
    record_property("mode", names.get("mode", ""))
    told = (names.get("target_name"), names.get("browser_name"), names.get("mode"))
    if (mark.args[0], *told) in UNRELIABLE:
        record_property("unreliable", True)
        pytest.skip(
            "livekit-server and Firefox lose a track in half of the runs: docs/CONFORMANCE.md, differences"
        )


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Write something into this test's cell of the document."""
    return lambda text: record_property("note", text)


@pytest.fixture
async def target(request: pytest.FixtureRequest, target_name: str) -> AsyncIterator[Target]:
    """The server under test."""
    if not has_network_interface():
        pytest.skip("no network interface but loopback is up: clients gather no candidate")
    closed = request.node.get_closest_marker("closed") is not None
    if closed and target_name == GIVEN:
        pytest.skip("needs a server without automatic rooms")
    firefox = (
        getattr(request.node, "callspec", None)
        and request.node.callspec.params.get("browser_name") == FIREFOX
    )
    async with started(target_name, auto_create=not closed, beyond_loopback=bool(firefox)) as running:
        yield running


@pytest.fixture
async def people(target: Target, mode: str) -> AsyncIterator[People]:
    """Python clients of that server in one mode."""
    async with People(target, single=MODES[mode]) as group:
        yield group


@pytest.fixture
def browser_name(request: pytest.FixtureRequest) -> str:
    """A browser of this machine."""
    name = str(request.param)
    if program(name) is None:
        pytest.skip(f"no {name} on this machine")
    try:
        livekit_client()
    except NoPackage as reason:
        pytest.skip(str(reason))
    return name


@pytest.fixture
async def page(browser_name: str) -> AsyncIterator[Page]:
    """An open page, not yet connected."""
    async with opened(browser_name) as running:
        yield running


@pytest.fixture
def join(page: Page, target: Target, mode: str, room: str) -> Join:
    """Connects the page as the participant "web"."""

    async def connect(url: str = "", *, auto_subscribe: bool = True, **grants: Any) -> None:
        address = (url or target.url).replace("http", "ws", 1)
        pass_ = token(target, room, "web", **grants)
        await page.do("connect", address, pass_, MODES[mode], auto_subscribe)

    return connect


@pytest.fixture
async def lk(target: Target) -> AsyncIterator[api.LiveKitAPI]:
    """The server API."""
    async with api.LiveKitAPI(target.url, target.key, target.secret) as client:
        yield client


@pytest.fixture
def room() -> str:
    """A name nobody else uses, with letters of the country."""
    return f"Chi bộ thôn Đoài {secrets.token_hex(4)}"
