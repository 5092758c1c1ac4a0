"""A secret consultation on the pages: what the secretary presses, and what a phone is shown."""

from __future__ import annotations

from demo.blinding import blind, finish
from tests.journeys.hybrid import Hybrid, hybrid
from tests.pages.reader import reader
from tests.pages.typist import Typist
from tests.serving import ORG, Serving

PAPER = "Quyết định mẫu số 12-QĐ/ĐU ngày 01/11/2026"
ASKED = "Đồng chí có hài lòng không?"


async def enabled(house: Serving) -> Hybrid:
    """The committee has decided, the hybrid is open."""
    figure = {"key": "secret_device", "value": "consultation", "valid_from": "2026-11-01", "citation": PAPER}
    found = await hybrid(house)
    administrator = await house.administrator()
    person = (await administrator.get("/me"))["person"]
    paper = "Quyết định mẫu số 02-QĐ/ĐU ngày 01/09/2026"
    await administrator.post(
        f"/orgs/{ORG}/mandates", person=person, role="secretary", since="2026-09-01", paper=paper
    )
    await administrator.post(f"/orgs/{ORG}/policies", **figure)
    return found


async def test_invisible_until_a_committee_enables_it(house: Serving) -> None:
    found = await hybrid(house)
    page = await (await reader(house)).open(f"/m/{found.id}/questions/new")
    assert "secret_device" not in page.html
    assert "Phiếu kín trên giấy" in page.text


async def test_from_the_question_to_the_count(house: Serving) -> None:
    found = await enabled(house)
    secretary, new = Typist(await reader(house)), f"/m/{found.id}/questions/new"
    page = await secretary.reader.open(new)
    assert PAPER in page.text
    page = await secretary.fill(page, new, question=ASKED, kind="consultation", form="secret_device")
    vote = page.url.rpartition("/")[2]
    assert "Mã khóa của lần bỏ phiếu này" in page.text
    member = found.cast.hall[1]
    mine = await reader(house, member)
    shown = await mine.open(f"/m/{found.id}")
    assert f"/m/{found.id}/secret/{vote}" in shown.links()
    booth = await mine.open(f"/m/{found.id}/secret/{vote}")
    assert (booth.status, ASKED in booth.text) == (200, True)
    person = await house.person(member)
    look = await person.get(f"/votes/{vote}/secret")
    assert look["code"] in page.text
    token = blind(look["modulus"])
    signed = (await person.post(f"/votes/{vote}/secret/token", blinded=token.blinded))["signed"]
    page = await secretary.reader.open(page.url)
    page = await secretary.fill(page, f"{page.url}/casting", minutes="3")
    slip = {"vote": vote, "serial": token.serial, "prefix": token.prefix, "mark": "f"}
    slip["signature"] = finish(look["modulus"], token, signed)
    while not (await house.anybody().post("/secret-ballots", **slip))["recorded"]:
        assert (await person.get(f"/votes/{vote}/secret"))["phase"] == "casting"
    page = await secretary.reader.open(page.url)
    page = await secretary.fill(page, f"{page.url}/end")
    assert "không nêu chi tiết" in page.text
    assert "Bỏ phiếu kín trên máy: phát ra 1 phiếu" not in (await mine.open(f"/m/{found.id}")).html


async def test_the_meeting_takes_to_paper(house: Serving) -> None:
    found = await enabled(house)
    secretary, new = Typist(await reader(house)), f"/m/{found.id}/questions/new"
    page = await secretary.reader.open(new)
    page = await secretary.fill(page, new, question=ASKED, kind="consultation", form="secret_device")
    page = await secretary.fill(page, f"{page.url}/to-paper")
    assert "Biên bản kiểm phiếu" in page.text


async def test_a_resolution_is_refused_with_its_source(house: Serving) -> None:
    found = await enabled(house)
    secretary, new = Typist(await reader(house)), f"/m/{found.id}/questions/new"
    page = await secretary.reader.open(new)
    page = await secretary.fill(page, new, question=ASKED, kind="resolution", form="secret_device")
    assert page.status == 409
    assert "Điều 9" in page.text
