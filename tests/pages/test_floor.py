"""Hands on the pages: a member's plain form, the console's turns, the event that tells everybody."""

from __future__ import annotations

import re

from tests.journeys.hybrid import hybrid
from tests.pages.reader import reader
from tests.pages.streams import following
from tests.pages.typist import Typist, form_of, forms_of
from tests.serving import Serving


async def test_a_member_raises_a_hand_and_the_console_gives_the_floor(house: Serving) -> None:
    found = await hybrid(house)
    one, path = found.cast.scanning[2], f"/m/{found.id}/hand"
    member = Typist(await reader(house, one))
    page = await member.reader.open(f"/m/{found.id}")
    fields = form_of(page, path).fields
    for _again in range(2):
        page = await member.reader.send(path, **fields)
        assert "Đồng chí đã giơ tay, thứ tự 1." in page.text
    secretary = Typist(await reader(house))
    run = await secretary.reader.open(f"/m/{found.id}/run")
    assert one.name in run.text
    assert "Chưa phát biểu" in run.text
    turn = next(form for form in forms_of(run) if ("do", "call") in form.buttons)
    run = await secretary.reader.send(turn.action, **turn.fields, do="call")
    assert "Đang phát biểu từ 19:30" in run.text
    assert "Mời đồng chí phát biểu." in (await member.reader.open(f"/m/{found.id}")).text
    turn = next(form for form in forms_of(run) if ("do", "finish") in form.buttons)
    run = await secretary.reader.send(turn.action, **turn.fields, do="finish")
    assert "Đã phát biểu: 1 lượt" in run.text


async def test_a_hand_from_the_room_comes_back_to_the_room_and_goes_down(house: Serving) -> None:
    found = await hybrid(house)
    mine = Typist(await reader(house, found.cast.phone[0]))
    room, path = f"/m/{found.id}/room", f"/m/{found.id}/hand"
    page = await mine.fill(await mine.reader.open(room), path)
    assert page.url == room
    assert "Đồng chí đã giơ tay" in page.text
    lowered = re.search(rf'action="({path}/[0-9a-f-]+)"', page.html)
    assert lowered is not None
    page = await mine.fill(page, lowered[1])
    assert page.url == room
    assert "Đồng chí đã giơ tay" not in page.text


async def test_the_secretary_puts_somebody_in_the_hall_on_the_list(house: Serving) -> None:
    found = await hybrid(house)
    secretary, elder = Typist(await reader(house)), found.cast.elder
    run, action = f"/m/{found.id}/run", f"/m/{found.id}/run/hands"
    refused = await secretary.fill(await secretary.reader.open(run), action)
    assert refused.status == 422
    assert "Xin chọn một ô." in refused.text
    page = await secretary.fill(refused, action, speaker=elder.id)
    assert f"1. {elder.name}" in page.text
    english = await secretary.reader.open(f"{run}?lang=en")
    assert "Give the floor" in english.text
    assert not english.untranslated()


async def test_who_does_not_lead_gives_no_turns(house: Serving) -> None:
    found = await hybrid(house)
    mine = Typist(await reader(house, found.cast.scanning[2]))
    fields = form_of(await mine.reader.open(f"/m/{found.id}"), f"/m/{found.id}/hand").fields
    answer = await mine.reader.send(f"/m/{found.id}/run/hands", **fields, key=fields["id"], speaker="x")
    assert answer.status == 403


async def test_a_change_of_the_list_is_told_without_names(house: Serving) -> None:
    found = await hybrid(house)
    mine = await house.person(found.cast.scanning[2])
    async with mine._http.get(f"{house.base}/m/{found.id}/room") as page:
        start = (await page.text()).partition('data-last="')[2].partition('"')[0]
    async with following(mine, house.base, found.id, last=start) as stream:
        await stream.next()
        hand = await mine.post(f"/meetings/{found.id}/speakers", id=found.id)
        assert (await stream.until("hands")).data == {"waiting": 1}
        await (await house.secretary()).post(f"/speakers/{hand['id']}/call")
        assert (await stream.until("hands")).data == {"waiting": 0}


async def test_a_guest_is_written_down_and_put_on_the_list(house: Serving) -> None:
    found = await hybrid(house)
    secretary = Typist(await reader(house))
    run, action = f"/m/{found.id}/run", f"/m/{found.id}/run/guests"
    refused = await secretary.fill(await secretary.reader.open(run), action)
    assert refused.status == 422
    page = await secretary.fill(refused, action, guest_name="Khách Mẫu", guest_from="Đảng ủy xã")
    assert "1. Khách Mẫu Khách dự · Chưa phát biểu" in page.text
    turn = next(form for form in forms_of(page) if ("do", "lower") in form.buttons)
    page = await secretary.reader.send(turn.action, **turn.fields, do="lower")
    [guest] = re.findall(r'<option value="([0-9a-f-]{36})" lang="vi">Khách Mẫu<', page.html)
    again = await secretary.fill(page, action, guest=guest)
    assert "1. Khách Mẫu" in again.text
    kept = (await (await house.secretary()).get(f"/meetings/{found.id}/attendance"))["guests"]
    assert [one["full_name"] for one in kept] == ["Khách Mẫu"], "written down once"
