"""What is written of a meeting that is over: a resolution under its number, an addendum; by forms alone."""

from __future__ import annotations

from tests.journeys.hybrid import hybrid
from tests.journeys.sittings import closed, held
from tests.pages.reader import reader
from tests.pages.test_desk import secretary_of, sent_file
from tests.pages.typist import Typist, form_of
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


async def test_a_list_and_an_excerpt_are_issued_and_signed_by_hand(house: Serving) -> None:
    secretary = await secretary_of(house, "2026-11-20T08:00")
    cast = await house.cell_s()
    meeting, _ = await held(house, "2026-11-24T19:30", "2026-11-24T21:05", cast.hall)
    person, offers = await house.secretary(), f"/m/{meeting}/papers"
    assert "Danh sách điểm danh" not in (await secretary.reader.open(offers)).text
    await person.post(f"/meetings/{meeting}/minutes/approve")
    page = await secretary.reader.open(offers)
    english = await secretary.reader.open(f"{offers}?lang=en")
    assert not english.untranslated()
    page = await secretary.reader.open(f"{offers}?lang=vi")
    fields = {**form_of(page, offers).fields, "kind": "attendance", "about": meeting}
    signing = await secretary.reader.send(offers, **fields)
    assert "Danh sách điểm danh" in signing.text
    assert signing.text.count("Chưa ký") == 2
    ink = f"{signing.url.removesuffix('/sign')}/sign/ink"
    empty = await secretary.fill(signing, ink)
    assert "Xin chọn ảnh chụp hoặc bản quét của văn bản đã ký." in empty.text
    for _again in range(2):
        assert await sent_file(house, person, signing, ink, "scan", witness=cast.hall[3].id) == 200
    done = await secretary.reader.open(signing.url)
    assert done.text.count("Đã ký tay") == 2
    assert ink not in done.html
    meeting_page = await secretary.reader.open(f"/m/{meeting}")
    assert "Đã ký tay, có bản chụp" in meeting_page.text
    assert offers in meeting_page.html
    member = await reader(house, cast.hall[1])
    assert (await member.open(offers)).status == 403
    assert ink not in (await member.open(signing.url)).html
