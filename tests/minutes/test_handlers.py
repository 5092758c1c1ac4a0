"""Minutes over HTTP: states, files with their types, bodies that change nothing, and both ways to sign."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator

import pytest

from meetings.kernel.ids import new_id
from meetings.minutes.handlers import MinutesHandlers
from meetings.minutes.service import MinutesService
from meetings.minutes.service.signers import KeyChanged
from tests.attendance.world import MEMBER, SECRETARY, STRANGER
from tests.browser import Browser, Said, browsing
from tests.minutes.office import PASSPHRASE
from tests.sitting.holding import RECORDER, Cell

SCAN = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"invented" * 20 + b"IEND\xaeB`\x82").decode()


@pytest.fixture
async def browser(cell: Cell, minutes: MinutesService) -> AsyncIterator[Browser]:
    async with browsing(cell.world, MinutesHandlers(minutes).endpoints()) as made:
        yield made


async def state(browser: Browser, base: str) -> str:
    return str((await browser.get(base, MEMBER)).json["state"])


async def test_the_way_to_signed_by_keys(cell: Cell, browser: Browser) -> None:
    base = f"/meetings/{(await cell.november()).sitting.id}/minutes"
    draft = (await browser.get(base, MEMBER)).json
    assert (draft["state"], draft["pdf_sha256"], draft["signatures"]) == ("draft", None, [])
    item = draft["minutes"]["facts"]["items"][0]["id"]
    words = {"words": "Đồng chí A phát biểu."}
    assert (await browser.ask("PUT", f"{base}/texts/{item}", RECORDER, words)).status == 200
    assert (await browser.get(f"{base}.pdf", MEMBER)).code == (404, "no-minutes")
    key = new_id()
    approved = await browser.post(f"{base}/approve", SECRETARY, key=key)
    assert (approved.status, await state(browser, base)) == (200, "approved")
    assert (await browser.post(f"{base}/approve", SECRETARY, key=key)).body == approved.body
    assert (await browser.ask("PUT", f"{base}/texts/{item}", RECORDER, words)).code == (409, "texts-closed")
    for who, role in ((RECORDER, "recorder"), (SECRETARY, "chair")):
        wrong = {"role": role, "passphrase": "một câu khác hẳn"}
        assert (await browser.post(f"{base}/signatures", who, wrong)).code == (403, "wrong-passphrase")
        right = {"role": role, "passphrase": PASSPHRASE}
        assert (await browser.post(f"{base}/signatures", who, right)).status == 200
    assert await state(browser, base) == "signed"
    report = (await browser.get(f"{base}/verification", MEMBER)).json
    assert (report["accepted"], len(report["rules"]), len(report["lines"])) == (True, 9, 12)
    pdf = await browser.get(f"{base}.pdf", MEMBER)
    assert (pdf.status, pdf.type, pdf.body[:5]) == (200, "application/pdf", b"%PDF-")
    page = await browser.get(f"{base}.html", MEMBER)
    assert (page.status, page.type) == (200, "text/html")
    assert "Đồng chí A phát biểu." in page.body.decode()


async def test_the_way_to_signed_in_ink(cell: Cell, browser: Browser) -> None:
    base = f"/meetings/{(await cell.november()).sitting.id}/minutes"
    body = {"scan": SCAN, "witness": cell.world.member("o9")}
    assert (await browser.post(f"{base}/ink", SECRETARY, body)).code == (409, "not-minuted")
    assert (await browser.post(f"{base}/approve", SECRETARY)).status == 200
    assert (await browser.post(f"{base}/ink", SECRETARY, {"scan": SCAN})).code == (409, "own-witness")
    for wrong in ("không", "R0lG", SCAN[:-8]):
        refused = await browser.post(f"{base}/ink", SECRETARY, body | {"scan": wrong})
        assert refused.code == (422, "not-a-scan")
    signed = await browser.post(f"{base}/ink", SECRETARY, body)
    assert signed.status == 200
    assert signed.json["kind"].startswith("Chữ ký tay trên giấy, kèm bản chụp")
    shown = (await browser.get(base, MEMBER)).json
    assert (shown["state"], shown["signed_in_ink"]) == ("signed", True)


async def test_who_may_not_and_what_is_not(cell: Cell, browser: Browser) -> None:
    base = f"/meetings/{(await cell.november()).sitting.id}/minutes"
    for path in (base, f"{base}.pdf", f"{base}.html", f"{base}/verification"):
        assert (await browser.get(path, STRANGER)).code == (404, "no-such-meeting")
        assert (await browser.get(path)).status == 401
    assert (await browser.post(f"{base}/approve", MEMBER)).code == (403, "no-power")
    for wrong in ({}, {"role": "guest", "passphrase": "x"}, {"role": "chair", "passphrase": ""}):
        assert (await browser.post(f"{base}/signatures", SECRETARY, wrong)).code == (422, "bad-body")
    assert (await browser.post("/me/signing-key", MEMBER, {"passphrase": "123456"})).code == (
        422,
        "weak-passphrase",
    )
    assert await state(browser, base) == "draft"


async def test_the_passphrase_of_a_key_is_changed_and_the_key_stays(cell: Cell, browser: Browser) -> None:
    base = f"/meetings/{(await cell.november()).sitting.id}/minutes"
    assert (await browser.post(f"{base}/approve", SECRETARY)).status == 200
    new = (await browser.get("/me/signing-key/suggestion", RECORDER)).json["passphrase"]
    assert new != (await browser.get("/me/signing-key/suggestion", RECORDER)).json["passphrase"]

    async def change(old: str, to: str, who: str = RECORDER, key: str = "") -> Said:
        body = {"passphrase": old, "new_passphrase": to}
        return await browser.ask("PUT", "/me/signing-key", who, body, key=key)

    assert (await change("một câu khác hẳn", new)).code == (403, "wrong-passphrase")
    assert (await change(PASSPHRASE, "123456")).code == (422, "weak-passphrase")
    assert (await change(PASSPHRASE, new, MEMBER)).code == (409, "no-signing-key")
    key = new_id()
    changed = await change(PASSPHRASE, new, key=key)
    assert changed.status == 200
    assert (await change(PASSPHRASE, new, key=key)).body == changed.body
    assert (await change(PASSPHRASE, new)).code == (403, "wrong-passphrase")
    sign = {"role": "recorder", "passphrase": PASSPHRASE}
    assert (await browser.post(f"{base}/signatures", RECORDER, sign)).code == (403, "wrong-passphrase")
    assert (await browser.post(f"{base}/signatures", RECORDER, sign | {"passphrase": new})).status == 200
    (signature,) = (await browser.get(base, RECORDER)).json["signatures"]
    assert signature["fingerprint"] == changed.json["fingerprint"]


async def test_of_two_changes_of_a_passphrase_at_once_one_holds(cell: Cell, minutes: MinutesService) -> None:
    asker, keys = cell.world.asks(RECORDER), minutes.keys
    first, second = [await keys.rewrap_ahead(asker, PASSPHRASE, f"{n} lúa chín vàng đồng") for n in (1, 2)]
    await keys.rewrap(asker, first)
    with pytest.raises(KeyChanged):
        await keys.rewrap(asker, second)
    await keys.rewrap_ahead(asker, "1 lúa chín vàng đồng", PASSPHRASE)


async def test_the_authority_is_public(browser: Browser) -> None:
    answer = await browser.get("/authority.pem")
    assert (answer.status, answer.type) == (200, "application/x-pem-file")
    assert answer.body.startswith(b"-----BEGIN CERTIFICATE-----")
