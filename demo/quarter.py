"""Scene 3: the auditor's quarter, as JSON, as a table, as a spreadsheet."""

from __future__ import annotations

from typing import Any

from demo.stage import Stage, expect


async def audit(stage: Stage, org: str) -> dict[str, Any]:
    """Appoint the auditor, open the fourth quarter, save the spreadsheet and the OpenAPI document."""
    auditor = stage.administrator
    me = await auditor.get("/me")
    await auditor.post(
        f"/orgs/{org}/mandates",
        person=me["person"],
        role="auditor",
        since="2026-11-01",
        paper="Quyết định mẫu số 01-QĐ/ĐU ngày 01/11/2026",
    )
    report: dict[str, Any] = await auditor.get(f"/orgs/{org}/quarters/2026-Q4")
    (stage.out / "quy-4-2026.xlsx").write_bytes(
        await auditor.raw("GET", f"/orgs/{org}/quarters/2026-Q4/table.xlsx")
    )
    (stage.out / "openapi.json").write_bytes(await auditor.raw("GET", "/openapi.json"))
    [cell] = report["cells"]
    states = {month["month"]: month["state"] for month in cell["months"]}
    expect(states["2026-11"] == "held", f"November: {states}")
    await stage.say(f"Cấp trên xem quý 4: {_words(cell)}.")
    return report


def _words(cell: dict[str, Any]) -> str:
    months = ", ".join(f"tháng {month['month']}: {month['state']}" for month in cell["months"])
    own = sum(not one["of_hybrid"] for one in cell["supplements"])
    return f"{cell['name']}: {months}; để riêng: {own} buổi bổ trợ trực tuyến"
