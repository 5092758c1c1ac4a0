"""Stories 4 and 5: a hall without signal, a meeting without any device; both are entered afterwards."""

from __future__ import annotations

import base64
import hashlib
import io
from typing import Any

from openpyxl import load_workbook
from PIL import Image

from tests.journeys.sittings import led, new_id, refusal_of, rolled
from tests.scans import in_json, picture, sha256_of
from tests.serving import CELL, ORG, Serving, auditor

DEPUTY = "Nguyễn Văn Mẫu An"  # witnesses the scan: neither chair nor recorder may
PHOTO = picture("JPEG")


async def _entered(house: Serving, *, day: str = "2026-11-24") -> str:
    """What the signed page says: opened 19:30, closed 21:05, sixteen in the hall."""
    secretary, cast = await house.secretary(), await house.cell_s()
    meeting = await secretary.post(
        f"/cells/{CELL}/paper-meetings",
        kind="regular",
        place="Nhà văn hóa thôn Mẫu",
        opened_at=f"{day}T19:30:00+07:00",
        closed_at=f"{day}T21:05:00+07:00",
        photo=in_json(PHOTO),
    )
    await rolled(house, meeting["id"], cast.hall)
    await led(house, meeting["id"])
    await _hands(house, meeting["id"])
    stated, read = f"{day}T21:05:00+07:00", f"{day}T21:00:00+07:00"
    answer = await secretary.post(f"/meetings/{meeting['id']}/close", stated_at=stated, read_at=read)
    assert answer["fulfils_obligation"]
    return str(meeting["id"])


async def _hands(house: Serving, meeting: str) -> None:
    secretary = await house.secretary()
    vote = await secretary.post(f"/meetings/{meeting}/votes", question="Thông qua nghị quyết", form="hands")
    await secretary.post(f"/votes/{vote['id']}/hall-count", in_favour=12, against=1, abstain=0)
    await secretary.post(f"/votes/{vote['id']}/close")


async def _november(house: Serving) -> Any:
    report = await (await auditor(house)).get(f"/orgs/{ORG}/quarters/2026-Q4")
    [cell] = report["cells"]
    return next(one for one in cell["months"] if one["month"] == "2026-11")


async def test_a_hall_without_signal_is_one_sitting_of_november(house: Serving) -> None:
    """Story 4 as far as the API goes: what the console kept arrives on 2 December."""
    house.at("2026-12-02T09:00")
    before = await _november(house)
    assert (before["state"], before["word"]) == ("no_data_yet", "chưa có số liệu")

    meeting = await _entered(house)
    secretary = await house.secretary()
    listed = await secretary.get(f"/cells/{CELL}/meetings?first=2026-10&last=2026-12")
    assert [(one["id"], one["month"]) for one in listed["meetings"]] == [(meeting, "2026-11")]
    assert (await _november(house))["state"] == "held"


async def test_paper_entered_four_days_later_fulfils_the_month_and_says_so(house: Serving) -> None:
    house.at("2026-11-28T08:00")
    meeting = await _entered(house)
    month = await (await house.secretary()).get(f"/cells/{CELL}/months/2026-11")
    assert (month["state"], month["meeting"]) == ("held", meeting)

    await _photo_is_there(house, meeting)
    told = await _november(house)
    assert told["sitting"]["entered_late_text"] == "nhập sau, ngày 28/11/2026"
    assert "nhập sau, ngày 28/11/2026" in await _sheet(house)
    page = (await (await house.secretary()).raw("GET", f"/meetings/{meeting}/minutes.html")).decode()
    assert "nhập sau, ngày 28/11/2026" in page
    assert "chi bộ nhất trí thông qua biên bản lúc 21:00." in page
    await _signed_in_ink(house, meeting)
    page = (await (await house.secretary()).raw("GET", f"/meetings/{meeting}/minutes.html")).decode()
    assert "Bản in này được chốt lúc 08:00 ngày 28/11/2026." in page


async def _photo_is_there(house: Serving, meeting: str) -> None:
    """From the page of evidence; opened from above, it is on the cell's ledger."""
    above, path = await auditor(house), f"/meetings/{meeting}/papers/{sha256_of(PHOTO)}"
    page = (await above.raw("GET", f"/meetings/{meeting}/evidence.html")).decode()
    assert f'href="/api/v1{path}"' in page
    assert "Ảnh chụp biên bản giấy" in page
    assert await above.raw("GET", path) == PHOTO
    ledger = await above.get(f"/cells/{CELL}/ledger?most=500")
    assert ledger["entries"][-1]["act"] == "oversight.open_file"
    member = await house.person((await house.cell_s()).hall[2])
    assert (await refusal_of(member, "GET", path)).status == 403


async def _sheet(house: Serving) -> str:
    raw = await (await auditor(house)).raw("GET", f"/orgs/{ORG}/quarters/2026-Q4/table.xlsx")
    book = load_workbook(io.BytesIO(raw))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


async def _signed_in_ink(house: Serving, meeting: str) -> None:
    """The path of a cell without certificates: approve, print, sign by hand, scan."""
    secretary = await house.secretary()
    await secretary.post(f"/meetings/{meeting}/minutes/approve")
    pdf = await secretary.raw("GET", f"/meetings/{meeting}/minutes.pdf")
    assert pdf.startswith(b"%PDF")
    scan = io.BytesIO()
    Image.new("L", (1200, 1600), 255).save(scan, "PNG")
    deputy = next(one for one in (await house.cell_s()).everyone if one.name == DEPUTY)
    ink = await (await house.person(deputy)).post(
        f"/meetings/{meeting}/minutes/ink", scan=base64.b64encode(scan.getvalue()).decode()
    )
    assert ink["printed_sha256"] == hashlib.sha256(pdf).hexdigest()
    assert (await secretary.get(f"/meetings/{meeting}/minutes"))["state"] == "signed"


async def test_the_same_paper_twice_is_one_meeting(house: Serving) -> None:
    """The console sends again under its key: the first answer, one sitting."""
    house.at("2026-11-28T08:00")
    secretary, key = await house.secretary(), new_id()
    body = {
        "kind": "regular",
        "place": "Nhà văn hóa thôn Mẫu",
        "opened_at": "2026-11-24T19:30:00+07:00",
        "closed_at": "2026-11-24T21:05:00+07:00",
        "photo": in_json(PHOTO),
    }
    path = f"/cells/{CELL}/paper-meetings"
    first = await secretary.raw("POST", path, body, {"Idempotency-Key": key})
    again = await secretary.raw("POST", path, body, {"Idempotency-Key": key})
    assert first == again
    listed = await secretary.get(f"/cells/{CELL}/meetings?first=2026-10&last=2026-12")
    assert len(listed["meetings"]) == 1
