"""An admission is voted on in secret, on paper: ballots printed, counted by a board, its minutes printed."""

from __future__ import annotations

import hashlib
from typing import Any

from demo.client import Person
from demo.stage import Stage, expect, names, refused

QUESTION = "Đề nghị kết nạp quần chúng ưu tú Nguyễn Văn Mẫu vào Đảng"
BALLOTS, COUNTED = "phieu-ket-nap.pdf", "bien-ban-kiem-phieu-ket-nap.pdf"
IN_HALL = 14  # thirteen official members, and an exempt one who takes part


async def admit(stage: Stage, meeting: str, item: str) -> dict[str, Any]:
    """The vote, the protocol and its papers, for the summary."""
    vote = await stage.secretary.post(
        f"/meetings/{meeting}/votes",
        question=QUESTION,
        kind="admission",
        person={"name": "Nguyễn Văn Mẫu"},
        form="paper",
        item=item,
        minutes=30,
        taking_part=[stage.cast.elder.id],
    )
    path = f"/votes/{vote['id']}"
    ballots = await _save(stage, stage.secretary, f"{path}/ballots.pdf", BALLOTS)
    await stage.say(f"Bỏ phiếu kín kết nạp: in {IN_HALL} phiếu giống hệt nhau ({BALLOTS}).")
    phone = await stage.person(stage.cast.phone[0])
    await refused(phone.post(f"{path}/ballots", id=vote["id"], version=1, choice="for"), "secret-on-paper")
    board = [m for m in stage.cast.hall if m.category == "official"][2:5]
    said = {"board": [m.id for m in board], "issued": IN_HALL, "returned": IN_HALL}
    wrong = {"valid": IN_HALL, "invalid": 1, "lines": [{"in_favour": IN_HALL, "against": 0}]}
    refusal = await refused(
        stage.secretary.post(f"{path}/paper-count", **said, **wrong), "ballots-not-sorted"
    )
    await stage.say(f"Ghi thừa một phiếu: bị từ chối. “{refusal.title}”")
    right = {"valid": IN_HALL, "invalid": 0, "lines": [{"in_favour": IN_HALL, "against": 0}]}
    await stage.secretary.post(f"{path}/paper-count", **said, **right)
    result = (await stage.secretary.post(f"{path}/close"))["result"]
    expect((result["base"], result["needed"], result["passed"]) == (20, 14, True), f"admission: {result}")
    await stage.say(f"Ban kiểm phiếu: {names(board)}. {result['explanation']}")
    paper = await stage.secretary.post(f"/meetings/{meeting}/papers", kind="counting", vote=vote["id"])
    counted = await _save(stage, stage.secretary, f"/papers/{paper['id']}.pdf", COUNTED)
    await stage.say(f"Biên bản kiểm phiếu số {paper['number']} ({COUNTED}).")
    return {
        "base": result["base"],
        "threshold": result["needed"],
        "for": result["in_favour"],
        "against": result["against"],
        "passed": result["passed"],
        "papers": {key: result["papers"][key] for key in ("issued", "returned", "valid", "invalid", "blank")},
        "explanation": result["explanation"],
        "ballots": ballots,
        "counting_minutes": counted,
    }


async def _save(stage: Stage, person: Person, path: str, name: str) -> dict[str, str]:
    pdf = await person.raw("GET", path)
    expect(pdf.startswith(b"%PDF-"), f"{name} is no PDF")
    (stage.out / name).write_bytes(pdf)
    return {"file": name, "sha256": hashlib.sha256(pdf).hexdigest()}
