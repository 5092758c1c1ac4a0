"""By plain forms: a meeting moved and told anew, a guest, a notice seen, a member who leaves, a meeting cancelled."""

from __future__ import annotations

from demo.client import Person
from meetings.minutes.service.results import ResultReminders
from tests.journeys.sittings import called, held, led, opened, rolled
from tests.pages.reader import Reader, reader
from tests.pages.typist import Typist
from tests.serving import CELL, Serving, auditor


async def test_a_meeting_is_moved_told_anew_and_cancelled(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    secretary = Typist(await reader(house))
    change, told = f"/m/{meeting}/change", f"/m/{meeting}/called"
    page = await secretary.reader.open(told)
    assert change in page.links()
    house.at("2026-11-20T09:00")
    page = await secretary.fill(await secretary.reader.open(change), change, day="hôm nào")
    assert "Xin ghi ngày theo kiểu" in page.text
    page = await secretary.fill(page, change, day="25/11/2026", time="20h")
    assert page.url == told
    assert "Đổi lịch sinh hoạt chi bộ thường kỳ tháng 11/2026 (trước đây: 19 giờ 30, thứ Ba" in page.text
    assert "27 đồng chí mới chỉ được báo lịch cũ" in page.text
    page = await secretary.fill(page, told, how="zalo_text")
    assert "mới chỉ được báo lịch cũ" not in page.text
    page = await secretary.fill(await secretary.reader.open(change), f"{change}/cancel")
    assert "Xin điền chỗ này." in page.text
    page = await secretary.fill(page, f"{change}/cancel", reason="Mưa lũ")
    assert "Lý do: Mưa lũ" in page.text
    found = await (await house.secretary()).get(f"/meetings/{meeting}")
    assert found["state"] == "cancelled"
    member = await reader(house, (await house.cell_s()).phone[0])
    assert (await member.open(change)).status == 403


async def test_a_guest_is_written_down_and_a_forgotten_close_is_asked_for(house: Serving) -> None:
    cast = await house.cell_s()
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    secretary = Typist(await reader(house))
    roll = f"/m/{meeting}/roll"
    page = await secretary.reader.open(roll)
    page = await secretary.fill(page, f"{roll}/guests", guest="Âu Thị Mẫu", **{"from": "Đảng ủy xã Mẫu"})
    assert "Âu Thị Mẫu" in page.text
    await rolled(house, meeting, cast.hall)
    await led(house, meeting)
    for path in ("/", f"/m/{meeting}/run"):
        assert "chưa ghi giờ kết thúc" not in (await secretary.reader.open(path)).text
    house.at("2026-11-24T22:31")
    for path in ("/", f"/m/{meeting}/run"):
        page = await secretary.reader.open(path)
        assert "Buổi họp khai mạc lúc 19:30 chưa ghi giờ kết thúc." in page.text
        assert f"/m/{meeting}/close" in page.links()


async def test_the_minutes_are_read_out_before_the_last_button(house: Serving) -> None:
    cast = await house.cell_s()
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    await rolled(house, meeting, cast.hall)
    await led(house, meeting)
    house.at("2026-11-24T20:58")
    secretary = Typist(await reader(house))
    close = f"/m/{meeting}/close"
    page = await secretary.fill(await secretary.reader.open(close), f"{close}/read")
    assert "chi bộ nhất trí thông qua lúc 20:58." in page.text
    house.at("2026-11-24T21:05")
    page = await secretary.fill(page, close, day="24/11/2026", time="20:50")
    assert "Giờ đọc lại biên bản phải nằm trong buổi họp" in page.text
    page = await secretary.fill(page, close, day="24/11/2026", time="20:50", read="20h45")
    assert page.url == f"/m/{meeting}/review"
    assert "thông qua biên bản lúc 20:45." in page.text
    assert "kết thúc lúc 20:50 ngày 24/11/2026." in page.text


async def test_a_notice_waits_on_the_first_page_until_it_was_seen(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    house.at("2026-11-24T22:31")
    await house.house.convening.ask_forgotten()
    secretary = Typist(await reader(house))
    page = await secretary.reader.open("/")
    assert "Tin báo cho tôi" in page.text
    [notice] = (await (await house.secretary()).get("/notices"))["notices"]
    page = await secretary.fill(page, f"/notices/{notice['key']}/read")
    assert (page.url, "Đã xem" in page.text) == ("/", False)
    [seen] = (await (await house.secretary()).get("/notices"))["notices"]
    assert seen["read_at"] is not None
    stranger: Person = await auditor(house)
    refused = await Reader(house, stranger).send(f"/notices/{notice['key']}/read")
    assert refused.status in {403, 404}


async def test_results_that_are_due_stand_where_they_are_finished(house: Serving) -> None:
    """On the first page, where the minutes are read again and signed, and among what one was told."""
    house.at("2026-11-20T08:00")
    hall = (await house.cell_s()).hall
    meeting, _ = await held(house, "2026-11-24T19:30", "2026-11-24T21:05", hall)
    secretary = await reader(house)
    due = "ký xong biên bản trước hết ngày 26/11/2026"
    for path in ("/", f"/m/{meeting}/review"):
        assert due in (await secretary.open(path)).text, path
    house.at("2026-11-28T08:00")
    job = ResultReminders(house.house.units)
    assert (await job.remind(), await job.remind()) == (1, 0)
    page = await secretary.open("/")
    assert "đã quá hạn 2 ngày (hạn: hết ngày 26/11/2026)" in page.text
    assert "kết quả đã quá hạn ngày 26/11/2026. Xin đọc lại và chốt biên bản" in page.text
    await (await house.secretary()).post(f"/meetings/{meeting}/minutes/approve")
    page = await secretary.open(f"/m/{meeting}/sign")
    assert "đã quá hạn 2 ngày" in page.text
    assert "42-HD/BTCTW" in page.text


async def test_a_member_leaves_by_the_form_on_their_page(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    gone = (await house.cell_s()).phone[0]
    secretary = Typist(await reader(house))
    path = f"/c/{CELL}/members/{gone.id}"
    page = await secretary.fill(await secretary.reader.open(path), f"{path}/end", until="19/11/2026")
    assert "Xin chọn một ô." in page.text
    page = await secretary.fill(page, f"{path}/end", reason="transferred", paper="Giấy chuyển sinh hoạt 12")
    assert page.url == f"/c/{CELL}/members"
    assert gone.name not in page.text
    record = await (await house.secretary()).get(f"/members/{gone.id}")
    assert (record["until"], record["leaving"]) == ("2026-11-19", "transferred")
