"""Scoring on the secretary's page."""

from __future__ import annotations

from tests.journeys.hybrid import hybrid
from tests.pages.reader import reader
from tests.pages.typist import Typist, form_of
from tests.serving import Serving

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
