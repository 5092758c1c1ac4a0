"""The database goes away while members use the pages: a calm sentence, and nothing that was typed is lost."""

from __future__ import annotations

import pytest

from demo.client import Refusal
from tests.journeys.sittings import called
from tests.outage import Outage
from tests.pages.reader import reader
from tests.serving import Serving

SENTENCE = "Máy chủ tạm thời chưa vào được nơi lưu dữ liệu."


async def test_pages_and_api_say_so_and_the_form_is_sent_again(far: Serving, outage: Outage) -> None:
    far.at("2026-11-20T08:00")
    meeting = await called(far, "2026-11-24T19:30")
    member = (await far.cell_s()).hall[1]
    mine, person = await reader(far, member), await far.person(member)
    question = await mine.open(f"/m/{meeting}/leave")
    outage.pull()
    page = await mine.open("/")
    assert (page.status, page.headers["Retry-After"]) == (503, "2")
    assert SENTENCE in page.text
    with pytest.raises(Refusal) as away:
        await person.get(f"/meetings/{meeting}/votes")
    assert (away.value.status, away.value.code) == (503, "database-away")
    refused = await mine.press(question, f"/m/{meeting}/leave", reason="ill", note="Đau lưng & mỏi")
    assert refused.status == 503
    assert SENTENCE in refused.text
    outage.put_back()
    for _ in range(2):
        again = await mine.press(refused, f"/m/{meeting}/leave")
        assert (again.status, again.url) == (200, f"/m/{meeting}")
        assert "Đã gửi. Chờ bí thư xác nhận." in again.text
