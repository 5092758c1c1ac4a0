"""A superior's paper about a month, entered on the page of the committee."""

from __future__ import annotations

from tests.pages.reader import Reader, reader
from tests.pages.test_desk import PNG, sent_file
from tests.pages.test_desk_journey import one_red
from tests.pages.test_holidays import committee
from tests.pages.typist import form_of
from tests.serving import CELL, ORG, Serving, auditor

PATH = f"/c/{CELL}/months/2026-11/decision"
AUDIT = f"/api/v1/cells/{CELL}/audit.html"
TYPED = {"number": "Công văn số 45-CV/ĐU", "issued_on": "20/11/2026", "reason": "Bão <b>mẫu</b>"}


async def test_the_paper_stands_beside_the_month_with_its_picture(house: Serving) -> None:
    typist = await committee(house)
    assert PATH in (await typist.reader.open(AUDIT)).links()
    page = await typist.reader.open(PATH)
    assert one_red(page)
    for _again in range(2):
        sent = await sent_file(house, await house.administrator(), page, PATH, "scan", content=PNG, **TYPED)
        assert sent == 200
    page = await typist.reader.open(PATH)
    said = "Tháng 11/2026: không tổ chức sinh hoạt thường kỳ, theo Công văn số 45-CV/ĐU ngày 20/11/2026 của"
    assert said in page.text
    assert page.text.count("Lý do: Bão <b>mẫu</b>") == 1, "sent twice, entered once"
    assert "<b>mẫu</b>" not in page.html
    assert "Không tính là đã họp." in page.text
    assert "miễn" not in page.text
    [picture] = [link for link in page.links() if "/papers/" in link]
    async with (await house.administrator())._http.get(house.base + picture) as answer:
        assert (answer.status, answer.content_type) == (200, "image/png")
    assert said in (await typist.reader.open(AUDIT)).text
    assert (await typist.reader.open(f"{PATH}?lang=en")).untranslated() == ""


async def test_a_pilot_is_noted_and_lifts_nothing(house: Serving) -> None:
    typist = await committee(house)
    page = await typist.fill(await typist.reader.open(PATH), PATH, **TYPED, says="pilot")
    assert (page.status, page.url) == (200, PATH)
    assert "Cho phép thí điểm sinh hoạt trực tuyến. Lý do:" in page.text
    assert "không tổ chức sinh hoạt thường kỳ, theo" not in page.text


async def test_what_does_not_fit_is_said_and_kept(house: Serving) -> None:
    typist = await committee(house)
    page = await typist.reader.open(PATH)
    bad = await typist.fill(page, PATH, **TYPED | {"issued_on": "31/02/2026", "reason": " "})
    assert bad.status == 422
    assert "Xin ghi ngày theo kiểu" in bad.text
    assert "Xin điền chỗ này" in bad.text
    assert form_of(bad, PATH).fields["number"] == TYPED["number"]
    person = await house.administrator()
    assert await sent_file(house, person, bad, PATH, "scan", content=b"GIF89a;", **TYPED) == 422
    fine = await typist.fill(bad, PATH, **TYPED)
    again = await typist.fill(fine, PATH, **TYPED)
    assert (again.status, "Văn bản này đã được ghi cho tháng đó." in again.text) == (409, True)


async def test_only_committees_above_enter(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    above = Reader(house, await auditor(house))
    assert PATH not in (await above.open(AUDIT)).links()
    assert (await above.open(PATH)).status == 403
    assert (await (await reader(house)).open(PATH)).status == 403
    assert (await Reader(house, house.anybody()).open(PATH)).status == 401
    typist = await committee(house)
    assert (await typist.reader.open(PATH.replace("2026-11", "2026-13"))).status == 422
    assert (await typist.reader.open(f"/c/{ORG}/months/2026-11/decision")).status == 403
