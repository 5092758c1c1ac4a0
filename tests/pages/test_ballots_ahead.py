"""Ballots printed before a question is put: by a form, with the name, and with nothing of it in an address."""

from __future__ import annotations

from tests.journeys.sittings import called
from tests.pages.reader import reader
from tests.pages.typist import Typist
from tests.serving import Serving

NAME = "Quần Chúng Mẫu"


async def test_ballots_are_printed_from_a_form(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    meeting = await called(house, "2026-11-24T19:30")
    secretary = Typist(await reader(house))
    here = f"/m/{meeting}/ballots"
    assert here in (await secretary.reader.open(f"/m/{meeting}/roll")).links()
    page = await secretary.reader.open(here)
    assert 'value="resolution"' not in page.html, "never on paper"
    empty = await secretary.fill(page, here, question="", kind="admission", copies="0")
    assert (empty.status, empty.text.count("Xin điền chỗ này.")) == (422, 1)
    assert "Xin ghi một số từ 1 đến 500." in empty.text
    nobody = await secretary.fill(empty, here, question="Kết nạp?", kind="admission", copies="")
    assert "xin ghi rõ một người" in nobody.text
    printed = await secretary.fill(nobody, here, **{"person-name": NAME})
    assert (printed.status, printed.headers["Content-Type"]) == (200, "application/pdf")
    assert printed.url == here, "no word of it in the address"
    english = await secretary.reader.open(f"{here}?lang=en")
    assert not english.untranslated()


async def test_only_who_runs_votes_prints_them(house: Serving) -> None:
    house.at("2026-11-20T08:00")
    cast, meeting = await house.cell_s(), await called(house, "2026-11-24T19:30")
    member = await reader(house, cast.hall[1])
    assert (await member.open(f"/m/{meeting}/ballots")).status == 403
    assert (await member.open(f"/m/{meeting}")).status == 200
