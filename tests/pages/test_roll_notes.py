"""What members write beside their leave reaches the secretary who decides about it, and stays words."""

from __future__ import annotations

from tests.journeys.sittings import called, new_id, opened, rolled
from tests.pages.reader import reader
from tests.serving import Serving

NOTE, PLEA = "Trực <b>bệnh viện</b> cả tuần", "Tôi đã gọi điện tối thứ Hai"


async def test_the_secretary_reads_the_note_and_the_plea_where_the_reason_is_decided(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    cast = await house.cell_s()
    member = cast.excused[0]
    person = await house.person(member)
    await person.post(f"/meetings/{meeting}/leave", id=new_id(), reason="other", note=NOTE)
    await opened(house, meeting, "2026-11-24T19:30")
    await rolled(house, meeting, cast.hall)
    page = await (await reader(house)).open(f"/m/{meeting}/roll")
    assert f"Nói thêm: {NOTE}" in page.text
    assert "<b>bệnh viện</b>" not in page.html
    assert "Đề nghị xem lại" not in page.text
    secretary = await house.secretary()
    await secretary.post(f"/meetings/{meeting}/leave/{member.id}/decision", decision="unexcused")
    await person.post(f"/meetings/{meeting}/leave/{member.id}/contest", note=PLEA)
    again = await (await reader(house)).open(f"/m/{meeting}/roll")
    assert f"Đề nghị xem lại : {PLEA}" in again.text
    other = await (await reader(house, cast.hall[4])).open(f"/m/{meeting}")
    assert PLEA not in other.text and "bệnh viện" not in other.text
