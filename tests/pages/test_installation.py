"""How the installation does and which settings are in effect: for who administers its top, and for nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetings.health.machine import last_backup, mark_backup
from meetings.http.endpoint import API
from meetings.settings import Settings
from meetings.settings.sections import Data
from tests.pages.reader import Reader, reader
from tests.serving import CELL, ORG, SECRETS, Serving

PAGES = ("/installation", "/installation/settings")


async def administrator(house: Serving) -> Reader:
    house.at("2026-11-20T08:00")
    return Reader(house, await house.administrator())


async def test_the_page_says_what_is_well_and_what_to_do(house: Serving) -> None:
    admin = await administrator(house)
    assert PAGES[0] in (await admin.open("/")).links()
    page = await admin.open(PAGES[0])
    assert page.status == 200
    for name in ("Cơ sở dữ liệu", "Âm thanh của phòng họp", "Tin báo", "Sổ ghi chung", "Bản sao lưu"):
        assert name in page.text
    assert "chạy chibo backup" in page.text
    assert page.text.index("Bản sao lưu") < page.text.index("Cơ sở dữ liệu")
    assert (await admin.open(f"{PAGES[0]}?lang=en")).untranslated() == ""


async def test_a_backup_is_remembered(house: Serving, tmp_path: Path) -> None:
    admin, settings = await administrator(house), Settings(data=Data(dir=tmp_path))
    assert last_backup(settings) is None
    mark_backup(settings)
    assert "chạy chibo backup" not in (await admin.open(PAGES[0])).text


async def test_a_media_server_that_is_away_is_one_line(house: Serving) -> None:
    admin = await administrator(house)
    house.gateway.away = True
    page = await admin.open(PAGES[0])
    assert "Máy chủ âm thanh không chạy" in page.text
    assert "việc cần xem" in page.text


async def test_settings_say_where_they_come_from_and_no_secret(house: Serving) -> None:
    page = await (await administrator(house)).open(PAGES[1])
    assert page.status == 200
    assert f"/o/{ORG}" in page.links()
    assert "http.port" in page.text
    for secret in (SECRETS.session, SECRETS.log_key, SECRETS.livekit_api_secret):
        assert secret not in page.html
    english = await (await administrator(house)).open(f"{PAGES[1]}?lang=en")
    assert english.untranslated() == ""


async def test_it_names_no_member(house: Serving) -> None:
    cast, admin = await house.cell_s(), await administrator(house)
    for path in PAGES:
        text = (await admin.open(path)).text
        assert not [one.name for one in cast.everyone if one.name in text]


@pytest.mark.parametrize("path", [*PAGES, f"{API}/installation/health", f"{API}/installation/settings"])
async def test_nobody_else_reads_it(house: Serving, path: str) -> None:
    member = await reader(house, (await house.cell_s()).hall[2])
    secretary = Reader(house, await house.secretary())
    for one in (member, secretary):
        found = await one.open(path)
        assert found.status == 403
        assert "http.port" not in found.text
    assert (await Reader(house, house.anybody()).open(path)).status == 401


async def test_an_administrator_below_the_top_does_not_operate(house: Serving) -> None:
    """Administering a cell is no business with the machine."""
    admin, member = await house.administrator(), (await house.cell_s()).hall[2]
    person = (await (await house.person(member)).get("/me"))["person"]
    paper = "Quyết định mẫu số 09-QĐ/ĐU ngày 20/11/2026"
    await admin.post(
        f"/orgs/{CELL}/mandates", person=person, role="administrator", since="2026-11-01", paper=paper
    )
    below = Reader(house, await house.person(member))
    assert f"/o/{CELL}" in (await below.open("/")).links()
    assert "/installation" not in (await below.open("/")).links()
    assert (await below.open("/installation")).status == 403
