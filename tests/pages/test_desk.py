"""The secretary's pages: what does not fit, who may not, what is sent twice."""

from __future__ import annotations

import io

import aiohttp
import pytest

from demo.client import Person
from meetings.kernel.ids import new_id
from tests.journeys.sittings import PLACE, called, held, opened, rolled
from tests.pages.reader import BROWSER, Page, Reader, reader
from tests.pages.test_desk_journey import marks, one_red
from tests.pages.typist import Typist, form_of, forms_of
from tests.serving import CELL, Serving, auditor

NEW = f"/c/{CELL}/new"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200) + b"IEND\xaeB`\x82"
SITTING = ("roll", "run", "notes", "close", "questions/new", "kiosk", "passes", "folder", "review", "called")


async def secretary_of(house: Serving, moment: str = "2026-11-20T08:00") -> Typist:
    """The secretary, at that moment of Việt Nam's time."""
    house.at(moment)
    return Typist(await reader(house))


async def sent_file(
    house: Serving,
    person: Person,
    page: Page,
    action: str,
    name: str,
    *,
    content: bytes | None = None,
    **typed: str,
) -> int:
    """A form with a file, as a browser sends it; the status it ends with."""
    body = aiohttp.FormData()
    for field, value in {**form_of(page, action).fields, **typed}.items():
        body.add_field(field, value)
    body.add_field(
        name,
        io.BytesIO(PNG if content is None else content),
        filename="trang-ký.png",
        content_type="image/png",
    )
    async with person._http.post(house.base + action, data=body, headers=BROWSER) as answer:
        return answer.status


async def test_an_answer_to_a_form_names_the_page_to_come_back_to(house: Serving) -> None:
    secretary = await secretary_of(house)
    page = await secretary.reader.open(NEW)
    assert "data-refused" not in page.html
    assert f'data-refused="{NEW}"' in (await secretary.fill(page, NEW, day="31/2/2026")).html
    drafted = await secretary.fill(page, NEW, day="24/11/2026", place=PLACE)
    people = drafted.url.replace("/agenda", "/people")
    last_look = await secretary.fill(await secretary.reader.open(people), people)
    assert last_look.status == 200
    assert f'data-refused="{people}"' in last_look.html, "it keeps nothing, so nothing is to be sent again"


async def test_bad_input_is_said_beside_its_field_and_nothing_typed_is_lost(house: Serving) -> None:
    secretary = await secretary_of(house)
    page = await secretary.reader.open(NEW)
    typed = {"day": "31/2/2026", "time": "25:00", "place": "  ", "title": "Buổi <b>riêng</b>"}
    bad = await secretary.fill(page, NEW, **typed)
    assert bad.status == 422
    for said in ("Xin ghi ngày theo kiểu 24/11/2026.", "Xin ghi giờ theo kiểu 19:30.", "Xin điền chỗ này."):
        assert said in bad.text
    kept = form_of(bad, NEW).fields
    assert {name: kept[name] for name in typed} == typed
    assert "<b>riêng</b>" not in bad.html
    assert 'aria-describedby="e-day"' in bad.html
    past = await secretary.fill(bad, NEW, day="19/11/2026", time="19:30", place=PLACE)
    assert "Giờ họp đã qua." in past.text
    found = await (await house.secretary()).get(f"/cells/{CELL}/meetings")
    assert found["meetings"] == []


async def test_the_same_form_sent_twice_is_done_once(house: Serving) -> None:
    secretary = await secretary_of(house)
    page = await secretary.reader.open(NEW)
    fields = {**form_of(page, NEW).fields, "day": "24/11/2026", "time": "19:30", "place": PLACE}
    for _again in range(2):
        assert (await secretary.reader.send(NEW, **fields)).status == 200
    found = await (await house.secretary()).get(f"/cells/{CELL}/meetings")
    assert len(found["meetings"]) == 1
    another = {**fields, "day": "25/11/2026"}
    await secretary.reader.send(NEW, **another)
    found = await (await house.secretary()).get(f"/cells/{CELL}/meetings")
    assert len(found["meetings"]) == 2, "other words are another act"


@pytest.mark.parametrize("kind", ["member", "auditor"])
async def test_nobody_else_leads(house: Serving, kind: str) -> None:
    house.at("2026-11-20T08:00")
    cast = await house.cell_s()
    meeting = await called(house, "2026-11-24T19:30")
    person = await house.person(cast.hall[1]) if kind == "member" else await auditor(house)
    mine = Reader(house, person)
    for page in SITTING:
        assert (await mine.open(f"/m/{meeting}/{page}")).status == 403, page
    hands_over = ["members", f"members/{cast.hall[1].id}"] if kind == "member" else []  # she also administers
    for page in ("new", "paper-meeting", *hands_over):
        assert (await mine.open(f"/c/{CELL}/{page}")).status == 403, page
    csrf = form_of(await Reader(house, await house.secretary()).open(NEW), NEW).fields["csrf"]
    forged = await mine.send(f"/m/{meeting}/run/open", csrf=csrf, key=new_id())
    assert forged.status == 403
    state = await (await house.secretary()).get(f"/meetings/{meeting}")
    assert state["state"] == "convened"


async def test_nobody_signed_in_is_asked_to_sign_in(house: Serving) -> None:
    meeting = await called(house, "2026-11-24T19:30")
    stranger = Reader(house, house.anybody())
    for path in (f"/m/{meeting}/roll", NEW, f"/m/{meeting}/sign"):
        assert (await stranger.open(path)).status == 401


async def test_the_roll_wants_every_name_and_the_heads(house: Serving) -> None:
    secretary = await secretary_of(house)
    cast, meeting = await house.cell_s(), await called(house, "2026-11-24T19:30")
    house.at("2026-11-24T19:25")
    roll = f"/m/{meeting}/roll"
    some = dict(list(marks(cast).items())[:20])
    page = await secretary.fill(await secretary.reader.open(roll), roll, do="confirm", **some)
    assert page.status == 422
    assert page.text.count("Xin chọn Có hoặc Vắng.") == 7
    assert "Xin đếm số đảng viên trong hội trường" in page.text
    assert {name: form_of(page, roll).fields[name] for name in some} == some
    sheet = {**form_of(page, roll).fields, **marks(cast), "heads": "16", "do": "confirm"}
    for _again in range(2):
        assert (await secretary.reader.send(roll, **sheet)).status == 200
    seen = await (await house.secretary()).get(f"/meetings/{meeting}/attendance")
    assert seen["roll_confirmed"]


async def test_another_count_than_the_marks_is_asked_about_once(house: Serving) -> None:
    secretary = await secretary_of(house)
    cast, meeting = await house.cell_s(), await called(house, "2026-11-24T19:30")
    house.at("2026-11-24T19:25")
    roll = f"/m/{meeting}/roll"
    page = await secretary.reader.open(roll)
    for heads in ("17", "15"):
        page = await secretary.fill(page, roll, do="confirm", heads=heads, **marks(cast))
        assert page.status == 422
        assert f"Đếm được {heads}, nhưng bấm Có 16 đồng chí." in page.text
        assert "#e-heads" in page.links()
    seen = await (await house.secretary()).get(f"/meetings/{meeting}/attendance")
    assert not seen["roll_confirmed"]
    assert (await secretary.fill(page, roll, do="confirm")).status == 200
    seen = await (await house.secretary()).get(f"/meetings/{meeting}/attendance")
    assert seen["roll_confirmed"], "what was counted stands beside the marks"


async def test_a_supplement_sends_nobody_to_the_hall(house: Serving) -> None:
    secretary = await secretary_of(house)
    await called(house, "2026-11-24T19:30")
    page = await secretary.reader.open(NEW)
    assert form_of(page, NEW).fields["place"] == PLACE
    page = await secretary.fill(page, NEW, kind="online_session", day="26/11/2026")
    assert page.url.endswith("/call/agenda")
    page = await secretary.reader.open(page.url.replace("/agenda", ""))
    assert (PLACE in page.html, "Trực tuyến, trên điện thoại" in page.html) == (False, True)
    again = await secretary.reader.open(NEW)
    assert form_of(again, NEW).fields["place"] == PLACE, "of the last meeting in a hall"


async def test_a_count_of_heads_stands_beside_the_marks_until_they_agree(house: Serving) -> None:
    secretary = await secretary_of(house)
    cast, meeting = await house.cell_s(), await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    roll = f"/m/{meeting}/roll"
    page = await secretary.reader.open(roll)
    asked = await secretary.fill(page, roll, do="confirm", heads="17", **marks(cast))
    page = await secretary.fill(asked, roll, do="confirm")
    said = "Đếm trong hội trường được 17 đồng chí, điểm danh từng người có 16."
    assert said in page.text
    one = f"{roll}/{cast.excused[0].id}"
    fixed = await secretary.fill(await secretary.reader.open(one), one, mark="present", reason="Gọi sót")
    assert "Đếm trong hội trường được" not in fixed.text
    assert said not in (await secretary.reader.open(roll)).text


async def test_a_confirmed_mark_is_corrected_with_a_reason(house: Serving) -> None:
    secretary = await secretary_of(house)
    cast, meeting = await house.cell_s(), await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    await rolled(house, meeting, cast.hall)
    one = f"/m/{meeting}/roll/{cast.excused[0].id}"
    house.at("2026-11-24T19:50")
    page = await secretary.reader.open(one)
    bad = await secretary.fill(page, one, mark="late", at="", reason="")
    assert "Xin ghi giờ theo kiểu 19:30." in bad.text
    assert "Xin điền chỗ này." in bad.text
    page = await secretary.fill(bad, one, mark="late", at="19:45", reason="Xe hỏng")
    assert page.url == f"/m/{meeting}/roll"
    assert "đến muộn" in page.text


async def test_left_out_only_with_a_reason(house: Serving) -> None:
    secretary, cast = await secretary_of(house), await house.cell_s()
    page = await secretary.fill(
        await secretary.reader.open(NEW), NEW, day="24/11/2026", time="19:30", place=PLACE
    )
    page = await secretary.fill(page, page.url, do="next")
    people, out = page.url, cast.hall[1]
    fields = form_of(page, people).fields
    del fields[f"in-{out.id}"]
    bad = await secretary.reader.send(people, **{**fields, "do": "next"})
    assert "Xin ghi vì sao không mời đồng chí này." in bad.text
    why = {f"why-{out.id}": "Đi <i>chữa bệnh</i>"}
    page = await secretary.reader.send(people, **{**fields, **why, "do": "next"})
    assert "Mời 26 đồng chí" in page.text
    assert "<i>chữa" not in page.html
    send = people.replace("people", "send")
    assert (await secretary.fill(page, send, how="letter")).url.endswith("/called")


async def test_signed_by_hand_with_a_scan(house: Serving) -> None:
    secretary, cast = await secretary_of(house), await house.cell_s()
    meeting, _ = await held(house, "2026-11-24T19:30", "2026-11-24T21:05", cast.hall)
    review = f"/m/{meeting}/review"
    page = await secretary.fill(await secretary.reader.open(review), review)
    ink, person = f"/m/{meeting}/minutes/ink", await house.secretary()
    empty = await secretary.fill(page, ink)
    assert "Xin chọn ảnh chụp hoặc bản quét của văn bản đã ký." in empty.text
    witness = cast.hall[3].id
    forged = await sent_file(house, person, page, ink, "scan", csrf="0" * 64, witness=witness)
    assert forged == 403
    for _again in range(2):
        assert await sent_file(house, person, page, ink, "scan", witness=witness) == 200
    page = await secretary.reader.open(f"/m/{meeting}/sign")
    assert page.text.count("Đã ký tay") == 2
    assert one_red(page)


async def test_a_meeting_on_paper_is_entered_and_led_on(house: Serving) -> None:
    secretary = await secretary_of(house, "2026-11-28T08:00")
    path = f"/c/{CELL}/paper-meeting"
    page, person = await secretary.reader.open(path), await house.secretary()
    typed = {"day": "24/11/2026", "opened": "19:30", "closed": "21:00", "place": PLACE}
    bad = await secretary.fill(page, path, **typed)
    assert "Xin chọn ảnh chụp trang biên bản đã ký." in bad.text
    assert await sent_file(house, person, bad, path, "photo", content=b"GIF89a;") == 422
    for _again in range(2):
        assert await sent_file(house, person, bad, path, "photo") == 200
    [found] = (await person.get(f"/cells/{CELL}/meetings?first=2026-11&last=2026-11"))["meetings"]
    assert (found["state"], found["entered_late_on"]) == ("open", "2026-11-28")
    page = await secretary.reader.open(f"/m/{found['id']}/roll")
    assert "Chốt điểm danh" in page.text


async def test_a_helper_marks_and_is_let_go(house: Serving) -> None:
    secretary = await secretary_of(house)
    cast, meeting = await house.cell_s(), await called(house, "2026-11-24T19:30")
    house.at("2026-11-24T19:20")
    passes = f"/m/{meeting}/passes"
    form = form_of(await secretary.reader.open(passes), passes).fields
    page = await secretary.reader.send(passes, **{**form, "name": "Cháu Mẫu Na"})
    link = next(word for word in page.text.split() if f"/h/{meeting}/" in word)
    repeat = await secretary.reader.send(passes, **{**form, "name": "Cháu Mẫu Na"})
    assert "đường dẫn chỉ hiện một lần" in repeat.text
    helper, path = Typist(Reader(house, house.anybody())), link.removeprefix(house.base)
    page = await helper.reader.open(path)
    assert cast.hall[1].name in page.text
    page = await helper.fill(page, path, **{f"m-{cast.hall[1].id}": "present"})
    assert page.status == 200
    seen = await secretary.reader.open(f"/m/{meeting}/roll")
    assert "Điểm danh lúc 19:20" in seen.text
    held_ = await (await house.secretary()).get(f"/meetings/{meeting}/helpers")
    [one] = held_["passes"]
    revoke = f"{passes}/{one['id']}/revoke"
    assert "Đã thu hồi" in (await secretary.fill(await secretary.reader.open(passes), revoke)).text
    assert (await helper.reader.open(path)).status == 401


async def test_a_card_is_made_and_a_device_let_go(house: Serving) -> None:
    secretary, cast = await secretary_of(house), await house.cell_s()
    path = f"/c/{CELL}/members/{cast.hall[2].id}"
    page = await secretary.fill(await secretary.reader.open(path), f"{path}/link", handed="paper")
    assert "<svg" in page.html
    assert "Trao tận tay đồng chí." in page.text
    assert "/l/" not in page.text, "a printed card shows the link as a picture only"
    page = await secretary.fill(page, f"{path}/link", handed="message")
    assert f"{house.base}/l/" in page.text
    await house.person(cast.hall[2])
    page = await secretary.reader.open(path)
    [revoke] = [form for form in _actions(page) if form.endswith("/revoke")]
    page = await secretary.fill(page, revoke)
    assert "Chưa có máy nào." in page.text


def _actions(page: Page) -> list[str]:
    return [one.action for one in forms_of(page)]


async def test_a_supplement_says_so_on_every_page_of_its_secretary(house: Serving) -> None:
    secretary = await secretary_of(house)
    meeting = await called(house, "2026-11-25T19:30", kind="online_session", mode="online")
    await opened(house, meeting, "2026-11-25T19:30")
    for page in ("run", "notes", "close", "questions/new", "folder"):
        shown = await secretary.reader.open(f"/m/{meeting}/{page}")
        assert "BUỔI BỔ TRỢ." in shown.text, page
        assert "thông qua" not in shown.text.lower().replace("không thông qua", ""), page
    assert (await secretary.reader.open(f"/m/{meeting}/roll")).status == 409
    run = await secretary.reader.open(f"/m/{meeting}/run")
    assert "Chưa có ai trong phòng họp." in run.text
    assert f"/m/{meeting}/room" in run.links()
    home = await secretary.reader.open("/")
    assert ("bước 3 trong 5" in home.text, "Điểm danh" in home.text) == (True, False), (
        "nobody's roll is called"
    )


async def test_english_is_whole_on_the_secretarys_pages(house: Serving) -> None:
    secretary, cast = await secretary_of(house), await house.cell_s()
    meeting = await called(house, "2026-11-24T19:30")
    paths = [NEW, f"/c/{CELL}/members", f"/c/{CELL}/members/{cast.hall[1].id}", f"/c/{CELL}/paper-meeting"]
    house.at("2026-11-24T19:25")
    paths += [
        f"/m/{meeting}/{page}" for page in ("called", "roll", "run", "kiosk", "passes", "folder", "notes")
    ]
    for path in paths:
        page = await secretary.reader.open(f"{path}?lang=en")
        assert (page.status, page.untranslated()) == (200, ""), path
    await opened(house, meeting, "2026-11-24T19:30")
    await rolled(house, meeting, cast.hall)
    for page_name in ("roll", "run", "close", f"roll/{cast.hall[1].id}", "questions/new"):
        page = await secretary.reader.open(f"/m/{meeting}/{page_name}?lang=en")
        assert (page.status, page.untranslated()) == (200, ""), page_name
