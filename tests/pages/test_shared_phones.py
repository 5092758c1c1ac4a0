"""One phone handed round: declared by the secretary, pressed by each, told as it was."""

from __future__ import annotations

from tests.journeys.sittings import called, opened
from tests.pages.reader import Reader, reader
from tests.pages.test_desk_journey import one_red
from tests.pages.typist import Typist, form_of, forms_of
from tests.serving import Serving, auditor


async def test_a_phone_goes_from_hand_to_hand(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    cast = await house.cell_s()
    meeting = await called(house, "2026-11-24T19:30")
    owner, first, second = cast.hall[2:5]
    secretary, path = Typist(await reader(house)), f"/m/{meeting}/shared-phones"
    page = await secretary.reader.open(path)
    assert one_red(page)
    bad = await secretary.fill(page, path, **{f"with-{owner.id}": "yes"})
    assert bad.status == 422
    assert "Xin chọn ít nhất hai đồng chí." in bad.text
    together = {f"with-{one.id}": "yes" for one in (owner, first, second)}
    page = await secretary.fill(bad, path, **together)
    assert (
        page.text.partition("Đã khai")[2].count(first.name) == 2
    )  # in the list, and among those to choose from
    assert (await secretary.reader.open(f"{path}?lang=en")).untranslated() == ""

    await opened(house, meeting, "2026-11-24T19:30")
    code = await (await house.secretary()).get(f"/meetings/{meeting}/hall-code")
    link = str(code["link"]).removeprefix(house.base)
    phone, form = await reader(house, owner), f"/meetings/{meeting}/check-in"
    page = await phone.open(link)
    assert one_red(page)
    assert {one.fields.get("member", "") for one in forms_of(page)} == {"", first.id, second.id}
    page = await phone.send(form, **form_of(page, form).fields)
    assert "Đưa máy cho đồng chí tiếp theo" in page.text
    for one in (first, second):
        sent = next(each.fields for each in forms_of(page) if each.fields.get("member") == one.id)
        await phone.send(form, **sent)
        page = await phone.send(form, **sent)  # pressed twice: kept once
    assert page.url == f"/m/{meeting}", "nobody is left to hand it to"
    await _told(house, meeting, {owner.id, first.id, second.id}, owner.name)


async def _told(house: Serving, meeting: str, members: set[str], owner: str) -> None:
    seen = await (await house.secretary()).get(f"/meetings/{meeting}/attendance")
    assert {line["member"] for line in seen["lines"] if line["scanned"]} == members
    assert seen["two_names"] == []
    evidence = await Reader(house, await auditor(house)).open(f"/api/v1/meetings/{meeting}/evidence.html")
    assert evidence.text.count(f"trên máy dùng chung của {owner}") == 2


async def test_an_undeclared_friend_cannot_be_checked_in(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    cast, meeting = await house.cell_s(), await called(house, "2026-11-24T19:30")
    await opened(house, meeting, "2026-11-24T19:30")
    code = await (await house.secretary()).get(f"/meetings/{meeting}/hall-code")
    phone, form = await reader(house, cast.hall[2]), f"/meetings/{meeting}/check-in"
    page = await phone.open(str(code["link"]).removeprefix(house.base))
    assert "dùng chung" not in page.text
    refused = await phone.send(form, **form_of(page, form).fields, member=cast.hall[3].id)
    assert refused.status == 403
    assert "Bí thư chưa khai" in refused.text
    seen = await (await house.secretary()).get(f"/meetings/{meeting}/attendance")
    assert not [line for line in seen["lines"] if line["scanned"]]


async def test_only_who_calls_the_roll_declares(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    cast, meeting = await house.cell_s(), await called(house, "2026-11-24T19:30")
    member = await reader(house, cast.hall[2])
    assert (await member.open(f"/m/{meeting}/shared-phones")).status == 403
