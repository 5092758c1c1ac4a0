"""What is written of a meeting that is over: a resolution under its number, an addendum; by forms alone."""

from __future__ import annotations

from tests.journeys.hybrid import hybrid
from tests.journeys.sittings import closed
from tests.pages.reader import reader
from tests.pages.typist import Typist
from tests.serving import Serving


async def test_a_resolution_and_an_addendum_are_issued_from_the_meetings_page(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    sitting = await hybrid(house)
    vote = await sitting.vote(elder=True)
    await sitting.count(vote, 12, 1, 1)
    await closed(house, sitting.id, "2026-11-24T21:05")
    await (await house.secretary()).post(f"/meetings/{sitting.id}/minutes/approve")
    meeting, secretary = f"/m/{sitting.id}", Typist(await reader(house))
    member = await reader(house, sitting.cast.hall[1])
    form, addendum = f"{meeting}/resolution/{vote}", f"{meeting}/addendum"
    page = await secretary.reader.open(meeting)
    assert form in page.html
    assert addendum in page.html
    assert form not in (await member.open(meeting)).html
    empty = await secretary.fill(await secretary.reader.open(form), form, text="")
    assert "Cần nội dung của nghị quyết." in empty.text
    signed = await secretary.fill(
        empty, form, text="I. Phương hướng\nTập trung vụ đông.", recipients="Đảng ủy"
    )
    assert "Nghị quyết số 01-NQ/CB" in signed.text
    assert form not in (await secretary.reader.open(meeting)).html
    page = await secretary.reader.open(addendum)
    typed = {"remark-opening": "Lời.", "reason": "Ghi thiếu", "found_by": "Thư ký"}
    waiting = await secretary.fill(page, addendum, **typed)
    assert "Phụ lục biên bản số 01-PL/CB" in waiting.text
    assert "Đang chờ ký, chưa phải là đính chính" in (await member.open(meeting)).text
    english = await secretary.reader.open(f"{addendum}?lang=en")
    assert not english.untranslated()
