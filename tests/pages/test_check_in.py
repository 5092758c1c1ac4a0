"""The page behind the code on the hall's screen."""

from __future__ import annotations

from meetings.kernel.ids import new_id
from tests.journeys.sittings import called, opened
from tests.pages.reader import Reader, reader
from tests.serving import Serving


async def shown(house: Serving) -> tuple[str, str]:
    """(meeting, the path in the code) of a sitting that runs."""
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    code = await (await house.secretary()).get(f"/meetings/{meeting}/hall-code")
    assert str(code["link"]).startswith(f"{house.base}/meetings/{meeting}/check-in?code=")
    return meeting, str(code["link"]).removeprefix(house.base)


async def test_the_code_leads_to_one_s_name_and_one_button(house: Serving) -> None:
    meeting, link = await shown(house)
    member = (await house.cell_s()).hall[2]
    mine = await reader(house, member)
    page = await mine.open(link)
    assert page.status == 200
    assert member.name in page.text
    form = f"/meetings/{meeting}/check-in"
    for _ in range(2):  # pressed twice: kept once
        after = await mine.press(page, form)
        assert (after.status, after.url) == (200, f"/m/{meeting}")
    seen = await (await house.secretary()).get(f"/meetings/{meeting}/attendance")
    assert {line["member"] for line in seen["lines"] if line["scanned"]} == {member.id}
    assert (await mine.open(f"{link}&lang=en")).untranslated() == ""


async def test_no_code_no_name(house: Serving) -> None:
    meeting, link = await shown(house)
    mine = await reader(house, (await house.cell_s()).hall[2])
    refused = await mine.open(f"/meetings/{meeting}/check-in?code=AAAA")
    assert refused.status == 403
    assert "Mã hội trường không đúng hoặc đã hết hạn." in refused.text
    assert (await mine.open(f"/meetings/{meeting}/check-in")).status == 403
    page = await mine.open(link)
    other = page.forms()[f"/meetings/{meeting}/check-in"] | {"id": new_id(), "nonce": "1.2.3"}
    assert (await mine.send(f"/meetings/{meeting}/check-in", **other)).status == 403


async def test_who_is_not_signed_in_is_told_how(house: Serving) -> None:
    _, link = await shown(house)
    page = await Reader(house, house.anybody()).open(link)
    assert page.status == 401
    assert "Tôi có mặt" not in page.text
