"""A page that follows a meeting in real Chromium while the database goes away: it comes back by itself."""

from __future__ import annotations

from tests.journeys.hybrid import hybrid
from tests.outage import Outage
from tests.pages.chromium import phone
from tests.pages.scripts import built
from tests.serving import Serving

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
