"""Signing in by six digits, from the secretary's page to the member's."""

from __future__ import annotations

import re

from demo.client import Person
from tests.pages.reader import Reader, reader
from tests.pages.typist import Typist
from tests.serving import CELL, Serving

PATH = "/code"


async def read_out(house: Serving) -> tuple[str, str, str]:
    """(the digits as shown, the year of birth, the member's name)."""
    member = (await house.cell_s()).phone[0]
    secretary = Typist(await reader(house))
    path = f"/c/{CELL}/members/{member.id}"
    page = await secretary.fill(await secretary.reader.open(path), f"{path}/code")
    [digits] = re.findall(r"\b\d{3} \d{3}\b", page.text)
    record = await (await house.secretary()).get(f"/members/{member.id}")
    return digits, str(record["birth_date"])[:4], member.name


async def test_a_member_who_lost_everything_is_back_within_a_call(house: Serving) -> None:
    digits, year, name = await read_out(house)
    lost = Person(house.base)
    mine = Reader(house, lost)
    try:
        assert PATH in (await mine.open("/")).links()
        page = await mine.open(PATH)
        wrong = await mine.press(page, PATH, code=digits, birth_year="1901")
        assert wrong.status == 403
        assert "Mã hoặc năm sinh chưa đúng" in wrong.text
        home = await mine.press(wrong, PATH, code=digits.replace(" ", "-"), birth_year=year)
        assert (home.status, home.url) == (200, "/")
        assert name in home.text
    finally:
        await lost.close()


async def test_a_form_of_another_browser_enters_nobody(house: Serving) -> None:
    digits, year, _ = await read_out(house)
    lost = Person(house.base)
    mine = Reader(house, lost)
    try:
        refused = await mine.send(PATH, code=digits, birth_year=year, page="0" * 64)
        assert refused.status == 403
        assert "Chào đồng chí" in (await mine.open("/")).text
        assert PATH in (await mine.open("/")).links(), "still signed out"
    finally:
        await lost.close()


async def test_the_code_is_told_once_and_a_plain_member_reads_out_none(house: Serving) -> None:
    member = (await house.cell_s()).phone[0]
    secretary = await reader(house)
    path = f"/c/{CELL}/members/{member.id}"
    form = (await secretary.open(path)).forms()[f"{path}/code"]
    first, again = [await secretary.send(f"{path}/code", **form) for _ in range(2)]
    assert re.search(r"\b\d{3} \d{3}\b", first.text)
    assert not re.search(r"\b\d{3} \d{3}\b", again.text)
    assert "đã trao rồi" in again.text
    mine = await reader(house, member)
    csrf = (await mine.open("/code")).forms()[PATH]["csrf"]
    assert (await mine.send(f"{path}/code", **{**form, "csrf": csrf})).status == 403
