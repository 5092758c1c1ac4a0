"""Reserved opinions on the pages: a member's own, and what the recorder writes down."""

from __future__ import annotations

from tests.journeys.hybrid import hybrid
from tests.pages.reader import reader
from tests.pages.typist import Typist
from tests.serving import Serving


async def test_a_member_reserves_and_takes_back(house: Serving) -> None:
    found = await hybrid(house)
    await found.vote(elder=False)
    mine, page = Typist(await reader(house, found.cast.scanning[1])), f"/m/{found.id}"
    kept = await mine.fill(await mine.reader.open(page), f"{page}/reserve", words="Chưa nhất trí <b>mức</b>")
    assert "Chưa nhất trí" in kept.text
    assert "<b>mức</b>" not in kept.html
    other = await (await reader(house, found.cast.scanning[3])).open(page)
    assert f"{found.cast.scanning[1].name}: “Chưa nhất trí" in other.text
    gone = await mine.fill(kept, f"{page}/reserve", words="")
    assert "Chưa nhất trí" not in gone.text


async def test_the_recorder_writes_down_what_was_said_in_the_hall(house: Serving) -> None:
    found = await hybrid(house)
    vote = await found.vote(elder=False)
    secretary = Typist(await reader(house))
    question = f"/m/{found.id}/questions/{vote}"
    page = await secretary.reader.open(question)
    refused = await secretary.fill(page, f"{question}/reserve", reserved="Xin bảo lưu")
    assert refused.status == 422
    speaker = found.cast.scanning[2]
    done = await secretary.fill(refused, f"{question}/reserve", reserves=speaker.id)
    assert "“Xin bảo lưu”" in done.text
    kept = (await (await house.secretary()).get(f"/meetings/{found.id}/reservations"))["reservations"]
    assert [(one["member"], one["vote"], one["words"]) for one in kept] == [(speaker.id, vote, "Xin bảo lưu")]
