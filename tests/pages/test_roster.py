"""A secretary writes the roster: from a spreadsheet that is looked through first, or one member at a time."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import aiohttp
import pytest
from openpyxl import load_workbook

from meetings.cli.sample import ANSWERS
from meetings.committees.service import FirstSetup, Newcomer, first_setup
from meetings.db.engine import Database
from meetings.db.migrate import upgrade_database
from meetings.db.unit import Units
from meetings.kernel.clock import FixedClock, real_now
from meetings.pages.roster import in_cell
from tests.conftest import Databases
from tests.pages.reader import BROWSER, Page, Reader, reader
from tests.pages.typist import Typist, form_of
from tests.postgres import Urls
from tests.serving import CELL, FOUNDED, Serving, serving

PATH, ONE, LIST = f"/c/{CELL}/roster", f"/c/{CELL}/roster/one", f"/c/{CELL}/members"
HEAD = "Họ và tên;Ngày sinh;Số thẻ đảng viên;Diện đảng viên;Từ ngày;Ngày chính thức;Điện thoại\n"
NEW = "Thào Thị Mẫu Mới;12/03/1968;99800001;Chính thức;03/02/1994;03/02/1994;0101234567\n"
TYPED = {
    "name": "Thào Thị Mẫu <b>Mới",
    "birth": "31/11/1968",
    "card": "99800001",
    "since": "03/02/1994",
    "official": "03/02/1994",
}


async def sent(house: Serving, text: bytes, name: str = "danh sách.csv") -> Page:
    """The secretary chooses that file; the page that comes back."""
    person = await house.secretary()
    page = await Reader(house, person).open(PATH)
    body = aiohttp.FormData()
    for field, value in form_of(page, PATH).fields.items():
        body.add_field(field, value)
    body.add_field("file", io.BytesIO(text), filename=name, content_type="application/octet-stream")
    async with person._http.post(house.base + PATH, data=body, headers=BROWSER) as answer:
        return Page(status=answer.status, url=answer.url.path, html=await answer.text(), headers={})


async def test_a_file_is_looked_through_and_written_only_then(house: Serving) -> None:
    page = await sent(house, (HEAD + NEW).encode())
    assert (page.status, "Thêm mới: 1 đồng chí" in page.text) == (200, True)
    typist = Typist(await reader(house))
    assert "Thào Thị Mẫu Mới" not in (await typist.reader.open(LIST)).text
    after = await typist.fill(page, f"{PATH}/apply")
    assert (after.url, "Thào Thị Mẫu Mới" in after.text) == (LIST, True)
    again = await sent(house, (HEAD + NEW).encode())
    assert "Giữ nguyên: 1 đồng chí" in again.text


async def test_every_fault_is_named_by_row_and_nothing_is_written(house: Serving) -> None:
    page = await sent(house, (HEAD + NEW + NEW.replace("12/03/1968", "30/02/1968")).encode())
    assert "Chưa ghi gì" in page.text
    assert "Dòng 3, cột Ngày sinh : Không có ngày này trong lịch." in page.text
    assert f"{PATH}/apply" not in page.html
    assert "Thào Thị" not in (await (await reader(house)).open(LIST)).text


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (b"\x89PNG", "ảnh.png", "chỉ nhận tệp .xlsx hoặc .csv"),
        (b"PK broken", "a.xlsx", "hỏng hoặc không phải bảng tính"),
        (b"", "", "Xin chọn tệp danh sách."),
        (b"", "a.csv", "Bảng không có dòng nào."),
        ("Tên gì đó\nHoa\n".encode(), "a.csv", "Thiếu cột này."),
        ((HEAD.replace("Họ", "Chi bộ;Họ") + "Chi bộ khác;" + NEW).encode(), "a.csv", "Chi bộ"),
    ],
)
async def test_a_wrong_file_is_told_in_words(house: Serving, text: bytes, name: str, said: str) -> None:
    page = await sent(house, text, name)
    assert said in page.text
    assert f"{PATH}/apply" not in page.html


async def test_rows_that_the_page_did_not_hold_are_refused(house: Serving) -> None:
    page = await sent(house, (HEAD + NEW).encode())
    typist = Typist(await reader(house))
    for rows in ("", "{", '[{"a": 1}]'):
        refused = await typist.fill(page, f"{PATH}/apply", rows=rows)
        assert (refused.status, "xin chọn lại tệp" in refused.text) == (422, True)


async def test_one_member_is_added_and_what_does_not_fit_stays_typed(house: Serving) -> None:
    typist = Typist(await reader(house))
    page = await typist.fill(await typist.reader.open(ONE), ONE)
    assert page.text.count("Xin điền chỗ này.") == 4
    bad = await typist.fill(page, ONE, **TYPED)
    assert bad.status == 422
    for said in ("Không có ngày này trong lịch.", "không có số hay ký hiệu"):
        assert said in bad.text
    assert form_of(bad, ONE).fields["birth"] == "31/11/1968"
    more = await typist.fill(bad, ONE, name="Thào Thị Mẫu Mới", birth="12/03/1968", do="more")
    assert (more.status, more.url) == (200, ONE)
    assert form_of(more, ONE).fields["name"] == ""
    assert "Thào Thị Mẫu Mới" in (await typist.reader.open(LIST)).text


async def test_a_card_that_is_known_is_not_written_over(house: Serving) -> None:
    typist = Typist(await reader(house))
    member = (await house.cell_s()).phone[0]
    record = await (await house.secretary()).get(f"/members/{member.id}")
    typed = {**TYPED, "name": "Người Mẫu Khác", "birth": "12/03/1968", "card": str(record["card"])}
    page = await typist.fill(await typist.reader.open(ONE), ONE, **typed)
    assert (page.status, "Số thẻ này đã có trong danh sách của chi bộ." in page.text) == (422, True)
    assert "Người Mẫu Khác" not in (await typist.reader.open(LIST)).text


async def test_from_two_tabs_at_once_one_newcomer_is_written_once(house: Serving) -> None:
    typists = [Typist(await reader(house)) for _ in range(2)]
    typed = {**TYPED, "name": "Thào Thị Mẫu Mới", "birth": "12/03/1968"}
    opened = [await typist.reader.open(ONE) for typist in typists]
    pages = await asyncio.gather(
        *(typist.fill(page, ONE, **typed) for typist, page in zip(typists, opened, strict=True))
    )
    assert sorted(page.status for page in pages) == [200, 422]
    assert (await typists[0].reader.open(LIST)).text.count("Thào Thị Mẫu Mới") == 1


async def test_the_empty_sheet_holds_headings_and_nobody(house: Serving) -> None:
    person = await house.secretary()
    async with person._http.get(f"{house.base}{PATH}/sheet.xlsx") as answer:
        book = load_workbook(io.BytesIO(await answer.read()))
    rows = [[cell for cell in row if cell] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert rows[0][:3] == ["STT", "Họ và tên", "Ngày sinh"]
    assert not any(rows[1:])
    assert "Chi bộ" not in rows[0], "the cell's own page knows it"


async def test_who_may_not_import_is_not_offered_it(house: Serving) -> None:
    member, nobody = await house.person((await house.cell_s()).phone[0]), house.anybody()
    for path in (PATH, ONE, f"{PATH}/sheet.xlsx"):
        assert (await Reader(house, member).open(path)).status == 403
        assert (await Reader(house, nobody).open(path)).status == 401
    page = await (await reader(house)).open(LIST)
    assert {PATH, ONE} <= set(page.links())
    for path in (PATH, ONE):
        assert (await (await reader(house)).open(f"{path}?lang=en")).untranslated() == ""


def test_rows_without_a_cell_are_the_pages_own() -> None:
    rows = in_cell([["Họ và tên"], ["Hoa"], [""]], "Chi bộ A")
    assert rows == [["Họ và tên", "Chi bộ"], ["Hoa", "Chi bộ A"]]
    kept = in_cell([["Chi bộ", "Họ và tên"], ["", "Hoa"], ["Chi bộ B", "An"], ["", ""]], "Chi bộ A")
    assert [row[0] for row in kept] == ["Chi bộ", "Chi bộ A", "Chi bộ B", ""]
    assert in_cell([], "Chi bộ A") == []


def _begun(urls: Urls) -> None:
    """As `./run --own` leaves it: a cell with its secretary."""
    setup = FirstSetup(
        org_name=ANSWERS.org_name,
        cell_name=ANSWERS.cell_name,
        secretary=Newcomer(full_name=ANSWERS.secretary_name, card=ANSWERS.secretary_card),
    )

    async def begin() -> None:
        await upgrade_database(urls.owner)
        units = Units(Database(urls.app), FixedClock(FOUNDED))
        async with units.begin() as uow:
            await first_setup(uow, setup, real_now())
        await units.database.close()

    asyncio.run(begin())


async def test_who_begins_a_cell_is_led_to_its_roster_first(
    databases: Databases, tmp_path: Path, clock: FixedClock
) -> None:
    urls = next(iter(await asyncio.to_thread(lambda: list(databases.on_sqlite(_begun, tmp_path)))))
    async with serving(urls, tmp_path, clock) as house:
        secretary = Typist(Reader(house, await house.secretary()))
        home = await secretary.reader.open("/")
        assert "Việc đầu tiên: danh sách đảng viên" in home.text
        assert PATH in home.links()
        await secretary.fill(
            await secretary.reader.open(ONE),
            ONE,
            **{**TYPED, "name": "Thào Thị Mẫu Mới", "birth": "12/03/1968"},
        )
        assert "Việc đầu tiên" not in (await secretary.reader.open("/")).text
