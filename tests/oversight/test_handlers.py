"""The auditor's quarter over HTTP: JSON, page, sheet, evidence, ledger; stories 2, 10 and 12."""

from __future__ import annotations

import hashlib
import io
import re
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from pytest_aiohttp import AiohttpClient

from meetings.committees.store.people import mark_account
from meetings.convening.rules import Kind, Mode
from meetings.kernel.ids import derived_id
from tests.attendance.world import MEMBER, SECRETARY, STRANGER, entered
from tests.oversight.web import Browser, get, json_of, oversight_app, post
from tests.oversight.world import CELLS, COMMUNE, DECEMBER, NOVEMBER, Above, cell, evening

QUARTER = f"/orgs/{COMMUNE}/quarters/2026-Q4"


@pytest.fixture
async def browser(above: Above, aiohttp_client: AiohttpClient) -> Browser:
    made: Browser = await aiohttp_client(oversight_app(above))
    return made


async def test_the_quarter_as_json(above: Above, browser: Browser) -> None:
    await above.november()
    status, said = await json_of(browser, QUARTER)
    assert status == 200
    november = said["totals"][1]
    assert sum(one["cells"] for one in november["states"]) == len(said["cells"]) == 18
    (mine,) = [one for one in said["cells"] if one["cell"] == cell("S")]
    rate = mine["months"][1]["sitting"]["rate"]
    assert (rate["part"], rate["whole"], len(rate["present"]), len(rate["counted"])) == (15, 22, 15, 22)
    assert [one["joined"] for one in mine["supplements"]] == [4]
    assert (said["frozen"], said["since_frozen"]) == (None, [])


async def test_the_page_links_down_to_names_in_two_steps(above: Above, browser: Browser) -> None:
    meeting = await above.november()
    page = await (await get(browser, f"{QUARTER}/table.html")).text()
    assert "15/22 = 68,18 %" in page
    assert "Dự qua điện thoại (bổ trợ) trong buổi thường kỳ ngày 24/11/2026: 4 đảng viên" in page
    for never in ("20 đảng viên", "19/22", "có phép"):
        assert never not in page
    (link,) = set(re.findall(rf'href="/api/v1(/meetings/{meeting.id}/[^"]+)"', page))
    evidence = await (await get(browser, link)).text()
    assert evidence.count("Người Thử") == 28
    assert "qua điện thoại (bổ trợ)" in evidence
    assert "chuỗi liên kết nguyên vẹn" in evidence


async def test_theme_and_supplements_link_to_their_evidence(above: Above, browser: Browser) -> None:
    theme = await above.hold("S", evening(NOVEMBER, 10), kind=Kind.THEMATIC)
    online = await above.hold(
        "S", evening(NOVEMBER, 12), kind=Kind.ONLINE_SESSION, mode=Mode.ONLINE, present=0
    )
    _, said = await json_of(browser, QUARTER)
    (mine,) = [one for one in said["cells"] if one["cell"] == cell("S")]
    assert (mine["theme"]["meeting"], mine["theme"]["held_on"]) == (theme.id, "2026-11-10")
    page = await (await get(browser, f"{QUARTER}/table.html")).text()
    for meeting, words in ((theme, "ngày 10/11/2026"), (online, "Buổi bổ trợ trực tuyến ngày 12/11/2026")):
        (link,) = re.findall(rf'href="/api/v1(/meetings/{meeting.id}/evidence.html)">{words}', page)
        assert "Người Thử" in await (await get(browser, link)).text()
    book = load_workbook(io.BytesIO(await (await get(browser, f"{QUARTER}/table.xlsx")).read()))
    rows = [[one.value for one in row] for row in book["Chi bộ"].iter_rows()]
    assert rows[0][-1] == "Ngày họp chuyên đề"
    assert [row[-1] for row in rows if row[-1]] == ["Ngày họp chuyên đề", "10/11/2026"]


async def test_story_10_over_http(above: Above, browser: Browser) -> None:
    for name in CELLS[:10]:
        await above.hold(name, evening(NOVEMBER, 3))
    await above.hold("U10", evening(NOVEMBER, 3), present=9)
    await above.decide("U11", NOVEMBER)
    above.clock.set(evening(DECEMBER, 20))
    _, said = await json_of(browser, QUARTER)
    assert [one["cells"] for one in said["totals"][1]["states"]] == [10, 1, 6, 1, 0]
    page = await (await get(browser, f"{QUARTER}/table.html")).text()
    assert page.count('<td class="number">18/18</td>') == 3
    assert "(9) thấp hơn mức tối thiểu (11)" in page


async def test_story_12_over_http(above: Above, browser: Browser) -> None:
    await above.november()
    assert (await json_of(browser, f"{QUARTER}/snapshot"))[0] == 404
    assert (await post(browser, f"{QUARTER}/snapshot"))[1]["code"] == "quarter-runs"
    above.clock.set(evening(DECEMBER.next(), 15))
    status, frozen = await post(browser, f"{QUARTER}/snapshot")
    assert status == 201
    before = [await (await get(browser, f"{QUARTER}/{path}")).read() for path in PRINTS]
    assert hashlib.sha256(before[0]).hexdigest() == frozen["hash"]
    above.clock.move(timedelta(days=1))
    await above.decide("T", NOVEMBER)
    assert before == [await (await get(browser, f"{QUARTER}/{path}")).read() for path in PRINTS]
    _, live = await json_of(browser, QUARTER)
    assert {one["name"] for one in live["since_frozen"]} == {"Chi bộ T"}
    page = await (await get(browser, f"{QUARTER}/table.html")).text()
    assert "Bổ sung sau khi chốt (2)" in page


PRINTS = ("snapshot", "table.html?snapshot=true", "table.xlsx?snapshot=true")


async def test_the_sheet(above: Above, browser: Browser) -> None:
    await above.november()
    answer = await get(browser, f"{QUARTER}/table.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="2026-Q4.xlsx"'
    book = load_workbook(io.BytesIO(await answer.read()))
    assert book.sheetnames == ["Tổng hợp", "Chi bộ", "Bổ trợ (không cộng)", "Cần xem"]
    texts = {str(one.value) for row in book["Chi bộ"].iter_rows() for one in row}
    assert "15/22 = 68,18 %" in texts
    assert not any("bổ trợ" in text.lower() for text in texts)


async def test_evidence_as_json_is_recorded(above: Above, browser: Browser) -> None:
    meeting = await above.november()
    status, said = await json_of(browser, f"/meetings/{meeting.id}/evidence")
    assert status == 200
    channels = [line["channel"] for line in said["lines"]]
    assert (channels.count("hall"), channels.count("online")) == (16, 4)
    assert (said["joined"], said["hall_present"], said["chain"]["valid"]) == (4, 14, True)
    assert {line["absence"] for line in said["lines"]} == {None, "excused", "unexcused", "not_required"}
    assert "reason" not in said["lines"][0]
    _, ledger = await json_of(browser, f"/cells/{cell('S')}/ledger?most=500")
    assert ledger["entries"][-1]["act"] == "oversight.look"
    assert all("c" not in entry and "personal" not in entry for entry in ledger["entries"])
    _, second = await json_of(browser, f"/cells/{cell('S')}/ledger?after=1&most=1")
    assert [entry["seq"] for entry in second["entries"]] == [2]


@pytest.mark.parametrize(
    ("path", "who", "status", "code"),
    [
        (QUARTER, None, 401, "not-signed-in"),
        (QUARTER, MEMBER, 403, "no-power"),
        (QUARTER, STRANGER, 403, "no-power"),
        (f"/orgs/{cell('T')}/quarters/2026-Q4", SECRETARY, 403, "no-power"),
        (f"/orgs/{derived_id('nobody')}/quarters/2026-Q4", SECRETARY, 404, "no-such-org"),
        (f"/orgs/{COMMUNE}/quarters/2026-Q5", SECRETARY, 422, "bad-quarter"),
        ("/orgs/x/quarters/2026-Q4/table.html", SECRETARY, 422, "bad-id"),
        (f"{QUARTER}?snapshot=perhaps", SECRETARY, 422, "bad-body"),
        (f"{QUARTER}/table.xlsx", MEMBER, 403, "no-power"),
        (f"{QUARTER}/snapshot", MEMBER, 403, "no-power"),
        (f"/meetings/{derived_id('nobody')}/evidence", SECRETARY, 404, "no-such-meeting"),
        (f"/cells/{cell('S')}/ledger", MEMBER, 403, "no-power"),
        (f"/cells/{cell('S')}/ledger?most=501", SECRETARY, 422, "bad-body"),
        (f"/cells/{cell('S')}/ledger?after=-1", SECRETARY, 422, "bad-body"),
    ],
)
async def test_refusals(browser: Browser, path: str, who: str | None, status: int, code: str) -> None:
    found, said = await json_of(browser, path, who=who)
    assert (found, said["code"]) == (status, code)


async def test_nobody_below_freezes(browser: Browser) -> None:
    assert (await post(browser, f"{QUARTER}/snapshot", who=SECRETARY))[0] == 403


async def test_installs_of_a_subtree_name_both_wholes(above: Above, browser: Browser) -> None:
    path = f"/orgs/{cell('S')}/installs"
    assert (await json_of(browser, path, who=STRANGER))[0] in {403, 404}
    _, said = await json_of(browser, path)
    assert (said["inside"], said["required"], said["all_members"]) == (0, 23, 27)
    async with above.units.begin() as uow:
        for label in ("o1", "o2", "e1", "a1"):
            await mark_account(uow.session, derived_id("person", label), uow.now)
    _, said = await json_of(browser, path)
    assert (said["inside"], said["outside"], said["all_installed"]) == (2, 1, 3)
    assert said["text"].startswith("Trong diện phải cài đặt: 2/23 = 8,70 %.")
    status, whole = await json_of(browser, f"/orgs/{COMMUNE}/installs")
    assert (status, whole["all_installed"]) == (200, 3)


async def test_the_auditor_sees_who_was_entered_after_the_close(above: Above, browser: Browser) -> None:
    meeting = await above.november()
    _, before = await json_of(browser, f"/meetings/{meeting.id}/evidence")
    assert before["roster_notes"] == []
    above.clock.move(timedelta(days=3))
    await entered(above.units, "n1", date(2026, 1, 5))
    _, said = await json_of(browser, f"/meetings/{meeting.id}/evidence")
    (note,) = said["roster_notes"]
    assert (note["member"], note["at_close"], note["counts"]) == (derived_id("member", "n1"), None, None)
    assert note["known"] == {"category": "official", "official": True}
    assert said["rate"] == before["rate"]
    assert len(said["lines"]) == len(before["lines"])
    told = "lúc kết thúc buổi họp: không có trong danh sách; "
    page = await (await get(browser, f"/meetings/{meeting.id}/evidence.html")).text()
    assert f"Người Thử N1: {told}nay ghi cho ngày họp: chính thức<" in page
    secretary = above.below.asks(SECRETARY)
    await above.below.service.roster.correct(secretary, meeting.id, note["member"], "Ghi sót")
    _, after = await json_of(browser, f"/meetings/{meeting.id}/evidence")
    assert (after["rate"]["whole"], before["rate"]["whole"]) == (23, 22)
    assert [one["reason"] for one in after["restatements"]] == ["Ghi sót"]
    page = await (await get(browser, f"/meetings/{meeting.id}/evidence.html")).text()
    assert f"{told}sửa " in page and "chính thức. Lý do: Ghi sót<" in page
    assert await above.service.check_figures() == []
