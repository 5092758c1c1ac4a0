"""Scoring on the secretary's page."""

from __future__ import annotations

from tests.journeys.hybrid import Hybrid, hybrid
from tests.journeys.sittings import closed
from tests.pages.reader import reader
from tests.pages.typist import Typist, form_of
from tests.serving import ORG, Serving

PEOPLE = {
    "points-preparation": "9",
    "points-conduct": "38",
    "points-principles": "5",
    "points-results": "27",
    "points-ending": "5",
}


async def test_measured_points_stand_in_the_form_and_a_departure_says_why(house: Serving) -> None:
    found = await hybrid(house)
    house.at("2026-11-24T21:05")
    secretary, path = Typist(await reader(house)), f"/m/{found.id}/score"
    page = await secretary.reader.open(path)
    fields = form_of(page, path).fields
    assert (fields["points-time"], fields["points-conduct"]) == ("5", "")
    assert "Phần mềm tính: 95/90 phút, được 5 điểm" in page.text
    assert "chưa đối chiếu được với văn bản gốc" in page.text
    missing = await secretary.fill(page, path)
    assert missing.status == 422
    assert "Xin ghi một số từ 0 đến 40." in missing.text
    other = await secretary.fill(missing, path, **PEOPLE, **{"points-time": "3"})
    assert other.status == 422
    assert "Khác với số liệu phần mềm tính được thì xin ghi lý do." in other.text
    done = await secretary.fill(other, path, **{"note-time": "Khai mạc muộn"})
    total = 3 + int(fields["points-attendance"]) + 84
    assert f"Đã chấm {total}/100 điểm" in done.text
    english = await secretary.reader.open(f"{path}?lang=en")
    assert "Measured: 95/90 minutes, worth 5 points" in english.text
    assert not english.untranslated()


async def with_results(house: Serving) -> Hybrid:
    """A hybrid that is scored by criteria with a point for results in time."""
    house.at("2026-11-20T08:00")
    leader = await house.administrator()
    paper, me = "Quyết định mẫu số 02-QĐ/ĐU ngày 01/09/2026", (await leader.get("/me"))["person"]
    await leader.post(f"/orgs/{ORG}/mandates", person=me, role="secretary", since="2026-09-01", paper=paper)
    results = {"key": "upload", "title": "Kết quả trong hai ngày", "most": 1, "measure": "results"}
    bands = [{"part": 1, "of": 1, "points": 1}, {"part": 0, "of": 1, "points": 0}]
    rest = {"key": "rest", "title": "Còn lại", "most": 99}
    ranks = [{"least": 90, "name": "Tốt"}, {"least": 0, "name": "Khá"}]
    criteria = {"valid_from": "2026-11-01", "citation": paper, "ranks": ranks}
    await leader.post(f"/orgs/{ORG}/score-criteria", **criteria, lines=[{**results, "bands": bands}, rest])
    return await hybrid(house)


async def test_a_point_for_the_results_waits_for_them(house: Serving) -> None:
    found = await with_results(house)
    house.at("2026-11-24T21:00")
    secretary, path = Typist(await reader(house)), f"/m/{found.id}/score"
    page = await secretary.reader.open(path)
    assert "points-upload" not in form_of(page, path).fields, "nobody types what nobody knows"
    assert "trong hạn thì được 1 điểm, quá hạn thì 0 điểm" in page.text
    done = await secretary.fill(page, path, **{"points-rest": "89"})
    assert "Đã chấm 89/99 điểm, xếp loại: Khá . Chưa kể 1 điểm chưa biết được" in done.text
    await closed(house, found.id, "2026-11-24T21:05")
    house.at("2026-11-27T08:00")
    late = (await secretary.reader.open(path)).text
    assert "Đã chấm 89/100 điểm, xếp loại: Khá" in late
    assert "kết quả có trong hạn: 0/1, được 0 điểm" in late


async def test_a_point_that_waits_is_said_in_english_too(house: Serving) -> None:
    found = await with_results(house)
    house.at("2026-11-24T21:00")
    page = await (await reader(house)).open(f"/m/{found.id}/score?lang=en")
    assert "in time are worth 1 points, late ones 0" in page.text
    assert not page.untranslated()
