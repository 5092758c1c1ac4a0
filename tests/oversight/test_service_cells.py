"""A committee's list of one cell's sittings: months owed, sittings held, the way down, and who may look."""

from __future__ import annotations

import re

import pytest
from pytest_aiohttp import AiohttpClient

from meetings.convening.rules import Kind, Mode
from meetings.kernel.months import Month
from meetings.oversight.service.cells import back_from
from tests.attendance.world import MEMBER, SECRETARY, STRANGER
from tests.oversight.web import Browser, get, json_of, oversight_app
from tests.oversight.world import COMMUNE, DECEMBER, NOVEMBER, OCTOBER, Above, cell, evening

PATH = f"/cells/{cell('S')}/audit"


@pytest.fixture
async def browser(above: Above, aiohttp_client: AiohttpClient) -> Browser:
    made: Browser = await aiohttp_client(oversight_app(above))
    return made


async def _months(browser: Browser, query: str = "") -> dict[str, dict[str, object]]:
    status, said = await json_of(browser, PATH + query)
    assert status == 200
    return {one["month"]: one for one in said["months"]}


async def test_each_month_says_what_was_owed_and_what_was_held(above: Above, browser: Browser) -> None:
    meeting = await above.november()
    online = await above.hold(
        "S", evening(OCTOBER, 12), kind=Kind.ONLINE_SESSION, mode=Mode.ONLINE, present=0
    )
    above.clock.set(evening(DECEMBER, 20))
    months = await _months(browser)
    assert list(months)[:3] == ["2026-12", "2026-11", "2026-10"]
    assert len(months) == 12
    assert (months["2026-11"]["state"], months["2026-10"]["state"]) == ("held", "not_held")
    [held] = [one for one in _sittings(months["2026-11"]) if one["meeting"] == meeting.id]
    assert (held["present"], held["counted"], held["joined"]) == (15, 22, 4)
    [beside] = _sittings(months["2026-10"])
    assert (beside["meeting"], beside["standing"], beside["fulfils"]) == (online.id, "supplement", False)


def _sittings(month: dict[str, object]) -> list[dict[str, object]]:
    found = month["sittings"]
    assert isinstance(found, list)
    return found


async def test_the_page_leads_to_each_sittings_evidence(above: Above, browser: Browser) -> None:
    meeting = await above.november()
    quarter = await (await get(browser, f"/orgs/{COMMUNE}/quarters/2026-Q4/table.html")).text()
    assert f'href="/api/v1{PATH}.html"' in quarter
    page = await (await get(browser, f"{PATH}.html")).text()
    for words in (
        "Tháng 11/2026",
        "trực tiếp, có người dự qua điện thoại (bổ trợ)",
        "tại hội trường 15/22 = 68,18 %",
        "qua điện thoại (bổ trợ, không cộng) 4",
        "Biên bản: chưa thông qua",
    ):
        assert words in page
    assert "Người Thử" not in page
    [link] = re.findall(rf'href="/api/v1(/meetings/{meeting.id}/evidence.html)"', page)
    evidence = await (await get(browser, link)).text()
    assert "Người Thử" in evidence
    assert f'href="/api/v1{PATH}.html"' in evidence


async def test_a_month_below_the_minimum_is_never_called_held(above: Above, browser: Browser) -> None:
    await above.hold("S", evening(NOVEMBER, 24), present=9, required=11)
    above.clock.set(evening(DECEMBER, 20))
    months = await _months(browser)
    assert months["2026-11"]["state"] == "held_below_minimum"
    assert "thấp hơn mức tối thiểu" in str(months["2026-11"]["text"])


async def test_a_draft_and_a_practice_are_not_listed(above: Above, browser: Browser) -> None:
    await above.hold("S", evening(NOVEMBER, 3), kind=Kind.PRACTICE, hook=False)
    above.clock.set(evening(NOVEMBER, 25))
    assert _sittings((await _months(browser))["2026-11"]) == []


async def test_earlier_years_are_a_page_away(above: Above, browser: Browser) -> None:
    above.clock.set(evening(NOVEMBER, 25))
    page = await (await get(browser, f"{PATH}.html")).text()
    assert f"{PATH}.html?until=2025-11" in page
    earlier = await (await get(browser, f"{PATH}.html?until=2025-11")).text()
    assert f"{PATH}.html?until=2026-11" in earlier
    assert next(iter(await _months(browser, "?until=2025-11"))) == "2025-11"
    assert (await json_of(browser, f"{PATH}?until=hôm-qua"))[0] == 422


async def test_a_look_from_above_is_recorded_and_the_cells_own_is_not(above: Above, browser: Browser) -> None:
    async def looks() -> int:
        _, said = await json_of(browser, f"/cells/{cell('S')}/ledger")
        return len([one for one in said["entries"] if one["act"] == "oversight.look"])

    before = await looks()
    await json_of(browser, PATH, who=SECRETARY)
    assert await looks() == before
    await json_of(browser, PATH)
    await get(browser, f"{PATH}.html")
    assert await looks() == before + 2


@pytest.mark.parametrize(("who", "status"), [(MEMBER, 403), (STRANGER, 403), (None, 401)])
async def test_others_see_nothing(above: Above, browser: Browser, who: str | None, status: int) -> None:
    await above.november()
    for path in (PATH, f"{PATH}.html"):
        answer = await get(browser, path, who=who)
        assert answer.status == status
        assert "2026-11" not in await answer.text()


async def test_only_cells_have_sittings(above: Above, browser: Browser) -> None:
    assert (await json_of(browser, f"/cells/{COMMUNE}/audit"))[0] == 422


def test_twelve_months_run_over_new_year() -> None:
    months = back_from(Month(2026, 2))
    assert (len(months), str(months[0]), str(months[-1])) == (12, "2025-03", "2026-02")
