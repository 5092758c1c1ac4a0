"""The JSON of committees, with every middleware before it, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from sqlalchemy import select

from meetings.committees import service as committees
from meetings.committees.handlers import CommitteesHandlers
from meetings.committees.handlers.browser import Browsers, label_of
from meetings.committees.rules import Role
from meetings.committees.service import CommitteesService
from meetings.db.unit import Units
from meetings.http.idempotency import AnswerRow
from meetings.http.identity import COOKIE_PLAIN
from meetings.http.openapi import document
from meetings.kernel.ids import new_id
from meetings.ledger import service as ledger
from tests.committees.conftest import OpenBrowser
from tests.committees.house import (
    DEPUTY,
    FOREIGN,
    FOREIGN_MEMBER,
    MEMBER,
    SECRETARY,
    House,
    give,
)
from tests.committees.web import Browser, token_for

API = "/api/v1"


async def told(browser: Browser, method: str, path: str, body: object = None, **headers: str) -> Any:
    """The status and JSON of the answer."""
    answer = await browser.request(method, API + path, json=body, headers=headers)
    return answer.status, await answer.json()


async def test_entering_looking_and_leaving(
    open_browser: OpenBrowser, service: CommitteesService, house: House
) -> None:
    browser = await open_browser()
    assert (await told(browser, "GET", "/me"))[0] == 401
    token = await token_for(service, house, MEMBER)
    answer = await browser.post(f"{API}/sign-in", json={"token": token})
    cookie = answer.cookies[COOKIE_PLAIN]
    assert (answer.status, cookie["httponly"], cookie["samesite"]) == (200, True, "Lax")
    assert cookie.value not in await answer.text()
    status, me = await told(browser, "GET", "/me")
    assert (status, me["full_name"], me["mandates"]) == (200, MEMBER, [])
    assert me["members"][0]["cell_name"] == "Chi bộ S"
    assert (await told(browser, "POST", "/sign-out"))[0] == 200
    assert (await told(browser, "GET", "/me"))[0] == 401


async def test_a_link_enters_one_browser(
    open_browser: OpenBrowser, service: CommitteesService, house: House
) -> None:
    token = await token_for(service, house, MEMBER)
    first, second = await open_browser(), await open_browser()
    assert (await told(first, "POST", "/sign-in", {"token": token}))[0] == 200
    status, problem = await told(second, "POST", "/sign-in", {"token": token})
    assert (status, problem["code"]) == (403, "link-gone")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
    ],
)
async def test_another_site_cannot_sign_anybody_in(
    open_browser: OpenBrowser, service: CommitteesService, house: House, headers: dict[str, str]
) -> None:
    browser = await open_browser()
    token = await token_for(service, house, MEMBER)
    sent = f'{{"token": "{token}"}}'
    answer = await browser.post(
        f"{API}/sign-in", data=sent, headers={"Content-Type": "application/json"} | headers
    )
    assert (answer.status, (await answer.json())["code"]) == (403, "foreign-request")


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_another_site_cannot_write_with_our_cookie(
    open_browser: OpenBrowser, house: House, headers: dict[str, str]
) -> None:
    browser = await open_browser(SECRETARY)
    body = {"member": house.members[MEMBER], "channel": "paper"}
    status, problem = await told(browser, "POST", f"/cells/{house.cell}/invitations", body, **headers)
    assert (status, problem["code"]) == (403, "foreign-request")


async def test_the_secretary_hands_over_a_link_with_its_picture(
    open_browser: OpenBrowser, house: House, units: Units
) -> None:
    browser, phone = await open_browser(SECRETARY), await open_browser()
    body = {"member": house.members[MEMBER], "channel": "paper"}
    key = {"Idempotency-Key": new_id()}
    status, made = await told(browser, "POST", f"/cells/{house.cell}/invitations", body, **key)
    assert status == 200
    assert made["qr_svg"].startswith("<svg")
    token = made["link"].rpartition("/l/")[2]
    async with units.read() as uow:
        kept = (await uow.session.execute(select(AnswerRow))).scalars().all()
    assert kept == []  # the link is nowhere stored
    assert (await told(phone, "POST", "/sign-in", {"token": token}))[0] == 200
    status, found = await told(browser, "GET", f"/members/{house.members[MEMBER]}/devices")
    assert [one["current"] for one in found["devices"]] == [False]
    device = found["devices"][0]["id"]
    path = f"/members/{house.members[MEMBER]}/devices/{device}/revoke"
    assert (await told(browser, "POST", path))[0] == 200
    assert (await told(phone, "GET", "/me"))[0] == 401
    assert (await told(browser, "POST", path))[1]["code"] == "no-such-device"


async def test_entering_takes_no_key(
    open_browser: OpenBrowser, service: CommitteesService, house: House
) -> None:
    browser, token = await open_browser(), await token_for(service, house, MEMBER)
    status, problem = await told(
        browser, "POST", "/sign-in", {"token": token}, **{"Idempotency-Key": new_id()}
    )
    assert (status, problem["code"]) == (422, "key-not-taken")


async def test_the_roster_and_a_record(open_browser: OpenBrowser, house: House) -> None:
    browser = await open_browser(SECRETARY)
    status, roster = await told(browser, "GET", f"/cells/{house.cell}/members")
    assert (status, len(roster["members"])) == (200, 4)
    assert "card" not in roster["members"][0]
    status, record = await told(browser, "GET", f"/members/{house.members[DEPUTY]}")
    assert (status, record["birth_date"], record["card"]) == (200, "1951-03-04", "10000001")


async def test_what_an_administrator_does(
    open_browser: OpenBrowser, service: CommitteesService, units: Units, house: House
) -> None:
    browser = await administrator(open_browser, service, units, house)
    org = {"parent": house.commune, "name": "Chi bộ mới", "kind": "cell", "since": "2026-11-01"}
    status, made = await told(browser, "POST", "/orgs", org)
    assert status == 200
    cell = made["id"]
    version = {"since": "2026-12-01", "name": "Chi bộ mới nữa"}
    assert (await told(browser, "POST", f"/orgs/{cell}/versions", version))[0] == 200
    mandate = {
        "person": house.persons[MEMBER],
        "role": "secretary",
        "since": "2026-11-01",
        "paper": "Quyết định số 9-QĐ/ĐU ngày 01/11/2026",
    }
    status, given = await told(browser, "POST", f"/orgs/{cell}/mandates", mandate)
    assert status == 200
    status, shown = await told(browser, "GET", f"/orgs/{cell}")
    assert (shown["name"], shown["mandates"][0]["full_name"]) == ("Chi bộ mới", MEMBER)
    assert [one["id"] for one in shown["above"]] == [house.commune, house.province]
    end = f"/orgs/{cell}/mandates/{given['id']}/end"
    assert (await told(browser, "POST", end, {"until": "2026-11-23"}))[0] == 200
    assert (await told(browser, "GET", f"/orgs/{cell}"))[1]["mandates"] == []
    status, policies = await told(browser, "GET", f"/cells/{cell}/policies")
    assert {one["set_by_text"] for one in policies["policies"]} == {"Mức này là mặc định của phần mềm."}


async def administrator(
    open_browser: OpenBrowser, service: CommitteesService, units: Units, house: House
) -> Browser:
    """The deputy of cell S, who administers the commune too."""
    browser = await open_browser(DEPUTY)
    async with units.begin() as uow:
        await give(uow, house.persons[DEPUTY], Role.ADMINISTRATOR, house.commune)
    return browser


def writes(house: House) -> list[tuple[str, dict[str, object]]]:
    """Every write of the storey with a body that is right, on what belongs to cell T or above."""
    member, org = house.members[FOREIGN_MEMBER], house.other
    return [
        (f"/cells/{org}/invitations", {"member": member, "channel": "paper"}),
        (f"/members/{member}/devices/{new_id()}/revoke", {}),
        ("/orgs", {"parent": house.commune, "name": "X", "kind": "cell", "since": "2026-11-01"}),
        (f"/orgs/{org}/versions", {"since": "2026-12-01", "name": "X"}),
        (
            f"/orgs/{org}/mandates",
            {
                "person": house.persons[SECRETARY],
                "role": "administrator",
                "since": "2026-11-01",
                "paper": "X",
            },
        ),
        (f"/orgs/{org}/mandates/{new_id()}/end", {"until": "2026-11-23"}),
        (
            f"/orgs/{house.commune}/policies",
            {"key": "hall_minimum", "value": "1", "valid_from": "2026-11-01", "citation": "X"},
        ),
        (f"/members/{member}/categories", {"category": "exempt", "since": "2026-11-01", "paper": "X"}),
        (f"/cells/{org}/imports", {"rows": [["Họ và tên"]], "dry_run": False}),
    ]


async def snapshot(units: Units, house: House) -> list[tuple[int, str]]:
    """The heads of every chain: whatever is written is recorded."""
    async with units.read() as uow:
        orgs = [one.org for one in await committees.tree(uow)]
        heads = [await ledger.head_of(uow, org) for org in sorted(orgs)]
        return [(head.seq, head.hash) for head in heads]


async def test_foreign_ids_are_refused_and_change_nothing(
    open_browser: OpenBrowser, units: Units, house: House
) -> None:
    browser = await open_browser(SECRETARY)
    before = await snapshot(units, house)
    for path, body in writes(house):
        status, problem = await told(browser, "POST", path, body)
        assert (status, problem["code"]) == (403, "no-power"), path
    mixed = {"member": house.members[FOREIGN_MEMBER], "channel": "paper"}
    status, problem = await told(browser, "POST", f"/cells/{house.cell}/invitations", mixed)
    assert (status, problem["code"]) == (404, "no-such-member")
    for path in (f"/cells/{house.other}/members", f"/members/{house.members[FOREIGN]}"):
        assert (await told(browser, "GET", path))[0] == 403
    assert await snapshot(units, house) == before


async def test_unknown_ids_are_not_found(open_browser: OpenBrowser, house: House) -> None:
    browser = await open_browser(SECRETARY)
    nobody = new_id()
    for method, path in (
        ("GET", f"/members/{nobody}"),
        ("GET", f"/members/{nobody}/devices"),
        ("GET", f"/cells/{nobody}/members"),
        ("GET", f"/orgs/{nobody}"),
    ):
        status, problem = await told(browser, method, path)
        assert (status, problem["code"]) in {(404, "no-such-member"), (404, "no-such-org")}
    assert (await told(browser, "GET", "/orgs/not-an-id"))[1]["code"] == "bad-id"


async def test_bodies_that_miss_mistype_or_overflow_are_refused_and_change_nothing(
    open_browser: OpenBrowser, service: CommitteesService, units: Units, house: House
) -> None:
    browser = await administrator(open_browser, service, units, house)
    before = await snapshot(units, house)
    for path, body in writes(house):
        for wrong in spoiled(body):
            status, problem = await told(browser, "POST", path, wrong)
            assert status == 422, (path, wrong)
            assert problem["code"] in {"bad-body", "bad-text", "bad-id"}, (path, wrong)
        for raw in (b"{", b"[]", b"null", b'{"since": 1e999}'):
            answer = await browser.post(API + path, data=raw, headers={"Content-Type": "application/json"})
            assert answer.status in {404, 422}, (path, raw)
    assert await snapshot(units, house) == before


def spoiled(body: dict[str, object]) -> list[dict[str, object]]:
    """The body with a field missing, of another type, too big, with hidden characters, or unknown."""
    needed = [name for name in body if name != "dry_run" and (name != "name" or "parent" in body)]
    made = [{name: body[name] for name in body if name != missing} for missing in needed]
    wrong: tuple[object, ...] = (17, {"a": 1}, ["x" * 10_000], "x" * 10_000, "a\u0000b")
    return [*made, body | {"unknown": 1}, *(body | {name: other} for name in body for other in wrong)]


async def test_an_import_through_http(open_browser: OpenBrowser, house: House) -> None:
    browser = await open_browser(SECRETARY)
    path = f"/cells/{house.cell}/imports"
    heads = ["Họ và tên", "Ngày sinh", "Số thẻ đảng viên", "Chi bộ", "Diện đảng viên", "Từ ngày"]
    good = ["Giàng A Mới", "01/02/1980", "20000001", "Chi bộ S", "dự bị", "01/02/2026"]
    bad = ["Giàng", "hôm qua", "1", "Chi bộ T", "?", ""]
    status, look = await told(browser, "POST", path, {"rows": [heads, good, bad]})
    assert (status, look["applied"], {one["row"] for one in look["problems"]}) == (200, False, {3})
    body = {"rows": [heads, good], "dry_run": False}
    for added in (1, 0):
        status, done = await told(browser, "POST", path, body)
        assert (status, done["applied"], done["added"]) == (200, True, added)
    status, problem = await told(browser, "POST", path, {"rows": [heads] * 1002})
    assert (status, problem["code"]) == (422, "bad-body")


async def test_a_write_under_a_key_is_done_once(
    open_browser: OpenBrowser, units: Units, house: House
) -> None:
    browser = await open_browser(SECRETARY)
    path = f"/members/{house.members[MEMBER]}/categories"
    body = {"category": "official", "since": "2026-11-24", "paper": "QĐ 7 ngày 20/11/2026"}
    key = {"Idempotency-Key": new_id()}
    for _ in range(2):
        assert (await told(browser, "POST", path, body, **key))[0] == 200
    other = body | {"paper": "QĐ 8"}
    assert (await told(browser, "POST", path, other, **key))[1]["code"] == "key-reused"


def test_the_document_describes_every_endpoint(units: Units, service: CommitteesService) -> None:
    endpoints = CommitteesHandlers(service).endpoints()
    made = document(endpoints, version="0")
    names = [operation["operationId"] for path in made["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names)) == len(endpoints) == 32
    assert "/api/v1/cells/{cell}/imports" in made["paths"]


def test_links_use_the_public_address_and_its_cookies_are_secure() -> None:
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 12) Chrome/151 Mobile Zalo android/26"}
    request = make_mocked_request("GET", "/", headers=agent | {"Host": "evil.example"})
    browsers = Browsers("https://chibo.example/")
    assert browsers.url(request, "/l/x") == "https://chibo.example/l/x"
    assert browsers.secure(request)
    assert label_of(request) == "Zalo · Android"
