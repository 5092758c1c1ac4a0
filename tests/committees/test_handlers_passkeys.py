"""Passkeys as JSON, with every middleware before them."""

from __future__ import annotations

from typing import Any

from meetings.committees.service import CommitteesService
from meetings.http.identity import COOKIE_PLAIN
from meetings.kernel.ids import new_id
from tests.committees.authenticator import Authenticator
from tests.committees.conftest import OpenBrowser
from tests.committees.house import SECRETARY, House
from tests.committees.test_handlers import told
from tests.committees.web import Browser

HERE = {"Host": "localhost"}
ORIGIN = "http://localhost"


async def asked(browser: Browser, path: str) -> dict[str, Any]:
    """What the device is asked."""
    status, view = await told(browser, "POST", path, {}, **HERE)
    assert status == 200, view
    return dict(view["public_key"])


async def test_made_entered_by_and_taken_back(
    open_browser: OpenBrowser, service: CommitteesService, house: House
) -> None:
    browser, other, device = await open_browser(SECRETARY), await open_browser(), Authenticator(origin=ORIGIN)
    said = {"credential": device.create(await asked(browser, "/me/passkeys/question")), "label": "Máy để bàn"}
    status, made = await told(browser, "POST", "/me/passkeys", said, **HERE)
    assert (status, made["label"], made["host"], made["used_at"]) == (200, "Máy để bàn", "localhost", None)
    assert await told(browser, "POST", "/me/passkeys", said, **HERE) == (200, made)
    answer = {"credential": device.get(await asked(other, "/sign-in/passkey/question"))}
    assert (await told(browser, "POST", "/sign-in/passkey", answer, **HERE))[0] == 403, "asked elsewhere"
    keyed = await told(other, "POST", "/sign-in/passkey", answer, **HERE, **{"Idempotency-Key": new_id()})
    assert (keyed[0], keyed[1]["code"]) == (422, "key-not-taken")
    foreign = await told(other, "POST", "/sign-in/passkey", answer, **HERE, Origin="https://gia.example.vn")
    assert foreign[1]["code"] == "foreign-request"
    entered = await other.post("/api/v1/sign-in/passkey", json=answer, headers=HERE)
    assert (entered.status, (await entered.json())["full_name"]) == (200, SECRETARY)
    assert entered.cookies[COOKIE_PLAIN]["httponly"]
    [seen] = (await told(other, "GET", "/me/passkeys"))[1]["passkeys"]
    assert seen["used_at"] is not None
    of_member = f"/members/{house.members[SECRETARY]}/passkeys"
    assert (await told(other, "GET", of_member))[1]["passkeys"] == [seen]
    assert (await told(other, "POST", f"{of_member}/{new_id()}/revoke"))[0] == 404
    assert (await told(other, "POST", f"/me/passkeys/{made['id']}/revoke"))[0] == 200
    assert (await told(other, "GET", "/me/passkeys"))[1] == {"passkeys": []}


async def test_an_address_of_digits_has_none(open_browser: OpenBrowser) -> None:
    browser = await open_browser()
    status, problem = await told(browser, "POST", "/sign-in/passkey/question", {})
    assert (status, problem["code"]) == (422, "no-passkeys-here")


async def test_numbers_beyond_64_bits_are_a_refusal(open_browser: OpenBrowser) -> None:
    browser = await open_browser()
    answer = {"credential": {"id": 2**70, "rawId": 1.0}}
    assert (await told(browser, "POST", "/sign-in/passkey", answer, **HERE))[0] == 403
