"""An election by plain forms: names, the closed list, two rounds on paper; and what a member sees of it."""

from __future__ import annotations

from collections.abc import Mapping

from meetings.kernel.ids import new_id
from tests.journeys.hybrid import hybrid
from tests.pages.reader import Page, reader
from tests.pages.test_desk_journey import one_red
from tests.pages.typist import Typist
from tests.serving import Serving


async def count(secretary: Typist, page: Page, yes: Mapping[str, int], board: str) -> Page:
    """The protocol of 13 ballots."""
    lines = {f"for-{who}": str(number) for who, number in yes.items()}
    lines |= {f"against-{who}": str(13 - number) for who, number in yes.items()}
    totals = {"issued": "13", "returned": "13", "valid": "13", "invalid": "0", "blank": "0"}
    return await secretary.fill(page, f"{page.url}/papers", **totals, **lines, **{f"board-{board}": "yes"})


async def test_two_rounds_fill_the_seats(house: Serving) -> None:
    sitting = await hybrid(house)
    secretary = Typist(await reader(house))
    official = [one for one in sitting.cast.hall if one.category == "official"]
    first, second, third, board = official[1], official[2], official[3], official[5]
    new = f"/m/{sitting.id}/elections/new"
    assert new in (await secretary.reader.open(f"/m/{sitting.id}/run")).links()
    page = await secretary.fill(await secretary.reader.open(new), new, title="Bầu chi ủy", seats="2")
    here = page.url
    for member, step in ((first, "by_convenor"), (second, "by_convenor"), (third, "by_member")):
        page = await secretary.fill(
            page, f"{here}/names", member=member.id, step=step, nominator=sitting.cast.hall[0].id
        )
    assert f"Đảng viên đề cử ( {sitting.cast.hall[0].name} )" in page.text
    refused = await secretary.fill(page, f"{here}/list")
    assert (refused.status, "cần ít nhất 3" in refused.text) == (409, True)
    csrf = page.forms()[f"{here}/list"]
    for present, told in (("15", True), ("13", False)):
        support = {f"in_favour-{third.id}": "9", f"present-{third.id}": present, "key": new_id()}
        page = await secretary.reader.send(
            f"{here}/names", **{**csrf, **support}, member=third.id, step="support"
        )
        assert ("Ghi 15 có mặt; theo điểm danh lúc đó" in page.text) is told
    assert "9/13 đồng ý đưa vào danh sách" in page.text
    assert one_red(page)
    page = await secretary.fill(page, f"{here}/list")
    assert one_red(page)
    page = await secretary.fill(page, f"{here}/rounds")
    assert f"/m/{sitting.id}/questions/" in page.url
    await _member_sees_the_ballot(house, sitting.id, first.name)
    page = await count(secretary, page, {first.id: 12, second.id: 5, third.id: 6}, board.id)
    assert "trúng cử 1/2" in page.text
    page = await secretary.reader.open(here)
    assert "Mở vòng bỏ phiếu 2" in page.text
    assert f"name-{first.id}" not in page.html, "who is elected stands no more"
    page = await secretary.fill(page, f"{here}/rounds")
    page = await count(secretary, page, {second.id: 2, third.id: 11}, board.id)
    page = await secretary.reader.open(here)
    assert "Đã bầu đủ 2 đồng chí." in page.text
    mine = await (await reader(house, sitting.cast.phone[0])).open(f"/m/{sitting.id}")
    assert mine.text.count("Trúng cử") == 2


async def _member_sees_the_ballot(house: Serving, meeting: str, name: str) -> None:
    mine = await reader(house, (await house.cell_s()).phone[0])
    for path in (f"/m/{meeting}", f"/m/{meeting}/room"):
        page = await mine.open(path)
        assert "Bầu 2 trong 3 đồng chí:" in page.text
        assert name in page.text
        assert "không gửi qua máy" in page.text
        assert "không thuộc diện" not in page.text


async def test_what_does_not_fit_is_said_and_kept(house: Serving) -> None:
    sitting = await hybrid(house)
    secretary = Typist(await reader(house))
    new = f"/m/{sitting.id}/elections/new"
    page = await secretary.fill(
        await secretary.reader.open(new), new, kind="secretary_election", title="Bầu bí thư", seats="2"
    )
    assert (page.status, "Số lượng cần bầu không hợp lệ" in page.text) == (409, True)
    assert 'value="Bầu bí thư"' in page.html
    mine = await reader(house, sitting.cast.phone[0])
    assert (await mine.open(new)).status == 403
