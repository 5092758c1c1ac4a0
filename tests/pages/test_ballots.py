"""Answers from the page, without JavaScript."""

from __future__ import annotations

from tests.journeys.hybrid import Hybrid, hybrid
from tests.pages.reader import Page, Reader, reader
from tests.serving import CELL, Serving


async def asked(house: Serving) -> tuple[Hybrid, str]:
    """The hybrid with its vote open."""
    found = await hybrid(house)
    return found, await found.vote(elder=False)


async def answer(mine: Reader, found: Hybrid, vote: str, choice: str) -> Page:
    """Open the page, press one of the three buttons."""
    page = await mine.open(f"/m/{found.id}")
    return await mine.press(page, f"/m/{found.id}/votes/{vote}", choice=choice)


async def test_three_equal_buttons_and_a_receipt(house: Serving) -> None:
    found, vote = await asked(house)
    mine = await reader(house, found.cast.hall[1])
    page = await mine.open(f"/m/{found.id}")
    assert page.html.count('class="opt"') == 3
    for choice in ("Tán thành", "Không tán thành", "Không có ý kiến"):
        assert choice in page.text
    after = await answer(mine, found, vote, "for")
    assert after.url == f"/m/{found.id}"
    assert "Đã ghi nhận lúc 19:30: TÁN THÀNH. Đồng chí được đổi ý kiến đến 19:36. Mã đối chiếu:" in after.text
    assert "Đã chọn" in after.text
    changed = await answer(mine, found, vote, "against")
    assert "KHÔNG TÁN THÀNH" in changed.text
    recorded = await (await house.person(found.cast.hall[1])).get(f"/votes/{vote}/mine")
    assert [ballot["choice"] for ballot in recorded["ballots"]] == ["for", "against"]


async def test_pressing_twice_counts_once(house: Serving) -> None:
    found, vote = await asked(house)
    mine = await reader(house, found.cast.hall[1])
    page = await mine.open(f"/m/{found.id}")
    for _ in range(3):
        await mine.press(page, f"/m/{found.id}/votes/{vote}", choice="for")
    recorded = await (await house.person(found.cast.hall[1])).get(f"/votes/{vote}/mine")
    assert len(recorded["ballots"]) == 1
    other = await mine.press(page, f"/m/{found.id}/votes/{vote}", choice="against")
    assert other.status == 409
    assert 'role="alert"' in other.html
    assert "TÁN THÀNH. Đồng chí được đổi ý kiến" in other.text, "what stands is shown beside the refusal"


async def test_a_phone_reads_that_its_opinion_stands_apart(house: Serving) -> None:
    found, vote = await asked(house)
    mine = await reader(house, found.cast.phone[0])
    after = await answer(mine, found, vote, "for")
    assert "không tính vào kết quả biểu quyết tại hội trường" in after.text
    await found.count(vote, 11, 1, 1)
    page = await mine.open(f"/m/{found.id}")
    assert "Nghị quyết được thông qua." in page.text
    assert "Ý kiến qua điện thoại (không tính vào kết quả): tán thành 1," in page.text
    assert f"/m/{found.id}/votes/{vote}" not in page.forms()
    english = await mine.open(f"/m/{found.id}?lang=en")
    assert "Opinions by phone (not part of the result): in favour 1," in english.text


async def test_a_late_answer_is_told_and_not_counted(house: Serving) -> None:
    found, vote = await asked(house)
    mine = await reader(house, found.cast.hall[1])
    page = await mine.open(f"/m/{found.id}")
    await found.count(vote, 11, 1, 1)
    house.at("2026-11-24T20:03")
    after = await mine.press(page, f"/m/{found.id}/votes/{vote}", choice="for")
    assert "Ý kiến đến lúc 20:03, sau khi biểu quyết kết thúc lúc 19:30, nên không được tính." in after.text


async def test_who_has_no_vote_only_follows(house: Serving) -> None:
    found, vote = await asked(house)
    probationary = next(member for member in found.cast.hall if member.category == "probationary")
    mine = await reader(house, probationary)
    page = await mine.open(f"/m/{found.id}")
    assert "không thuộc diện cho ý kiến" in page.text
    assert f"/m/{found.id}/votes/{vote}" not in page.forms()


async def test_a_form_bent_by_hand_is_refused_in_words(house: Serving) -> None:
    found, vote = await asked(house)
    mine = await reader(house, found.cast.hall[1])
    page = await mine.open(f"/m/{found.id}")
    address = f"/m/{found.id}/votes/{vote}"
    for bent in ({"choice": "maybe"}, {"choice": "for", "version": "-1"}, {"choice": "for", "ballot": "x"}):
        refused = await mine.press(page, address, **bent)
        assert refused.status == 422
        assert 'role="alert"' in refused.html


async def test_a_supplement_asks_for_opinions(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    secretary = await house.secretary()
    made = await secretary.post(
        f"/cells/{CELL}/meetings",
        kind="online_session", mode="online", starts_at="2026-11-20T08:00:00+07:00", place="Trực tuyến",
    )  # fmt: skip
    meeting = made["id"]
    await secretary.post(f"/meetings/{meeting}/convene", how="zalo_text")
    await secretary.post(f"/meetings/{meeting}/open", stated_at=None)
    vote = await secretary.post(f"/meetings/{meeting}/votes", question="Đồng chí nghĩ sao về kế hoạch?")
    mine = await reader(house, (await house.cell_s()).hall[1])
    page = await mine.open(f"/m/{meeting}")
    assert "Đang xin ý kiến" in page.text
    after = await mine.press(page, f"/m/{meeting}/votes/{vote['id']}", choice="for")
    assert "Buổi bổ trợ chỉ lấy ý kiến, không biểu quyết." in after.text
    await secretary.post(f"/votes/{vote['id']}/close")
    done = await mine.open(f"/m/{meeting}")
    for text in (page.text, after.text, done.text):
        assert "thông qua" not in text.lower()
    assert "Đã xin ý kiến" in done.text
