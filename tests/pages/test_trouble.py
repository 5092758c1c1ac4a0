"""The trouble page, for who is signed in and who is not."""

from __future__ import annotations

from tests.pages.reader import Reader, reader
from tests.serving import Serving


async def test_whoever_asks_finds_three_things_to_try(house: Serving) -> None:
    nobody = Reader(house, house.anybody())
    page = await nobody.open("/trouble")
    assert page.status == 200
    for heading in ("1. Đường truyền", "2. Nghe thử", "3. Thử mic"):
        assert heading in page.text
    assert "tel:" not in page.html, "nobody's telephone is shown to strangers"
    english = await nobody.open("/trouble?lang=en")
    assert english.untranslated().replace("Tiếng Việt", "").strip() == ""


async def test_a_member_finds_whom_to_ring_up(house: Serving) -> None:
    mine = await reader(house, (await house.cell_s()).phone[0])
    assert "tel:" in (await mine.open("/trouble")).html
    home = await mine.open("/")
    assert "/trouble" in home.links()
    assert "Gọi bí thư để được giúp" in home.text


async def test_the_line_is_measured_by_nothing_and_the_sound_is_a_file(house: Serving) -> None:
    person = house.anybody()
    async with person._http.get(f"{house.base}/trouble/line") as answer:
        assert (answer.status, answer.headers["Cache-Control"]) == (204, "no-store")
    async with person._http.get(f"{house.base}/trouble/sound.wav") as answer:
        assert (answer.status, answer.content_type, (await answer.read())[:4]) == (200, "audio/wav", b"RIFF")
