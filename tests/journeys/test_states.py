"""Story 10, states: five of them, told apart, and always summing to the cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.journeys.sittings import held
from tests.serving import CELL, ORG, Serving, auditor

CELLS = 18
BELOW = (
    "Đã họp trực tiếp ngày 24/11/2026, nhưng số đảng viên chính thức tại hội trường (9) thấp hơn mức tối "
    "thiểu (10). Buổi họp được lưu đầy đủ; tháng 11 chưa được tính là hoàn thành sinh hoạt thường kỳ. "
    "Mức này là mặc định của phần mềm."
)
LETTER = (
    "Tháng 11/2026: không tổ chức sinh hoạt thường kỳ, theo Công văn số 45-CV/ĐU ngày 20/11/2026 "
    "của Đảng ủy xã Làng Mẫu. Không tính là đã họp."
)


async def _led_by_administrator(house: Serving, org: str) -> None:
    """Appoint the administrator the committee's secretary, who sets policies and records decisions."""
    administrator = await house.administrator()
    await administrator.post(
        f"/orgs/{org}/mandates",
        person=(await administrator.get("/me"))["person"],
        role="secretary",
        since="2026-09-01",
        paper="Quyết định mẫu số 02-QĐ/ĐU ngày 01/09/2026",
    )


async def _founded(house: Serving, parent: str, name: str, kind: str = "cell") -> str:
    administrator = await house.administrator()
    made = await administrator.post("/orgs", parent=parent, name=name, kind=kind, since="2026-09-01")
    return str(made["id"])


async def _seventeen(house: Serving) -> list[str]:
    """Beside cell S thirteen empty cells, and four more whose own committee gives them sixty days."""
    await _led_by_administrator(house, ORG)
    patient = await _founded(house, ORG, "Đảng ủy cơ sở Mẫu", "base")
    await _led_by_administrator(house, patient)
    await (await house.administrator()).post(
        f"/orgs/{patient}/policies",
        key="reporting_deadline",
        value="60",
        valid_from="2026-10-01",
        citation="Công văn mẫu số 01-CV/ĐU ngày 01/10/2026",
    )
    parents = [ORG] * 13 + [patient] * 4
    return [await _founded(house, above, f"Chi bộ Mẫu {number}") for number, above in enumerate(parents, 2)]


async def _decided(house: Serving, cells: Sequence[str]) -> None:
    administrator = await house.administrator()
    for cell in cells:
        await administrator.post(
            f"/cells/{cell}/months/2026-11/decision",
            number="Công văn số 45-CV/ĐU",
            issued_on="2026-11-20",
            issuer="Đảng ủy xã Làng Mẫu",
            reason="Lũ lụt",
        )


async def _sittings(house: Serving) -> None:
    """Cell S: nine official members in November, enough in December."""
    cast = await house.cell_s()
    nine = [member for member in cast.hall if member.category == "official"][:9]
    if cast.recorder not in nine:
        nine[-1] = cast.recorder
    house.at("2026-11-20T08:00")
    _, november = await held(house, "2026-11-24T19:30", "2026-11-24T21:05", nine)
    assert (november["hall_present"], november["fulfils_obligation"]) == (9, False)
    _, december = await held(house, "2026-12-03T19:30", "2026-12-03T21:05", cast.hall)
    assert december["fulfils_obligation"]


def _counts(report: dict[str, Any], month: str) -> dict[str, int]:
    [total] = [one for one in report["totals"] if one["month"] == month]
    return {one["state"]: one["cells"] for one in total["states"]}


def _month(report: dict[str, Any], cell: str, month: str = "2026-11") -> dict[str, Any]:
    [found] = [one for one in report["cells"] if one["cell"] == cell]
    return next(one for one in found["months"] if one["month"] == month)


async def test_over_eighteen_cells_the_five_states_sum_to_eighteen(house: Serving) -> None:
    cells = await _seventeen(house)
    await _sittings(house)
    await _decided(house, cells[:3])
    house.at("2026-12-15T08:00")
    report = await (await auditor(house)).get(f"/orgs/{ORG}/quarters/2026-Q4")

    assert len(report["cells"]) == CELLS
    assert _counts(report, "2026-11") == {
        "held": 0,
        "held_below_minimum": 1,
        "not_held": 10,
        "by_superior_decision": 3,
        "no_data_yet": 4,
    }
    assert _counts(report, "2026-12")["held"] == 1
    for total in report["totals"]:
        assert sum(one["cells"] for one in total["states"]) == CELLS
    assert _month(report, CELL)["text"].startswith(BELOW)
    assert _month(report, cells[0])["text"] == LETTER
    assert "Mức này là mặc định của phần mềm." in _month(report, CELL)["text"]
