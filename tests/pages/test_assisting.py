"""Votes by plain forms: cards, who counted, answers entered for others, bases, and what waits for a hall."""

from __future__ import annotations

from tests.journeys.hybrid import hybrid
from tests.journeys.sittings import called, opened
from tests.pages.reader import reader
from tests.pages.typist import Typist, form_of
from tests.serving import Serving

PLACED = "Đã đưa vào chương trình buổi họp trực tiếp tới."


async def test_an_admission_by_cards_with_its_counters(house: Serving) -> None:
    found = await hybrid(house)
    secretary, new = Typist(await reader(house)), f"/m/{found.id}/questions/new"
    asked = {"question": "Đề nghị kết nạp quần chúng Mẫu", "kind": "admission"}
    refused = await secretary.fill(await secretary.reader.open(new), new, **asked, form="hands")
    assert (refused.status, asked["question"] in refused.html) == (409, True)
    nobody = await secretary.fill(refused, new, form="cards")
    assert (nobody.status, "Việc này xét từng người một" in nobody.text) == (422, True)
    several = {"person-name": "Nguyễn Văn Mẫu, Trần Thị Mẫu"}
    assert (await secretary.fill(nobody, new, **several)).status == 422
    page = await secretary.fill(nobody, new, **{"person-name": "Nguyễn Văn Mẫu"})
    assert "Người được xem xét: Nguyễn Văn Mẫu" in page.text
    assert "Giơ thẻ đảng viên" in page.text
    assert "Đếm thẻ tại hội trường" in page.text
    counter = found.cast.hall[2]
    counted = {"for": "13", "against": "0", "abstain": "0", f"teller-{counter.id}": "yes"}
    page = await secretary.fill(page, f"{page.url}/hands", **counted, do="end")
    assert "Cần ít nhất 13 tán thành (ít nhất hai phần ba)." in page.text
    assert "Đề nghị kết nạp Nguyễn Văn Mẫu vào Đảng được thông qua." in page.text
    result = (await (await house.secretary()).get(f"/votes/{page.url.rpartition('/')[2]}"))["result"]
    assert f"Người đếm: {counter.name}." in result["record"]


async def test_the_secretary_writes_down_what_somebody_says(house: Serving) -> None:
    found = await hybrid(house)
    vote = await found.vote(elder=True)
    here = f"/m/{found.id}/questions/{vote}"
    secretary, member = Typist(await reader(house)), found.cast.hall[3]
    page = await secretary.reader.open(here)
    empty = await secretary.fill(page, f"{here}/mark", marked=member.id)
    assert (empty.status, "Xin chọn một ô." in empty.text) == (422, True)
    for _ in range(2):  # pressing twice
        after = await secretary.fill(page, f"{here}/mark", marked=member.id, said="against")
        assert (after.status, after.url) == (200, here)
    mine = (await (await house.person(member)).get(f"/votes/{vote}/mine"))["ballots"]
    assert [(one["choice"], one["assisted"], one["version"]) for one in mine] == [("against", True, 1)]
    house.at("2026-11-24T20:30")
    assert f'action="{here}/mark"' not in (await secretary.reader.open(here)).html
    late = await secretary.fill(page, f"{here}/mark", marked=member.id, said="for")
    assert (late.status, "Đã hết giờ gửi ý kiến" in late.text) == (409, True)


async def test_who_is_excused_all_through_leaves_the_base_of_an_election(house: Serving) -> None:
    found = await hybrid(house)
    secretary, new = Typist(await reader(house)), f"/m/{found.id}/elections/new"
    page = await secretary.fill(
        await secretary.reader.open(new), new, title="Bầu bí thư", kind="secretary_election", seats="1"
    )
    here = page.url
    page = await secretary.fill(page, f"{here}/names", member=found.cast.hall[0].id, step="by_convenor")
    page = await secretary.fill(page, f"{here}/list")
    ticked = {name for name in form_of(page, f"{here}/rounds").fields if name.startswith("off-")}
    official = {one.id for one in found.cast.excused if one.category == "official"}
    assert {name.removeprefix("off-") for name in ticked} == official
    page = await secretary.fill(page, f"{here}/rounds")
    seen = await (await house.secretary()).get(f"/votes/{page.url.rpartition('/')[2]}")
    assert seen["base"] == 19 - len(official)


async def test_what_may_not_be_asked_online_is_put_on_the_next_agenda(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    online = await called(house, "2026-11-21T19:30", kind="online_session", mode="online")
    meeting = await called(house, "2026-11-24T19:30")
    await opened(house, online, "2026-11-21T19:30")
    secretary, new = Typist(await reader(house)), f"/m/{online}/questions/new"
    asked = "Kết nạp quần chúng Mẫu"
    page = await secretary.fill(await secretary.reader.open(new), new, question=asked, kind="admission")
    assert page.status == 409
    assert "Điều lệ Đảng ngày 19/01/2011, Điều 4" in page.text
    page = await secretary.fill(page, f"/m/{online}/questions/put-off")
    assert PLACED in page.text
    assert f"/m/{meeting}" in page.links()
    items = (await (await house.secretary()).get(f"/meetings/{meeting}/agenda"))["items"]
    assert items[-1]["title"] == asked
