"""A page that follows a meeting in real Chromium while the database goes away: it comes back by itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from meetings.kernel.clock import FixedClock
from tests.conftest import Databases
from tests.journeys.hybrid import hybrid
from tests.outage import Outage
from tests.pages.chromium import phone
from tests.pages.scripts import built
from tests.postgres import Urls
from tests.serving import Serving, serving

# Counts how the streams of the page end, and lets the test end the one that is open.
COUNTED = """
window.told = { opened: 0, failed: 0 };
window.EventSource = class extends EventSource {
  constructor(...all) {
    super(...all);
    window.newest = this;
    this.addEventListener('open', () => window.told.opened++);
    this.addEventListener('error', () => window.told.failed++);
  }
};
"""
ASKED = "document.body.textContent.includes('Thông qua nghị quyết tháng 11')"


@pytest.fixture
def outage(databases: Databases, database_template: Callable[[Urls], None]) -> Iterator[Outage]:
    for urls in databases.on_postgres(database_template):
        made = Outage(urls, databases)
        yield made
        made.close()


@pytest.fixture
async def far(outage: Outage, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Serving]:
    async with serving(outage.urls, tmp_path, clock) as running:
        yield running


async def test_a_stream_that_met_a_503_is_opened_again(far: Serving, outage: Outage) -> None:
    built()
    sitting = await hybrid(far)
    member = await far.person(sitting.cast.hall[1])
    async with phone(far.base, member.cookies()) as tab:
        await tab.do("Page.addScriptToEvaluateOnNewDocument", source=COUNTED)
        await tab.open(f"{far.base}/m/{sitting.id}/room")
        await tab.until("window.told.opened === 1")
        outage.pull()
        # As where a line comes back: the page opens its stream anew, and a 503 ends an EventSource for good.
        await tab.see("window.dispatchEvent(new Event('online'))")
        await tab.until("window.told.failed >= 2")
        assert await tab.see("window.newest.readyState") != 1, "nothing is followed while it is away"
        assert not await tab.see("document.body.textContent.includes('tạm thời chưa vào được')")
        outage.put_back()
        await tab.until("window.told.opened === 2")
        assert not await tab.see(ASKED)
        await sitting.vote(elder=False)
        await tab.until(ASKED)
