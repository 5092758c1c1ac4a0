"""Drafts and motions on the pages: a member amends, the chair decides or has it voted on, nothing merges by itself."""

from __future__ import annotations

import re
from typing import Any

from meetings.kernel.ids import new_id
from tests.journeys.hybrid import Hybrid, hybrid
from tests.pages.live_item import live_item
from tests.pages.reader import Page, reader
from tests.pages.streams import following
from tests.pages.typist import Typist, form_of, forms_of
from tests.serving import Serving

DRAFT = "Chi bộ làm đường trước ngày 30/11."


async def drafted(house: Serving) -> tuple[Hybrid, str, Typist]:
    """The open hybrid, an item with a draft the secretary wrote by a form, and that secretary."""
    found = await hybrid(house)
    item = (await live_item(house, found.id))[0]["id"]
    secretary = Typist(await reader(house))
    path = f"/m/{found.id}/motions/draft/{item}"
    page = await secretary.fill(await secretary.reader.open(path), path, text=DRAFT)
    assert page.url == f"/m/{found.id}/motions"
    assert "Dự thảo, bản số 1" in page.text
    return found, str(item), secretary


async def pressed(who: Typist, page: Page, button: str) -> Page:
    form = next(form for form in forms_of(page) if ("do", button) in form.buttons)
    return await who.reader.send(form.action, **form.fields, do=button)


async def motions(house: Serving, meeting: str) -> list[dict[str, Any]]:
    told = await (await house.secretary()).get(f"/meetings/{meeting}/motions")
    return list(told["motions"])


async def test_a_member_rewrites_the_draft_and_the_difference_is_said_aloud(house: Serving) -> None:
    found, item, secretary = await drafted(house)
    member = Typist(await reader(house, found.cast.scanning[2]))
    amend = f"/m/{found.id}/motions/amend/{item}"
    page = await member.reader.open(amend)
    assert form_of(page, amend).fields["text"].strip() == DRAFT
    same = await member.fill(page, amend)
    assert same.status == 422
    assert "Đề nghị chưa có gì khác với dự thảo." in same.text
    fields = form_of(same, amend).fields | {
        "text": "Chi bộ làm đường <b>trước</b> ngày 15/12.",
        "reason": "Kịp",
    }
    for _again in range(2):
        page = await member.reader.send(amend, **fields)
    assert "<b>trước</b>" not in page.html
    assert len(await motions(house, found.id)) == 1
    assert re.search(r"<del><span[^>]*>\[bỏ: </span>30/11<", page.html)
    assert re.search(r"<ins><span[^>]*>\[thêm: </span>15/12<", page.html)
    assert "Rút đề nghị" in page.text
    assert "Tiếp thu" not in page.text, "who does not lead decides nothing"
    run = await secretary.reader.open(f"/m/{found.id}/run")
    assert "1 đề nghị chờ xem xét" in run.text
    assert "1 đề nghị chờ xem xét" in (await member.reader.open(f"/m/{found.id}/room")).text
    done = await pressed(secretary, await secretary.reader.open(f"/m/{found.id}/motions"), "accept")
    assert "Đã tiếp thu" in done.text
    assert "Dự thảo, bản số 2 · theo đề nghị số 1" in done.text


async def test_a_stale_amendment_is_shown_and_moved_anew_by_a_person(house: Serving) -> None:
    found, item, secretary = await drafted(house)
    member = Typist(await reader(house, found.cast.scanning[2]))
    amend = f"/m/{found.id}/motions/amend/{item}"
    early = await member.reader.open(amend)
    await member.fill(early, amend, text=f"{DRAFT} Có kiểm tra.")
    draft = f"/m/{found.id}/motions/draft/{item}"
    await secretary.fill(await secretary.reader.open(draft), draft, text="Chi bộ làm đường trước ngày 15/12.")
    page = await member.reader.open(f"/m/{found.id}/motions")
    assert "Dự thảo đã đổi sau khi đề nghị này được viết" in page.text
    late = await member.fill(early, amend, text="Chi bộ làm cầu trước ngày 30/11.")
    assert late.status == 409
    assert "Dự thảo hiện nay, bản số 2" in late.text
    assert form_of(late, amend).fields["text"].strip() == "Chi bộ làm cầu trước ngày 30/11.", (
        "typed words stay"
    )
    [waits] = await motions(house, found.id)
    anew = await member.reader.open(f"{amend}?replaces={waits['id']}")
    assert "sẽ đổi bản này như sau" in anew.text
    page = await member.fill(anew, amend, text="Chi bộ làm đường trước ngày 15/12. Có kiểm tra.")
    assert [one["state"] for one in await motions(house, found.id)] == ["replaced", "proposed"]
    gone = await pressed(member, page, "withdraw")
    assert "Đã rút" in gone.text


async def test_a_motion_goes_to_the_vote_and_its_result_writes_the_draft(house: Serving) -> None:
    found, item, secretary = await drafted(house)
    speaker = found.cast.scanning[2]
    amend = f"/m/{found.id}/motions/amend/{item}"
    page = await secretary.reader.open(amend)
    page = await secretary.fill(page, amend, text="Chi bộ làm đường trước Tết.", member=speaker.id)
    assert speaker.name in page.text
    [moved] = await motions(house, found.id)
    put = f"/m/{found.id}/motions/{moved['id']}/vote"
    page = await secretary.fill(await secretary.reader.open(put), put)
    assert page.url.startswith(f"/m/{found.id}/questions/")
    assert "Đề nghị số 1: Sửa dự thảo" in page.text
    member = Typist(await reader(house, speaker))
    assert "Đang biểu quyết" in (await member.reader.open(f"/m/{found.id}/motions")).text
    await found.count(page.url.rsplit("/", 1)[1], 12, 1, 0)
    page = await member.reader.open(f"/m/{found.id}/motions")
    assert "Biểu quyết: được thông qua" in page.text
    assert "Chi bộ làm đường trước Tết." in page.text


async def test_a_motion_in_words_and_who_may_not(house: Serving) -> None:
    found, item, secretary = await drafted(house)
    member = Typist(await reader(house, found.cast.scanning[2]))
    say = f"/m/{found.id}/motions/say"
    empty = await member.fill(await member.reader.open(say), say)
    assert empty.status == 422
    page = await member.fill(empty, say, text="Nghỉ giải lao 5 phút")
    assert "Nghỉ giải lao 5 phút" in page.text
    for path in (f"/m/{found.id}/motions/draft/{item}", f"/m/{found.id}/motions/{new_id()}/vote"):
        assert (await member.reader.open(path)).status in {403, 404}
    done = await pressed(secretary, await secretary.reader.open(f"/m/{found.id}/motions"), "reject")
    assert "Không tiếp thu" in done.text
    english = await member.reader.open(f"/m/{found.id}/motions?lang=en")
    assert "Not taken up" in english.text
    assert not english.untranslated()


async def test_everybody_is_told_how_many_wait(house: Serving) -> None:
    found = await hybrid(house)
    mine, words = (
        await house.person(found.cast.scanning[2]),
        {"kind": "words", "text": "Nghỉ giải lao 5 phút"},
    )
    async with mine._http.get(f"{house.base}/m/{found.id}/room") as page:
        start = (await page.text()).partition('data-last="')[2].partition('"')[0]
    async with following(mine, house.base, found.id, last=start) as stream:
        await stream.next()
        moved = await mine.post(f"/meetings/{found.id}/motions", id=new_id(), **words)
        assert (await stream.until("motions")).data == {"waiting": 1}
        await mine.post(f"/motions/{moved['id']}/withdraw")
        assert (await stream.until("motions")).data == {"waiting": 0}
