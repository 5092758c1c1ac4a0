"""The recorder's words: nothing is written over unseen, with plain forms and over JSON."""

from __future__ import annotations

from demo.client import Refusal
from tests.journeys.hybrid import hybrid
from tests.journeys.sittings import refusal_of
from tests.pages.live_item import live_item
from tests.pages.reader import reader
from tests.pages.typist import Typist, form_of
from tests.serving import Serving


async def test_two_windows_of_the_notes(house: Serving) -> None:
    sitting = await hybrid(house)
    notes = f"/m/{sitting.id}/notes"
    secretary = Typist(await reader(house))
    one, two = await secretary.reader.open(notes), await secretary.reader.open(notes)
    field = f"words-{sitting.id}"
    saved = await secretary.fill(one, notes, **{field: "Bản thứ nhất"})
    assert "Đã lưu" in saved.text
    refused = await secretary.fill(two, notes, **{field: "Bản thứ hai"})
    assert refused.status == 409
    assert "Chỗ này vừa được ghi ở máy khác" in refused.text
    assert "Bản thứ nhất" in refused.text
    assert form_of(refused, notes).fields[field] == "Bản thứ hai", "what was typed stays"
    settled = await secretary.fill(refused, notes)
    assert form_of(settled, notes).fields[field] == "Bản thứ hai"
    assert "Ghi lần cuối" in settled.text


async def test_an_untouched_item_is_no_conflict(house: Serving) -> None:
    sitting = await hybrid(house)
    notes = f"/m/{sitting.id}/notes"
    secretary = Typist(await reader(house))
    items = await live_item(house, sitting.id)
    first, second = (f"words-{one['id']}" for one in items[:2])
    one, two = await secretary.reader.open(notes), await secretary.reader.open(notes)
    await secretary.fill(one, notes, **{first: "Của cửa sổ một"})
    page = await secretary.fill(two, notes, **{second: "Của cửa sổ hai"})
    kept = form_of(page, notes).fields
    assert (page.status, kept[first], kept[second]) == (200, "Của cửa sổ một", "Của cửa sổ hai")


async def test_over_json_the_last_seal_is_shown(house: Serving) -> None:
    sitting = await hybrid(house)
    secretary = await house.secretary()
    path = f"/meetings/{sitting.id}/minutes/texts/{sitting.id}"
    first = await secretary.put(path, words="Một", over="")
    assert first["over"]
    again = await secretary.put(path, words="Một", over="")
    assert again["over"] == first["over"], "an answer that got lost is asked for again"
    refused: Refusal = await refusal_of(secretary, "PUT", path, words="Hai", over="")
    assert (refused.status, refused.code) == (409, "words-moved")
    second = await secretary.put(path, words="Hai", over=first["over"])
    assert second["over"] != first["over"]


async def test_the_live_item_is_timed_in_print(house: Serving) -> None:
    sitting = await hybrid(house)
    items = await live_item(house, sitting.id)
    until = f"19:{40 + items[0]['planned_minutes']}"
    for who in (None, sitting.cast.phone[0]):
        for page in (f"/m/{sitting.id}", f"/m/{sitting.id}/room"):
            assert (
                f"Đang bàn từ 19:40, dự kiến đến {until}"
                in (await (await reader(house, who)).open(page)).text
            )
    run = await (await reader(house)).open(f"/m/{sitting.id}/run")
    assert f"Khoảng {until}" in run.text
