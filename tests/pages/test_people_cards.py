"""One press prints a card for everybody who never came in."""

from __future__ import annotations

from tests.pages.reader import Reader, reader
from tests.pages.typist import Typist, form_of
from tests.serving import CELL, Serving

LIST, CARDS = f"/c/{CELL}/members", f"/c/{CELL}/members/cards"


async def test_cards_for_all_are_told_once_and_only_for_who_lacks_one(house: Serving) -> None:
    inside = (await house.cell_s()).phone[0]
    await house.person(inside)
    secretary = Typist(await reader(house))
    page = await secretary.reader.open(LIST)
    fields = form_of(page, CARDS).fields
    printed = await secretary.reader.send(CARDS, **fields)
    waiting = page.text.count("chưa mở đường dẫn")
    assert waiting > 1
    assert f"cho {waiting} đồng chí" in page.text
    assert printed.html.count("qrcard") == printed.html.count("Mã QR") == waiting
    assert inside.name not in printed.text, "somebody who is in needs none"
    again = await secretary.reader.send(CARDS, **fields)
    assert "chỉ hiện một lần" in again.text
    assert "qrcard" not in again.html


async def test_a_plain_member_prints_nobodys(house: Serving) -> None:
    member = await house.person((await house.cell_s()).phone[0])
    refused = await Reader(house, member).send(
        CARDS, **form_of(await (await reader(house)).open(LIST), CARDS).fields
    )
    assert (refused.status, "qrcard" in refused.html) == (403, False)
