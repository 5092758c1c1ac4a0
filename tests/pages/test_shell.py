"""What is the same for everybody and works without a network: worker, manifest, icons, two pages."""

from __future__ import annotations

import json
import struct
import zlib

import pytest

from meetings.pages.icon import LEAF, png, svg
from meetings.pages.pen import KEEP, WHO
from tests.journeys.sittings import called, opened
from tests.pages.reader import Page, Reader, reader
from tests.pages.scripts import built
from tests.serving import Serving

HOME_BYTES, HOME_SCRIPTS_BYTES = 6_000, 4_000  # ui.md 14


async def nobody(house: Serving) -> Reader:
    return Reader(house, house.anybody())


async def test_the_worker_names_a_shell_that_can_be_fetched_by_anybody(house: Serving) -> None:
    built()
    browser = await nobody(house)
    page = await browser.open("/sw.js")
    assert page.headers["Content-Type"].startswith("text/javascript")
    assert page.headers["Cache-Control"] == "no-cache"
    head, _, code = page.html.partition(";\n")
    told = json.loads(head.removeprefix("self.chibo="))
    assert "addEventListener" in code and "import" not in code.split("{")[0]
    assert {"/hall", "/offline", "/hall?lang=en"} <= set(told["shell"])
    assert [path for path in told["shell"] if path.startswith("/static/app-")]
    assert not [path for path in told["shell"] if "sound" in path or "room" in path]
    for path in told["shell"]:
        assert (await browser.open(path)).status == 200, path
    assert (await browser.open("/sw.js")).html == page.html, "another build, and only that, has other bytes"


async def test_the_shell_says_nothing_about_anybody(house: Serving) -> None:
    built()
    mine, stranger = await reader(house), await nobody(house)
    for path in ("/hall", "/offline"):
        own, open_to_all = await mine.open(path), await stranger.open(path)
        assert own.html == open_to_all.html
        assert "data-me" not in own.html
        assert KEEP not in own.headers
        assert "unsafe" not in own.headers["Content-Security-Policy"]
    english = await mine.open("/hall?lang=en")
    assert "A meeting without a network" in english.text
    assert not english.untranslated()
    assert not (await mine.open("/offline?lang=en")).untranslated()


async def test_the_manifest_and_its_icons(house: Serving) -> None:
    browser = await nobody(house)
    told = json.loads((await browser.open("/manifest.webmanifest")).html)
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")
    assert {one["sizes"] for one in told["icons"]} == {"any", "192x192", "512x512"}
    for one in told["icons"]:
        async with browser._http.get(house.base + one["src"]) as answer:
            assert (answer.status, answer.content_type) == (200, one["type"])
    assert json.loads((await browser.open("/manifest.webmanifest?lang=en")).html)["short_name"] == "Cell"


def test_the_icon_is_a_picture_of_its_size_with_a_red_edge() -> None:
    data = png(192)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (192, 192)
    packed = data[data.index(b"IDAT") + 4 : data.index(b"IEND") - 8]
    rows = zlib.decompress(packed)
    assert len(rows) == 192 * (1 + 3 * 192)
    assert rows[1:4] == bytes(LEAF[0][4])
    assert svg().count("<rect") == len(LEAF)


async def _pages_of(house: Serving) -> tuple[Page, Page, Page]:
    cast = await house.cell_s()
    one, other = await reader(house, cast.hall[1]), await reader(house, cast.hall[2])
    return await one.open("/"), await other.open("/"), await (await nobody(house)).open("/")


async def test_every_page_says_whose_it_is_without_saying_who(house: Serving) -> None:
    one, other, none = await _pages_of(house)
    assert none.headers[WHO] == ""
    assert len({one.headers[WHO], other.headers[WHO], ""}) == 3
    assert one.headers[KEEP] == "1"
    assert KEEP not in none.headers


async def test_a_meeting_page_is_kept_only_before_anybody_answered_anything(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    mine = await reader(house, (await house.cell_s()).hall[1])
    assert (await mine.open(f"/m/{meeting}")).headers[KEEP] == "1"
    await opened(house, meeting, "2026-11-24T19:30")
    for path in (f"/m/{meeting}", f"/m/{meeting}/room", f"/m/{meeting}/leave"):
        assert KEEP not in (await mine.open(path)).headers


async def test_home_stays_light_with_its_script(house: Serving) -> None:
    folder = built()
    page = await (await reader(house)).open("/")
    assert len(zlib.compress(page.html.encode(), 9)) <= HOME_BYTES
    [script] = [part for part in page.html.split('"') if part.startswith("/scripts/")]
    assert (folder / f"{script.rpartition('/')[2]}.br").stat().st_size <= HOME_SCRIPTS_BYTES


@pytest.mark.parametrize("mode", ["in_person", "hybrid"])
async def test_only_a_meeting_in_person_is_offered_to_go_along(house: Serving, mode: str) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30", mode=mode)
    page = await (await reader(house)).open("/")
    assert (f"/hall#{meeting}" in page.links()) is (mode == "in_person")
    member = await reader(house, (await house.cell_s()).hall[1])
    assert f"/hall#{meeting}" not in (await member.open("/")).links()
