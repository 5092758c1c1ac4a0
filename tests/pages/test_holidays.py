"""A committee's page of days off, and what the secretary sees of it when people are called."""

from __future__ import annotations

from tests.journeys.sittings import PLACE, called
from tests.pages.reader import Reader, reader
from tests.pages.test_desk_journey import one_red
from tests.pages.typist import Typist, form_of
from tests.serving import CELL, ORG, Serving, auditor

PATH = f"/o/{ORG}/holidays"
PAPER = "Thông báo mẫu số 12-TB/ĐU ngày 19/11/2026"


async def committee(house: Serving) -> Typist:
    """The administrator, who is the committee's secretary too."""
    house.at("2026-11-20T08:00")
    person = await house.administrator()
    me = await person.get("/me")
    await person.post(
        f"/orgs/{ORG}/mandates", person=me["person"], role="secretary", since="2026-09-01", paper=PAPER
    )
    return Typist(Reader(house, person))


async def entered(house: Serving) -> Typist:
    """22 to 24 December are off."""
    typist = await committee(house)
    page = await typist.reader.open(PATH)
    facts = {"first": "22/12/2026", "last": "24/12/2026", "name": "Nghỉ <b>mẫu</b>", "paper": PAPER}
    page = await typist.fill(page, PATH, **facts)
    assert (page.status, page.url) == (200, PATH)
    return typist


async def test_a_paper_is_entered_and_listed(house: Serving) -> None:
    typist = await entered(house)
    assert PATH in (await typist.reader.open("/")).links()
    page = await typist.reader.open(PATH)
    assert "23/12/2026: Nghỉ <b>mẫu</b>" in page.text
    assert "<b>mẫu</b>" not in page.html
    assert PAPER in page.text
    page = await typist.fill(
        page, PATH, first="19/12/2026", sort="work", name="Làm bù ngày 22/12", paper=PAPER
    )
    assert "19/12/2026: Làm bù ngày 22/12" in page.text
    assert "chưa có văn bản của năm này" in page.text, "Tết of the year to come is a guess"
    assert (await typist.reader.open(f"{PATH}?lang=en")).untranslated() == ""


async def test_what_does_not_fit_is_said_and_kept(house: Serving) -> None:
    typist = await committee(house)
    bad = await typist.fill(await typist.reader.open(PATH), PATH, first="32/12/2026", name="Nghỉ", paper="")
    assert bad.status == 422
    assert "Xin ghi ngày theo kiểu" in bad.text
    assert form_of(bad, PATH).fields["first"] == "32/12/2026"
    backwards = await typist.fill(bad, PATH, first="22/12/2026", last="21/12/2026", paper=PAPER)
    assert "Ngày cuối phải từ ngày đầu trở đi" in backwards.text
    assert one_red(backwards)


async def test_who_only_audits_or_administers_reads(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    page = await Reader(house, await auditor(house)).open(PATH)
    assert "Bí thư, phó bí thư của cấp ủy nhập" in page.text
    assert not [one for one in page.html.split("<form")[1:] if "first" in one]
    assert (await (await reader(house)).open(PATH)).status == 403
    assert (await (await reader(house)).open(f"/o/{CELL}/holidays")).status == 200
    assert (await Reader(house, house.anybody()).open(PATH)).status == 401


async def test_the_secretary_is_told_before_people_are_and_after(house: Serving) -> None:
    await entered(house)
    secretary = await house.secretary()
    typist = Typist(await reader(house))
    made = await secretary.post(
        f"/cells/{CELL}/meetings",
        kind="regular",
        mode="in_person",
        starts_at="2026-12-24T19:30:00+07:00",
        place=PLACE,
    )
    meeting, said = made["id"], "Xin lưu ý: Ngày 24/12/2026 là ngày nghỉ: Nghỉ <b>mẫu</b>"
    people = f"/m/{meeting}/call/people"
    await secretary.put(f"/meetings/{meeting}/agenda", template="own")
    check = await typist.fill(await typist.reader.open(people), people)
    assert said in check.text
    await secretary.post(f"/meetings/{meeting}/convene")
    assert said in (await typist.reader.open(f"/m/{meeting}/called")).text
    above = await auditor(house)
    found = await above.get(f"/meetings/{meeting}/evidence")
    assert found["cautions"] == ["Ngày 24/12/2026 là ngày nghỉ: Nghỉ <b>mẫu</b>."]
    page = (await above.raw("GET", f"/meetings/{meeting}/evidence.html")).decode()
    assert "Phần mềm đã lưu ý bí thư" in page


async def test_a_day_of_work_asks_for_no_look(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-25T19:30")
    page = await (await reader(house)).open(f"/m/{meeting}/called")
    assert "Xin lưu ý" not in page.text
