"""The administrator's page of an organisation, by plain forms."""

from __future__ import annotations

from typing import Any

from tests.pages.reader import Reader, reader
from tests.pages.test_desk_journey import one_red
from tests.pages.typist import Typist, form_of
from tests.serving import CELL, ORG, Serving

PATH = f"/o/{ORG}"
PAPER = "Quyết định mẫu số 07-QĐ/ĐU ngày 20/11/2026"


async def administrator(house: Serving) -> Typist:
    """On a working day in November."""
    house.at("2026-11-20T08:00")
    return Typist(Reader(house, await house.administrator()))


async def test_the_tree_is_shown_as_it_was_on_a_day(house: Serving) -> None:
    admin = await administrator(house)
    assert PATH in (await admin.reader.open("/")).links()
    page = await admin.reader.open(PATH)
    assert f"/o/{CELL}" in page.links()
    page = await admin.fill(
        page,
        f"{PATH}/found",
        **{"new-name": "Chi bộ <i>thôn Mới</i>", "new-since": "20/11/2026", "new-code": "M-1"},
    )
    assert (page.status, page.url) == (200, PATH)
    assert "<i>thôn" not in page.html
    assert "Chi bộ <i>thôn Mới</i>" in page.text
    before = await admin.reader.open(f"{PATH}?on=19/11/2026")
    assert "thôn Mới" not in before.text
    assert "như vào ngày 19/11/2026" in before.text
    tree = await (await house.administrator()).get(f"/orgs/{ORG}/tree?on=2026-11-20")
    assert [one["code"] for one in tree["orgs"]].count("M-1") == 1
    taken = await admin.fill(page, f"{PATH}/found", **{"new-name": "Chi bộ khác", "new-code": "M-1"})
    assert taken.status == 409
    assert form_of(taken, f"{PATH}/found").fields["new-name"] == "Chi bộ khác"
    assert (await admin.reader.open(f"{PATH}?on=hôm%20qua")).text.count("Xin ghi ngày theo kiểu") == 1
    assert (await admin.reader.open(f"{PATH}?lang=en")).untranslated() == ""


async def test_a_name_changes_from_a_day_on(house: Serving) -> None:
    admin = await administrator(house)
    path = f"/o/{CELL}"
    page = await admin.fill(
        await admin.reader.open(path), f"{path}/rename", name="Chi bộ thôn Đổi", since="20/11/2026"
    )
    assert "Chi bộ thôn Đổi" in page.text
    assert "Chi bộ thôn Đổi" not in (await admin.reader.open(f"{path}?on=19/11/2026")).text
    empty = await admin.fill(page, f"{path}/rename", since="")
    assert empty.status == 422
    assert "Xin điền chỗ này." in empty.text


async def test_a_cell_of_another_kind_is_suggested_another_agenda(house: Serving) -> None:
    admin, path = await administrator(house), f"/o/{CELL}"
    page = await admin.reader.open(path)
    assert "Chi bộ: Thôn, tổ dân phố" in page.text
    bare = await admin.fill(page, f"{path}/kind", **{"cell-type": "enterprise", "type-since": "23/11/2026"})
    assert bare.status == 422
    assert form_of(bare, f"{path}/kind").fields["cell-type"] == "enterprise"
    page = await admin.fill(bare, f"{path}/kind", **{"type-paper": PAPER})
    assert (page.status, page.url) == (200, path)
    later = await admin.reader.open(f"{path}?on=23/11/2026")
    assert "Chi bộ: Doanh nghiệp" in later.text
    assert PAPER in later.text
    assert "Chi bộ: Thôn, tổ dân phố" in (await admin.reader.open(f"{path}?on=22/11/2026")).text
    for day, said in (("22", "ở thôn, tổ dân phố"), ("24", "sản xuất, kinh doanh của doanh nghiệp")):
        assert said in await _suggested(house, f"2026-11-{day}T19:30:00+07:00")
    assert not form_of(await admin.reader.open(PATH), f"{PATH}/rename").fields.get("type-paper")


async def _suggested(house: Serving, starts_at: str) -> str:
    """What the secretary finds in the form of a new agenda."""
    secretary = await house.secretary()
    made = await secretary.post(
        f"/cells/{CELL}/meetings", kind="regular", mode="in_person", starts_at=starts_at, place="Nhà Mẫu"
    )
    path = f"/m/{made['id']}/call/agenda"
    return " ".join(form_of(await Reader(house, secretary).open(path), path).fields.values())


async def _mandates(house: Serving) -> list[dict[str, Any]]:
    found = await (await house.administrator()).get(f"/orgs/{ORG}")
    return list(found["mandates"])


async def test_a_mandate_is_given_after_a_paper_and_ended(house: Serving) -> None:
    admin = await administrator(house)
    member = (await house.cell_s()).hall[2]
    page, before = await admin.reader.open(PATH), await _mandates(house)
    options = page.html.partition('id="f-person"')[2].partition("</select>")[0]
    person = options.partition(member.name)[0].rpartition('value="')[2].partition('"')[0]
    give = f"{PATH}/mandates"
    bare = await admin.fill(page, give, person=person, role="auditor", paper="")
    assert bare.status == 422
    given = {**form_of(bare, give).fields, "person": person, "role": "auditor", "paper": PAPER}
    for _again in range(2):
        page = await admin.reader.send(give, **given)
        assert page.status == 200
    assert f"Người kiểm tra, theo dõi · từ ngày 20/11/2026 · {PAPER}" in page.text
    [new] = [one for one in await _mandates(house) if one not in before]
    assert (new["full_name"], new["role"]) == (member.name, "auditor")
    end = f"{PATH}/mandates/{new['id']}/end"
    wrong = await admin.fill(page, end, **{f"until-{new['id']}": "1/1/2026"})
    assert "đã kết thúc, hoặc ngày kết thúc sớm hơn" in wrong.text
    page = await admin.fill(wrong, end, **{f"until-{new['id']}": "30/11/2026"})
    assert "đến ngày 30/11/2026" in page.text
    stranger = await admin.reader.send(give, **{**given, "person": "0" * 8, "key": new["id"]})
    assert stranger.status == 422


async def test_nobody_else_sees_or_changes_it(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    for who in (await reader(house), await reader(house, (await house.cell_s()).hall[2])):
        assert (await who.open(PATH)).status == 403
        assert (await who.open(f"/o/{CELL}")).status == 403
        assert "Quản trị" not in (await who.open("/")).text
    assert (await Reader(house, house.anybody()).open(PATH)).status == 401


async def test_the_page_has_no_red_thing_to_press_by_mistake(house: Serving) -> None:
    admin = await administrator(house)
    assert not one_red(await admin.reader.open(PATH))
