"""A whole meeting in the hall, held by plain forms alone: from the call to signed minutes, without JavaScript."""

from __future__ import annotations

import re

from demo.cast import Cast
from tests.pages.reader import Page, reader
from tests.pages.typist import Typist, form_of
from tests.serving import CELL, Serving

PASSPHRASE = "suối lúa trăng rừng núi 47"
MARKUP = "<script>alert(1)</script>"


def marks(cast: Cast) -> dict[str, str]:
    """Có or Vắng for every name that is called."""
    called = [one for one in cast.everyone if one.category != "suspended"]
    return {f"m-{one.id}": "present" if one in cast.hall else "absent" for one in called}


def one_red(page: Page) -> bool:
    """Whether the page has exactly one red thing, no script and no style of its own in it."""
    plain = not re.search(r'<script(?! type="(module" src="/scripts/|application/json"))', page.html)
    plain = plain and "style=" not in page.html
    return plain and len(re.findall(r'class="btn btn-p"', page.html)) == 1


async def test_a_whole_meeting_by_forms_alone(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    cast = await house.cell_s()
    secretary = Typist(await reader(house))
    meeting = await _call(house, secretary)
    await _roll(house, secretary, meeting, cast)
    await _discuss(secretary, meeting, cast)
    house.at("2026-11-24T21:05")
    await _finish(house, secretary, meeting, cast)


async def _call(house: Serving, secretary: Typist) -> str:
    home = await secretary.reader.open("/")
    assert one_red(home)
    new = f"/c/{CELL}/new"
    assert new in home.links()
    page = await secretary.reader.open(new)
    typed = {"day": "24/11/2026", "time": "19h30", "place": "Nhà văn hóa thôn Mẫu"}
    page = await secretary.fill(page, new, **typed)
    meeting = page.url.split("/")[2]
    assert page.url == f"/m/{meeting}/call/agenda"
    assert one_red(page)
    page = await secretary.fill(page, page.url, do="next", **{"title-8": f"Việc {MARKUP}", "minutes-8": "5"})
    assert page.url == f"/m/{meeting}/call/people"
    page = await secretary.fill(page, page.url, do="next")
    assert "Câu 4 trong 4" in page.text
    assert "Mời 27 đồng chí" in page.text
    assert MARKUP not in page.html
    assert one_red(page)
    page = await secretary.fill(page, f"/m/{meeting}/call/send", how="zalo_text")
    assert page.url == f"/m/{meeting}/called"
    assert "Kính mời các đồng chí" in page.text
    assert "Điểm danh" in (await secretary.reader.open("/")).text
    found = await (await house.secretary()).get(f"/meetings/{meeting}")
    assert (found["state"], found["standing"]) == ("convened", "mandatory")
    return meeting


async def _roll(house: Serving, secretary: Typist, meeting: str, cast: Cast) -> None:
    roll = f"/m/{meeting}/roll"
    house.at("2026-11-24T19:25")
    page = await secretary.reader.open(roll)
    page = await secretary.fill(page, roll, do="save", **dict(list(marks(cast).items())[:5]))
    assert "Điểm danh lúc 19:25" in page.text
    house.at("2026-11-24T19:30")
    page = await secretary.reader.open(f"/m/{meeting}/run")
    assert one_red(page)
    page = await secretary.fill(page, f"/m/{meeting}/run/open")
    assert "Điểm danh trước đã" in page.text
    page = await secretary.reader.open(roll)
    page = await secretary.fill(page, roll, do="confirm", heads="16", **marks(cast))
    assert "Đã chốt điểm danh lúc 19:30." in page.text
    assert "15/22 = 68,18 %" in page.text
    missing = await secretary.reader.open(f"/m/{meeting}/close")
    assert "Còn 7 đồng chí chưa rõ lý do vắng." in missing.text
    reasons = form_of(page, f"{roll}/reasons")
    page = await secretary.fill(page, reasons.action, **dict.fromkeys(_selects(reasons.fields), "ill"))
    assert "chưa rõ lý do" not in page.text.lower()


def _selects(fields: dict[str, str]) -> list[str]:
    return [name for name in fields if name.startswith("why-")]


async def _discuss(secretary: Typist, meeting: str, cast: Cast) -> None:
    run = f"/m/{meeting}/run"
    page = await secretary.reader.open(run)
    page = await secretary.fill(page, f"{run}/parts", chair=cast.chair.id, recorder=cast.recorder.id)
    assert one_red(page)
    assert "Bắt đầu nội dung 1" in page.text
    page = await secretary.fill(page, f"{run}/item", do="next")
    words = {"words": f"Đồng chí Mẫu nói {MARKUP}", "conclusion": "Nhất trí"}
    page = await secretary.fill(page, f"{run}/item", do="next", **words)
    assert "Sang nội dung 3" in page.text
    new = f"/m/{meeting}/questions/new"
    page = await secretary.fill(await secretary.reader.open(new), new, question="Thông qua nghị quyết?")
    vote = page.url
    assert one_red(page)
    page = await secretary.fill(
        page, f"{vote}/hands", **{"for": "12", "against": "1", "abstain": "0"}, do="end"
    )
    assert page.url == vote
    assert "Nghị quyết được thông qua." in page.text
    assert "Kết luận: được thông qua." in page.text
    page = await secretary.reader.open(run)
    while "Kết thúc buổi họp" not in page.text or form_actions(page, f"{run}/item"):
        last = "Xong nội dung cuối" in page.text
        page = await secretary.fill(page, f"{run}/item", do="stop" if last else "next")
    assert one_red(page)


def form_actions(page: Page, action: str) -> bool:
    """Whether the page has that form."""
    return f'action="{action}"' in page.html


async def _finish(house: Serving, secretary: Typist, meeting: str, cast: Cast) -> None:
    close = f"/m/{meeting}/close"
    page = await secretary.fill(await secretary.reader.open(close), close)
    assert page.url == f"/m/{meeting}/review"
    assert MARKUP not in page.html
    assert "&lt;script&gt;" in page.html
    page = await secretary.fill(page, page.url)
    sign = f"/m/{meeting}/sign"
    assert page.url == sign
    recorder = Typist(await reader(house, cast.recorder))
    for who in (recorder, secretary):
        page = await who.reader.open(sign)
        page = await who.fill(page, f"{sign}/key", new=PASSPHRASE, again=PASSPHRASE)
        wrong = await who.fill(page, sign, passphrase="không phải")
        assert (wrong.status, PASSPHRASE in wrong.html) == (403, False)
        page = await who.fill(page, sign, passphrase=PASSPHRASE)
    assert "Biên bản đã ký xong" in page.text
    found = await (await house.secretary()).get(f"/meetings/{meeting}")
    assert (found["state"], found["fulfils"], found["hall_present"]) == ("signed", True, 13)
    assert "Báo họp" in (await secretary.reader.open("/")).text
