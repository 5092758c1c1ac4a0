"""The room as HTML: what it shows to whom, with and without scripts, and how heavy it is."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest
from aiohttp import ClientSession

from meetings.pages import assets
from tests.journeys.hybrid import hybrid
from tests.journeys.sittings import called, closed, opened
from tests.pages.reader import reader
from tests.pages.scripts import built
from tests.serving import CELL, Serving

SHELL_BYTES = 8_000  # brotli in ui.md 14; gzip here, which is larger


async def supplement(house: Serving) -> str:
    """An open online session."""
    house.at("2026-11-20T08:00")
    secretary = await house.secretary()
    starts = "2026-11-20T08:00:00+07:00"
    made = await secretary.post(
        f"/cells/{CELL}/meetings", kind="online_session", mode="online", starts_at=starts, place="Trực tuyến"
    )
    await secretary.post(f"/meetings/{made['id']}/convene", how="zalo_text")
    await secretary.post(f"/meetings/{made['id']}/open", stated_at=None)
    return str(made["id"])


async def test_a_supplement_offers_sound_and_says_what_it_is(house: Serving) -> None:
    built()
    meeting = await supplement(house)
    mine = await reader(house, (await house.cell_s()).phone[0])
    page = await mine.open(f"/m/{meeting}/room")
    assert "Bấm để nghe" in page.text
    assert "không thay thế sinh hoạt chi bộ định kỳ (thường kỳ)" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "connect-src 'self' ws://127.0.0.1:1 http://127.0.0.1:1;" in policy
    assert "unsafe" not in policy
    assert f"/m/{meeting}" in page.links()
    english = await mine.open(f"/m/{meeting}/room?lang=en")
    assert "Tap to listen" in english.text
    assert not english.untranslated()


async def test_a_hybrid_asks_the_leave_question_before_it_offers_sound(house: Serving) -> None:
    built()
    found = await hybrid(house)
    asked, hall = await reader(house, found.cast.phone[0]), await reader(house, found.cast.hall[3])
    page = await asked.open(f"/m/{found.id}/room")
    assert "Bấm để nghe" in page.text
    assert "Đang dự qua điện thoại (bổ trợ), không tính có mặt" in page.text
    assert "Tại hội trường: 16" in page.text
    in_hall = await hall.open(f"/m/{found.id}/room")
    assert "Đồng chí có mặt tại hội trường." in in_hall.text
    assert 'id="listen"' not in in_hall.html
    unasked = await (await reader(house, found.cast.unexcused[0])).open(f"/m/{found.id}/room")
    assert f"/m/{found.id}/leave" in unasked.links()
    assert "Bấm để nghe" not in unasked.text


async def test_a_vote_without_scripts_comes_back_to_the_room(house: Serving) -> None:
    found = await hybrid(house)
    vote = await found.vote(elder=False)
    mine = await reader(house, found.cast.hall[1])
    page = await mine.open(f"/m/{found.id}/room")
    assert page.html.count('class="opt"') == 3
    form = page.html.partition("<form")[2].partition("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    after = await mine.send(f"/m/{found.id}/votes/{vote}", **hidden, choice="for")
    assert after.url == f"/m/{found.id}/room"
    assert "Đã ghi nhận lúc 19:30: TÁN THÀNH." in after.text


async def test_before_after_and_in_person_there_is_no_sound(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30", mode="hybrid")
    mine = await reader(house, (await house.cell_s()).hall[1])
    assert "Buổi họp chưa bắt đầu." in (await mine.open(f"/m/{meeting}/room")).text
    hall = await called(house, "2026-11-25T19:30", kind="thematic")
    await opened(house, hall, "2026-11-25T19:30")
    page = await mine.open(f"/m/{hall}/room")
    assert "Buổi này họp tại hội trường." in page.text
    assert 'id="listen"' not in page.html


async def test_the_end_is_said(house: Serving) -> None:
    found = await hybrid(house)
    await closed(house, found.id, "2026-11-24T21:05")
    page = await (await reader(house, found.cast.phone[0])).open(f"/m/{found.id}/room")
    assert "Buổi họp đã kết thúc." in page.text


async def test_who_signed_out_is_told_how_to_sign_in(house: Serving) -> None:
    meeting = await supplement(house)
    async with house.anybody()._http.get(f"{house.base}/m/{meeting}/room") as answer:
        assert (answer.status, "Đồng chí mở đường dẫn riêng" in await answer.text()) == (401, True)


async def test_without_built_scripts_the_page_says_that_there_is_no_sound(
    house: Serving, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert assets.Assets(tmp_path).scripts is None
    meeting = await supplement(house)
    monkeypatch.setattr(assets.Assets, "scripts", None)  # as a build with CHIBO_WEB=skip leaves it
    page = await (await reader(house, (await house.cell_s()).phone[0])).open(f"/m/{meeting}/room")
    assert "chưa có phần âm thanh" in page.text
    assert '<script type="module"' not in page.html


async def test_scripts_are_kept_for_ever_packed_and_nothing_else_is_given(house: Serving) -> None:
    built()
    scripts = assets.Assets().scripts
    assert scripts is not None
    async with ClientSession(auto_decompress=False) as anybody:
        async with anybody.get(house.base + scripts.sound, headers={"Accept-Encoding": "br"}) as answer:
            assert answer.headers["Content-Encoding"] == "br"
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert len(await answer.read()) <= 120_000
        for name in ("manifest.json", "..%2froom.py", ".stamp"):
            async with anybody.get(f"{house.base}/scripts/{name}") as answer:
                assert answer.status == 404


async def test_the_shell_stays_within_its_budget(house: Serving) -> None:
    built()
    found = await hybrid(house)
    await found.vote(elder=False)
    page = await (await reader(house, found.cast.phone[0])).open(f"/m/{found.id}/room")
    assert len(zlib.compress(page.html.encode(), 9)) <= SHELL_BYTES
