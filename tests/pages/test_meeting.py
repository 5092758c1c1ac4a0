"""The page of one meeting and its forms."""

from __future__ import annotations

import re

from meetings.kernel.ids import new_id
from tests.journeys.hybrid import hybrid
from tests.journeys.sittings import called, closed, held, opened
from tests.pages.reader import Reader, reader
from tests.serving import CELL, Serving

NOTICE = "Nếu dự qua điện thoại, đồng chí nghe và phát biểu được, nhưng không được tính là có mặt"


async def test_the_leave_question_of_a_hybrid(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30", mode="hybrid")
    member = (await house.cell_s()).phone[0]
    mine = await reader(house, member)
    page = await mine.open(f"/m/{meeting}")
    assert NOTICE in page.text
    assert "Tôi sẽ đến hội trường" in page.text
    assert f"/m/{meeting}/leave" in page.links()
    question = await mine.open(f"/m/{meeting}/leave")
    assert NOTICE in question.text
    for reason in ("Ốm đau", "Công tác", "Đi làm xa", "Việc gia đình", "Khác"):
        assert reason in question.text
    form = question.forms()[f"/m/{meeting}/leave"]
    after = await mine.send(f"/m/{meeting}/leave", **form, reason="working_away", note="Ở Bình Dương")
    again = await mine.send(f"/m/{meeting}/leave", **form, reason="working_away", note="Ở Bình Dương")
    for page in (after, again):
        assert (page.status, page.url) == (200, f"/m/{meeting}")
        assert "Đã gửi. Chờ bí thư xác nhận." in page.text
    seen = await (await house.person(member)).get(f"/meetings/{meeting}/attendance")
    [line] = [one for one in seen["lines"] if one["member"] == member.id]
    assert line["absence"]["reason"] == "working_away"
    assert "Đã gửi. Chờ bí thư xác nhận." in (await mine.open("/")).text


async def test_who_says_that_they_will_come_is_told_what_that_means(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30", mode="hybrid")
    member = (await house.cell_s()).hall[1]
    mine, said = await reader(house, member), "Có mặt được ghi khi điểm danh tại hội trường."
    home = await mine.open("/")
    assert said not in home.text
    for page in (await mine.press(home, f"/m/{meeting}/coming"), await mine.open("/")):
        assert (page.status, said in page.text) == (200, True)
        assert f"/m/{meeting}/coming" not in page.forms()
        assert f"/m/{meeting}/leave" in page.links()
    seen = await (await house.person(member)).get(f"/meetings/{meeting}/attendance")
    assert (seen["lines"][0]["coming"], seen["in_hall"]) == (True, 0)
    question = await mine.open(f"/m/{meeting}/leave")
    await mine.press(question, f"/m/{meeting}/leave", reason="ill")
    assert said not in (await mine.open(f"/m/{meeting}")).text
    refused = await mine.send(f"/m/{meeting}/coming", csrf=question.forms()[f"/m/{meeting}/leave"]["csrf"])
    assert refused.status == 200


async def test_a_form_that_is_refused_says_why_on_the_page(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    mine = await reader(house, (await house.cell_s()).hall[1])
    question = await mine.open(f"/m/{meeting}/leave")
    empty = await mine.press(question, f"/m/{meeting}/leave")
    assert empty.status == 422
    assert "Đồng chí chưa chọn." in empty.text
    assert 'role="alert"' in empty.html
    await (await house.secretary()).post(f"/meetings/{meeting}/cancel", reason="Bão lớn")
    late = await mine.press(question, f"/m/{meeting}/leave", reason="ill")
    assert late.status == 409
    assert "Chỉ báo vắng được từ lúc triệu tập" in late.text
    english = await mine.press(await mine.open(f"/m/{meeting}/leave?lang=en"), f"/m/{meeting}/leave")
    assert "Nothing was chosen." in english.text


async def test_a_form_without_its_token_is_refused_as_a_page(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    mine = await reader(house, (await house.cell_s()).hall[1])
    forged = await mine.send(f"/m/{meeting}/leave", id=new_id(), reason="ill", csrf="0" * 64)
    assert forged.status == 403
    assert "không đến từ trang của phần mềm" in forged.text
    assert forged.headers["Content-Type"].startswith("text/html")


async def test_strangers_are_told_nothing(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    signed_out = await Reader(house, house.anybody()).open(f"/m/{meeting}")
    assert signed_out.status == 401
    assert "Đồng chí mở đường dẫn riêng" in signed_out.text
    administrator = Reader(house, await house.administrator())
    for unknown in (meeting, new_id()):
        page = await administrator.open(f"/m/{unknown}")
        assert page.status == 404
        assert "Không có buổi họp này." in page.text
    assert (await administrator.open("/m/nonsense")).status == 422


async def test_a_supplement_says_what_it_is_and_passes_nothing(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    regular = await called(house, "2026-11-24T19:30")
    secretary = await house.secretary()
    made = await secretary.post(
        f"/cells/{CELL}/meetings",
        kind="online_session", mode="online", starts_at="2026-11-22T19:30:00+07:00", place="Trực tuyến",
        supplements=regular,
    )  # fmt: skip
    await secretary.post(f"/meetings/{made['id']}/convene", how="zalo_text")
    mine = await reader(house, (await house.cell_s()).phone[0])
    for path in ("/", f"/m/{made['id']}"):
        page = await mine.open(path)
        assert "BUỔI BỔ TRỢ." in page.text
        assert "không được tính là buổi sinh hoạt thường kỳ tháng 11/2026." in page.text
    page = await mine.open(f"/m/{made['id']}")
    assert "Bổ trợ cho buổi thường kỳ ngày 24/11/2026." in page.text
    assert "thông qua" not in page.text.lower()


async def test_a_practice_carries_its_mark(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-21T19:30", kind="practice")
    page = await (await reader(house)).open(f"/m/{meeting}")
    assert "BUỔI TẬP. Chỉ để làm quen" in page.text


async def test_the_secretary_finds_the_message_to_paste(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    mine = await (await reader(house)).open(f"/m/{meeting}")
    assert "Kính mời các đồng chí dự sinh hoạt chi bộ thường kỳ tháng 11/2026." in mine.text
    cast = await house.cell_s()
    page = await (await reader(house, cast.hall[1])).open(f"/m/{meeting}")
    assert "Kính mời" not in page.text
    assert "Triệu tập 27 đồng chí" in page.text
    assert cast.hall[2].name in page.text


async def test_everyone_reads_their_own_part(house: Serving) -> None:
    found = await hybrid(house)
    texts = {}
    for name, member in (("hall", found.cast.hall[1]), ("phone", found.cast.phone[0]),
                         ("excused", found.cast.excused[0]), ("unexcused", found.cast.unexcused[0])):  # fmt: skip
        texts[name] = (await (await reader(house, member)).open(f"/m/{found.id}")).text
    assert "Đồng chí có mặt tại hội trường." in texts["hall"]
    assert "Đang dự qua điện thoại (bổ trợ), không tính có mặt" in texts["phone"]
    assert "Vắng có lý do: ốm đau. Bí thư đã xác nhận." in texts["excused"]
    assert "Vắng không có lý do." in texts["unexcused"]


async def test_an_unexcused_absence_can_be_contested_once(house: Serving) -> None:
    found = await hybrid(house)
    mine = await reader(house, found.cast.unexcused[0])
    page = await mine.open(f"/m/{found.id}")
    after = await mine.press(page, f"/m/{found.id}/contest", note="Tôi có gọi bí thư")
    assert "Đồng chí đã đề nghị xem lại, bí thư sẽ trả lời." in after.text
    assert f"/m/{found.id}/contest" not in after.forms()
    again = await mine.press(page, f"/m/{found.id}/contest", note="")
    assert again.status == 409
    assert "Xin chờ bí thư." in again.text


async def test_minutes_are_found_read_and_checked(house: Serving) -> None:
    cast = await house.cell_s()
    meeting, _ = await held(house, "2026-11-24T19:30", "2026-11-24T21:05", cast.hall)
    mine = await reader(house, cast.hall[1])
    draft = await mine.open(f"/m/{meeting}")
    assert "Biên bản đang được lập; đây là bản dự thảo." in draft.text
    assert "Họp từ 19:30 đến 21:05." in draft.text
    assert "Được tính là buổi sinh hoạt thường kỳ tháng 11/2026." in draft.text
    assert (await mine.open(f"/m/{meeting}/verification")).status == 404
    await (await house.secretary()).post(f"/meetings/{meeting}/minutes/approve")
    page = await mine.open(f"/m/{meeting}")
    assert "Biên bản đã lập xong, đang chờ ký (0/2)." in page.text
    assert {f"/api/v1/meetings/{meeting}/minutes.html", f"/api/v1/meetings/{meeting}/minutes.pdf"} <= set(
        page.links()
    )
    checked = await mine.open(f"/m/{meeting}/verification")
    assert checked.status == 200
    assert "Tệp này chưa được ký" in checked.text
    assert "Đã họp" in (await mine.open("/")).text


async def test_english_pages_are_whole(house: Serving) -> None:
    found = await hybrid(house)
    await found.vote(elder=False)
    secretary = await reader(house)
    member = await reader(house, found.cast.phone[0])
    for mine in (secretary, member):
        for path in (f"/m/{found.id}", f"/m/{found.id}/leave", "/"):
            assert (await mine.open(f"{path}?lang=en")).untranslated() == "", path


async def test_the_regular_meeting_with_too_few_says_that_it_does_not_count(house: Serving) -> None:
    cast = await house.cell_s()
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    secretary = await house.secretary()
    few = {member.id for member in cast.hall[:4]}
    marks = [{"member": one.id, "mark": "present" if one.id in few else "absent"}
             for one in cast.everyone if one.category != "suspended"]  # fmt: skip
    await secretary.post(f"/meetings/{meeting}/roll", id=new_id(), marks=marks, head_count=4, confirm=True)
    seen = await secretary.get(f"/meetings/{meeting}/attendance")
    for line in seen["lines"]:
        if line["absence"] is not None and line["absence"]["state"] == "undecided":
            await secretary.post(
                f"/meetings/{meeting}/leave/{line['member']}/decision", decision="excused", reason="ill"
            )
    await secretary.post(f"/meetings/{meeting}/parts", chair=cast.chair.id, recorder=cast.hall[1].id)
    await closed(house, meeting, "2026-11-24T21:05")
    page = await (await reader(house)).open(f"/m/{meeting}")
    assert "Chưa được tính là buổi sinh hoạt thường kỳ tháng 11/2026." in page.text


async def test_after_a_move_who_said_they_would_come_is_asked_again(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    member = (await house.cell_s()).hall[1]
    mine, person = await reader(house, member), await house.person(member)
    earlier = "Đồng chí đã báo sẽ đến vào 19:30"
    home = await mine.press(await mine.open("/"), f"/m/{meeting}/coming")
    assert earlier not in home.text
    secretary = await house.secretary()
    await secretary.post(f"/meetings/{meeting}/move", starts_at="2026-11-25T19:00:00+07:00")
    [line] = (await person.get(f"/meetings/{meeting}/attendance"))["lines"]
    assert (line["coming"], line["coming_before"][:16]) == (False, "2026-11-24T12:30")
    assert "Đã hẹn sẽ đến vào giờ cũ" in (await (await reader(house)).open(f"/m/{meeting}/roll")).text
    for page in (await mine.open("/"), await mine.open(f"/m/{meeting}")):
        assert earlier in page.text
        assert f"/m/{meeting}/coming" in page.forms()
    for _ in range(2):
        after = await mine.press(page, f"/m/{meeting}/coming")
        assert earlier not in after.text
        assert "19:00" in after.text
    [line] = (await person.get(f"/meetings/{meeting}/attendance"))["lines"]
    assert (line["coming"], line["coming_before"]) == (True, None)


async def test_leave_asked_for_the_earlier_time_lapses_with_a_move(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting, cast = await called(house, "2026-11-24T19:30"), await house.cell_s()
    member = cast.hall[1]
    mine, person, secretary = await reader(house, member), await house.person(member), await house.secretary()
    leave = f"/meetings/{meeting}/leave"
    asked = await person.post(leave, id=new_id(), reason="ill")
    await secretary.post(f"{leave}/{member.id}/decision", decision="excused", reason="ill")
    assert (asked["asked"], asked["asked_before"]) == (True, None)
    await secretary.post(f"/meetings/{meeting}/move", starts_at="2026-11-25T19:00:00+07:00")
    [line] = (await person.get(f"/meetings/{meeting}/attendance"))["lines"]
    absence = line["absence"]
    assert (absence["state"], absence["asked"]) == ("undecided", False)
    assert absence["asked_before"][:16] == "2026-11-24T12:30"
    assert "Đã xin vắng vào giờ cũ" in (await (await reader(house)).open(f"/m/{meeting}/roll")).text
    earlier = "Đồng chí đã xin vắng buổi 19:30"
    for page in (await mine.open("/"), await mine.open(f"/m/{meeting}")):
        assert earlier in page.text
        assert f"/m/{meeting}/leave" in page.links()
    page = await mine.press(page, f"/m/{meeting}/coming")
    assert earlier not in page.text
    assert earlier not in (await mine.open("/")).text
    assert "Đã hẹn sẽ đến" in (await (await reader(house)).open(f"/m/{meeting}/roll")).text
    await secretary.post(f"/meetings/{meeting}/move", starts_at="2026-11-24T19:30:00+07:00")
    assert "Vắng có lý do: ốm đau. Bí thư đã xác nhận." in (await mine.open(f"/m/{meeting}")).text


async def test_a_result_opens_the_names_it_counts(house: Serving) -> None:
    sitting = await hybrid(house)
    vote = await sitting.vote(elder=True)
    await sitting.answer(vote, sitting.cast.phone[0])
    mine = await reader(house, sitting.cast.hall[1])
    assert "counted" not in (await mine.open(f"/m/{sitting.id}")).html, "nothing is decided yet"
    await sitting.count(vote, 12, 1, 1)
    secretary = await reader(house)
    suspended = next(one for one in sitting.cast.everyone if one.category == "suspended")
    for page in (
        await mine.open(f"/m/{sitting.id}"),
        await mine.open(f"/m/{sitting.id}/room"),
        await secretary.open(f"/m/{sitting.id}/questions/{vote}"),
    ):
        [listed] = re.findall(
            r'<details class="counted"><summary>Xem danh sách.</summary>(.*?)</details>', page.html, re.S
        )
        numbers = [int(one) for one in re.findall(r"</b> \((\d+)\):", listed)]
        assert sum(numbers) == 24, "20 counted, 2 away and 2 exempt taken off"
        assert "Đảng viên chính thức, vắng mặt vẫn được tính" in listed
        assert sitting.cast.elder.name in listed
        assert suspended.name not in listed
        assert page.text.count("Xem danh sách.") == 1


async def test_a_card_says_whether_one_may_join_by_phone(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    mine = await reader(house, (await house.cell_s()).hall[1])
    for mode, said in (
        ("in_person", "Họp trực tiếp, không dự qua điện thoại"),
        ("hybrid", "ai vắng thì dự được qua điện thoại (bổ trợ)"),
    ):
        meeting = await called(house, "2026-11-24T19:30", mode=mode)
        assert said in (await mine.open(f"/m/{meeting}")).text
        assert said in (await mine.open("/")).text
        await (await house.secretary()).post(f"/meetings/{meeting}/cancel", reason="Chỉ để thử")
